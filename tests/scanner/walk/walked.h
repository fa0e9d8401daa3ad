// Walked: a walk of a world, and what has to come of it.
#ifndef PTRSWEEP_TESTS_SCANNER_WALK_WALKED_H_
#define PTRSWEEP_TESTS_SCANNER_WALK_WALKED_H_

#include <cstdint>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scanner/walk/walk_world.h"

namespace scanner {

inline constexpr char kSite[] = "2001:db8:a000::/48";

// The zone above it.
inline WorldZone Parent() { return {.apex = NodeAt("2001:db8::/32")}; }

// Subnets with low and with random addresses, as an operator has them.
inline std::set<dnswire::IpAddress> HostsOf(absl::string_view prefix,
                                            size_t count, uint64_t seed = 7) {
  std::mt19937_64 random(seed);
  const NibbleNode site = NodeAt(prefix);
  std::set<dnswire::IpAddress> hosts;
  while (hosts.size() < count) {
    const absl::uint128 subnet =
        site.first.value() | absl::uint128{random() % 64} << 64;
    for (uint64_t i = 1; i <= 8 && hosts.size() < count; ++i) {
      hosts.insert(dnswire::IpAddress::V6(subnet + i));
    }
    hosts.insert(dnswire::IpAddress::V6(subnet + random()));
  }
  return hosts;
}

// A walk of a world.
struct Walked {
  static constexpr uint64_t kManyAnswers = 3000000;

  explicit Walked(std::vector<WorldZone> zones, std::vector<std::string> from,
                  WalkOptions options = {},
                  std::vector<dnswire::IpAddress> known = {})
      : world(std::move(zones)) {
    targets.options = options;
    targets.known = std::move(known);
    for (const std::string& prefix : from) {
      targets.prefixes.push_back(*dnswire::IpPrefix::Parse(prefix));
    }
  }
  Walked& Run(uint32_t seed = 1) {
    walk.emplace(&targets, seed);
    EXPECT_TRUE(world.Run(&*walk, seed, 64, kManyAnswers)) << "no end";
    return *this;
  }
  // Is killed `kills` times, and goes on from its state.
  Walked& RunWithKills(std::mt19937* random, int kills, uint64_t answers) {
    walk.emplace(&targets, (*random)());
    for (int left = kills;; --left) {
      const uint64_t some = (*random)() % (answers / 3 + 1);
      const auto seed = static_cast<uint32_t>((*random)());
      if (world.Run(&*walk, seed, 64, left > 0 ? some : kManyAnswers)) break;
      EXPECT_GT(left, 0) << "no end";
      if (left == 0) break;
      const std::string state = walk->State();
      world.ForgetCuts();
      walk.emplace(&targets, (*random)());
      EXPECT_TRUE(walk->TakeUp(state));
    }
    return *this;
  }
  void ExpectHosts(const std::set<dnswire::IpAddress>& hosts) const {
    std::vector<std::string> missing;
    for (const dnswire::IpAddress& host : hosts) {
      if (!world.hosts().contains(host)) missing.push_back(host.ToString());
    }
    EXPECT_THAT(missing, testing::IsEmpty());
    std::vector<std::string> wrong;
    for (const dnswire::IpAddress& host : world.hosts()) {
      const bool once = world.hosts().count(host) == 1;
      if (!once || !hosts.contains(host)) wrong.push_back(host.ToString());
    }
    EXPECT_THAT(wrong, testing::IsEmpty());
    EXPECT_EQ(walk->summary().hosts, world.hosts().size());
  }

  WalkTargets targets;
  WalkWorld world;
  std::optional<Walk> walk;
};

}  // namespace scanner

#endif  // PTRSWEEP_TESTS_SCANNER_WALK_WALKED_H_
