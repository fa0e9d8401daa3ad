// TargetSet: the addresses a scan asks, as sorted disjoint ranges.
#ifndef PTRSWEEP_SCANNER_TARGETS_TARGET_SET_H_
#define PTRSWEEP_SCANNER_TARGETS_TARGET_SET_H_

#include <cstddef>
#include <span>
#include <vector>

#include "absl/numeric/int128.h"
#include "dnswire/ip_address.h"

namespace scanner {

// Immutable once made. Memory grows with the ranges, never with the addresses.
class TargetSet {
 public:
  TargetSet() = default;  // empty
  // The union of `targets` less `exclusions`; overlapping and adjacent ranges
  // are merged.
  TargetSet(std::vector<dnswire::IpRange> targets,
            std::vector<dnswire::IpRange> exclusions);

  // Number of addresses; kMax128 stands for 2^128 and more.
  absl::uint128 size() const;
  bool empty() const { return ranges_.empty(); }
  bool Contains(const dnswire::IpAddress& address) const;
  // Ascending, disjoint, not adjacent within a family.
  std::span<const dnswire::IpRange> ranges() const { return ranges_; }

 private:
  std::vector<dnswire::IpRange> ranges_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_TARGETS_TARGET_SET_H_
