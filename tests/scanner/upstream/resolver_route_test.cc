#include "scanner/upstream/resolver_route.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <initializer_list>
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
    bool limited;
    uint32_t expected_window;
  };
  const Case kCases[] = {
      {"loopback has no limit", "127.0.0.1", {}, {}, false, 190},
      {"IPv6 loopback too", "::1", {}, {}, false, 190},
      {"others have the default rate", "9.9.9.9", {}, {}, true, 32},
      {"a window for the rate", "9.9.9.9", 500, {}, true, 125},
      {"no more than 1,024", "9.9.9.9", 50000, {}, true, 1024},
      {"no rate at all", "9.9.9.9", 0, {}, false, 1024},
      {"loopback with a rate", "127.0.0.1", 500, {}, true, 190},
      {"a window that was given", "9.9.9.9", 500, 7, true, 7},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.label);
    ScanOptions options = OptionsFor({c.resolver});
    options.resolver_rate_qps = c.rate_qps;
    options.resolver_window = c.window;
    io::SecureRandom random;
    ResolverRoute route(options, &random);
    EXPECT_EQ(route.servers()[0].limiter.limited(), c.limited);
    EXPECT_EQ(route.servers()[0].window, c.expected_window);
  }
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
  server.in_flight = server.window - 1;
  EXPECT_EQ(route.Choose({}, kNow).kind, Kind::kAsk);
  server.in_flight = server.window;
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
  EXPECT_EQ(find("127.0.0.1:53"), std::nullopt);
  EXPECT_EQ(find("127.0.0.2:5353"), std::nullopt);
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
