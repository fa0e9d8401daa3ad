// The walk through DNAMEs: parts of the tree whose names are in another one
// (ITERATION.md 3.3).
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/scanner/walk/walked.h"

namespace scanner {
namespace {

using dnswire::IpAddress;
using testing::ElementsAre;
using Chain = SignedZone::Chain;

constexpr char kPart[] = "2001:db8:a000:5000::/52";
constexpr char kBase[] = "v6.example.net";

const std::vector<std::optional<Chain>> kChains = {std::nullopt, Chain::kNsec,
                                                   Chain::kNsec3};

struct Dnames {
  explicit Dnames(std::optional<Chain> chain = {},
                  std::optional<Chain> inner = {}) {
    const auto own = HostsOf("2001:db8:a000::/52", 30, 3);
    const auto led = HostsOf(kPart, 40, 4);
    hosts = own;
    hosts.insert(led.begin(), led.end());
    zones = {
        {.apex = NodeAt("2001:db8::/32")},
        {.apex = NodeAt(kSite),
         .chain = chain,
         .hosts = own,
         .dnames = {{NodeAt(kPart), kBase}}},
        {.apex = NodeAt(kPart), .base = kBase, .chain = inner, .hosts = led}};
  }
  std::set<IpAddress> hosts;
  std::vector<WorldZone> zones;
};

TEST(WalkDnameTest, TheNamesItLeadsToAreWalked) {
  for (const auto& chain : kChains) {
    for (const auto& inner : kChains) {
      const Dnames dnames(chain, inner);
      Walked walked(dnames.zones, {kSite});
      walked.Run().ExpectHosts(dnames.hosts);
      EXPECT_THAT(walked.world.FindingTexts(),
                  ElementsAre("2001:db8:a000:5000::/52 redirect"));
    }
  }
}

TEST(WalkDnameTest, AStartBelowTheOwnerIsWalkedInTheOtherTree) {
  const char* const kSubnets[] = {"2001:db8:a000:5000::/60",
                                  "2001:db8:a000:5010::/60"};
  Dnames dnames;
  Walked walked(dnames.zones, {kSubnets[0], kSubnets[1]});
  std::set<IpAddress> inside;
  for (const IpAddress& host : dnames.hosts) {
    if (NibbleNode::OfAddress(host).IsAtOrBelow(NodeAt(kSubnets[0])) ||
        NibbleNode::OfAddress(host).IsAtOrBelow(NodeAt(kSubnets[1]))) {
      inside.insert(host);
    }
  }
  ASSERT_GT(inside.size(), 10u);
  walked.Run().ExpectHosts(inside);
  EXPECT_THAT(walked.world.FindingTexts(),
              ElementsAre("2001:db8:a000:5000::/52 redirect"));
}

// Whatever is lost, and taken up in the late pass.
TEST(WalkDnameTest, ADnameIsFollowedOnce) {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    for (const auto& chain : kChains) {
      Dnames dnames(chain);
      dnames.zones[1].is_lost = [](const WalkWork& work, uint64_t before) {
        return !work.late && before > 4 && before % 4 == 0;
      };
      Walked walked(dnames.zones, {kSite});
      walked.Run(seed).ExpectHosts(dnames.hosts);
      EXPECT_THAT(walked.world.FindingTexts(),
                  ElementsAre("2001:db8:a000:5000::/52 redirect"));
    }
  }
}

TEST(WalkDnameTest, ACircleIsALoop) {
  for (const auto& chain : kChains) {
    Dnames dnames(chain);
    dnames.zones[2].hosts.clear();
    // Right back, and through a third tree.
    dnames.zones[2].dnames = {
        {NodeAt("2001:db8:a000:5100::/56"),
         "5.0.0.0.a.8.b.d.0.1.0.0.2.ip6.arpa"},
        {NodeAt("2001:db8:a000:5200::/56"), kBase},
        {NodeAt("2001:db8:a000:5300::/56"), "third.example.net"}};
    dnames.zones.push_back(
        {.apex = NodeAt("2001:db8:a000:5300::/56"),
         .base = "third.example.net",
         .dnames = {{NodeAt("2001:db8:a000:5310::/60"), kBase}}});
    Walked walked(dnames.zones, {kSite});
    walked.Run().ExpectHosts(dnames.zones[1].hosts);
    EXPECT_THAT(walked.world.FindingTexts(),
                ElementsAre("2001:db8:a000:5000::/52 redirect",
                            "2001:db8:a000:5100::/56 redirect_loop",
                            "2001:db8:a000:5200::/56 redirect_loop",
                            "2001:db8:a000:5300::/56 redirect",
                            "2001:db8:a000:5310::/60 redirect_loop"));
  }
}

// In a zone with few names the chain has told that nothing is below the owner
// before that is asked for.
TEST(WalkDnameTest, AChainThatSaysNothingIsBelowSpeaksOfItsZoneOnly) {
  for (int i = 0; i < 16; ++i) {
    SCOPED_TRACE(i);
    const NibbleNode owner = NodeAt(kSite).Child(i);
    std::set<IpAddress> hosts;
    for (const IpAddress& host : HostsOf(owner.prefix().ToString(), 9)) {
      hosts.insert(host);
    }
    for (const Chain chain : {Chain::kNsec, Chain::kNsec3}) {
      Walked walked(
          {{.apex = NodeAt("2001:db8::/32")},
           {.apex = NodeAt(kSite), .chain = chain, .dnames = {{owner, kBase}}},
           {.apex = owner, .base = kBase, .hosts = hosts}},
          {kSite});
      walked.Run(static_cast<uint32_t>(i)).ExpectHosts(hosts);
      EXPECT_THAT(walked.world.FindingTexts(),
                  ElementsAre(owner.prefix().ToString() + " redirect"));
    }
  }
}

// A DNAME that is only known by the chain: the question for it is asked again.
TEST(WalkDnameTest, ALostQuestionForADnameIsAskedAgain) {
  for (const auto& chain : kChains) {
    Dnames dnames(chain);
    int lost = 0;
    dnames.zones[1].is_lost = [&lost](const WalkWork& work, uint64_t) {
      if (work.late || work.type != dnswire::kTypeDname) return false;
      ++lost;
      return true;
    };
    Walked walked(dnames.zones, {kSite});
    walked.Run().ExpectHosts(dnames.hosts);
    EXPECT_THAT(walked.world.FindingTexts(),
                ElementsAre("2001:db8:a000:5000::/52 redirect"));
    EXPECT_EQ(lost, chain == Chain::kNsec ? 1 : 0);
  }
}

TEST(WalkDnameTest, WhatStaysSilentIsUnknown) {
  Dnames dnames(Chain::kNsec);
  dnames.zones[1].is_lost = [](const WalkWork& work, uint64_t before) {
    return before > 4 && work.type == dnswire::kTypeDname;
  };
  Walked walked(dnames.zones, {kSite}, {.late_passes = 0});
  walked.Run();
  EXPECT_THAT(walked.world.FindingTexts(),
              ElementsAre("2001:db8:a000:5000::/52 unknown"));
}

TEST(WalkDnameTest, AResumedWalkHasAllHostsOnce) {
  std::mt19937 random(8);
  for (int round = 0; round < 100; ++round) {
    SCOPED_TRACE(round);
    const auto& chain = kChains[static_cast<size_t>(round) % 3];
    const auto& inner = kChains[static_cast<size_t>(round) / 3 % 3];
    const Dnames dnames(chain, inner);
    Walked walked(dnames.zones, {kSite});
    walked.RunWithKills(&random, 6, 1500).ExpectHosts(dnames.hosts);
    EXPECT_THAT(walked.world.FindingTexts(),
                ElementsAre("2001:db8:a000:5000::/52 redirect"));
  }
}

}  // namespace
}  // namespace scanner
