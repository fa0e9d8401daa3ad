// TargetOrder: every address of a TargetSet exactly once, in a seeded order
// that spreads load over networks yet keeps one zone's work together
// (ITERATION.md 2.1), in memory that does not depend on the number of
// addresses.
//
// Units: the cell, 256 addresses with equal leading bits (an IPv4 /24, an IPv6
// /120), and the super-block of 256 cells (a /16, a /112), or what of them is
// in the set. Three shuffles, each by the seed:
//
//   1. Super-blocks are permuted and cut into groups of 64, or more where 64
//      of them hold too few cells for a window.
//   2. The cells of a group are shuffled and cut into windows, equally large
//      and of at most kWindowCells.
//   3. A window is dealt in rounds: round 0 gives one address of each of its
//      cells, round 1 a second one of each that has one, and so on; each cell
//      goes through its addresses in an order of its own.
//
//   group 0                                      group 1
//   window 0               window 1              window 0
//   a7 k3 c9 ... a2 k0 ..  b1 d4 ... b8 d6 ...   ...     letter: cell
//   |- round 0  |- round 1 |- round 0            ...     digit: address
//
// So neighbours in time lie in different zones, a cell is finished soon after
// it was begun and a super-block not much later, which is what knowledge by
// block needs (ITERATION.md 2).
//
// A position names a place in this order and is what resume stores:
//
//   position = (group * windows + window) << 20 | round << 12 | cell
//
// `windows` is the largest number of windows a group of this set can have, and
// `cell` counts within the window. Most positions of a sparse set are holes,
// which Next() steps over in one go: whoever stores sets of positions should
// list them, not mark them in a bitmap. Positions mean the same for every
// shard and thread count.
#ifndef PTRSWEEP_SCANNER_TARGETS_TARGET_ORDER_H_
#define PTRSWEEP_SCANNER_TARGETS_TARGET_ORDER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/numeric/int128.h"
#include "dnswire/ip_address.h"
#include "scanner/targets/permutation.h"
#include "scanner/targets/target_set.h"

namespace scanner {

// Takes up to a megabyte whatever the set; the set's ranges are shared. Not
// for use by several threads.
class TargetOrder {
 public:
  using Position = absl::uint128;
  static constexpr uint32_t kCellAddresses = 256;
  static constexpr uint32_t kWindowCells = 4096;
  static constexpr uint32_t kGroupSuperBlocks = 64;

  struct Item {
    Position position = 0;
    dnswire::IpAddress address;
  };

  // `targets` must outlive the order. Shard i of n: the cells whose block (IPv4
  // /24, IPv6 /64) hashes to i modulo n; all shards together give every address
  // once. So shard i of n is the union of the shards i + n * k of n * m, k from
  // 0 to m-1, and m threads can share it. REQUIRES: shard < shards.
  //
  // Positions end at 2^128. Only ::/0 together with IPv4 has more; the last
  // super-blocks of its order are then left out.
  TargetOrder(const TargetSet* targets, uint64_t seed, uint32_t shard = 0,
              uint32_t shards = 1);

  // How many addresses each of the shards `shard` + `shards` * k of `shards` *
  // `parts` has, k from 0 to parts-1: shard i of n divided among m. A block
  // costs nanoseconds, but all of them are looked at. REQUIRES: fewer than 2^64
  // addresses.
  static std::vector<uint64_t> ShardSizes(const TargetSet& targets,
                                          uint32_t shard, uint32_t shards,
                                          uint32_t parts);

  // The next address of this shard, or false after the last one. Costs a few
  // nanoseconds; once in thousands of calls a window or a group is prepared
  // (microseconds to two milliseconds).
  bool Take(Item* item);
  std::optional<Item> Next() {
    Item item;
    return Take(&item) ? std::optional(item) : std::nullopt;
  }
  // The shard of `shards` that has the address.
  static uint32_t ShardOf(const dnswire::IpAddress& address, uint32_t shards);

  // The group in which a position lies: all targets of a super-block come in
  // one group, and Next() goes through the groups in ascending order.
  absl::uint128 GroupOf(Position position) const {
    return PlaceOf(position).group;
  }

  // Goes on from `position` (which may be a hole): the next Next() gives the
  // first address of this shard at or after it. Cheap within the current group.
  void Seek(Position position);
  // Seek, and how many addresses of this shard lie before the position. All
  // groups before it are prepared (two milliseconds for 4 million addresses).
  uint64_t SeekCounting(Position position);
  // The address at a position, whatever its shard; nullopt for a hole or a
  // position past the end. Cheap within the current group, else as slow as
  // preparing one: for many positions, sort them and use Seek.
  std::optional<dnswire::IpAddress> At(Position position) const;

 private:
  // What the set holds of a cell.
  struct Cell {
    dnswire::IpAddress first;  // the lowest address held
    uint64_t key;              // of the permutation of its addresses
    uint32_t range;            // index of the range that holds it
    uint16_t size;             // addresses held, 1..256
    bool whole;                // they are consecutive
    bool mine;                 // the cell is in this shard
  };

  struct Place {
    absl::uint128 group;
    uint32_t window;
    uint32_t round;
    uint32_t cell;
  };

  Place PlaceOf(Position position) const;
  Position FirstPosition(absl::uint128 group, uint32_t window,
                         uint32_t round) const;

  std::vector<Cell> CellsOfGroup(absl::uint128 group) const;
  void AppendCells(absl::uint128 super_block_rank,
                   std::vector<Cell>* cells) const;
  template <typename Value>
  void AppendCellsOf(const RangeList<Value>& list, absl::uint128 rank,
                     std::vector<Cell>* cells) const;
  dnswire::IpAddress AddressOf(const Cell& cell, uint32_t round) const;

  // Addresses of this shard in the current group: those of whole windows before
  // `place`, then those of its window's rounds before it.
  uint64_t CountBefore(const Place& place) const;

  void OpenGroup(absl::uint128 group);
  void OpenWindow(uint32_t window, uint32_t round);
  bool OpenNext();

  const TargetSet* targets_;
  uint64_t seed_;
  uint32_t shard_;
  uint32_t shards_;
  absl::uint128 groups_ = 0;
  absl::uint128 super_blocks_ = 0;  // in the order
  uint32_t windows_ = 1;            // positions' room for windows in a group
  Permutation super_block_order_;

  // The current round: what Next() goes through.
  absl::uint128 group_ = 0;  // groups_: past the end
  std::vector<Cell> cells_;  // of the group, shuffled
  uint32_t window_ = 0;
  size_t window_begin_ = 0;  // its first cell in cells_
  uint32_t round_ = 0;
  Position round_position_ = 0;   // of its first cell
  std::vector<uint16_t> active_;  // cells of the window with an address left
  size_t next_ = 0;               // in active_
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_TARGETS_TARGET_ORDER_H_
