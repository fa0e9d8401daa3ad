#include "tools/report/plan.h"

#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "scanner/targets/target_order.h"
#include "scanner/upstream/resolver_route.h"
#include "tools/report/finding_file.h"
#include "tools/report/progress.h"

namespace tools {
namespace {

uint64_t CountOfShard(const TargetConfig& targets) {
  return scanner::TargetOrder::ShardSizes(
      targets.targets.targets, targets.shard.index, targets.shard.count, 1)[0];
}

// "84 of 256", or "256" where this process has them all.
std::string AddressesText(const TargetConfig& targets, uint64_t own) {
  const uint64_t all = absl::Uint128Low64(targets.targets.targets.size());
  if (targets.shard.count == 1) return WithCommas(all);
  return absl::StrCat(WithCommas(own), " of ", WithCommas(all));
}

// Of a network where all is well: a PTR question and one for the name; of the
// name's one IPv6 address two more.
double PlannedPackets(const scanner::ScanOptions& options,
                      const TargetConfig& targets, uint64_t addresses) {
  const scanner::TargetSet& all = targets.targets.targets;
  double packets = options.compare_resolvers
                       ? static_cast<double>(options.resolvers.size())
                       : 1;
  if (!options.ptr_only) packets += 1;
  if (options.dual_stack && !all.empty()) {
    packets += 2 * static_cast<double>(all.v4().size()) /
               static_cast<double>(all.size());
  }
  return packets * static_cast<double>(addresses);
}

void AppendTransfers(const scanner::TransferPlan& plan,
                     const scanner::TargetSet& targets, std::string* out) {
  for (const scanner::ListedZone& zone : plan.zones) {
    if (!scanner::HoldsTargets(zone, targets)) continue;
    absl::StrAppend(out, "transfer  ", zone.apex.ToText(), " from ",
                    zone.servers.empty() ? "its name servers" : "");
    for (const io::Endpoint& server : zone.servers) {
      absl::StrAppend(out, &server == zone.servers.data() ? "" : ", else ",
                      server.ToString());
    }
    absl::StrAppend(out, "\n");
  }
}

void AppendResolvers(const scanner::ScanOptions& options, std::string* out) {
  for (const scanner::ServerPlan& server : scanner::PlanServers(options)) {
    absl::StrAppend(out, "resolver  ", server.endpoint.ToString(), ": ");
    const scanner::PaceLimits& limits = server.limits;
    if (limits.start_qps == 0) {
      absl::StrAppend(out, "no rate limit");
    } else {
      absl::StrAppendFormat(out, "%g packets/s", limits.start_qps);
    }
    if (limits.cap_qps > limits.start_qps) {
      absl::StrAppendFormat(out, ", up to %g if nothing is lost",
                            limits.cap_qps);
    }
    absl::StrAppendFormat(out, ", window %d to %d\n", limits.window_start,
                          limits.window_max);
  }
}

void AppendAuthorities(const scanner::ScanOptions& options, std::string* out) {
  absl::StrAppendFormat(out,
                        "servers   authorities, from the root down: %g "
                        "packets/s each, up to %g "
                        "if nothing is lost\n",
                        options.authority_rate_qps, options.authority_max_qps);
  for (const scanner::ListedRate& listed : options.listed_rates) {
    absl::StrAppendFormat(out, "          %s: ", listed.prefix.ToString());
    absl::StrAppend(out, listed.qps == 0
                             ? "no limit\n"
                             : absl::StrCat(listed.qps, " packets/s each\n"));
  }
}

std::string LimitText(uint64_t limit) {
  return limit == 0 ? "no limit" : WithCommas(limit);
}

}  // namespace

std::string DescribePlan(const ScanConfig& config,
                         const TargetConfig& targets) {
  const uint64_t addresses = CountOfShard(targets);
  const double packets = PlannedPackets(config.options, targets, addresses);
  std::string text = absl::StrFormat(
      "%s%s addresses in %d ranges, about %s packets\n",
      ShardText(targets.shard), AddressesText(targets, addresses),
      targets.targets.targets.range_count(),
      WithCommas(static_cast<uint64_t>(packets)));
  AppendResolvers(config.options, &text);
  if (config.options.iterative) AppendAuthorities(config.options, &text);
  AppendTransfers(config.transfers, targets.targets.targets, &text);
  const double rate = scanner::PlannedRate(config.options);
  if (rate > 0) {
    absl::StrAppend(&text, "time      at least ",
                    FormatElapsed(absl::Seconds(packets / rate)), " at ",
                    WithCommas(static_cast<uint64_t>(rate)), " packets/s\n");
  }
  return text;
}

std::string DescribeWalk(const WalkConfig& config) {
  constexpr size_t kShown = 10;
  const std::vector<dnswire::IpPrefix>& prefixes = config.walk.prefixes;
  std::string text =
      absl::StrCat(ShardText(config.targets.shard), WithCommas(prefixes.size()),
                   prefixes.size() == 1 ? " prefix" : " prefixes", " to walk, ",
                   WithCommas(config.walk.known.size()), " known addresses\n");
  for (size_t i = 0; i < prefixes.size() && i < kShown; ++i) {
    absl::StrAppend(&text, "prefix    ", prefixes[i].ToString(), "\n");
  }
  if (prefixes.size() > kShown) {
    absl::StrAppend(&text, "          and ",
                    WithCommas(prefixes.size() - kShown), " more\n");
  }
  AppendAuthorities(config.scan.options, &text);
  AppendTransfers(config.scan.transfers, scanner::AddressesOf(config.walk),
                  &text);
  absl::StrAppend(&text, "budget    ",
                  WithCommas(config.walk.options.zone_budget),
                  " questions a zone, packets of all: ",
                  LimitText(config.scan.options.max_queries), "\n");
  if (!config.findings.empty()) {
    absl::StrAppend(&text, "findings  ", FindingsName(config.findings), "\n");
  }
  return text;
}

}  // namespace tools
