#include "scanner/walk/walk_targets.h"

#include <algorithm>

#include "absl/numeric/int128.h"

namespace scanner {
namespace {

using dnswire::IpPrefix;

constexpr int kNibbleBits = 4;

// A length of whole nibbles, not 0: the root of the tree is no prefix.
constexpr int NibbleLength(int length) {
  return std::max(kNibbleBits,
                  (length + kNibbleBits - 1) / kNibbleBits * kNibbleBits);
}

void AppendParts(const IpPrefix& prefix, std::vector<IpPrefix>* parts) {
  const int length = NibbleLength(prefix.length());
  const int shift = prefix.first().bits() - length;
  const unsigned count = 1u << (length - prefix.length());
  for (unsigned i = 0; i < count; ++i) {
    const absl::uint128 part = prefix.first().value() | absl::uint128{i}
                                                            << shift;
    parts->push_back(
        IpPrefix::Covering(prefix.first().WithValue(part), length));
  }
}

}  // namespace

TargetSet AddressesOf(const WalkTargets& walk) {
  std::vector<dnswire::IpRange> prefixes;
  for (const IpPrefix& prefix : walk.prefixes) {
    prefixes.push_back({.first = prefix.first(), .last = prefix.last()});
  }
  std::vector<dnswire::IpRange> excluded;
  for (size_t i = 0; i < walk.excluded.range_count(); ++i) {
    excluded.push_back(walk.excluded.range(i));
  }
  return TargetSet(prefixes, excluded);
}

std::vector<IpPrefix> NibblePrefixes(const std::vector<IpPrefix>& given) {
  std::vector<IpPrefix> parts;
  for (const IpPrefix& prefix : given) AppendParts(prefix, &parts);
  // A prefix comes before those in it.
  std::sort(parts.begin(), parts.end());
  std::vector<IpPrefix> prefixes;
  for (const IpPrefix& part : parts) {
    if (prefixes.empty() || !prefixes.back().Contains(part.first())) {
      prefixes.push_back(part);
    }
  }
  return prefixes;
}

}  // namespace scanner
