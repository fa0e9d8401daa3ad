// TargetSet: the addresses a scan asks, as sorted disjoint ranges.
#ifndef PTRSWEEP_SCANNER_TARGETS_TARGET_SET_H_
#define PTRSWEEP_SCANNER_TARGETS_TARGET_SET_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/numeric/int128.h"
#include "dnswire/ip_address.h"
#include "scanner/targets/range_list.h"

namespace scanner {

// Immutable once made; any thread may read it. Memory grows with the ranges,
// never with the addresses; the families are kept apart because an IPv4 range
// then takes 12 octets instead of 48.
class TargetSet {
 public:
  TargetSet() = default;  // empty
  // The union of `targets` less `exclusions`; overlapping and adjacent ranges
  // are merged.
  TargetSet(const std::vector<dnswire::IpRange>& targets,
            const std::vector<dnswire::IpRange>& exclusions);

  // Number of addresses; kMax128 stands for 2^128 and more.
  absl::uint128 size() const;
  bool empty() const { return range_count() == 0; }
  bool Contains(const dnswire::IpAddress& address) const;
  // Number of its addresses in `range`, saturating like size(). Looks at the
  // ranges that lie there.
  absl::uint128 CountWithin(const dnswire::IpRange& range) const;

  // The ranges: ascending, IPv4 first, disjoint, not adjacent within a family.
  size_t range_count() const {
    return v4_.ranges().size() + v6_.ranges().size();
  }
  // REQUIRES: index < range_count().
  dnswire::IpRange range(size_t index) const;

  const RangeList<uint32_t>& v4() const { return v4_; }
  const RangeList<absl::uint128>& v6() const { return v6_; }

 private:
  RangeList<uint32_t> v4_;
  RangeList<absl::uint128> v6_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_TARGETS_TARGET_SET_H_
