// What each engine of a scan gets: no limit is exceeded by all together, and
// nobody gets nothing.
#include "scanner/progress/division.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "scanner/upstream/resolver_route.h"
#include "tests/scanner/targets/order_helpers.h"

namespace scanner {
namespace {

ScanOptions OptionsFor(const std::string& resolver, uint32_t threads) {
  ScanOptions options;
  options.resolvers = {*io::Endpoint::Parse(resolver)};
  options.threads = threads;
  return options;
}

// Many blocks, so that no shard is empty.
TargetSet ManyBlocks() { return SetOf({"10.0.0.0/12"}); }

TEST(DivisionTest, PartsOfACountAreTheWholeAndDifferByOne) {
  for (const uint32_t whole : {0u, 1u, 7u, 8u, 9u, 16384u, UINT32_MAX}) {
    for (const uint32_t count : {1u, 2u, 3u, 8u, 64u}) {
      uint64_t sum = 0;
      for (uint32_t i = 0; i < count; ++i) {
        const uint32_t part = Part{.index = i, .count = count}.Of(whole);
        EXPECT_GE(part, whole / count);
        EXPECT_LE(part - whole / count, 1u);
        sum += part;
      }
      EXPECT_EQ(sum, whole) << count;
    }
  }
}

TEST(DivisionTest, LimitsOfAllEnginesTogetherAreTheScans) {
  ScanOptions options = OptionsFor("127.0.0.1", 7);
  options.rate_qps = 1000;
  options.max_in_flight = 1001;
  options.max_tcp = 13;
  const auto shares = DivideScan(options, ManyBlocks());
  ASSERT_EQ(shares.size(), 7u);
  double rate_qps = 0;
  uint32_t in_flight = 0;
  uint32_t tcp = 0;
  size_t cache = 0;
  uint64_t targets = 0;
  for (const EngineShare& share : shares) {
    const ScanOptions own = OptionsOf(options, share);
    rate_qps += own.rate_qps;
    in_flight += own.max_in_flight;
    tcp += own.max_tcp;
    cache += own.forward_cache_octets;
    targets += share.targets;
    EXPECT_GE(own.max_tcp, 1u);
    EXPECT_EQ(own.sockets, options.sockets);
    EXPECT_EQ(share.max_packets, UINT64_MAX) << "no limit is no limit";
  }
  EXPECT_NEAR(rate_qps, 1000, 1e-6);
  EXPECT_EQ(in_flight, 1001u);
  EXPECT_EQ(tcp, 13u);
  EXPECT_EQ(cache, options.forward_cache_octets);
  EXPECT_EQ(targets, 1u << 20);
}

TEST(DivisionTest, ThePaceOfAResolverIsDividedToo) {
  ScanOptions options = OptionsFor("9.9.9.9", 3);
  options.resolver_rate_qps = 1000;
  options.resolver_window = 31;
  const PaceLimits whole = PlanServers(options)[0].limits;
  double rate_qps = 0;
  double floor_qps = 0;
  uint32_t window = 0;
  const auto shares = DivideScan(options, ManyBlocks());
  ASSERT_EQ(shares.size(), 3u);
  for (const EngineShare& share : shares) {
    io::SecureRandom random;
    const ResolverRoute route(options, &random, share.part);
    const Congestion& pace = route.servers()[0].congestion;
    EXPECT_TRUE(route.servers()[0].limiter.limited());
    EXPECT_GE(pace.window(), 1u);
    rate_qps += pace.rate_qps();
    floor_qps += pace.floor_qps();
    window += pace.window();
  }
  EXPECT_NEAR(rate_qps, 1000, 1e-6);
  EXPECT_NEAR(floor_qps, whole.floor_qps, 1e-6);
  EXPECT_EQ(window, 31u);
}

// The bucket of a rate holds 20 ms or two packets: parts of less than 100
// packets a second would hold more together.
TEST(DivisionTest, ALimitThatIsTooSmallHasFewerEngines) {
  struct Case {
    const char* label;
    void (*set)(ScanOptions* options);
    uint32_t engines;
  };
  const Case kCases[] = {
      {"no limit", [](ScanOptions*) {}, 8},
      {"rate", [](ScanOptions* o) { o->rate_qps = 800; }, 8},
      {"rate below", [](ScanOptions* o) { o->rate_qps = 799; }, 7},
      {"a packet a second", [](ScanOptions* o) { o->rate_qps = 1; }, 1},
      {"resolver", [](ScanOptions* o) { o->resolver_rate_qps = 399; }, 3},
      {"no resolver rate", [](ScanOptions* o) { o->resolver_rate_qps = 0; }, 8},
      {"window", [](ScanOptions* o) { o->resolver_window = 3; }, 3},
      {"lookups", [](ScanOptions* o) { o->max_in_flight = 5; }, 5},
      {"connections", [](ScanOptions* o) { o->max_tcp = 2; }, 2},
      {"cache", [](ScanOptions* o) { o->forward_cache_octets = 1 << 20; }, 4},
  };
  for (const Case& c : kCases) {
    ScanOptions options = OptionsFor("127.0.0.1", 8);
    c.set(&options);
    EXPECT_EQ(MaxEngines(options), c.engines) << c.label;
  }
  // 100 packets a second to begin with.
  EXPECT_EQ(MaxEngines(OptionsFor("9.9.9.9", 8)), 1u);
}

TEST(DivisionTest, FewTargetsHaveFewEnginesWithAllOfTheLimits) {
  ScanOptions options = OptionsFor("127.0.0.1", 8);
  options.rate_qps = 800;
  const auto one = DivideScan(options, SetOf({"192.0.2.7/32"}));
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0].targets, 1u);
  EXPECT_EQ(one[0].shards, 8u);
  EXPECT_EQ(OptionsOf(options, one[0]).rate_qps, 800);
}

TEST(DivisionTest, NoTargetsYetHaveOneEngineWithAllOfTheLimits) {
  ScanOptions options = OptionsFor("127.0.0.1", 8);
  options.rate_qps = 800;
  EXPECT_EQ(DivideScan(options, TargetSet())[0].max_packets, UINT64_MAX);
  options.max_queries = 1000;
  const auto none = DivideScan(options, TargetSet());
  ASSERT_EQ(none.size(), 1u);
  EXPECT_EQ(none[0].targets, 0u);
  EXPECT_EQ(none[0].max_packets, 1000u);
  EXPECT_EQ(OptionsOf(options, none[0]).rate_qps, 800);
}

// An engine with more of the targets needs more of the budget.
TEST(DivisionTest, ABudgetIsDividedAsTheTargetsAre) {
  for (const uint64_t budget :
       {uint64_t{1}, uint64_t{10}, uint64_t{12345}, uint64_t{1} << 62}) {
    ScanOptions options = OptionsFor("127.0.0.1", 5);
    options.max_queries = budget;
    const TargetSet targets = SetOf({"10.0.0.0/20"});
    uint64_t sum = 0;
    for (const EngineShare& share : DivideScan(options, targets)) {
      sum += share.max_packets;
      const double fair = static_cast<double>(budget) *
                          static_cast<double>(share.targets) / 4096;
      EXPECT_NEAR(static_cast<double>(share.max_packets), fair,
                  1 + fair * 1e-9);
    }
    EXPECT_EQ(sum, budget);
  }
}

// Of several hosts each has a shard, and divides it among its engines.
TEST(DivisionTest, EnginesOfAllShardsTogetherHaveEveryTargetOnce) {
  for (uint32_t seed = 0; seed < 20; ++seed) {
    const RandomSet random(seed);
    const uint32_t shards = 1 + seed % 5;
    std::vector<dnswire::IpAddress> together;
    for (uint32_t shard = 0; shard < shards; ++shard) {
      ScanOptions options = OptionsFor("127.0.0.1", 1 + seed % 4);
      options.shard = shard;
      options.shards = shards;
      uint64_t targets = 0;
      std::vector<dnswire::IpAddress> own;
      for (const EngineShare& share : DivideScan(options, random.set)) {
        EXPECT_EQ(share.shard % shards, shard);
        targets += share.targets;
        const auto items = TakeAll(random.set, seed, share.shard, share.shards);
        EXPECT_EQ(items.size(), share.targets);
        for (const auto& item : items) own.push_back(item.address);
      }
      EXPECT_EQ(targets, TakeAll(random.set, seed, shard, shards).size());
      together.insert(together.end(), own.begin(), own.end());
    }
    std::sort(together.begin(), together.end());
    EXPECT_EQ(together, std::vector<dnswire::IpAddress>(random.oracle.begin(),
                                                        random.oracle.end()))
        << seed;
  }
}

}  // namespace
}  // namespace scanner
