// The walk against zones that a program answers for: what it finds, and what
// that costs (ITERATION.md 3.3, 3.5, 3.6, 3.9).
#include "scanner/walk/walk.h"

#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scanner/walk/walked.h"

namespace scanner {
namespace {

using dnswire::IpAddress;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(WalkTest, FindsAllHostsWithSixteenQuestionsANode) {
  for (uint32_t seed = 1; seed <= 10; ++seed) {
    const auto hosts = HostsOf(kSite, 491, seed);
    Walked walked({Parent(), {.apex = NodeAt(kSite), .hosts = hosts}}, {kSite});
    walked.Run(seed).ExpectHosts(hosts);
    const uint64_t nodes = walked.world.NodesOf(kSite);
    EXPECT_EQ(walked.world.asked(), 1 + 16 * nodes + 3);
    EXPECT_EQ(walked.walk->summary().expanded, nodes);
    EXPECT_EQ(walked.walk->summary().questions, walked.world.asked());
    EXPECT_THAT(walked.world.FindingTexts(), IsEmpty());
  }
}

TEST(WalkTest, EntersEachDelegatedZoneOnce) {
  const auto a = HostsOf("2001:db8:a000::/48", 50);
  const auto b = HostsOf("2001:db8:b000::/48", 60);
  auto all = a;
  all.insert(b.begin(), b.end());
  auto parent = Parent();
  parent.hosts = HostsOf("2001:db8:c000::/48", 20);
  all.insert(parent.hosts.begin(), parent.hosts.end());
  Walked walked({parent,
                 {.apex = NodeAt("2001:db8:a000::/48"), .hosts = a},
                 {.apex = NodeAt("2001:db8:b000::/48"), .hosts = b}},
                {"2001:db8::/32"});
  walked.Run().ExpectHosts(all);
  EXPECT_THAT(walked.world.FindingTexts(),
              ElementsAre("2001:db8:a000::/48 cut", "2001:db8:b000::/48 cut"));
  const uint64_t nodes = walked.world.NodesOf("2001:db8::/32");
  EXPECT_EQ(walked.world.asked_of("2001:db8::/32"), 1 + 16 * nodes + 3);
  EXPECT_EQ(walked.world.asked_of("2001:db8:a000::/48"),
            1 + 16 * walked.world.NodesOf("2001:db8:a000::/48") + 3);
}

TEST(WalkTest, SaysWhyAZoneCannotBeEntered) {
  const auto zone = [](absl::string_view apex, WorldZone::Servers servers) {
    return WorldZone{.apex = NodeAt(apex), .servers = servers};
  };
  Walked walked({Parent(), zone("2001:db8:1::/48", WorldZone::Servers::kLame),
                 zone("2001:db8:2::/48", WorldZone::Servers::kSilent),
                 zone("2001:db8:3::/48", WorldZone::Servers::kNone)},
                {"2001:db8::/32"});
  walked.Run().ExpectHosts({});
  EXPECT_THAT(walked.world.FindingTexts(),
              ElementsAre("2001:db8:1::/48 cut", "2001:db8:1::/48 lame",
                          "2001:db8:2::/48 cut", "2001:db8:2::/48 unreachable",
                          "2001:db8:3::/48 cut", "2001:db8:3::/48 no_servers"));
  EXPECT_EQ(walked.walk->summary().zones_unentered, 3u);
}

TEST(WalkTest, AsksWhoServesWhatItCannotEnter) {
  constexpr char kUp[] = "8.b.d.0.1.0.0.2.ip6.arpa";
  const std::string lame = absl::StrCat("1.0.0.0.", kUp);
  const std::string well = absl::StrCat("2.0.0.0.", kUp);
  Walked walked(
      {Parent(),
       {.apex = NodeAt("2001:db8:1::/48"),
        .servers = WorldZone::Servers::kLame},
       {.apex = NodeAt("2001:db8:2::/48"), .hosts = HostsOf(kSite, 0)}},
      {"2001:db8::/32"});
  walked.Run();
  std::vector<std::vector<std::string>> servers;
  for (const Finding& finding : walked.world.findings) {
    if (finding.kind == FindingKind::kEmpty) {
      EXPECT_THAT(finding.servers, IsEmpty());
      continue;
    }
    const bool is_cut = finding.kind == FindingKind::kCut;
    const bool is_lame = finding.prefix.ToString() == "2001:db8:1::/48";
    EXPECT_THAT(finding.servers,
                ElementsAre(absl::StrCat("ns.", is_lame ? lame : well,
                                         is_cut ? "" : "=asked")));
    EXPECT_EQ(finding.zone, is_cut ? kUp : lame);
    servers.push_back(finding.servers);
  }
  EXPECT_EQ(servers.size(), 3u);
}

TEST(WalkTest, AZoneThatFallsSilentNamesItsServers) {
  WorldZone zone = {.apex = NodeAt(kSite), .hosts = HostsOf(kSite, 400)};
  zone.is_lost = [](const WalkWork&, uint64_t before) { return before > 400; };
  Walked walked({Parent(), zone}, {kSite});
  walked.Run();
  size_t unreachable = 0;
  for (const Finding& finding : walked.world.findings) {
    if (finding.kind != FindingKind::kUnreachable) continue;
    ++unreachable;
    EXPECT_THAT(finding.servers,
                ElementsAre(absl::StrCat("ns.", finding.zone, "=asked")));
  }
  EXPECT_EQ(unreachable, 1u);
}

TEST(WalkTest, FindsHostsInsideAWildcard) {
  const auto hosts = HostsOf(kSite, 40);
  Walked walked(
      {Parent(),
       {.apex = NodeAt(kSite), .hosts = hosts, .wildcards = {NodeAt(kSite)}}},
      {kSite});
  walked.Run().ExpectHosts(hosts);
  const auto texts = walked.world.FindingTexts();
  EXPECT_EQ(
      std::count(texts.begin(), texts.end(), "2001:db8:a000::/48 wildcard"), 1);
  EXPECT_THAT(texts, Contains("2001:db8:a000::/52 wildcard_hole"));
  EXPECT_EQ(texts.size(), 2u);
}

TEST(WalkTest, FindsHostsBesideAWildcardInEverySlash56) {
  const auto hosts = HostsOf("2001:db8:a000:100::/56", 16);
  std::vector<NibbleNode> wildcards;
  const absl::uint128 site = NodeAt(kSite).first.value();
  for (unsigned i = 0; i < 256; ++i) {
    wildcards.push_back(
        {.first = IpAddress::V6(site | absl::uint128{i} << 72), .depth = 14});
  }
  Walked walked(
      {Parent(),
       {.apex = NodeAt(kSite), .hosts = hosts, .wildcards = wildcards}},
      {kSite});
  walked.Run().ExpectHosts(hosts);
  const auto texts = walked.world.FindingTexts();
  EXPECT_EQ(std::count_if(texts.begin(), texts.end(),
                          [](const std::string& text) {
                            return text.ends_with(" wildcard");
                          }),
            256);
}

TEST(WalkTest, LooksAtDenseWildcardsOnlyIfToldSo) {
  std::vector<NibbleNode> wildcards;
  const absl::uint128 site = NodeAt(kSite).first.value();
  for (unsigned i = 0; i < 4096; ++i) {
    wildcards.push_back(
        {.first = IpAddress::V6(site | absl::uint128{i} << 68), .depth = 15});
  }
  Walked walked({Parent(), {.apex = NodeAt(kSite), .wildcards = wildcards}},
                {kSite});
  walked.Run().ExpectHosts({});
  EXPECT_THAT(walked.world.FindingTexts(),
              Contains("2001:db8:a000::/48 wildcard_dense"));
  EXPECT_LT(walked.world.asked(), 5000u);
  Walked exhaustive({Parent(), {.apex = NodeAt(kSite), .wildcards = wildcards}},
                    {kSite}, {.exhaustive = true});
  exhaustive.Run();
  EXPECT_EQ(exhaustive.world.FindingTexts().size(), 4096u);
  EXPECT_GT(exhaustive.world.asked(), 69904u);
}

TEST(WalkTest, LeavesAloneWhatIsMadeUp) {
  const auto hosts = HostsOf(kSite, 50);
  Walked walked({Parent(),
                 {.apex = NodeAt(kSite),
                  .hosts = hosts,
                  .synthesized = {NodeAt("2001:db8:a000:5000::/52")}}},
                {kSite});
  walked.Run().ExpectHosts(hosts);
  EXPECT_THAT(walked.world.FindingTexts(),
              ElementsAre("2001:db8:a000:5000::/52 synthesized"));
  Walked without({Parent(), {.apex = NodeAt(kSite), .hosts = hosts}}, {kSite});
  without.Run();
  EXPECT_LE(walked.world.asked() - without.world.asked(), 50u);
}

TEST(WalkTest, EndsAtOnceWhereAllIsMadeUp) {
  Walked walked(
      {Parent(), {.apex = NodeAt(kSite), .synthesized = {NodeAt(kSite)}}},
      {kSite});
  walked.Run().ExpectHosts({});
  EXPECT_THAT(walked.world.FindingTexts(),
              ElementsAre("2001:db8:a000::/48 synthesized"));
  EXPECT_LE(walked.world.asked(), 50u);
}

TEST(WalkTest, DoesNotTakeSixteenRealChildrenForMadeUp) {
  std::set<IpAddress> hosts;
  const absl::uint128 site = NodeAt(kSite).first.value();
  for (unsigned i = 0; i < 16; ++i) {
    hosts.insert(IpAddress::V6((site | absl::uint128{i} << 76) + 1));
  }
  Walked walked({Parent(), {.apex = NodeAt(kSite), .hosts = hosts}}, {kSite});
  walked.Run().ExpectHosts(hosts);
  EXPECT_THAT(walked.world.FindingTexts(), IsEmpty());
}

TEST(WalkTest, GoesOnBelowAShortName) {
  const auto hosts = HostsOf("2001:db8:a000:1::/64", 9);
  Walked walked({Parent(),
                 {.apex = NodeAt(kSite),
                  .hosts = hosts,
                  .short_names = {NodeAt("2001:db8:a000:1::/64")}}},
                {kSite});
  walked.Run().ExpectHosts(hosts);
  EXPECT_THAT(walked.world.FindingTexts(), IsEmpty());
}

TEST(WalkTest, GoesOnBelowAShortNameRightAboveItsHosts) {
  std::set<IpAddress> hosts;
  const absl::uint128 last = AddressAt("2001:db8:a000::40").value();
  for (unsigned i = 0; i < 16; ++i) hosts.insert(IpAddress::V6(last + i));
  Walked walked({Parent(),
                 {.apex = NodeAt(kSite),
                  .hosts = hosts,
                  .short_names = {NodeAt("2001:db8:a000::40/124")}}},
                {kSite});
  walked.Run().ExpectHosts(hosts);
  EXPECT_THAT(walked.world.FindingTexts(), IsEmpty());
}

TEST(WalkTest, AWildcardWithoutPtrIsNoTreeWithoutEnd) {
  const auto hosts = HostsOf(kSite, 40);
  Walked walked({Parent(),
                 {.apex = NodeAt(kSite),
                  .hosts = hosts,
                  .void_wildcards = {NodeAt(kSite)}}},
                {kSite});
  walked.Run().ExpectHosts(hosts);
  EXPECT_THAT(walked.world.FindingTexts(),
              Contains("2001:db8:a000::/48 wildcard"));
  EXPECT_LT(walked.world.asked(),
            1 + 16 * walked.world.NodesOf(kSite) + 3 + 20);
}

TEST(WalkTest, AsksAgainWhatHadNoAnswer) {
  const auto hosts = HostsOf(kSite, 100);
  WorldZone zone = {.apex = NodeAt(kSite), .hosts = hosts};
  uint64_t lost = 0;
  zone.is_lost = [&lost](const WalkWork& work, uint64_t before) {
    const bool is_lost = !work.late && before > 20 && before % 50 == 0;
    if (is_lost) ++lost;
    return is_lost;
  };
  Walked walked({Parent(), zone}, {kSite});
  walked.Run().ExpectHosts(hosts);
  EXPECT_GT(lost, 20u);
  EXPECT_THAT(walked.world.FindingTexts(), IsEmpty());
}

TEST(WalkTest, AWildcardIsToldOfOnceWhateverIsLost) {
  const auto hosts = HostsOf(kSite, 40);
  WorldZone zone = {
      .apex = NodeAt(kSite), .hosts = hosts, .wildcards = {NodeAt(kSite)}};
  zone.is_lost = [](const WalkWork& work, uint64_t before) {
    return !work.late && before > 3 && before % 5 == 0;
  };
  for (uint32_t seed = 1; seed < 20; ++seed) {
    Walked walked({Parent(), zone}, {kSite});
    walked.Run(seed).ExpectHosts(hosts);
    const auto texts = walked.world.FindingTexts();
    EXPECT_EQ(
        std::count(texts.begin(), texts.end(), "2001:db8:a000::/48 wildcard"),
        1);
    // Nor of a hole in it.
    EXPECT_EQ(std::set<std::string>(texts.begin(), texts.end()).size(),
              texts.size());
  }
}

TEST(WalkTest, WhatStaysSilentIsUnknownNotAbsent) {
  const auto hosts = HostsOf(kSite, 100);
  const NibbleNode silent = NibbleNode::OfAddress(*hosts.begin());
  WorldZone zone = {.apex = NodeAt(kSite), .hosts = hosts};
  zone.is_lost = [silent](const WalkWork& work, uint64_t) {
    return work.kind == WalkWork::Kind::kHost && work.address == silent.first;
  };
  Walked walked({Parent(), zone}, {kSite});
  auto rest = hosts;
  rest.erase(silent.first);
  walked.Run().ExpectHosts(rest);
  EXPECT_THAT(walked.world.FindingTexts(),
              ElementsAre(silent.prefix().ToString() + " unknown"));
  EXPECT_EQ(walked.walk->summary().unknown, 1u);
}

TEST(WalkTest, AZoneThatFallsSilentIsTakenUpLater) {
  const auto hosts = HostsOf(kSite, 100);
  WorldZone zone = {.apex = NodeAt(kSite), .hosts = hosts};
  zone.is_lost = [](const WalkWork& work, uint64_t before) {
    return !work.late && before > 400;
  };
  Walked walked({Parent(), zone}, {kSite});
  walked.Run().ExpectHosts(hosts);
  EXPECT_THAT(walked.world.FindingTexts(), IsEmpty());
}

TEST(WalkTest, AZoneThatStaysSilentIsUnreachable) {
  WorldZone zone = {.apex = NodeAt(kSite), .hosts = HostsOf(kSite, 400)};
  zone.is_lost = [](const WalkWork&, uint64_t before) { return before > 400; };
  Walked walked({Parent(), zone}, {kSite});
  walked.Run();
  const auto texts = walked.world.FindingTexts();
  EXPECT_EQ(std::count_if(texts.begin(), texts.end(),
                          [](const std::string& text) {
                            return text.ends_with(" unreachable");
                          }),
            1);
  EXPECT_GT(walked.walk->summary().unknown, 0u);
  EXPECT_LT(walked.world.asked(), 1000u);
}

TEST(WalkTest, SpendsNoMoreThanAZonesBudget) {
  WorldZone zone = {.apex = NodeAt(kSite), .hosts = HostsOf(kSite, 400)};
  Walked walked({Parent(), zone}, {kSite}, {.zone_budget = 1000});
  walked.Run();
  EXPECT_EQ(walked.world.asked(), 1000u);
  EXPECT_THAT(walked.world.FindingTexts(),
              ElementsAre("2001:db8:a000::/48 budget"));
  EXPECT_GT(walked.walk->summary().unexpanded, 0u);
}

TEST(WalkTest, WhatTheRegistryDeniesIsUndelegated) {
  auto parent = Parent();
  parent.registry = true;
  Walked walked({parent}, {"2001:db8:a000::/36"});
  walked.Run().ExpectHosts({});
  EXPECT_THAT(walked.world.FindingTexts(),
              ElementsAre("2001:db8:a000::/36 undelegated"));
}

// ---- servers that deny empty names

TEST(WalkTest, AZoneThatDeniesEmptyNamesIsFoundOut) {
  const std::set<IpAddress> hosts = HostsOf(kSite, 200);
  Walked walked(
      {Parent(), {.apex = NodeAt(kSite), .denies_empty = true, .hosts = hosts}},
      {kSite});
  walked.Run();
  EXPECT_THAT(walked.world.FindingTexts(),
              ElementsAre("2001:db8:a000::/48 ent_broken"));
  // Low addresses of low subnets; random ones cannot be guessed.
  std::set<IpAddress> low;
  for (const IpAddress& host : hosts) {
    if ((host.value() & 0xffffffffffffffff) < 9) low.insert(host);
  }
  walked.ExpectHosts(low);
  EXPECT_EQ(walked.world.findings.back().count, low.size());
  EXPECT_GT(low.size(), 100u);
  EXPECT_LE(walked.world.asked(), 16u + 4 + 20 + 20000);
}

TargetSet SetOf(const std::vector<std::string>& prefixes) {
  std::vector<dnswire::IpRange> ranges;
  for (const std::string& text : prefixes) {
    const auto prefix = *dnswire::IpPrefix::Parse(text);
    ranges.push_back({.first = prefix.first(), .last = prefix.last()});
  }
  return TargetSet(ranges, {});
}

// Half of the zone is: a random name would be of it every second time.
TEST(WalkTest, NeitherEntersNorAsksWhatIsExcluded) {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    auto parent = Parent();
    const auto hosts = HostsOf("2001:db8:3000::/48", 40);
    parent.hosts = hosts;
    for (const char* host : {"2001:db8:3100::1", "2001:db8:4000::1",
                             "2001:db8:4000::2", "2001:db8:4000::3"}) {
      parent.hosts.insert(AddressAt(host));
    }
    const TargetSet excluded =
        SetOf({"2001:db8:2000::/48", "2001:db8:3100::/40",
               "2001:db8:4000::2/127", "2001:db8:8000::/33", "2002::/16"});
    int random_names = 0;
    parent.is_lost = [&excluded, &random_names](const WalkWork& work,
                                                uint64_t) {
      const auto node = work.kind == WalkWork::Kind::kHost
                            ? NibbleNode::OfAddress(work.address)
                            : ReverseTree().NodeOf(work.name);
      if (!node || node->depth < kNibbles) return false;
      if (work.kind == WalkWork::Kind::kQuestion) ++random_names;
      EXPECT_FALSE(excluded.Contains(node->first)) << node->first.ToString();
      return false;
    };
    const auto behind = HostsOf("2001:db8:2000::/48", 40);
    Walked walked(
        {parent, {.apex = NodeAt("2001:db8:2000::/48"), .hosts = behind}},
        {"2001:db8::/32", "2002::/16"});
    walked.targets.excluded = excluded;
    auto left = hosts;
    left.insert(AddressAt("2001:db8:4000::1"));
    walked.Run(seed).ExpectHosts(left);
    EXPECT_EQ(random_names, 3);
    EXPECT_EQ(walked.world.asked_of("2001:db8:2000::/48"), 0u);
    EXPECT_THAT(
        walked.world.FindingTexts(),
        ElementsAre(
            "2001:db8:2000::/48 excluded", "2001:db8:3100::/40 excluded",
            "2001:db8:4000::2/128 excluded", "2001:db8:4000::3/128 excluded",
            "2001:db8:8000::/36 excluded", "2001:db8:9000::/36 excluded",
            "2001:db8:a000::/36 excluded", "2001:db8:b000::/36 excluded",
            "2001:db8:c000::/36 excluded", "2001:db8:d000::/36 excluded",
            "2001:db8:e000::/36 excluded", "2001:db8:f000::/36 excluded",
            "2002::/16 excluded"));
  }
}

TEST(WalkTest, AnEmptyZoneIsEmptyAfterTwentyQuestions) {
  Walked walked({Parent(), {.apex = NodeAt(kSite)}}, {kSite});
  walked.Run().ExpectHosts({});
  EXPECT_THAT(walked.world.FindingTexts(),
              ElementsAre("2001:db8:a000::/48 empty"));
  EXPECT_EQ(walked.world.asked(), 1u + 16 + 3 + 20);
}

TEST(WalkTest, AKnownAddressShowsThatEmptyNamesAreDenied) {
  const IpAddress lonely = AddressAt("2001:db8:a000:77:1234:5678:9abc:def0");
  Walked walked(
      {Parent(),
       {.apex = NodeAt(kSite), .denies_empty = true, .hosts = {lonely}}},
      {kSite}, {}, {AddressAt("2001:db8:a000::7"), lonely});
  walked.Run().ExpectHosts({lonely});
  EXPECT_THAT(walked.world.FindingTexts(),
              ElementsAre("2001:db8:a000::/48 ent_broken"));
}

TEST(WalkTest, AKnownAddressIsAskedInTheZoneItIsIn) {
  const IpAddress gone = AddressAt("2001:db8:a000::7");
  const IpAddress there = AddressAt("2001:db8:a000::8");
  Walked walked({Parent(), {.apex = NodeAt(kSite), .hosts = {there}}},
                {"2001:db8::/32"}, {}, {gone, there});
  walked.Run().ExpectHosts({there});
  EXPECT_THAT(walked.world.FindingTexts(),
              ElementsAre("2001:db8:a000::/48 cut"));
  const uint64_t nodes = walked.world.NodesOf(kSite);
  EXPECT_EQ(walked.world.asked_of(kSite), 1 + 16 * nodes + 3 + 1);
}

TEST(WalkTest, AKnownAddressThatAWildcardAnswersForIsNoHost) {
  const auto hosts = HostsOf(kSite, 40);
  Walked walked(
      {Parent(),
       {.apex = NodeAt(kSite), .hosts = hosts, .wildcards = {NodeAt(kSite)}}},
      {kSite}, {}, {*hosts.begin(), AddressAt("2001:db8:a000:f000::7")});
  walked.Run().ExpectHosts(hosts);
  for (const std::string& text : walked.world.FindingTexts()) {
    EXPECT_FALSE(text.ends_with("ent_broken")) << text;
  }
}

}  // namespace
}  // namespace scanner
