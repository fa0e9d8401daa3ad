#include "scanner/progress/open_lookups.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <limits>
#include <utility>

namespace scanner {

void OpenLookups::Start(Position position) {
  if (next_ % kBlock == 0) BeginBlock(position);
  Block& block = memory_[blocks_.back()];
  const size_t slot = next_ % kBlock;
  const uint64_t number = next_++;
  const Position offset = position - block.base;
  if (offset > std::numeric_limits<uint32_t>::max()) {
    stragglers_.emplace(number, position);
    return;
  }
  block.offsets[slot] = static_cast<uint32_t>(offset);
  block.bits[slot / kWordBits] |= uint64_t{1} << slot % kWordBits;
  ++block.open;
  ++in_blocks_;
}

void OpenLookups::End(uint64_t number) {
  assert(number < next_);
  Block* const block = BlockOf(number / kBlock);
  const size_t slot = number % kBlock;
  const uint64_t bit = uint64_t{1} << slot % kWordBits;
  if (block == nullptr || (block->bits[slot / kWordBits] & bit) == 0) {
    stragglers_.erase(number);
    return;
  }
  block->bits[slot / kWordBits] &= ~bit;
  --block->open;
  --in_blocks_;
  const bool is_full = next_ / kBlock > number / kBlock;
  if (block->open == 0 && is_full) GiveBack(number / kBlock - first_block_);
}

// Null if it is not there. Most lookups end near the one that ended before.
OpenLookups::Block* OpenLookups::BlockOf(uint64_t block_number) {
  if (block_number == recent_number_) return recent_;
  const uint64_t index = block_number - first_block_;  // wraps: not there
  if (index >= blocks_.size() || blocks_[index] == kNoBlock) return nullptr;
  recent_number_ = block_number;
  recent_ = &memory_[blocks_[index]];
  return recent_;
}

void OpenLookups::BeginBlock(Position base) {
  if (!blocks_.empty() && blocks_.back() != kNoBlock &&
      memory_[blocks_.back()].open == 0) {
    GiveBack(blocks_.size() - 1);
  }
  if (blocks_.size() == kMaxBlocks) {
    ForEachOpen(0, [this](uint64_t number, Position position) {
      stragglers_.emplace(number, position);
    });
    in_blocks_ -= memory_[blocks_.front()].open;
    GiveBack(0);
  }
  if (spare_.empty()) {
    spare_.push_back(memory_.size());
    memory_.emplace_back();
  }
  blocks_.push_back(spare_.back());
  spare_.pop_back();
  memory_[blocks_.back()].base = base;
}

// The first block of all is never one that was given back.
void OpenLookups::GiveBack(size_t index) {
  if (first_block_ + index == recent_number_) recent_number_ = kNoBlock;
  Block& block = memory_[blocks_[index]];
  block.bits.fill(0);
  block.open = 0;
  spare_.push_back(std::exchange(blocks_[index], kNoBlock));
  while (!blocks_.empty() && blocks_.front() == kNoBlock) {
    blocks_.pop_front();
    ++first_block_;
  }
}

template <typename Visit>
void OpenLookups::ForEachOpen(size_t index, Visit visit) const {
  if (blocks_[index] == kNoBlock) return;
  const Block& block = memory_[blocks_[index]];
  for (size_t at = 0; at < block.bits.size(); ++at) {
    for (uint64_t word = block.bits[at]; word != 0; word &= word - 1) {
      const size_t slot =
          at * kWordBits + static_cast<size_t>(std::countr_zero(word));
      visit((first_block_ + index) * kBlock + slot,
            block.base + block.offsets[slot]);
    }
  }
}

void OpenLookups::AppendTo(std::vector<Position>* positions) const {
  std::vector<std::pair<uint64_t, Position>> stragglers(stragglers_.begin(),
                                                        stragglers_.end());
  std::sort(stragglers.begin(), stragglers.end());
  for (const auto& [number, position] : stragglers) {
    positions->push_back(position);
  }
  for (size_t i = 0; i < blocks_.size(); ++i) {
    ForEachOpen(i, [&](uint64_t /*number*/, Position position) {
      positions->push_back(position);
    });
  }
}

}  // namespace scanner
