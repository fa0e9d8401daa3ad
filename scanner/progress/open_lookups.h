// OpenLookups: the positions that an engine has started and not ended, in the
// order of their starts.
//
// The engine counts what it starts; by that number a position is found without
// a search: a ring of the last kWindow starts, a bit each. What is still open
// when the ring comes round to it moves into a table, so memory follows what is
// open and not how long the slowest of them takes.
#ifndef PTRSWEEP_SCANNER_PROGRESS_OPEN_LOOKUPS_H_
#define PTRSWEEP_SCANNER_PROGRESS_OPEN_LOOKUPS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "scanner/targets/target_order.h"

namespace scanner {

class OpenLookups {
 public:
  using Position = TargetOrder::Position;
  static constexpr size_t kWindow = 131'072;  // 2 MiB of positions

  // Its number is how many were started before.
  void Start(Position position);
  // Nothing happens if it has ended before.
  void End(uint64_t number);

  size_t size() const { return in_window_ + stragglers_.size(); }
  // In the order of their starts.
  void AppendTo(std::vector<Position>* positions) const;

 private:
  static constexpr size_t kWordBits = 64;

  // Those in the window that are set in `word`, which is that of bits_[index].
  void AppendWord(size_t index, uint64_t word,
                  std::vector<Position>* positions) const;

  uint64_t next_ = 0;                // number
  size_t in_window_ = 0;             // set bits
  std::vector<Position> positions_;  // by number modulo kWindow
  std::vector<uint64_t> bits_;       // of positions_: open
  absl::flat_hash_map<uint64_t, Position> stragglers_;  // by number
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_PROGRESS_OPEN_LOOKUPS_H_
