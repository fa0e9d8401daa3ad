// WalkTargets: what a walk was asked to look at, and how much it may cost.
#ifndef PTRSWEEP_SCANNER_WALK_WALK_TARGETS_H_
#define PTRSWEEP_SCANNER_WALK_WALK_TARGETS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dnswire/ip_address.h"
#include "scanner/targets/target_set.h"

namespace scanner {

struct WalkOptions {
  uint64_t zone_budget = 1000000;  // questions a zone (--zone-budget)
  // Questions for names that a dictionary knows, in a zone that denies empty
  // names (--broken-budget).
  uint32_t broken_budget = 20000;
  bool exhaustive = false;  // every wildcard is looked at (--exhaustive)
  size_t nsec3_octets = size_t{32} << 20;  // for hashes of NSEC3 chains
  uint32_t late_passes = 1;
  uint32_t shard = 0;  // REQUIRES: shard < shards
  uint32_t shards = 1;
};

struct WalkTargets {
  // IPv6, of 1 to 32 whole nibbles, ascending, none in another
  // (NibblePrefixes).
  std::vector<dnswire::IpPrefix> prefixes;
  // Of them, addresses known to have had names, ascending, each once.
  std::vector<dnswire::IpAddress> known;
  // Neither entered nor asked; a prefix of nodes that lies in it becomes a
  // finding.
  TargetSet excluded;
  WalkOptions options;
};

// All addresses that the walk may come to.
TargetSet AddressesOf(const WalkTargets& walk);

// The prefixes of whole nibbles that cover exactly `given`: one of another
// length becomes 2, 4 or 8 (a /29 eight /32), what lies in another is left out.
// REQUIRES: all are IPv6.
std::vector<dnswire::IpPrefix> NibblePrefixes(
    const std::vector<dnswire::IpPrefix>& given);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_WALK_WALK_TARGETS_H_
