// TargetOrder: every address once, positions, seeking, shards, huge sets.
#include "scanner/targets/target_order.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "dnswire/ip_address.h"
#include "gtest/gtest.h"
#include "scanner/targets/target_set.h"
#include "tests/scanner/targets/order_helpers.h"

namespace scanner {
namespace {

using absl::uint128;
using dnswire::IpAddress;
using dnswire::IpRange;
using Item = TargetOrder::Item;
using Position = TargetOrder::Position;

TEST(TargetOrderTest, EmptySetHasNoTargets) {
  const TargetSet set;
  TargetOrder order(&set, 1);
  EXPECT_FALSE(order.Next());
  order.Seek(0);
  EXPECT_FALSE(order.Next());
  order.Seek(absl::Uint128Max());
  EXPECT_FALSE(order.Next());
  EXPECT_FALSE(order.At(0));
}

TEST(TargetOrderTest, GivesEveryAddressOnceInAscendingPositions) {
  for (uint32_t seed = 0; seed < 60; ++seed) {
    const RandomSet random(seed);
    const auto items = TakeAll(random.set, seed);
    ASSERT_TRUE(PositionsAscend(items)) << seed;
    ASSERT_EQ(items.size(), random.oracle.size()) << seed;
    const auto addresses = Addresses(items);
    ASSERT_EQ(std::set<IpAddress>(addresses.begin(), addresses.end()),
              random.oracle)
        << seed;
  }
}

TEST(TargetOrderTest, EndStaysTheEnd) {
  const TargetSet set = SetOf({"192.0.2.0/30"});
  TargetOrder order(&set, 1);
  EXPECT_EQ(Take(&order).size(), 4u);
  EXPECT_FALSE(order.Next());
  EXPECT_FALSE(order.Next());
}

TEST(TargetOrderTest, AtAgreesWithNextAndKnowsHoles) {
  for (uint32_t seed = 0; seed < 20; ++seed) {
    const RandomSet random(seed);
    std::map<Position, IpAddress> expected;
    for (const Item& item : TakeAll(random.set, seed)) {
      expected[item.position] = item.address;
    }
    // Another shard knows the same positions.
    const TargetOrder order(&random.set, seed, 1, 3);
    std::mt19937 noise(seed);
    for (const auto& [position, address] : expected) {
      ASSERT_EQ(order.At(position), address);
      for (const Position other :
           {position + 1, position + 4096, position + noise() % (1u << 22)}) {
        const auto found = expected.find(other);
        ASSERT_EQ(order.At(other), found == expected.end()
                                       ? std::nullopt
                                       : std::optional(found->second));
      }
    }
    ASSERT_FALSE(order.At(absl::Uint128Max()));
  }
}

TEST(TargetOrderTest, SeekGoesOnFromAnyPosition) {
  for (uint32_t seed = 0; seed < 20; ++seed) {
    const RandomSet random(seed);
    const auto items = TakeAll(random.set, seed);
    TargetOrder order(&random.set, seed);
    for (size_t i = 0; i < items.size(); i += 1 + i % 7) {
      order.Seek(items[i].position);
      for (size_t j = i; j < std::min(i + 3, items.size()); ++j) {
        const auto item = order.Next();
        ASSERT_TRUE(item);
        ASSERT_EQ(item->position, items[j].position);
        ASSERT_EQ(item->address, items[j].address);
      }
      // From the hole or the target just after it.
      order.Seek(items[i].position + 1);
      const auto next = order.Next();
      ASSERT_EQ(next.has_value(), i + 1 < items.size());
      if (next) {
        ASSERT_EQ(next->position, items[i + 1].position);
      }
    }
  }
}

TEST(TargetOrderTest, SeekIntoHolesAndPastTheEnd) {
  const TargetSet set = SetOf({"10.0.0.0/23", "10.9.0.1/32", "::1/128"});
  const auto items = TakeAll(set, 1);
  ASSERT_EQ(items.size(), 514u);
  TargetOrder order(&set, 1);
  std::mt19937 random(1);
  const auto span = static_cast<uint32_t>(items.back().position) + 5000;
  for (int i = 0; i < 5000; ++i) {
    const Position from = random() % span;
    order.Seek(from);
    const auto expected = std::find_if(
        items.begin(), items.end(),
        [from](const Item& item) { return item.position >= from; });
    const auto item = order.Next();
    ASSERT_EQ(item.has_value(), expected != items.end());
    if (item) {
      ASSERT_EQ(item->address, expected->address);
    }
  }
  order.Seek(absl::Uint128Max());
  EXPECT_FALSE(order.Next());
  order.Seek(0);  // and back from the end
  EXPECT_EQ(Addresses(Take(&order)), Addresses(items));
}

// Several groups and windows: a /10 and some scattered /24s, from places near
// the borders of windows.
TEST(TargetOrderTest, SeekCrossesWindowsAndGroups) {
  const TargetSet set = SetOf({"10.0.0.0/10", "172.16.5.0/24", "192.0.2.0/24"});
  TargetOrder walker(&set, 3);
  TargetOrder jumper(&set, 3);
  std::optional<Item> before;
  std::set<Position> windows;
  uint64_t count = 0;
  while (const auto item = walker.Next()) {
    ++count;
    if (before && (before->position >> 20) != (item->position >> 20)) {
      jumper.Seek(before->position);
      ASSERT_EQ(jumper.Next()->address, before->address);
      ASSERT_EQ(jumper.Next()->position, item->position);
      jumper.Seek(before->position + 1);
      ASSERT_EQ(jumper.Next()->address, item->address);
      ASSERT_EQ(jumper.At(item->position), item->address);
      windows.insert(item->position >> 20);
    }
    before = item;
  }
  EXPECT_EQ(count, (1u << 22) + 512);
  EXPECT_GE(windows.size(), 3u);
}

TEST(TargetOrderTest, DependsOnTheSeedAlone) {
  const TargetSet set = SetOf({"10.0.0.0/22", "192.0.2.0/24"});
  const auto first = TakeAll(set, 1);
  EXPECT_EQ(Addresses(first), Addresses(TakeAll(set, 1)));
  EXPECT_NE(Addresses(first), Addresses(TakeAll(set, 2)));
  const TargetSet cell = SetOf({"192.0.2.0/28"});
  EXPECT_NE(Addresses(TakeAll(cell, 1)), Addresses(TakeAll(cell, 2)));
}

TEST(TargetOrderTest, StartsAtOnceOnHugeSets) {
  for (const std::vector<std::string>& prefixes :
       {std::vector<std::string>{"0.0.0.0/0"},
        {"::/0"},
        {"2001:db8::/32"},
        {"0.0.0.0/0", "::/0"}}) {
    const TargetSet set = SetOf(prefixes);
    for (const uint32_t shards : {1u, 7u}) {
      TargetOrder order(&set, 1, shards - 1, shards);
      const auto items = Take(&order, 100'000);
      ASSERT_EQ(items.size(), 100'000u) << prefixes[0];
      EXPECT_TRUE(PositionsAscend(items)) << prefixes[0];
      std::set<IpAddress> different;
      for (const Item& item : items) {
        ASSERT_TRUE(set.Contains(item.address));
        different.insert(item.address);
      }
      EXPECT_EQ(different.size(), items.size()) << prefixes[0];
    }
  }
}

TEST(TargetOrderTest, ReachesTheLastPositionsOfHugeSets) {
  const struct {
    const char* prefix;
    uint128 addresses;  // full cells: no holes, so positions are as many
  } kCases[] = {
      {"10.0.0.0/8", uint128(1) << 24},
      {"0.0.0.0/0", uint128(1) << 32},
      {"2001:db8::/32", uint128(1) << 96},
      {"::/0", 0},  // 2^128, wrapped round
  };
  for (const auto& c : kCases) {
    const TargetSet set = SetOf({c.prefix});
    TargetOrder order(&set, 1);
    const Position from = c.addresses - 5000;
    order.Seek(from);
    const auto items = Take(&order);
    ASSERT_EQ(items.size(), 5000u) << c.prefix;
    EXPECT_EQ(items.front().position, from) << c.prefix;
    EXPECT_EQ(items.back().position, c.addresses - 1) << c.prefix;
    EXPECT_EQ(order.At(from), items.front().address) << c.prefix;
  }
}

TEST(TargetOrderTest, CompletesScatteredSingles) {
  std::mt19937 random(1);
  std::vector<IpRange> ranges;
  std::set<IpAddress> oracle;
  while (oracle.size() < 300'000) {
    const uint32_t value = static_cast<uint32_t>(random());
    const auto address =
        random() % 3 != 0
            ? IpAddress::V4(value)
            : IpAddress::V6(absl::MakeUint128(0x20010db800000000, value));
    if (oracle.insert(address).second) ranges.push_back({address, address});
  }
  const TargetSet set(ranges, {});
  const auto items = TakeAll(set, 1);
  EXPECT_TRUE(PositionsAscend(items));
  ASSERT_EQ(items.size(), oracle.size());
  const auto addresses = Addresses(items);
  EXPECT_EQ(std::set<IpAddress>(addresses.begin(), addresses.end()), oracle);
}

}  // namespace
}  // namespace scanner
