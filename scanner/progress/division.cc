#include "scanner/progress/division.h"

#include <algorithm>

#include "absl/numeric/int128.h"
#include "scanner/targets/target_order.h"
#include "scanner/upstream/resolver_route.h"

namespace scanner {
namespace {

// The bucket of a rate is as deep as its parts' together down to this rate of a
// part (RateLimiter: 2 packets, or 20 ms).
constexpr double kMinPartQps = 100;

// The finer shards of the scan's that have targets, without their limits.
std::vector<EngineShare> DivideTargets(const ScanOptions& options,
                                       const TargetSet& targets,
                                       uint32_t engines) {
  const std::vector<uint64_t> sizes =
      TargetOrder::ShardSizes(targets, options.shard, options.shards, engines);
  std::vector<EngineShare> shares;
  const auto add = [&](uint32_t engine) {
    shares.push_back({.shard = options.shard + options.shards * engine,
                      .shards = options.shards * engines,
                      .targets = sizes[engine]});
  };
  for (uint32_t engine = 0; engine < engines; ++engine) {
    if (sizes[engine] > 0) add(engine);
  }
  if (shares.empty()) add(0);
  return shares;
}

// Rounded so that all shares together have the whole.
void DividePackets(uint64_t max_queries, std::vector<EngineShare>* shares) {
  uint64_t total = 0;
  for (const EngineShare& share : *shares) total += share.targets;
  if (total == 0) {
    (*shares)[0].max_packets = max_queries;
    return;
  }
  uint64_t before = 0;
  const auto budget_before = [&] {
    return absl::Uint128Low64(absl::uint128(before) * max_queries / total);
  };
  for (EngineShare& share : *shares) {
    const uint64_t begin = budget_before();
    before += share.targets;
    share.max_packets = budget_before() - begin;
  }
}

}  // namespace

uint32_t MaxEngines(const ScanOptions& options) {
  double most = options.threads;
  const auto bound = [&most](double engines) {
    most = std::min(most, engines);
  };
  if (options.rate_qps > 0) bound(options.rate_qps / kMinPartQps);
  for (const ServerPlan& plan : PlanServers(options)) {
    const PaceLimits& limits = plan.limits;
    if (limits.start_qps > 0) bound(limits.start_qps / kMinPartQps);
    bound(limits.window_max);
  }
  bound(options.max_in_flight);
  bound(options.max_tcp);
  bound(static_cast<double>(options.forward_cache_octets) /
        ScanOptions::kMinCacheOctets);
  return static_cast<uint32_t>(std::max(most, 1.0));
}

std::vector<EngineShare> DivideScan(const ScanOptions& options,
                                    const TargetSet& targets) {
  std::vector<EngineShare> shares =
      DivideTargets(options, targets, MaxEngines(options));
  const auto count = static_cast<uint32_t>(shares.size());
  for (uint32_t i = 0; i < count; ++i) {
    shares[i].part = {.index = i, .count = count};
  }
  if (options.max_queries > 0) DividePackets(options.max_queries, &shares);
  return shares;
}

ScanOptions OptionsOf(const ScanOptions& options, const EngineShare& share) {
  const Part part = share.part;
  ScanOptions own = options;
  own.rate_qps = part.Of(options.rate_qps);
  own.max_in_flight = part.Of(options.max_in_flight);
  own.max_tcp = part.Of(options.max_tcp);
  own.forward_cache_octets = part.Of(options.forward_cache_octets);
  return own;
}

}  // namespace scanner
