// The walk along the chains of signed zones (ITERATION.md 3.4).
#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/scanner/walk/walked.h"

namespace scanner {
namespace {

using dnswire::IpAddress;
using testing::ElementsAre;
using testing::IsEmpty;
using Chain = SignedZone::Chain;

constexpr char kSiteName[] = "0.0.0.a.8.b.d.0.1.0.0.2.ip6.arpa";

WorldZone Signed(Chain chain, std::set<IpAddress> hosts) {
  return {.apex = NodeAt(kSite), .chain = chain, .hosts = std::move(hosts)};
}

TEST(WalkChainTest, NsecTakesTwoQuestionsAHostAndAFew) {
  for (uint32_t seed = 1; seed <= 5; ++seed) {
    const auto hosts = HostsOf(kSite, 200, seed);
    Walked walked({Parent(), Signed(Chain::kNsec, hosts)}, {kSite});
    walked.Run(seed).ExpectHosts(hosts);
    // The SOA, how it denies, the apex.
    EXPECT_EQ(walked.world.asked(), 2 * hosts.size() + 3);
    EXPECT_THAT(walked.world.FindingTexts(), IsEmpty());
  }
}

TEST(WalkChainTest, Nsec3TakesAtMostSixQuestionsAHost) {
  for (uint32_t seed = 1; seed <= 3; ++seed) {
    const auto hosts = HostsOf(kSite, 300, seed);
    Walked walked({Parent(), Signed(Chain::kNsec3, hosts)}, {kSite});
    walked.Run(seed).ExpectHosts(hosts);
    EXPECT_LE(walked.world.asked(), 6 * hosts.size());
    EXPECT_THAT(walked.world.FindingTexts(), IsEmpty());
  }
}

TEST(WalkChainTest, EmptyNamesAndNamesWithoutPtrAreNoHosts) {
  for (const Chain chain : {Chain::kNsec, Chain::kNsec3}) {
    WorldZone zone = Signed(chain, {});
    zone.nameless = {AddressAt("2001:db8:a000::1"),
                     AddressAt("2001:db8:a000:7::2")};
    zone.short_names = {NodeAt("2001:db8:a000:8::/64")};
    Walked walked({Parent(), zone}, {kSite});
    walked.Run().ExpectHosts({});
    EXPECT_EQ(walked.walk->summary().nameless, 2u);
    EXPECT_THAT(walked.world.FindingTexts(), IsEmpty());
  }
}

TEST(WalkChainTest, ASignedZoneWithoutNamesIsEmptyWithoutACanary) {
  for (const Chain chain : {Chain::kNsec, Chain::kNsec3}) {
    Walked walked({Parent(), Signed(chain, {})}, {kSite});
    walked.Run().ExpectHosts({});
    EXPECT_THAT(walked.world.FindingTexts(),
                ElementsAre("2001:db8:a000::/48 empty"));
    EXPECT_LE(walked.world.asked(), 3u + 16);
  }
}

TEST(WalkChainTest, AStartBelowTheApexIsWalkedAlone) {
  const auto hosts = HostsOf("2001:db8:a000:20::/60", 60);
  std::set<IpAddress> inside;
  for (const IpAddress& host : hosts) {
    if (dnswire::IpPrefix::Parse("2001:db8:a000:20::/60")->Contains(host)) {
      inside.insert(host);
    }
  }
  ASSERT_FALSE(inside.empty());
  for (const Chain chain : {Chain::kNsec, Chain::kNsec3}) {
    Walked walked({Parent(), Signed(chain, hosts)}, {"2001:db8:a000:20::/60"});
    walked.Run().ExpectHosts(inside);
    EXPECT_THAT(walked.world.FindingTexts(), IsEmpty());
    if (chain == Chain::kNsec) {
      EXPECT_EQ(walked.world.asked(), 2 * inside.size() + 3);
    }
  }
}

TEST(WalkChainTest, AnAbsentStartIsEmpty) {
  const auto hosts = HostsOf("2001:db8:a000::/48", 30);
  for (const Chain chain : {Chain::kNsec, Chain::kNsec3}) {
    Walked walked({Parent(), Signed(chain, hosts)},
                  {"2001:db8:a000:8000::/52"});
    walked.Run().ExpectHosts({});
    EXPECT_THAT(walked.world.FindingTexts(),
                ElementsAre("2001:db8:a000:8000::/52 empty"));
    EXPECT_LE(walked.world.asked(), 3u);
  }
}

TEST(WalkChainTest, WildcardsAndHolesAreTold) {
  const std::set<IpAddress> hosts = {AddressAt("2001:db8:a000:1100::1"),
                                     AddressAt("2001:db8:a000:1100::2"),
                                     AddressAt("2001:db8:a000:1300::1")};
  for (const auto chain : {Chain::kNsec, Chain::kNsec3}) {
    WorldZone zone = Signed(chain, hosts);
    zone.wildcards = {NodeAt("2001:db8:a000:1000::/52")};
    Walked walked({Parent(), zone}, {kSite});
    walked.Run().ExpectHosts(hosts);
    EXPECT_THAT(walked.world.FindingTexts(),
                ElementsAre("2001:db8:a000:1000::/52 wildcard",
                            "2001:db8:a000:1100::/56 wildcard_hole",
                            "2001:db8:a000:1300::/56 wildcard_hole"));
  }
}

TEST(WalkChainTest, CutsAreEnteredWithAndWithoutDs) {
  for (const Chain chain : {Chain::kNsec, Chain::kNsec3}) {
    for (const bool has_ds : {false, true}) {
      const auto a = HostsOf("2001:db8:a000:4000::/52", 20, 3);
      const auto b = HostsOf("2001:db8:a000:8000::/52", 20, 4);
      auto own = HostsOf(kSite, 30);
      WorldZone zone = Signed(chain, own);
      own.insert(a.begin(), a.end());
      own.insert(b.begin(), b.end());
      Walked walked({Parent(),
                     zone,
                     {.apex = NodeAt("2001:db8:a000:4000::/52"),
                      .chain = Chain::kNsec,
                      .has_ds = has_ds,
                      .hosts = a},
                     {.apex = NodeAt("2001:db8:a000:8000::/52"),
                      .has_ds = has_ds,
                      .hosts = b}},
                    {kSite});
      walked.Run().ExpectHosts(own);
      EXPECT_THAT(walked.world.FindingTexts(),
                  ElementsAre("2001:db8:a000:4000::/52 cut",
                              "2001:db8:a000:8000::/52 cut"));
      if (chain == Chain::kNsec) {
        EXPECT_LE(walked.world.asked_of(kSite), 2u * 30 + 3 + 2 * 3);
        EXPECT_EQ(walked.world.asked_of("2001:db8:a000:4000::/52"),
                  2 * a.size() + 3);
      }
    }
  }
}

// Each way for a chain to end: what it has told is not asked for again, the
// rest of the zone is.
TEST(WalkChainTest, AChainThatEndsInTheMiddleIsLeft) {
  for (uint64_t end = 0; end < 130; end += 3) {
    SCOPED_TRACE(end);
    const auto hosts = HostsOf(kSite, 60, end + 1);
    WorldZone zone = Signed(Chain::kNsec, hosts);
    zone.is_bare = [end](const WalkWork&, uint64_t before) {
      return before >= end;
    };
    Walked walked({Parent(), zone}, {kSite});
    walked.Run().ExpectHosts(hosts);
    EXPECT_THAT(walked.world.FindingTexts(), IsEmpty());
  }
}

// The wildcard was told of before the chain ended.
TEST(WalkChainTest, AChainThatEndsTellsOfWildcardsAndHolesOnce) {
  const auto hosts = HostsOf(kSite, 30);
  const auto zone_of = [&hosts](uint64_t end) {
    WorldZone zone = Signed(Chain::kNsec, hosts);
    zone.wildcards = {NodeAt("2001:db8:a000::/56")};
    zone.is_bare = [end](const WalkWork&, uint64_t before) {
      return before >= end;
    };
    return zone;
  };
  Walked whole({Parent(), zone_of(UINT64_MAX)}, {kSite});
  whole.Run().ExpectHosts(hosts);
  for (uint64_t end = 2; end < 70; ++end) {
    SCOPED_TRACE(end);
    Walked walked({Parent(), zone_of(end)}, {kSite});
    walked.Run().ExpectHosts(hosts);
    EXPECT_EQ(walked.world.FindingTexts(), whole.world.FindingTexts());
  }
}

// A wildcard inside another one: the outer one's holes are told of behind it
// too, and those of both no more than once.
TEST(WalkChainTest, AChainThatEndsTellsOfNestedWildcardsOnce) {
  const std::set<IpAddress> hosts = {
      AddressAt("2001:db8:a000:1100::1"), AddressAt("2001:db8:a000:1120::1"),
      AddressAt("2001:db8:a000:1123::1"), AddressAt("2001:db8:a000:1123::2"),
      AddressAt("2001:db8:a000:1300::1"), AddressAt("2001:db8:a000:2000::1")};
  const auto zone_of = [&hosts](uint64_t end) {
    WorldZone zone = Signed(Chain::kNsec, hosts);
    zone.wildcards = {NodeAt("2001:db8:a000:1000::/52"),
                      NodeAt("2001:db8:a000:1120::/60")};
    zone.is_bare = [end](const WalkWork&, uint64_t before) {
      return before >= end;
    };
    return zone;
  };
  for (uint64_t end = 2; end < 24; ++end) {
    SCOPED_TRACE(end);
    Walked walked({Parent(), zone_of(end)}, {kSite});
    walked.Run().ExpectHosts(hosts);
    EXPECT_THAT(walked.world.FindingTexts(),
                ElementsAre("2001:db8:a000:1000::/52 wildcard",
                            "2001:db8:a000:1100::/56 wildcard_hole",
                            "2001:db8:a000:1120::/60 wildcard",
                            "2001:db8:a000:1300::/56 wildcard_hole"));
  }
}

// Of names that are no nodes: right below a host, before and behind the
// children of a node.
TEST(WalkChainTest, AChainThatEndsAtANameOfAnotherKindRepeatsNothing) {
  std::set<IpAddress> hosts;
  for (const char* host :
       {"2001:db8:a000::1", "2001:db8:a000::2", "2001:db8:a000::a",
        "2001:db8:a000:1::1", "2001:db8:a000:2::1", "2001:db8:a000:f::9"}) {
    hosts.insert(AddressAt(host));
  }
  const std::string leaf =
      ReverseTree()
          .NameOf(NibbleNode::OfAddress(AddressAt("2001:db8:a000::2")))
          ->view()
          .ToText();
  const std::string above = leaf.substr(2);
  std::vector<std::string> others = {
      absl::StrCat("_dns-sd.", leaf), absl::StrCat("x.", above),
      absl::StrCat("1x.", above),     absl::StrCat("y.x.", above),
      absl::StrCat("-.", kSiteName),  absl::StrCat("0a.", kSiteName),
      absl::StrCat("zz.", kSiteName)};
  for (uint64_t end = 2; end < 60; ++end) {
    SCOPED_TRACE(end);
    WorldZone zone = Signed(Chain::kNsec, hosts);
    zone.others = others;
    uint64_t links = 0;
    zone.is_bare = [end, &links](const WalkWork& work, uint64_t) {
      if (work.dnssec_ok) ++links;
      return links >= end;
    };
    Walked walked({Parent(), zone}, {kSite});
    walked.Run().ExpectHosts(hosts);
    EXPECT_THAT(walked.world.FindingTexts(), IsEmpty());
  }
}

// It has told of cuts then, and hosts of it are asked for.
TEST(WalkChainTest, AZoneThatFallsSilentInItsChainIsTakenUpBehindIt) {
  const auto behind = HostsOf("2001:db8:a000:4000::/52", 20, 3);
  for (uint64_t end = 0; end < 160; end += 3) {
    SCOPED_TRACE(end);
    auto hosts = HostsOf(kSite, 70, end + 1);
    WorldZone zone = Signed(Chain::kNsec, hosts);
    hosts.insert(behind.begin(), behind.end());
    uint64_t lost = 0;
    zone.is_lost = [end, &lost](const WalkWork& work, uint64_t before) {
      if (work.late || before < end) return false;
      ++lost;
      return true;
    };
    Walked walked({Parent(),
                   zone,
                   {.apex = NodeAt("2001:db8:a000:4000::/52"),
                    .has_ds = true,
                    .hosts = behind}},
                  {kSite});
    walked.Run().ExpectHosts(hosts);
    EXPECT_THAT(walked.world.FindingTexts(),
                ElementsAre("2001:db8:a000:4000::/52 cut"));
    EXPECT_LE(lost, 200u);
  }
}

TEST(WalkChainTest, AZoneThatStaysSilentInItsChainIsNamed) {
  const auto hosts = HostsOf(kSite, 200);
  WorldZone zone = Signed(Chain::kNsec, hosts);
  zone.is_lost = [](const WalkWork&, uint64_t before) { return before > 100; };
  Walked walked({Parent(), zone}, {kSite});
  walked.Run();
  EXPECT_GT(walked.world.hosts().size(), 20u);
  for (const IpAddress& host : hosts) {
    const bool named = std::any_of(
        walked.world.findings.begin(), walked.world.findings.end(),
        [&host](const Finding& finding) {
          return IsIncomplete(finding.kind) && finding.prefix.Contains(host);
        });
    EXPECT_TRUE(named || walked.world.hosts().contains(host))
        << host.ToString();
  }
}

TEST(WalkChainTest, AKnownAddressTheChainDoesNotHaveIsAsked) {
  const auto hosts = HostsOf(kSite, 20);
  for (const Chain chain : {Chain::kNsec, Chain::kNsec3}) {
    std::vector<IpAddress> known = {AddressAt("2001:db8:a000:ffff::1"),
                                    *hosts.begin()};
    std::sort(known.begin(), known.end());
    int asked = 0;
    WorldZone zone = Signed(chain, hosts);
    zone.is_lost = [&asked](const WalkWork& work, uint64_t) {
      if (work.kind == WalkWork::Kind::kHost &&
          work.address == AddressAt("2001:db8:a000:ffff::1")) {
        ++asked;
      }
      return false;
    };
    Walked walked({Parent(), zone}, {kSite}, {}, known);
    walked.Run().ExpectHosts(hosts);
    EXPECT_EQ(asked, 1);
    EXPECT_THAT(walked.world.FindingTexts(), IsEmpty());
  }
}

// Killed in the chain, or where the chain was left.
TEST(WalkChainTest, AResumedChainRepeatsNothing) {
  const auto hosts = HostsOf(kSite, 60);
  std::mt19937 random(4);
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE(round);
    for (const Chain chain : {Chain::kNsec, Chain::kNsec3}) {
      WorldZone zone = Signed(chain, hosts);
      zone.wildcards = {NodeAt("2001:db8:a000::/56"),
                        NodeAt("2001:db8:a000::/60")};
      const uint64_t end = round % 2 == 0 ? UINT64_MAX : 40;
      zone.is_bare = [end](const WalkWork&, uint64_t before) {
        return before >= end;
      };
      Walked whole({Parent(), zone}, {kSite});
      whole.Run().ExpectHosts(hosts);
      Walked walked({Parent(), zone}, {kSite});
      walked.RunWithKills(&random, 5, whole.world.asked());
      walked.ExpectHosts(hosts);
      EXPECT_EQ(walked.world.FindingTexts(), whole.world.FindingTexts());
    }
  }
}

// What the chain told is forgotten, that there is one is not.
TEST(WalkChainTest, AResumedZoneIsReadByItsNsec3Again) {
  const auto hosts = HostsOf(kSite, 300);
  const WorldZone zone = Signed(Chain::kNsec3, hosts);
  Walked whole({Parent(), zone}, {kSite});
  whole.Run().ExpectHosts(hosts);
  std::mt19937 random(4);
  Walked walked({Parent(), zone}, {kSite});
  walked.RunWithKills(&random, 5, whole.world.asked());
  walked.ExpectHosts(hosts);
  EXPECT_LE(walked.world.asked_of(kSite), 2 * whole.world.asked_of(kSite));
}

// So are its late parts.
TEST(WalkChainTest, WhatWasPutOffIsReadByNsec3Too) {
  const auto hosts = HostsOf(kSite, 300);
  WorldZone zone = Signed(Chain::kNsec3, hosts);
  Walked whole({Parent(), zone}, {kSite});
  whole.Run().ExpectHosts(hosts);
  zone.is_lost = [](const WalkWork& work, uint64_t before) {
    return !work.late && before > 20;
  };
  Walked walked({Parent(), zone}, {kSite});
  walked.Run().ExpectHosts(hosts);
  EXPECT_LE(walked.world.asked_of(kSite), 2 * whole.world.asked_of(kSite));
}

// A random name meets a wildcard as often as not: another one is asked for.
TEST(WalkChainTest, AWildcardInAHalfOfTheZoneDoesNotHideItsChain) {
  int along_chain = 0;
  for (uint32_t seed = 1; seed <= 40; ++seed) {
    WorldZone zone =
        Signed(Chain::kNsec, HostsOf("2001:db8:a000:f000::/64", 30));
    for (int nibble = 0; nibble < 8; ++nibble) {
      zone.wildcards.push_back(NodeAt(kSite).Child(nibble));
    }
    Walked walked({Parent(), zone}, {kSite});
    walked.Run(seed).ExpectHosts(zone.hosts);
    if (walked.world.asked() < 150) ++along_chain;
  }
  // 35 of 40 with three names, 20 with one.
  EXPECT_GE(along_chain, 30);
}

// All hosts are silent at first, and 64 of them before the next link of the
// chain is told.
TEST(WalkChainTest, WhatIsBehindTheLinkOfAZoneGivenUpIsAskedLater) {
  for (uint32_t seed = 1; seed <= 5; ++seed) {
    int questions = 0;
    uint64_t lost = 0;
    WorldZone zone = Signed(Chain::kNsec, HostsOf(kSite, 300));
    zone.is_lost = [&](const WalkWork& work, uint64_t) {
      const bool host = work.kind == WalkWork::Kind::kHost;
      if (!host) ++questions;
      if (host && !work.late) ++lost;
      return host && !work.late;
    };
    Walked walked({Parent(), zone}, {kSite});
    walked.world.is_slow = [&questions](const WalkWork& work) {
      return (work.kind == WalkWork::Kind::kHost) == (questions < 100);
    };
    walked.walk.emplace(&walked.targets, seed);
    EXPECT_TRUE(walked.world.Run(&*walked.walk, seed, 4000, 1000000));
    walked.ExpectHosts(zone.hosts);
    EXPECT_THAT(walked.world.FindingTexts(), IsEmpty());
    EXPECT_LT(lost, zone.hosts.size());  // the chain was left
  }
}

}  // namespace
}  // namespace scanner
