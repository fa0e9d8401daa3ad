// A walk that is killed, and goes on from its state.
#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scanner/walk/walked.h"

namespace scanner {
namespace {

using dnswire::IpAddress;
using testing::ElementsAre;

// "cut 2001:db8:1::/48 ns.example", sorted.
std::vector<std::string> ServersOf(const WalkWorld& world) {
  std::vector<std::string> texts;
  for (const Finding& finding : world.findings) {
    texts.push_back(absl::StrCat(FindingKindName(finding.kind), " ",
                                 finding.prefix.ToString(), " ", finding.zone,
                                 " ", int{finding.depth}, " ",
                                 io::CauseName(finding.cause), " ",
                                 absl::StrJoin(finding.servers, " ")));
  }
  std::sort(texts.begin(), texts.end());
  return texts;
}

std::vector<WorldZone> Everything() {
  std::vector<NibbleNode> wildcards = {NodeAt("2001:db8:b000::/48")};
  return {Parent(),
          {.apex = NodeAt("2001:db8:a000::/48"),
           .hosts = HostsOf("2001:db8:a000::/48", 60),
           .synthesized = {NodeAt("2001:db8:a000:5000::/52")}},
          {.apex = NodeAt("2001:db8:b000::/48"),
           .hosts = HostsOf("2001:db8:b000::/48", 30),
           .wildcards = wildcards},
          {.apex = NodeAt("2001:db8:c000::/48"),
           .denies_empty = true,
           .hosts = HostsOf("2001:db8:c000::/48", 30)},
          {.apex = NodeAt("2001:db8:d000::/48"),
           .servers = WorldZone::Servers::kLame},
          {.apex = NodeAt("2001:db8:e000::/48")}};
}

TEST(WalkStateTest, AResumedWalkFindsEachHostAndEachFindingOnce) {
  Walked whole(Everything(), {"2001:db8::/32"});
  whole.Run();
  const std::set<IpAddress> hosts(whole.world.hosts().begin(),
                                  whole.world.hosts().end());
  std::mt19937 random(5);
  int total_kills = 0;
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE(round);
    Walked walked(Everything(), {"2001:db8::/32"});
    walked.walk.emplace(&walked.targets, 1);
    int kills = 0;
    const auto answers = [&] {
      return kills < 5 ? random() % 3000 : UINT64_MAX;
    };
    while (!walked.world.Run(&*walked.walk, static_cast<uint32_t>(random()), 64,
                             answers())) {
      const std::string state = walked.walk->State();
      walked.world.ForgetCuts();
      walked.walk.emplace(&walked.targets, random());
      ASSERT_TRUE(walked.walk->TakeUp(state));
      ++kills;
    }
    total_kills += kills;
    walked.ExpectHosts(hosts);
    EXPECT_EQ(ServersOf(walked.world), ServersOf(whole.world));
  }
  EXPECT_GT(total_kills, 250);
}

// Killed after each answer, the last of which leaves a finding that waits.
TEST(WalkStateTest, AFindingThatWaitsForServersIsInTheState) {
  const std::vector<WorldZone> zones = {
      Parent(), {.apex = NodeAt(kSite), .servers = WorldZone::Servers::kLame}};
  Walked whole(zones, {"2001:db8::/32"});
  whole.Run();
  ASSERT_EQ(whole.world.findings.size(), 2u) << "cut and lame";
  for (uint64_t answers = 1;; ++answers) {
    Walked walked(zones, {"2001:db8::/32"});
    walked.walk.emplace(&walked.targets, 1);
    if (walked.world.Run(&*walked.walk, 1, 1, answers)) break;
    const std::string state = walked.walk->State();
    walked.walk.emplace(&walked.targets, 1);
    ASSERT_TRUE(walked.walk->TakeUp(state));
    walked.world.Run(&*walked.walk, 1, 1);
    EXPECT_EQ(ServersOf(walked.world), ServersOf(whole.world)) << answers;
  }
}

// The run's budget is spent in the late pass, then the walk is killed.
TEST(WalkStateTest, AWalkWithoutBudgetIsTakenUpToo) {
  int taken = 0;
  for (uint64_t answers = 1; answers < 600; answers += 3) {
    std::optional<Walk>* walk = nullptr;
    bool is_spent = false;
    WorldZone zone = {.apex = NodeAt(kSite), .hosts = HostsOf(kSite, 20)};
    zone.is_lost = [&](const WalkWork& work, uint64_t before) {
      if (work.late && !std::exchange(is_spent, true)) (*walk)->EndForBudget();
      return !work.late && before > 20;
    };
    Walked walked({Parent(), zone}, {kSite});
    walk = &walked.walk;
    walked.walk.emplace(&walked.targets, 1);
    if (walked.world.Run(&*walked.walk, 1, 64, answers)) break;
    if (is_spent) ++taken;
    const std::string state = walked.walk->State();
    walked.walk.emplace(&walked.targets, 1);
    ASSERT_TRUE(walked.walk->TakeUp(state)) << answers;
  }
  EXPECT_GT(taken, 3);
}

TEST(WalkStateTest, DamagedStatesAreRefused) {
  Walked walked(Everything(), {"2001:db8::/32"});
  walked.walk.emplace(&walked.targets, 1);
  walked.world.Run(&*walked.walk, 1, 64, 700);
  const std::string state = walked.walk->State();
  for (size_t size = 0; size < state.size(); ++size) {
    Walk cut(&walked.targets, 1);
    EXPECT_FALSE(cut.TakeUp(state.substr(0, size))) << size;
  }
  Walk other(&walked.targets, 1);
  EXPECT_FALSE(other.TakeUp(state + "x"));
}

TEST(WalkStateTest, WhatIsExcludedIsToldOfOnce) {
  std::mt19937 random(3);
  for (int round = 0; round < 20; ++round) {
    Walked walked(
        {Parent(), {.apex = NodeAt(kSite), .hosts = HostsOf(kSite, 9)}},
        {"2001:db8:1::/48", kSite});
    const dnswire::IpPrefix left_out =
        *dnswire::IpPrefix::Parse("2001:db8:1::/48");
    walked.targets.excluded =
        TargetSet({{.first = left_out.first(), .last = left_out.last()}}, {});
    walked.RunWithKills(&random, 3, 300);
    EXPECT_THAT(walked.world.FindingTexts(),
                ElementsAre("2001:db8:1::/48 excluded"));
  }
}

}  // namespace
}  // namespace scanner
