// RangeList: addresses of one family as sorted disjoint ranges of numbers, and
// the ranks of the super-blocks and cells they touch.
//
// A cell is 256 addresses with equal leading bits (an IPv4 /24, an IPv6 /120),
// a super-block 256 such cells (a /16, a /112). A range list touches few or
// many of them; rank r is the r-th super-block it touches, in ascending order.
// To find it without listing them, each range carries the number of
// super-blocks that the ranges before it touch:
//
//   ranges          10.0.0.0-10.2.0.9   10.2.7.0-10.2.7.9   10.2.9.0-10.3.0.0
//   super-blocks    10.0 10.1 10.2      (10.2)              (10.2) 10.3
//   before          0                   3                   3
//
// and the last range whose number is at most r is the first one to touch the
// super-block of rank r. Cost: 12 octets a range for IPv4, 48 for IPv6.
#ifndef PTRSWEEP_SCANNER_TARGETS_RANGE_LIST_H_
#define PTRSWEEP_SCANNER_TARGETS_RANGE_LIST_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/numeric/int128.h"

namespace scanner {

inline constexpr int kCellBits = 8;
inline constexpr int kSuperBlockBits = 16;

// Value is uint32_t (IPv4) or absl::uint128 (IPv6). Immutable once made.
template <typename Value>
class RangeList {
 public:
  struct Range {  // both included
    Value first;
    Value last;
  };
  struct SuperBlock {
    Value first;   // its first address, in the list or not
    size_t range;  // the first range that touches it
  };

  RangeList() = default;  // empty
  // The union of `targets` less `exclusions`, in any order, overlapping or not.
  RangeList(std::vector<Range> targets, std::vector<Range> exclusions);

  // Ascending, disjoint, not adjacent.
  std::span<const Range> ranges() const { return ranges_; }
  bool Contains(Value value) const;
  // Number of values from `first` to `last`; 2^128-1 stands for 2^128 as well.
  absl::uint128 CountWithin(Value first, Value last) const;
  // Number of addresses; 2^128-1 stands for 2^128 as well.
  absl::uint128 size() const;
  // Numbers of cells and of super-blocks that hold an address of the list.
  absl::uint128 cells() const { return cells_; }
  absl::uint128 super_blocks() const { return super_blocks_; }
  // The super-block of that rank. REQUIRES: rank < super_blocks().
  SuperBlock FindSuperBlock(absl::uint128 rank) const;

 private:
  void Count();

  std::vector<Range> ranges_;
  std::vector<Value> super_blocks_before_;  // by range
  absl::uint128 super_blocks_ = 0;
  absl::uint128 cells_ = 0;
};

extern template class RangeList<uint32_t>;
extern template class RangeList<absl::uint128>;

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_TARGETS_RANGE_LIST_H_
