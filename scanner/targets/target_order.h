// TargetOrder: every address of a TargetSet exactly once, in a seeded order
// that spreads load over networks, in memory that does not depend on the
// number of addresses.
//
// The unit is the cell: 256 addresses with equal leading bits (an IPv4 /24, an
// IPv6 /120), or what of them is in the set. Cells are put in a seeded random
// order and dealt in windows of kWindowCells: first one address of each cell
// of the window, then a second one of each, and so on, each cell's addresses in
// a seeded random order of their own. So neighbours in time lie in different
// zones, yet a cell is finished soon after it was begun, which is what
// per-block knowledge (ITERATION.md 2) needs.
//
// A position names a place in this order and is what resume and shards store:
//   position = window * (kWindowCells * 256) + round * kWindowCells + cell
// Positions without an address (a short cell, a short last window) are holes
// that Next() steps over. Positions mean the same for every shard and thread
// count.
#ifndef PTRSWEEP_SCANNER_TARGETS_TARGET_ORDER_H_
#define PTRSWEEP_SCANNER_TARGETS_TARGET_ORDER_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/numeric/int128.h"
#include "dnswire/ip_address.h"
#include "scanner/targets/permutation.h"
#include "scanner/targets/target_set.h"

namespace scanner {

class TargetOrder {
 public:
  using Position = absl::uint128;
  static constexpr uint32_t kCellAddresses = 256;
  static constexpr uint32_t kWindowCells = 4096;

  struct Item {
    Position position;
    dnswire::IpAddress address;
  };

  // `targets` must outlive the order. Shard i of n: the cells whose block (IPv4
  // /24, IPv6 /64) hashes to i; all shards together give every address once.
  // REQUIRES: shard < shards.
  TargetOrder(const TargetSet* targets, uint64_t seed, uint32_t shard = 0,
              uint32_t shards = 1);

  // The next address, or nullopt after the last one.
  std::optional<Item> Next();
  // Goes on from `position` (which may be a hole): the next Next() gives the
  // first address at or after it.
  void Seek(Position position);
  // The address at a position; nullopt for a hole or a position past the end.
  std::optional<dnswire::IpAddress> At(Position position) const;

 private:
  // The helper that builds this owns the private part.
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_TARGETS_TARGET_ORDER_H_
