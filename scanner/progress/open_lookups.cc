#include "scanner/progress/open_lookups.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <utility>

namespace scanner {

void OpenLookups::Start(Position position) {
  if (positions_.empty()) {
    positions_.resize(kWindow);
    bits_.resize(kWindow / kWordBits);
  }
  const size_t slot = next_ % kWindow;
  uint64_t& word = bits_[slot / kWordBits];
  const uint64_t bit = uint64_t{1} << slot % kWordBits;
  if ((word & bit) != 0) {
    stragglers_.emplace(next_ - kWindow, positions_[slot]);
  } else {
    word |= bit;
    ++in_window_;
  }
  positions_[slot] = position;
  ++next_;
}

void OpenLookups::End(uint64_t number) {
  assert(number < next_);
  if (next_ - number > kWindow) {
    stragglers_.erase(number);
    return;
  }
  const size_t slot = number % kWindow;
  uint64_t& word = bits_[slot / kWordBits];
  const uint64_t bit = uint64_t{1} << slot % kWordBits;
  in_window_ -= (word & bit) != 0 ? 1 : 0;
  word &= ~bit;
}

void OpenLookups::AppendWord(size_t index, uint64_t word,
                             std::vector<Position>* positions) const {
  for (; word != 0; word &= word - 1) {
    const auto bit = static_cast<size_t>(std::countr_zero(word));
    positions->push_back(positions_[index * kWordBits + bit]);
  }
}

// The oldest of the window lies where the next one will.
void OpenLookups::AppendTo(std::vector<Position>* positions) const {
  if (bits_.empty()) return;
  std::vector<std::pair<uint64_t, Position>> stragglers(stragglers_.begin(),
                                                        stragglers_.end());
  std::sort(stragglers.begin(), stragglers.end());
  for (const auto& [number, position] : stragglers) {
    positions->push_back(position);
  }
  const size_t slot = next_ % kWindow;
  const size_t first = slot / kWordBits;
  const uint64_t newer = (uint64_t{1} << slot % kWordBits) - 1;
  AppendWord(first, bits_[first] & ~newer, positions);
  for (size_t i = 1; i < bits_.size(); ++i) {
    const size_t index = (first + i) % bits_.size();
    AppendWord(index, bits_[index], positions);
  }
  AppendWord(first, bits_[first] & newer, positions);
}

}  // namespace scanner
