#include "scanner/planning/area_size.h"

#include <algorithm>

#include "absl/numeric/int128.h"
#include "scanner/targets/mix.h"
#include "scanner/targets/target_order.h"

namespace scanner {
namespace {

constexpr int kBlockLength = 24;
constexpr uint32_t kBlockAddresses = 256;

uint64_t CountWithin(const TargetSet& targets,
                     const dnswire::IpPrefix& prefix) {
  const absl::uint128 count =
      targets.CountWithin({prefix.first(), prefix.last()});
  return absl::Uint128Low64(std::min<absl::uint128>(count, ~uint64_t{0}));
}

}  // namespace

AreaSize SizeOfArea(const TargetSet& targets, const dnswire::IpPrefix& prefix,
                    uint32_t shard, uint32_t shards) {
  AreaSize size;
  if (!prefix.first().is_v4() || prefix.length() == kBlockLength) {
    size.targets = CountWithin(targets, prefix);
    size.blocks = size.targets > 0 ? 1 : 0;
    return size;
  }
  const uint32_t last = prefix.last().v4();
  for (uint32_t at = prefix.first().v4();; at += kBlockAddresses) {
    const auto block =
        dnswire::IpPrefix::Covering(dnswire::IpAddress::V4(at), kBlockLength);
    const uint64_t count = CountWithin(targets, block);
    if (count > 0 && TargetOrder::ShardOf(block.first(), shards) == shard) {
      size.targets += count;
      ++size.blocks;
    }
    if (last - at < kBlockAddresses) return size;
  }
}

uint64_t NameKey(const dnswire::IpPrefix& prefix) {
  const uint64_t kind = static_cast<uint64_t>(prefix.length()) * 2 +
                        (prefix.first().is_v4() ? 0 : 1);
  return Mix(kind, prefix.first().value());
}

}  // namespace scanner
