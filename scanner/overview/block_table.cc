#include "scanner/overview/block_table.h"

#include <algorithm>
#include <utility>

namespace scanner {

using dnswire::IpAddress;
using dnswire::IpPrefix;

void BlockTable::Add(const IpAddress& address, const Judged& row) {
  Block* block = Find(address);
  block->tally.Add(row);
  if (has_grids_) block->grid.Set(address.octet(3), row.status);
}

Block* BlockTable::Find(const IpAddress& address) {
  if (!blocks_.empty() && blocks_[last_].prefix.Contains(address)) {
    return &blocks_[last_];
  }
  IpPrefix prefix = IpPrefix::Covering(address, length_);
  auto found = index_.find(prefix.first());
  if (found == index_.end()) {
    while (blocks_.size() >= kMaxBlocks) Join();
    if (blocks_.size() >= kMaxGrids) has_grids_ = false;
    prefix = IpPrefix::Covering(address, length_);
    found =
        index_
            .try_emplace(prefix.first(), static_cast<uint32_t>(blocks_.size()))
            .first;
    if (found->second == blocks_.size()) {
      blocks_.push_back({.prefix = prefix, .tally = {}, .grid = {}});
    }
  }
  last_ = found->second;
  return &blocks_[last_];
}

void BlockTable::Join() {
  length_ -= step_;
  std::vector<Block> joined;
  index_.clear();
  for (const Block& block : blocks_) {
    const IpPrefix prefix = IpPrefix::Covering(block.prefix.first(), length_);
    const auto [at, is_new] = index_.try_emplace(
        prefix.first(), static_cast<uint32_t>(joined.size()));
    if (is_new) joined.push_back({.prefix = prefix, .tally = {}, .grid = {}});
    joined[at->second].tally.AddAll(block.tally);
  }
  blocks_ = std::move(joined);
  last_ = 0;
}

void BlockTable::Sort() {
  std::sort(blocks_.begin(), blocks_.end(),
            [](const Block& a, const Block& b) { return a.prefix < b.prefix; });
  index_.clear();
}

}  // namespace scanner
