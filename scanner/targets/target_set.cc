#include "scanner/targets/target_set.h"

#include <algorithm>
#include <cassert>

namespace scanner {
namespace {

using dnswire::IpAddress;
using dnswire::IpRange;
using V4List = RangeList<uint32_t>;
using V6List = RangeList<absl::uint128>;

std::vector<V4List::Range> V4Ranges(const std::vector<IpRange>& ranges) {
  std::vector<V4List::Range> result;
  for (const IpRange& range : ranges) {
    assert(range.first <= range.last &&
           range.first.family() == range.last.family());
    if (range.first.is_v4()) {
      result.push_back({range.first.v4(), range.last.v4()});
    }
  }
  return result;
}

std::vector<V6List::Range> V6Ranges(const std::vector<IpRange>& ranges) {
  std::vector<V6List::Range> result;
  for (const IpRange& range : ranges) {
    if (!range.first.is_v4()) {
      result.push_back({range.first.value(), range.last.value()});
    }
  }
  return result;
}

}  // namespace

TargetSet::TargetSet(const std::vector<IpRange>& targets,
                     const std::vector<IpRange>& exclusions)
    : v4_(V4Ranges(targets), V4Ranges(exclusions)),
      v6_(V6Ranges(targets), V6Ranges(exclusions)) {}

absl::uint128 TargetSet::size() const {
  const absl::uint128 v4 = v4_.size();
  return v4 + std::min(v6_.size(), absl::Uint128Max() - v4);
}

bool TargetSet::Contains(const IpAddress& address) const {
  return address.is_v4() ? v4_.Contains(address.v4())
                         : v6_.Contains(address.value());
}

absl::uint128 TargetSet::CountWithin(const dnswire::IpRange& range) const {
  return range.first.is_v4()
             ? v4_.CountWithin(range.first.v4(), range.last.v4())
             : v6_.CountWithin(range.first.value(), range.last.value());
}

IpRange TargetSet::range(size_t index) const {
  if (index < v4_.ranges().size()) {
    const auto& range = v4_.ranges()[index];
    return {IpAddress::V4(range.first), IpAddress::V4(range.last)};
  }
  const auto& range = v6_.ranges()[index - v4_.ranges().size()];
  return {IpAddress::V6(range.first), IpAddress::V6(range.last)};
}

}  // namespace scanner
