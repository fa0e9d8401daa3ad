// OpenLookups: the positions that an engine has started and not ended, in the
// order of their starts.
//
// The engine counts what it starts; by that number a position is found without
// a search, in blocks of kBlock starts, a bit and four octets each. A block of
// which nothing is open is given back. What is still open kMaxBlocks later
// moves into a table, so memory follows what is open and not how long the
// slowest of them takes. (A row counts as open until a record of the journal
// covers it: a second of rows, or a row group.)
#ifndef PTRSWEEP_SCANNER_PROGRESS_OPEN_LOOKUPS_H_
#define PTRSWEEP_SCANNER_PROGRESS_OPEN_LOOKUPS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "scanner/targets/target_order.h"

namespace scanner {

class OpenLookups {
 public:
  using Position = TargetOrder::Position;
  static constexpr size_t kBlock = 16'384;
  static constexpr size_t kMaxBlocks = 64;  // 4.1 MiB

  // Its number is how many were started before.
  void Start(Position position);
  // Nothing happens if it has ended before.
  void End(uint64_t number);

  size_t size() const { return in_blocks_ + stragglers_.size(); }
  // In the order of their starts, but for what is in the table.
  void AppendTo(std::vector<Position>* positions) const;

 private:
  static constexpr size_t kWordBits = 64;
  static constexpr size_t kNoBlock = SIZE_MAX;

  // Offsets are valid where their bit is set.
  struct Block {
    Position base = 0;  // of the first one
    size_t open = 0;
    std::array<uint64_t, kBlock / kWordBits> bits{};
    std::array<uint32_t, kBlock> offsets;
  };

  void BeginBlock(Position base);
  Block* BlockOf(uint64_t block_number);
  // Calls `visit` with each number that is open in blocks_[index], and its
  // position.
  template <typename Visit>
  void ForEachOpen(size_t index, Visit visit) const;
  void GiveBack(size_t index);

  uint64_t next_ = 0;         // number
  uint64_t first_block_ = 0;  // number of the first of blocks_, over kBlock
  size_t in_blocks_ = 0;
  std::deque<Block> memory_;
  // Places in memory_. The last of blocks_ is the one that fills; kNoBlock:
  // given back.
  std::deque<size_t> blocks_;
  std::vector<size_t> spare_;
  // The block that was looked at last, unless it was given back.
  uint64_t recent_number_ = kNoBlock;
  Block* recent_ = nullptr;
  // By number: older than blocks_, or far from the start of its block.
  absl::flat_hash_map<uint64_t, Position> stragglers_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_PROGRESS_OPEN_LOOKUPS_H_
