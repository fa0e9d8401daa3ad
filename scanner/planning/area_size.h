// How much an engine has to ask in an area.
#ifndef PTRSWEEP_SCANNER_PLANNING_AREA_SIZE_H_
#define PTRSWEEP_SCANNER_PLANNING_AREA_SIZE_H_

#include <cstdint>

#include "dnswire/ip_address.h"
#include "scanner/targets/target_set.h"

namespace scanner {

struct AreaSize {
  uint64_t targets = 0;
  uint32_t blocks = 0;  // that have targets: an IPv4 /24, an IPv6 /64
};

// Of the targets in `prefix`, those of shard `shard` of `shards` (TargetOrder).
// REQUIRES: `prefix` is an IPv4 /16 or /24, or an IPv6 /64.
AreaSize SizeOfArea(const TargetSet& targets, const dnswire::IpPrefix& prefix,
                    uint32_t shard, uint32_t shards);

// One number for one reverse name, IPv4 or IPv6: the names of Honesty.
uint64_t NameKey(const dnswire::IpPrefix& prefix);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_PLANNING_AREA_SIZE_H_
