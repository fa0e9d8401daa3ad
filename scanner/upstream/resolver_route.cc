#include "scanner/upstream/resolver_route.h"

#include <algorithm>
#include <cassert>

#include "scanner/targets/special_use.h"

namespace scanner {
namespace {

// A server without a limit weighs as much as one with this rate.
constexpr double kUnlimitedWeight = 100000;
constexpr double kLatePassShare = 0.25;

double RateOf(const ScanOptions& options, const io::Endpoint& endpoint) {
  if (options.resolver_rate_qps) return *options.resolver_rate_qps;
  return IsLoopback(endpoint.address) ? 0 : ScanOptions::kDefaultResolverRate;
}

uint32_t WindowOf(const ScanOptions& options, const io::Endpoint& endpoint,
                  double rate_qps) {
  if (options.resolver_window) return *options.resolver_window;
  if (IsLoopback(endpoint.address)) return ScanOptions::kLoopbackWindow;
  if (rate_qps == 0) return 1024;
  return static_cast<uint32_t>(std::clamp(rate_qps / 4, 32.0, 1024.0));
}

}  // namespace

std::vector<ServerPlan> PlanServers(const ScanOptions& options) {
  std::vector<ServerPlan> plans;
  for (const io::Endpoint& endpoint : options.resolvers) {
    const double rate_qps = RateOf(options, endpoint);
    plans.push_back({.endpoint = endpoint,
                     .rate_qps = rate_qps,
                     .window = WindowOf(options, endpoint, rate_qps)});
  }
  return plans;
}

double PlannedRate(const ScanOptions& options) {
  double sum = 0;
  for (const ServerPlan& plan : PlanServers(options)) {
    if (plan.rate_qps == 0) return options.rate_qps;
    sum += plan.rate_qps;
  }
  return options.rate_qps == 0 ? sum : std::min(sum, options.rate_qps);
}

ResolverRoute::ResolverRoute(const ScanOptions& options,
                             io::SecureRandom* random)
    : random_(random) {
  assert(!options.resolvers.empty());
  assert(options.resolvers.size() <= ScanOptions::kMaxServers);
  for (const ServerPlan& plan : PlanServers(options)) {
    Server server;
    server.endpoint = plan.endpoint;
    server.limiter = RateLimiter(plan.rate_qps);
    server.window = plan.window;
    all_ |= MaskOf(static_cast<ServerIndex>(servers_.size()));
    servers_.push_back(server);
    rates_qps_.push_back(plan.rate_qps);
  }
}

RouteChoice ResolverRoute::Choose(const RouteRequest& request, io::TimeNs now) {
  const ServerMask allowed = all_ & ~request.excluded;
  if (allowed == 0) return RouteChoice();
  const ServerMask untried = allowed & ~request.tried;
  return ChooseAmong(untried != 0 ? untried : allowed, now);
}

RouteChoice::Kind ResolverRoute::CanStart(io::TimeNs now,
                                          io::TimeNs* ready_at) const {
  *ready_at = io::kNever;
  for (const Server& server : servers_) {
    if (server.CanSend(now)) return RouteChoice::Kind::kAsk;
    if (server.in_flight < server.window) {
      *ready_at = std::min(*ready_at, server.limiter.ReadyAt());
    }
  }
  return RouteChoice::Kind::kWait;
}

std::optional<ServerIndex> ResolverRoute::Find(const io::Endpoint& from) const {
  for (size_t i = 0; i < servers_.size(); ++i) {
    if (servers_[i].endpoint == from) return static_cast<ServerIndex>(i);
  }
  return std::nullopt;
}

void ResolverRoute::EnterLatePass() {
  for (size_t i = 0; i < servers_.size(); ++i) {
    if (rates_qps_[i] == 0) continue;
    servers_[i].limiter = RateLimiter(rates_qps_[i] * kLatePassShare);
  }
}

RouteChoice ResolverRoute::ChooseAmong(ServerMask candidates, io::TimeNs now) {
  RouteChoice choice;
  choice.kind = RouteChoice::Kind::kWait;
  double total = 0;
  for (size_t i = 0; i < servers_.size(); ++i) {
    const Server& server = servers_[i];
    if ((candidates & MaskOf(static_cast<ServerIndex>(i))) == 0) continue;
    if (!server.CanSend(now)) {
      if (server.in_flight < server.window) {
        choice.ready_at = std::min(choice.ready_at, server.limiter.ReadyAt());
      }
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

double ResolverRoute::WeightOf(const Server& server) const {
  const auto i = static_cast<size_t>(&server - servers_.data());
  return rates_qps_[i] == 0 ? kUnlimitedWeight : rates_qps_[i];
}

}  // namespace scanner
