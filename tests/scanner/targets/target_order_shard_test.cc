// TargetOrder: shards of hosts and, within them, of engines.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "dnswire/ip_address.h"
#include "gtest/gtest.h"
#include "scanner/targets/target_order.h"
#include "scanner/targets/target_set.h"
#include "tests/scanner/targets/order_helpers.h"

namespace scanner {
namespace {

using dnswire::IpAddress;
using dnswire::IpPrefix;
using Item = TargetOrder::Item;
using Position = TargetOrder::Position;

TEST(TargetShardTest, ShardsAreDisjointAndComplete) {
  for (uint32_t seed = 0; seed < 30; ++seed) {
    const RandomSet random(seed);
    const uint32_t shards = 1 + (seed * 7) % 23;
    std::map<Position, IpAddress> together;
    std::map<IpAddress, uint32_t> shard_of_block;
    size_t sum = 0;
    for (uint32_t shard = 0; shard < shards; ++shard) {
      const auto items = TakeAll(random.set, seed, shard, shards);
      ASSERT_TRUE(PositionsAscend(items));
      sum += items.size();
      for (const Item& item : items) {
        together[item.position] = item.address;
        const bool v4 = item.address.is_v4();
        const IpAddress block =
            IpPrefix::Covering(item.address, v4 ? 24 : 64).first();
        ASSERT_EQ(shard_of_block.emplace(block, shard).first->second, shard);
      }
    }
    ASSERT_EQ(sum, random.oracle.size());
    ASSERT_EQ(together.size(), random.oracle.size());
    for (const Item& item : TakeAll(random.set, seed)) {
      ASSERT_EQ(together.at(item.position), item.address);
    }
  }
}

TEST(TargetShardTest, SeekCountingCountsWhatLiesBefore) {
  for (uint32_t seed = 0; seed < 30; ++seed) {
    const RandomSet random(seed);
    const uint32_t shards = 1 + seed % 4;
    for (uint32_t shard = 0; shard < shards; ++shard) {
      const auto items = TakeAll(random.set, seed, shard, shards);
      TargetOrder order(&random.set, seed, shard, shards);
      for (size_t i = 0; i < items.size(); i += 1 + items.size() / 50) {
        EXPECT_EQ(order.SeekCounting(items[i].position), i);
        EXPECT_EQ(order.Next()->position, items[i].position);
        EXPECT_EQ(order.SeekCounting(items[i].position + 1), i + 1);
      }
      EXPECT_EQ(order.SeekCounting(~Position{0}), items.size());
      EXPECT_EQ(order.Next(), std::nullopt);
    }
  }
}

TEST(TargetShardTest, ShardOfIsTheShardThatGivesTheAddress) {
  const RandomSet random(1);
  for (uint32_t shard = 0; shard < 3; ++shard) {
    for (const Item& item : TakeAll(random.set, 1, shard, 3)) {
      EXPECT_EQ(TargetOrder::ShardOf(item.address, 3), shard);
    }
  }
}

// Whatever else of the block is a target, and in any later scan.
TEST(TargetShardTest, BlockDecidesTheShardAlone) {
  for (const std::vector<std::string>& addresses :
       {std::vector<std::string>{"192.0.2.0/32", "192.0.2.128/32",
                                 "192.0.2.255/32"},
        {"2001:db8::/128", "2001:db8::1:0/128", "2001:db8::8000:0:0:0/128",
         "2001:db8::ffff:ffff:ffff:ffff/128"}}) {
    for (const uint32_t shards : {2u, 3u, 1000u}) {
      std::set<uint32_t> found;
      for (const std::string& address : addresses) {
        const TargetSet set = SetOf({address});
        for (uint32_t shard = 0; shard < shards; ++shard) {
          if (!TakeAll(set, 1, shard, shards).empty()) found.insert(shard);
        }
      }
      EXPECT_EQ(found.size(), 1u) << addresses[0] << " " << shards;
    }
  }
}

TEST(TargetShardTest, SeekWorksWithinAShard) {
  const TargetSet set = SetOf({"10.0.0.0/20", "2001:db8::/118"});
  const auto all = TakeAll(set, 1);
  const auto items = TakeAll(set, 1, 2, 5);
  ASSERT_FALSE(items.empty());
  TargetOrder order(&set, 1, 2, 5);
  for (const Item& from : all) {
    order.Seek(from.position);
    const auto expected = std::find_if(
        items.begin(), items.end(),
        [&from](const Item& item) { return item.position >= from.position; });
    const auto item = order.Next();
    ASSERT_EQ(item.has_value(), expected != items.end());
    if (item) {
      ASSERT_EQ(item->address, expected->address);
    }
  }
}

TEST(TargetShardTest, ShardsSplitEvenlyAndIntoFinerOnes) {
  const TargetSet set = SetOf({"10.0.0.0/12"});  // 4,096 cells
  std::set<IpAddress> coarse;
  for (const Item& item : TakeAll(set, 1, 1, 4)) coarse.insert(item.address);
  EXPECT_GT(coarse.size(), 900u * 256);  // 1,024 cells expected, sigma 28
  EXPECT_LT(coarse.size(), 1150u * 256);
  std::set<IpAddress> fine;
  for (const uint32_t shard : {1u, 5u, 9u}) {
    for (const Item& item : TakeAll(set, 1, shard, 12)) {
      fine.insert(item.address);
    }
  }
  EXPECT_EQ(fine, coarse);
}

// Host i of n divides its shard among m engines, whatever n and m.
TEST(TargetShardTest, EnginesOfAHostHaveItsShardOnce) {
  for (uint32_t seed = 0; seed < 12; ++seed) {
    const RandomSet random(seed);
    const uint32_t hosts = 1 + seed % 4;
    for (const uint32_t engines : {1u, 2u, 3u, 8u}) {
      for (uint32_t host = 0; host < hosts; ++host) {
        const auto sizes =
            TargetOrder::ShardSizes(random.set, host, hosts, engines);
        ASSERT_EQ(sizes.size(), engines);
        std::map<Position, IpAddress> together;
        size_t sum = 0;
        for (uint32_t engine = 0; engine < engines; ++engine) {
          const auto items =
              TakeAll(random.set, seed, host + hosts * engine, hosts * engines);
          ASSERT_EQ(sizes[engine], items.size()) << seed;
          sum += items.size();
          for (const Item& item : items) together[item.position] = item.address;
        }
        const auto whole = TakeAll(random.set, seed, host, hosts);
        ASSERT_EQ(sum, whole.size()) << seed;
        ASSERT_EQ(together.size(), whole.size()) << seed;
        for (const Item& item : whole) {
          ASSERT_EQ(together.at(item.position), item.address);
        }
      }
    }
  }
}

TEST(TargetShardTest, ABlockIsCountedWhole) {
  const auto count = [](const std::vector<std::string>& prefixes) {
    auto sizes = TargetOrder::ShardSizes(SetOf(prefixes), 0, 1, 8);
    std::erase(sizes, 0u);
    return sizes;
  };
  EXPECT_EQ(count({"192.0.2.9/32"}), std::vector<uint64_t>{1});
  EXPECT_EQ(count({"192.0.2.0/26", "192.0.2.255/32"}),
            std::vector<uint64_t>{65});
  EXPECT_EQ(count({"2001:db8::/112", "2001:db8::ffff:0:0/120"}),
            std::vector<uint64_t>{65536 + 256});
  const auto all = TargetOrder::ShardSizes(SetOf({"0.0.0.0/0"}), 0, 1, 2);
  EXPECT_EQ(all[0] + all[1], uint64_t{1} << 32);
  EXPECT_TRUE(count({}).empty());
}

}  // namespace
}  // namespace scanner
