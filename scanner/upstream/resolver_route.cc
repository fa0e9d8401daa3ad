#include "scanner/upstream/resolver_route.h"

#include <algorithm>
#include <cassert>

#include "scanner/targets/special_use.h"
#include "scanner/upstream/server_setup.h"

namespace scanner {
namespace {

// No server is asked less than this, however much it loses.
constexpr double kFloorRate = 20;

// The table of WIRE.md section 6. A rate that the user names is start and cap:
// he knows what is allowed there.
PaceLimits LimitsOf(const ScanOptions& options, const io::Endpoint& endpoint) {
  PaceLimits limits = {.floor_qps = kFloorRate};
  if (!IsLoopback(endpoint.address)) {
    limits = {.start_qps = ScanOptions::kDefaultResolverRate,
              .floor_qps = kFloorRate,
              .cap_qps = 500,
              .window_start = 32,
              .window_min = 4,
              .window_max = 1024};
  }
  if (options.resolver_rate_qps) {
    const double rate_qps = *options.resolver_rate_qps;
    limits.start_qps = limits.cap_qps = rate_qps;
    if (rate_qps > 0) limits.floor_qps = std::min(kFloorRate, rate_qps);
    // What the rate needs at a round trip of 250 ms.
    const auto needed =
        static_cast<uint32_t>(std::clamp(rate_qps / 4, 32.0, 16384.0));
    limits.window_start = std::max(limits.window_start, needed);
    limits.window_max = std::max(limits.window_max, limits.window_start);
  }
  if (options.resolver_window) {
    limits.window_start = limits.window_max = *options.resolver_window;
    limits.window_min = std::min(limits.window_min, limits.window_start);
  }
  return FittingLimits(limits, options);
}

}  // namespace

std::vector<ServerPlan> PlanServers(const ScanOptions& options) {
  std::vector<ServerPlan> plans;
  for (const io::Endpoint& endpoint : options.resolvers) {
    plans.push_back(
        {.endpoint = endpoint, .limits = LimitsOf(options, endpoint)});
  }
  return plans;
}

double PlannedRate(const ScanOptions& options) {
  double sum = 0;
  for (const ServerPlan& plan : PlanServers(options)) {
    if (plan.limits.start_qps == 0) return options.rate_qps;
    sum += plan.limits.start_qps;
  }
  return options.rate_qps == 0 ? sum : std::min(sum, options.rate_qps);
}

ResolverRoute::ResolverRoute(const ScanOptions& options,
                             io::SecureRandom* random, Part part)
    : random_(random) {
  assert(!options.resolvers.empty());
  assert(options.resolvers.size() <= ScanOptions::kMaxServers);
  for (const ServerPlan& plan : PlanServers(options)) {
    all_ |= MaskOf(static_cast<ServerIndex>(resolvers_.size()));
    const PaceLimits limits = PartOf(plan.limits, part);
    Server& server = resolvers_.emplace_back(plan.endpoint, limits);
    server.limiter.SetRate(limits.start_qps);
    SetHabits(options, random, &server);
  }
  servers_ = resolvers_;
}

RouteChoice ResolverRoute::Choose(const RouteRequest& request, io::TimeNs now) {
  if (request.pinned != 0) {
    const ServerMask allowed = request.pinned & ~request.excluded;
    return allowed == 0 ? RouteChoice()
                        : ChooseAmong(allowed, request.urgent, now);
  }
  const ServerMask allowed = Healthy(now) & ~request.excluded;
  if (allowed == 0) {
    // Wait only if nobody at all may be asked: all lie.
    const bool wait = Healthy(now) == 0 && (all_ & ~request.excluded) != 0;
    return {.kind = wait ? RouteChoice::Kind::kWait : RouteChoice::Kind::kNone};
  }
  const ServerMask untried = allowed & ~request.tried;
  return ChooseAmong(untried != 0 ? untried : allowed, request.urgent, now);
}

ServerMask ResolverRoute::Healthy(io::TimeNs now) const {
  if (all_well_) return all_;
  ServerMask honest = 0;  // neither lying nor rewriting
  ServerMask asking = 0;  // not lying
  ServerMask awake = 0;   // not suspended
  for (size_t i = 0; i < servers_.size(); ++i) {
    const ServerMask mask = MaskOf(static_cast<ServerIndex>(i));
    const Server& server = servers_[i];
    if (server.suspension.MaySend(now)) awake |= mask;
    if (server.lying) continue;
    asking |= mask;
    if (!server.rewriting) honest |= mask;
  }
  // Servers that are suspended are asked if all are: if the last one is gone
  // too, that is an outage, for which other rules hold.
  for (const ServerMask best : {honest & awake, asking & awake, honest}) {
    if (best != 0) return best;
  }
  return asking;
}

RouteChoice::Kind ResolverRoute::CanStart(io::TimeNs now,
                                          io::TimeNs* ready_at) {
  *ready_at = io::kNever;
  const ServerMask usable = Healthy(now);
  for (size_t i = 0; i < servers_.size(); ++i) {
    if ((usable & MaskOf(static_cast<ServerIndex>(i))) == 0) continue;
    if (servers_[i].HasRoom(now)) return RouteChoice::Kind::kAsk;
    *ready_at = std::min(*ready_at, servers_[i].RoomAt());
  }
  return RouteChoice::Kind::kWait;
}

ServerIndex ResolverRoute::Find(const io::Endpoint& from) const {
  for (size_t i = 0; i < servers_.size(); ++i) {
    if (servers_[i].endpoint == from) return static_cast<ServerIndex>(i);
  }
  return kNoServer;
}

void ResolverRoute::Advance(io::TimeNs now) {
  all_well_ = true;
  for (Server& server : servers_) {
    server.Adapt(now);
    all_well_ &=
        server.suspension.active() && !server.lying && !server.rewriting;
  }
}

void ResolverRoute::OnOtherTurns(io::TimeNs now) {
  for (Server& server : servers_) server.congestion.OnOtherTurns(now);
}

void ResolverRoute::EnterLatePass() {
  for (Server& server : servers_) {
    server.rate_share = kLatePassShare;
    server.FollowRate();
  }
}

void ResolverRoute::CapWindows(uint32_t window) {
  for (Server& server : servers_) server.congestion.CapWindow(window);
}

RouteChoice ResolverRoute::ChooseAmong(ServerMask candidates, bool urgent,
                                       io::TimeNs now) {
  RouteChoice choice;
  choice.kind = RouteChoice::Kind::kWait;
  double total = 0;
  for (size_t i = 0; i < servers_.size(); ++i) {
    Server& server = servers_[i];
    if ((candidates & MaskOf(static_cast<ServerIndex>(i))) == 0) continue;
    if (urgent ? !server.limiter.Ready(now) : !server.HasRoom(now)) {
      choice.ready_at = std::min(
          choice.ready_at, urgent ? server.limiter.ReadyAt() : server.RoomAt());
      continue;
    }
    // Reservoir of one: each candidate ends up chosen by its share of the
    // total weight.
    const double weight = WeightOf(server);
    total += weight;
    const bool first = choice.kind == RouteChoice::Kind::kWait;
    if (first || random_->U32() < weight / total * 0x1p32) {
      choice.kind = RouteChoice::Kind::kAsk;
      choice.server = static_cast<ServerIndex>(i);
    }
  }
  return choice;
}

}  // namespace scanner
