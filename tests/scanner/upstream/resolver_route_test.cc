#include "scanner/upstream/resolver_route.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace scanner {
namespace {

using io::kMillisecond;
using io::kSecond;
using Kind = RouteChoice::Kind;

constexpr io::TimeNs kNow = 100 * kSecond;

ScanOptions OptionsFor(std::initializer_list<absl::string_view> resolvers) {
  ScanOptions options;
  for (const absl::string_view text : resolvers) {
    options.resolvers.push_back(*io::Endpoint::Parse(text));
  }
  return options;
}

// How often each of 4,000 choices falls on server 0, 1, 2.
std::array<int, 3> CountChoices(ResolverRoute* route,
                                const RouteRequest& request) {
  std::array<int, 3> counts{};
  for (int i = 0; i < 4000; ++i) {
    const RouteChoice choice = route->Choose(request, kNow);
    EXPECT_EQ(choice.kind, Kind::kAsk);
    ++counts[choice.server];
  }
  return counts;
}

TEST(ResolverRouteTest, GivesEachKindOfServerItsRateAndWindow) {
  struct Case {
    const char* label;
    const char* resolver;
    std::optional<double> rate_qps;
    std::optional<uint32_t> window;
    double start_qps;
    double cap_qps;
    uint32_t window_start;
    uint32_t window_max;
  };
  const Case kCases[] = {
      {"loopback has no limit", "127.0.0.1", {}, {}, 0, 0, 64, 16384},
      {"IPv6 loopback too", "::1", {}, {}, 0, 0, 64, 16384},
      {"others start politely", "9.9.9.9", {}, {}, 100, 500, 32, 1024},
      {"a rate that was given", "9.9.9.9", 1000, {}, 1000, 1000, 250, 1024},
      {"a high one", "9.9.9.9", 50000, {}, 50000, 50000, 12500, 12500},
      {"no rate at all", "9.9.9.9", 0, {}, 0, 0, 32, 1024},
      {"loopback with a rate", "127.0.0.1", 400, {}, 400, 400, 100, 16384},
      {"a window that was given", "9.9.9.9", 500, 7, 500, 500, 7, 7},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.label);
    ScanOptions options = OptionsFor({c.resolver});
    options.resolver_rate_qps = c.rate_qps;
    options.resolver_window = c.window;
    const PaceLimits limits = PlanServers(options)[0].limits;
    EXPECT_EQ(limits.start_qps, c.start_qps);
    EXPECT_EQ(limits.cap_qps, c.cap_qps);
    EXPECT_EQ(limits.window_start, c.window_start);
    EXPECT_EQ(limits.window_max, c.window_max);
    EXPECT_LE(limits.window_min, limits.window_start);
    io::SecureRandom random;
    ResolverRoute route(options, &random);
    EXPECT_EQ(route.servers()[0].limiter.limited(), c.start_qps > 0);
    EXPECT_EQ(route.servers()[0].congestion.window(), c.window_start);
  }
}

TEST(ResolverRouteTest, ProtectsAllButLoopbackByCookiesAndLetterCase) {
  struct Case {
    const char* label;
    const char* resolver;
    Choice choice;
    bool expected;
  };
  const Case kCases[] = {
      {"auto, loopback", "127.0.0.1", Choice::kAuto, false},
      {"auto, another", "9.9.9.9", Choice::kAuto, true},
      {"on, loopback", "::1", Choice::kOn, true},
      {"off, another", "9.9.9.9", Choice::kOff, false},
  };
  for (const Case& c : kCases) {
    ScanOptions options = OptionsFor({c.resolver});
    options.cookies = options.case_random = c.choice;
    io::SecureRandom random;
    ResolverRoute route(options, &random);
    EXPECT_EQ(route.servers()[0].cookies.enabled(), c.expected) << c.label;
    EXPECT_EQ(route.servers()[0].letter_case.randomize(), c.expected)
        << c.label;
  }
}

// Twenty times REFUSED: the first of three is suspended.
void Suspend(Server* server, io::TimeNs now) {
  for (int i = 0; i < 20; ++i) server->suspension.OnRefused(now);
}

TEST(ResolverRouteTest, ASuspendedServerIsLeftAlone) {
  io::SecureRandom random;
  ResolverRoute route(OptionsFor({"127.0.0.1", "127.0.0.2", "127.0.0.3"}),
                      &random);
  Suspend(&route.servers()[0], kNow);
  route.Advance(kNow);
  EXPECT_EQ(CountChoices(&route, {})[0], 0);
  // A canary goes to its server whatever its health.
  EXPECT_EQ(CountChoices(&route, {.pinned = 0b001})[0], 4000);
  // A question that may go to nobody else has to wait for the late pass.
  EXPECT_EQ(route.Choose({.excluded = 0b110}, kNow).kind, Kind::kNone);
}

TEST(ResolverRouteTest, TheLastServerIsAskedThoughItIsSuspended) {
  io::SecureRandom random;
  ResolverRoute route(OptionsFor({"127.0.0.1", "127.0.0.2"}), &random);
  for (Server& server : route.servers()) Suspend(&server, kNow);
  route.Advance(kNow);
  EXPECT_GT(CountChoices(&route, {})[0], 0);
  io::TimeNs ready_at = 0;
  EXPECT_EQ(route.CanStart(kNow, &ready_at), Kind::kAsk);
}

TEST(ResolverRouteTest, ALiarIsNeverAskedARewriterOnlyIfNobodyElseIsLeft) {
  io::SecureRandom random;
  ResolverRoute route(OptionsFor({"127.0.0.1", "127.0.0.2", "127.0.0.3"}),
                      &random);
  route.servers()[0].lying = true;
  route.servers()[1].rewriting = true;
  route.Advance(kNow);
  EXPECT_EQ(CountChoices(&route, {})[2], 4000);
  EXPECT_EQ(route.Choose({.excluded = 0b100}, kNow).kind, Kind::kNone);
  EXPECT_EQ(route.Choose({.excluded = 0b110}, kNow).kind, Kind::kNone);
  route.servers()[2].lying = true;
  route.Advance(kNow);
  EXPECT_EQ(CountChoices(&route, {})[1], 4000) << "better than nobody";
  for (Server& server : route.servers()) server.lying = true;
  route.Advance(kNow);
  io::TimeNs ready_at = 0;
  EXPECT_EQ(route.CanStart(kNow, &ready_at), Kind::kWait);
  EXPECT_EQ(route.Choose({}, kNow).kind, Kind::kWait);
}

TEST(ResolverRouteTest, SpreadsQuestionsOverServersThatMayBeAsked) {
  io::SecureRandom random;
  ResolverRoute route(OptionsFor({"127.0.0.1", "127.0.0.2", "127.0.0.3"}),
                      &random);
  // A third each: 1,333, with a standard deviation of 30.
  for (const int count : CountChoices(&route, {})) {
    EXPECT_NEAR(count, 1333, 200);
  }
}

TEST(ResolverRouteTest, NeverChoosesAnExcludedServer) {
  io::SecureRandom random;
  ResolverRoute route(OptionsFor({"127.0.0.1", "127.0.0.2", "127.0.0.3"}),
                      &random);
  const auto counts = CountChoices(&route, {.excluded = 0b010});
  EXPECT_EQ(counts[1], 0);
  EXPECT_NEAR(counts[0], 2000, 250);
  EXPECT_EQ(route.Choose({.excluded = 0b111}, kNow).kind, Kind::kNone);
}

TEST(ResolverRouteTest, PrefersServersNotYetTried) {
  io::SecureRandom random;
  ResolverRoute route(OptionsFor({"127.0.0.1", "127.0.0.2", "127.0.0.3"}),
                      &random);
  EXPECT_EQ(CountChoices(&route, {.tried = 0b011})[2], 4000);
  EXPECT_EQ(CountChoices(&route, {.excluded = 0b100, .tried = 0b101})[1], 4000);
  // All that are left were tried: then one of them again.
  EXPECT_EQ(CountChoices(&route, {.excluded = 0b110, .tried = 0b111})[0], 4000);
}

TEST(ResolverRouteTest, WaitsForAFullWindowWithoutATime) {
  io::SecureRandom random;
  ResolverRoute route(OptionsFor({"127.0.0.1"}), &random);
  Server& server = route.servers()[0];
  server.in_flight = server.congestion.window() - 1;
  EXPECT_EQ(route.Choose({}, kNow).kind, Kind::kAsk);
  server.in_flight = server.congestion.window();
  const RouteChoice choice = route.Choose({}, kNow);
  EXPECT_EQ(choice.kind, Kind::kWait);
  EXPECT_EQ(choice.ready_at, io::kNever);
  io::TimeNs ready_at = 0;
  EXPECT_EQ(route.CanStart(kNow, &ready_at), Kind::kWait);
  EXPECT_EQ(ready_at, io::kNever);
}

TEST(ResolverRouteTest, WaitsForTheServerWhoseTokensComeFirst) {
  io::SecureRandom random;
  ResolverRoute route(OptionsFor({"9.9.9.9", "8.8.8.8"}), &random);
  for (int i = 0; i < 5; ++i) route.servers()[0].limiter.Spend(kNow);
  for (int i = 0; i < 3; ++i) route.servers()[1].limiter.Spend(kNow);
  const RouteChoice choice = route.Choose({}, kNow);
  EXPECT_EQ(choice.kind, Kind::kWait);
  EXPECT_EQ(choice.ready_at, kNow + 20 * kMillisecond);
  io::TimeNs ready_at = 0;
  EXPECT_EQ(route.CanStart(kNow, &ready_at), Kind::kWait);
  EXPECT_EQ(ready_at, kNow + 20 * kMillisecond);
  EXPECT_EQ(route.Choose({}, ready_at).server, 1);
}

TEST(ResolverRouteTest, FindsAServerByAddressAndPort) {
  io::SecureRandom random;
  const ResolverRoute route(OptionsFor({"127.0.0.1:5353", "[::1]:53"}),
                            &random);
  const auto find = [&route](absl::string_view text) {
    return route.Find(*io::Endpoint::Parse(text));
  };
  EXPECT_EQ(find("127.0.0.1:5353"), ServerIndex{0});
  EXPECT_EQ(find("[::1]:53"), ServerIndex{1});
  EXPECT_EQ(find("127.0.0.1:53"), kNoServer);
  EXPECT_EQ(find("127.0.0.2:5353"), kNoServer);
}

TEST(ResolverRouteTest, ALatePassRunsAtAQuarterOfTheRate) {
  io::SecureRandom random;
  ScanOptions options = OptionsFor({"127.0.0.1", "9.9.9.9"});
  ResolverRoute route(options, &random);
  route.EnterLatePass();
  EXPECT_FALSE(route.servers()[0].limiter.limited());
  RateLimiter& limiter = route.servers()[1].limiter;
  limiter.Spend(kNow);
  limiter.Spend(kNow);
  EXPECT_EQ(limiter.ReadyAt(), kNow + 40 * kMillisecond);  // 25 q/s
}

}  // namespace
}  // namespace scanner
