// The walk in zones whose servers deny empty names (ITERATION.md 3.6).
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "scanner/walk/walk.h"
#include "tests/scanner/walk/walked.h"

namespace scanner {
namespace {

using dnswire::IpAddress;

// 2001:db8:a000:SUBNET::HOST
IpAddress At(const std::string& subnet, const std::string& host) {
  return AddressAt(absl::StrCat("2001:db8:a000:", subnet, "::", host));
}

struct Found {
  std::multiset<IpAddress> hosts;
  std::vector<std::string> findings;
};

// `reached`: hosts above which the server does not deny any name.
Found WalkBroken(const std::set<IpAddress>& hosts, std::vector<IpAddress> known,
                 const std::vector<IpAddress>& reached = {}) {
  WorldZone site = {
      .apex = NodeAt(kSite), .denies_empty = true, .hosts = hosts};
  for (const IpAddress& host : reached) {
    NibbleNode at = NibbleNode::OfAddress(host).Above();
    for (; at.depth > site.apex.depth; at = at.Above()) {
      site.undenied.push_back(at);
    }
  }
  WalkWorld world({{.apex = NodeAt("2001:db8::/32")}, site});
  WalkTargets targets;
  targets.prefixes = {*dnswire::IpPrefix::Parse(kSite)};
  std::sort(known.begin(), known.end());
  targets.known = std::move(known);
  Walk walk(&targets, 1);
  world.Run(&walk);
  return {world.hosts(), world.FindingTexts()};
}

TEST(WalkBrokenTest, ACanaryOpensTheDictionary) {
  const Found found = WalkBroken(
      {At("0", "1"), At("0", "99"), At("40", "25"), At("4000", "587")}, {});
  EXPECT_EQ(found.findings,
            std::vector<std::string>{"2001:db8:a000::/48 ent_broken"});
  EXPECT_EQ(found.hosts,
            (std::multiset<IpAddress>{At("0", "1"), At("0", "99"),
                                      At("40", "25"), At("4000", "587")}));
}

TEST(WalkBrokenTest, AKnownHostOpensItsOctetAndItsNeighbours) {
  const std::set<IpAddress> hosts = {At("4321", "1234"), At("4321", "12ff"),
                                     At("4321", "2"), At("4329", "443"),
                                     At("4319", "1")};
  const Found found = WalkBroken(hosts, {At("4321", "1234")});
  EXPECT_EQ(found.hosts,
            (std::multiset<IpAddress>{hosts.begin(), hosts.end()}));
}

// What the tree has shown opens nothing.
TEST(WalkBrokenTest, InAZoneBrokenInPartAKnownHostDoesToo) {
  const std::set<IpAddress> hosts = {At("4321", "1234"), At("4321", "12ff"),
                                     At("8888", "6666")};
  Found found = WalkBroken(hosts, {At("4321", "1234")}, {At("8888", "6666")});
  EXPECT_EQ(found.hosts,
            (std::multiset<IpAddress>{hosts.begin(), hosts.end()}));
  std::set<IpAddress> beside = hosts;
  beside.insert(At("8888", "6677"));
  found = WalkBroken(beside, {At("4321", "1234")}, {At("8888", "6666")});
  EXPECT_EQ(found.hosts,
            (std::multiset<IpAddress>{hosts.begin(), hosts.end()}));
}

// Its name is gone, but hosts beside it have theirs.
TEST(WalkBrokenTest, AKnownHostWithoutANameOpensItsSubnetOnly) {
  const Found found =
      WalkBroken({At("4321", "2"), At("4321", "1235"), At("1", "1")},
                 {At("4321", "1234")});
  EXPECT_EQ(found.hosts,
            (std::multiset<IpAddress>{At("4321", "2"), At("1", "1")}));
}

TEST(WalkBrokenTest, NobodyIsAskedTwiceForWhatWasFound) {
  std::set<IpAddress> hosts;
  for (int i = 1; i <= 60; ++i) {
    hosts.insert(At("1", absl::StrCat(i)));
    hosts.insert(At("77", absl::StrCat(i)));
  }
  const Found found = WalkBroken(
      hosts,
      std::vector<IpAddress>(hosts.begin(), std::next(hosts.begin(), 9)));
  for (const IpAddress& host : hosts) {
    EXPECT_LE(found.hosts.count(host), 1u) << host.ToString();
  }
  EXPECT_EQ(found.hosts,
            (std::multiset<IpAddress>{hosts.begin(), hosts.end()}));
}

TEST(WalkBrokenTest, AZoneWithNothingAtAllIsEmpty) {
  const Found found = WalkBroken({}, {At("4321", "1234")});
  EXPECT_EQ(found.findings,
            std::vector<std::string>{"2001:db8:a000::/48 empty"});
  EXPECT_TRUE(found.hosts.empty());
}

// Killed again and again it asks little more than what was open.
TEST(WalkBrokenTest, AResumedWalkGoesOnInTheDictionary) {
  const std::set<IpAddress> hosts = {At("0", "1"),       At("0", "99"),
                                     At("40", "25"),     At("4000", "587"),
                                     At("4321", "1234"), At("4321", "12ff"),
                                     At("4329", "443")};
  const std::vector<WorldZone> zones = {
      {.apex = NodeAt("2001:db8::/32")},
      {.apex = NodeAt(kSite), .denies_empty = true, .hosts = hosts}};
  WalkTargets targets;
  targets.prefixes = {*dnswire::IpPrefix::Parse(kSite)};
  targets.known = {At("4321", "1234")};
  WalkWorld whole(zones);
  Walk undisturbed(&targets, 1);
  ASSERT_TRUE(whole.Run(&undisturbed));
  std::mt19937 random(9);
  for (int round = 0; round < 20; ++round) {
    WalkWorld world(zones);
    std::optional<Walk> walk;
    walk.emplace(&targets, 1);
    uint64_t kills = 0;
    while (
        !world.Run(&*walk, 1, 64, kills < 8 ? random() % 2000 : UINT64_MAX)) {
      const std::string state = walk->State();
      walk.emplace(&targets, 1);
      ASSERT_TRUE(walk->TakeUp(state));
      ++kills;
    }
    EXPECT_EQ(kills, 8u);
    EXPECT_EQ(world.hosts(),
              (std::multiset<IpAddress>{hosts.begin(), hosts.end()}));
    EXPECT_EQ(world.FindingTexts(), whole.FindingTexts());
    EXPECT_LE(world.asked(), whole.asked() + kills * 64);
  }
}

}  // namespace
}  // namespace scanner
