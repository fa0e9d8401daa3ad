#include "scanner/targets/target_set.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/str_split.h"
#include "dnswire/ip_address.h"
#include "gtest/gtest.h"
#include "scanner/targets/range_list.h"

namespace scanner {
namespace {

using absl::uint128;
using dnswire::IpAddress;
using dnswire::IpRange;
using Texts = std::vector<std::string>;

// "10.0.0.1-10.0.0.9" or "10.0.0.1".
IpRange MakeRange(const std::string& text) {
  const std::vector<std::string> ends = absl::StrSplit(text, '-');
  const auto first = IpAddress::Parse(ends.front());
  const auto last = IpAddress::Parse(ends.back());
  EXPECT_TRUE(first && last) << text;
  return first && last ? IpRange{*first, *last} : IpRange();
}

TargetSet MakeSet(const Texts& targets, const Texts& exclusions) {
  std::vector<IpRange> ranges[2];
  for (const auto& text : targets) ranges[0].push_back(MakeRange(text));
  for (const auto& text : exclusions) ranges[1].push_back(MakeRange(text));
  return TargetSet(ranges[0], ranges[1]);
}

Texts RangeTexts(const TargetSet& set) {
  Texts texts;
  for (size_t i = 0; i < set.range_count(); ++i) {
    const IpRange range = set.range(i);
    texts.push_back(range.first.ToString());
    if (range.first != range.last) {
      texts.back() += "-" + range.last.ToString();
    }
  }
  return texts;
}

const char kTop4[] = "255.255.255.255";
const char kTop6[] = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";

const std::string kAll4 = std::string("0.0.0.0-") + kTop4;
const std::string kAll6 = std::string("::-") + kTop6;
struct SetCase {
  const char* label;
  Texts targets;
  Texts exclusions;
  Texts expected;
};

const SetCase kSetCases[] = {
    {"nothing", {}, {}, {}},
    {"only exclusions", {}, {"10.0.0.1"}, {}},
    {"one address", {"10.0.0.1"}, {}, {"10.0.0.1"}},
    {"twice", {"10.0.0.1", "10.0.0.1"}, {}, {"10.0.0.1"}},
    {"adjacent", {"10.0.0.2", "10.0.0.1"}, {}, {"10.0.0.1-10.0.0.2"}},
    {"a gap of one", {"10.0.0.3", "10.0.0.1"}, {}, {"10.0.0.1", "10.0.0.3"}},
    {"overlap",
     {"10.0.0.0-10.0.0.9", "10.0.0.5-10.0.1.0"},
     {},
     {"10.0.0.0-10.0.1.0"}},
    {"nested",
     {"10.0.0.0-10.0.0.9", "10.0.0.5", "10.0.0.11"},
     {},
     {"10.0.0.0-10.0.0.9", "10.0.0.11"}},
    {"families are not adjacent", {"::", kTop4}, {}, {kTop4, "::"}},
    {"IPv4 first", {"::1", "10.0.0.1"}, {}, {"10.0.0.1", "::1"}},
    {"top and bottom",
     {"0.0.0.0", kTop4, "::", kTop6},
     {},
     {"0.0.0.0", kTop4, "::", kTop6}},
    {"all there is", {kAll4, "10.0.0.1", kAll6, "::1"}, {}, {kAll4, kAll6}},
    {"hole inside",
     {"10.0.0.0-10.0.0.9"},
     {"10.0.0.5"},
     {"10.0.0.0-10.0.0.4", "10.0.0.6-10.0.0.9"}},
    {"hole at both ends",
     {"10.0.0.0-10.0.0.9"},
     {"10.0.0.0", "10.0.0.9"},
     {"10.0.0.1-10.0.0.8"}},
    {"hole as large", {"10.0.0.0-10.0.0.9"}, {"10.0.0.0-10.0.0.9"}, {}},
    {"hole larger", {"10.0.0.1-10.0.0.8"}, {"10.0.0.0-10.0.0.9"}, {}},
    {"hole over several",
     {"10.0.0.0-10.0.0.2", "10.0.0.4", "10.0.0.6"},
     {"10.0.0.2-10.0.0.5"},
     {"10.0.0.0-10.0.0.1", "10.0.0.6"}},
    {"several holes",
     {"10.0.0.0-10.0.0.9"},
     {"10.0.0.7", "10.0.0.2"},
     {"10.0.0.0-10.0.0.1", "10.0.0.3-10.0.0.6", "10.0.0.8-10.0.0.9"}},
    {"hole beside", {"10.0.0.5"}, {"10.0.0.4", "10.0.0.6"}, {"10.0.0.5"}},
    {"other family's hole", {"0.0.0.1", "::1"}, {"::-::9"}, {"0.0.0.1"}},
    {"holes at top and bottom",
     {kAll4, kAll6},
     {"0.0.0.0", kTop4, "::", kTop6},
     {"0.0.0.1-255.255.255.254",
      "::1-ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe"}},
    {"all excluded", {kAll4, kAll6}, {kAll4, kAll6}, {}},
};

TEST(TargetSetTest, MergesAndSubtracts) {
  for (const auto& c : kSetCases) {
    const TargetSet set = MakeSet(c.targets, c.exclusions);
    EXPECT_EQ(RangeTexts(set), c.expected) << c.label;
    EXPECT_EQ(set.empty(), c.expected.empty()) << c.label;
  }
}

TEST(TargetSetTest, CountsAddressesAndSaturates) {
  const std::string all4 = std::string("0.0.0.0-") + kTop4;
  const std::string all6 = std::string("::-") + kTop6;
  const std::string upper6 = std::string("8000::-") + kTop6;
  const uint128 max = absl::Uint128Max();
  const struct {
    const char* label;
    Texts targets;
    uint128 expected;
  } kCases[] = {
      {"none", {}, 0},
      {"one", {"10.0.0.1"}, 1},
      {"mixed", {"10.0.0.0-10.0.0.255", "2001:db8::-2001:db8::f"}, 272},
      {"all IPv4", {all4}, uint128(1) << 32},
      {"half of IPv6", {upper6}, uint128(1) << 127},
      {"half of IPv6 and all IPv4",
       {upper6, all4},
       (uint128(1) << 127) + (uint128(1) << 32)},
      {"IPv6 but one", {std::string("::1-") + kTop6}, max},
      {"all IPv6", {all6}, max},
      {"IPv6 but one and IPv4", {std::string("::1-") + kTop6, all4}, max},
      {"everything", {all4, all6}, max},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(MakeSet(c.targets, {}).size(), c.expected) << c.label;
  }
}

TEST(TargetSetTest, ContainsTheEndsOfItsRanges) {
  const TargetSet set =
      MakeSet({"10.0.0.5-10.0.0.9", "10.0.0.20", "::5-::9"}, {"10.0.0.7"});
  for (const char* text : {"10.0.0.5", "10.0.0.6", "10.0.0.8", "10.0.0.9",
                           "10.0.0.20", "::5", "::9"}) {
    EXPECT_TRUE(set.Contains(*IpAddress::Parse(text))) << text;
  }
  for (const char* text :
       {"0.0.0.0", "0.0.0.5", "10.0.0.4", "10.0.0.7", "10.0.0.10", "10.0.0.19",
        "10.0.0.21", kTop4, "::", "::4", "::a", "::a00:5", kTop6}) {
    EXPECT_FALSE(set.Contains(*IpAddress::Parse(text))) << text;
  }
  EXPECT_FALSE(TargetSet().Contains(IpAddress()));
}

// Random ranges of 0..999 against a set of numbers.
TEST(TargetSetTest, CountsWithinARange) {
  auto address = [](const char* text) {
    return IpAddress::Parse(text).value();
  };
  const TargetSet set({{address("10.0.0.10"), address("10.0.0.19")},
                       {address("10.0.0.30"), address("10.0.0.39")},
                       {address("10.0.1.0"), address("10.0.1.255")},
                       {address("::"), address("::ff")}},
                      {});
  const struct {
    const char* first;
    const char* last;
    int count;
  } kCases[] = {
      {"10.0.0.0", "10.0.0.9", 0},
      {"10.0.0.0", "10.0.0.10", 1},
      {"10.0.0.10", "10.0.0.19", 10},
      {"10.0.0.11", "10.0.0.18", 8},
      {"10.0.0.19", "10.0.0.30", 2},
      {"10.0.0.20", "10.0.0.29", 0},
      {"10.0.0.0", "10.0.0.255", 20},
      {"0.0.0.0", "255.255.255.255", 276},
      {"10.0.1.255", "10.0.1.255", 1},
      {"10.0.2.0", "10.0.2.255", 0},
      {"::", "::ffff:ffff:ffff", 256},
      {"::80", "::80", 1},
      {"1::", "2::", 0},
  };
  for (const auto& test : kCases) {
    EXPECT_EQ(set.CountWithin({address(test.first), address(test.last)}),
              absl::uint128(static_cast<unsigned>(test.count)))
        << test.first << ' ' << test.last;
  }
  const IpRange all = {address("::"),
                       address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")};
  EXPECT_EQ(TargetSet({all}, {}).CountWithin(all), absl::Uint128Max());
}

TEST(TargetSetTest, AgreesWithASetOfNumbers) {
  std::mt19937 random(1);
  for (int run = 0; run < 300; ++run) {
    std::vector<IpRange> ranges[2];
    std::set<uint32_t> oracle;
    for (const int exclude : {0, 1}) {
      for (auto count = random() % 12; count > 0; --count) {
        const auto first = static_cast<uint32_t>(random() % 1000);
        const auto last = std::min<uint32_t>(
            999, first + static_cast<uint32_t>(random() % 60));
        ranges[exclude].push_back({IpAddress::V4(first), IpAddress::V4(last)});
        for (uint32_t v = first; v <= last; ++v) {
          if (exclude == 0) oracle.insert(v);
          if (exclude == 1) oracle.erase(v);
        }
      }
    }
    const TargetSet set(ranges[0], ranges[1]);
    ASSERT_EQ(set.size(), oracle.size());
    for (uint32_t v = 0; v < 1001; ++v) {
      ASSERT_EQ(set.Contains(IpAddress::V4(v)), oracle.contains(v)) << v;
    }
    for (size_t i = 1; i < set.range_count(); ++i) {
      ASSERT_GT(set.range(i).first.v4(), set.range(i - 1).last.v4() + 1);
    }
  }
}

// Every super-block of random lists, found by rank and by hand.
TEST(RangeListTest, FindsSuperBlocksByRank) {
  using List = RangeList<uint32_t>;
  std::mt19937 random(2);
  for (int run = 0; run < 200; ++run) {
    std::vector<List::Range> ranges;
    for (auto count = 1 + random() % 20; count > 0; --count) {
      const auto first = static_cast<uint32_t>(random() % (40u << 16));
      const uint32_t most = random() % 3 == 0 ? 3u << 16 : 300;
      ranges.push_back({first, first + static_cast<uint32_t>(random() % most)});
    }
    const List list(ranges, {});
    std::set<uint32_t> super_blocks;
    std::set<uint32_t> cells;
    for (const auto& range : list.ranges()) {
      for (uint32_t c = range.first >> 8; c <= range.last >> 8; ++c) {
        cells.insert(c);
        super_blocks.insert(c >> 8);
      }
    }
    ASSERT_EQ(list.cells(), cells.size());
    ASSERT_EQ(list.super_blocks(), super_blocks.size());
    uint32_t rank = 0;
    for (const uint32_t number : super_blocks) {
      const auto [first, range] = list.FindSuperBlock(rank++);
      ASSERT_EQ(first, number << 16);
      ASSERT_GE(list.ranges()[range].last, first);
      ASSERT_TRUE(range == 0 || list.ranges()[range - 1].last < first);
    }
  }
}

TEST(RangeListTest, RanksTheWholeIpv6Space) {
  using List = RangeList<uint128>;
  const List list({{0, absl::Uint128Max()}}, {});
  EXPECT_EQ(list.super_blocks(), uint128(1) << 112);
  EXPECT_EQ(list.cells(), uint128(1) << 120);
  const uint128 last = (uint128(1) << 112) - 1;
  EXPECT_EQ(list.FindSuperBlock(0).first, uint128(0));
  EXPECT_EQ(list.FindSuperBlock(last).first, last << 16);
}

}  // namespace
}  // namespace scanner
