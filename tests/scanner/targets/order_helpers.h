// What the tests of TargetOrder share.
#ifndef PTRSWEEP_TESTS_SCANNER_TARGETS_ORDER_HELPERS_H_
#define PTRSWEEP_TESTS_SCANNER_TARGETS_ORDER_HELPERS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/string_view.h"
#include "dnswire/ip_address.h"
#include "gtest/gtest.h"
#include "scanner/targets/target_order.h"
#include "scanner/targets/target_set.h"

namespace scanner {

inline dnswire::IpRange RangeOf(absl::string_view prefix_text) {
  const auto prefix = dnswire::IpPrefix::Parse(prefix_text);
  EXPECT_TRUE(prefix) << prefix_text;
  return prefix ? dnswire::IpRange{prefix->first(), prefix->last()}
                : dnswire::IpRange();
}

inline TargetSet SetOf(const std::vector<std::string>& prefixes) {
  std::vector<dnswire::IpRange> ranges;
  ranges.reserve(prefixes.size());
  for (const std::string& text : prefixes) ranges.push_back(RangeOf(text));
  return TargetSet(ranges, {});
}

// What Next() gives until it ends, or the first `most`.
inline std::vector<TargetOrder::Item> Take(TargetOrder* order,
                                           size_t most = ~size_t{0}) {
  std::vector<TargetOrder::Item> items;
  while (items.size() < most) {
    const auto item = order->Next();
    if (!item) break;
    items.push_back(*item);
  }
  return items;
}

inline std::vector<TargetOrder::Item> TakeAll(const TargetSet& set,
                                              uint64_t seed, uint32_t shard = 0,
                                              uint32_t shards = 1) {
  TargetOrder order(&set, seed, shard, shards);
  return Take(&order);
}

inline std::vector<dnswire::IpAddress> Addresses(
    const std::vector<TargetOrder::Item>& items) {
  std::vector<dnswire::IpAddress> addresses;
  addresses.reserve(items.size());
  for (const TargetOrder::Item& item : items) addresses.push_back(item.address);
  return addresses;
}

// Single addresses, pieces of a cell, and ranges over some cells, in four
// super-blocks of either family.
inline dnswire::IpRange RandomRange(std::mt19937* random) {
  const bool v4 = (*random)() % 2 == 0;
  const auto base = v4 ? *dnswire::IpAddress::Parse("10.0.0.0")
                       : *dnswire::IpAddress::Parse("2001:db8::fffe:0");
  const uint32_t lengths[] = {1, 20, 1000};
  const absl::uint128 first = base.value() + (*random)() % (1u << 18);
  const absl::uint128 length = (*random)() % lengths[(*random)() % 3];
  return {base.WithValue(first), base.WithValue(first + length)};
}

// A random set and, as the oracle, its addresses one by one.
struct RandomSet {
  explicit RandomSet(uint32_t seed);

  TargetSet set;
  std::set<dnswire::IpAddress> oracle;
};

inline RandomSet::RandomSet(uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<dnswire::IpRange> ranges[2];
  for (const int exclude : {0, 1}) {
    for (auto count = random() % 40; count > 0; --count) {
      const dnswire::IpRange range = RandomRange(&random);
      ranges[exclude].push_back(range);
      for (dnswire::IpAddress a = range.first; a <= range.last;
           a = a.WithValue(a.value() + 1)) {
        if (exclude == 0) oracle.insert(a);
        if (exclude == 1) oracle.erase(a);
      }
    }
  }
  set = TargetSet(ranges[0], ranges[1]);
}

inline bool PositionsAscend(const std::vector<TargetOrder::Item>& items) {
  return std::adjacent_find(
             items.begin(), items.end(),
             [](const TargetOrder::Item& a, const TargetOrder::Item& b) {
               return a.position >= b.position;
             }) == items.end();
}

}  // namespace scanner

#endif  // PTRSWEEP_TESTS_SCANNER_TARGETS_ORDER_HELPERS_H_
