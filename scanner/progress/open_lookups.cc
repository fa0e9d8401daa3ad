#include "scanner/progress/open_lookups.h"

#include <bit>
#include <cassert>

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

void OpenLookups::AppendTo(std::vector<Position>* positions) const {
  for (size_t i = 0; i < bits_.size(); ++i) {
    for (uint64_t word = bits_[i]; word != 0; word &= word - 1) {
      const auto bit = static_cast<size_t>(std::countr_zero(word));
      positions->push_back(positions_[i * kWordBits + bit]);
    }
  }
  for (const auto& [number, position] : stragglers_) {
    positions->push_back(position);
  }
}

}  // namespace scanner
