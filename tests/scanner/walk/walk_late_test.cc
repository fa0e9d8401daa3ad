// What a walk puts off, and what it does once nothing is put off any more.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/scanner/walk/walked.h"

namespace scanner {
namespace {

using dnswire::IpAddress;
using testing::ElementsAre;
using testing::IsEmpty;

bool IsOf(const WalkWork& work, const IpAddress& address) {
  return work.kind == WalkWork::Kind::kHost && work.address == address;
}

// Its whole part of the tree was put off when it was asked for: that it has a
// name is no contradiction.
TEST(WalkLateTest, AKnownAddressWaitsForThePartItIsIn) {
  const auto hosts = HostsOf(kSite, 60);
  WorldZone zone = {.apex = NodeAt(kSite), .hosts = hosts};
  zone.is_lost = [](const WalkWork& work, uint64_t before) {
    return !work.late && work.kind == WalkWork::Kind::kQuestion && before > 4;
  };
  Walked walked({Parent(), zone}, {kSite}, {},
                {*hosts.begin(), *hosts.rbegin()});
  walked.Run().ExpectHosts(hosts);
  EXPECT_THAT(walked.world.FindingTexts(), IsEmpty());
}

TEST(WalkLateTest, ALostCanaryIsAskedAgain) {
  const IpAddress host = AddressAt("2001:db8:a000::1");
  WorldZone zone = {
      .apex = NodeAt(kSite), .denies_empty = true, .hosts = {host}};
  zone.is_lost = [&host](const WalkWork& work, uint64_t) {
    return !work.late && IsOf(work, host);
  };
  Walked walked({Parent(), zone}, {kSite});
  walked.Run().ExpectHosts({host});
  EXPECT_THAT(walked.world.FindingTexts(),
              ElementsAre("2001:db8:a000::/48 ent_broken"));
}

TEST(WalkLateTest, AZoneWhoseCanaryStaysSilentIsUnknownNotEmpty) {
  const IpAddress host = AddressAt("2001:db8:a000::1");
  WorldZone zone = {.apex = NodeAt(kSite), .denies_empty = true};
  zone.is_lost = [&host](const WalkWork& work, uint64_t) {
    return IsOf(work, host);
  };
  Walked walked({Parent(), zone}, {kSite});
  walked.Run().ExpectHosts({});
  EXPECT_THAT(walked.world.FindingTexts(),
              ElementsAre("2001:db8:a000::/48 unknown"));
  EXPECT_EQ(walked.walk->summary().unknown, 1u);
}

TEST(WalkLateTest, ALostKnownAddressShowsLateThatEmptyNamesAreDenied) {
  const IpAddress host = AddressAt("2001:db8:a000:77:1234::9");
  WorldZone zone = {
      .apex = NodeAt(kSite), .denies_empty = true, .hosts = {host}};
  bool is_silent = false;
  zone.is_lost = [&](const WalkWork& work, uint64_t) {
    return (!work.late || is_silent) && IsOf(work, host);
  };
  Walked walked({Parent(), zone}, {kSite}, {}, {host});
  walked.Run().ExpectHosts({host});
  EXPECT_THAT(walked.world.FindingTexts(),
              ElementsAre("2001:db8:a000::/48 ent_broken"));
  is_silent = true;
  Walked silent({Parent(), zone}, {kSite}, {}, {host});
  silent.Run().ExpectHosts({});
  EXPECT_THAT(silent.world.FindingTexts(),
              testing::Contains("2001:db8:a000:77:1234::9/128 unknown"));
}

// Two known addresses: one tells in the first pass that the zone is broken, the
// other has no answer until the late one.
TEST(WalkLateTest, AZoneIsToldToBeBrokenOnce) {
  const IpAddress a = AddressAt("2001:db8:a000:77:1234::9");
  const IpAddress b = AddressAt("2001:db8:a000:8888:1234::9");
  WorldZone zone = {
      .apex = NodeAt(kSite), .denies_empty = true, .hosts = {a, b}};
  Walked whole({Parent(), zone}, {kSite}, {}, {a, b});
  whole.Run();
  zone.is_lost = [&b](const WalkWork& work, uint64_t) {
    return !work.late && IsOf(work, b);
  };
  Walked walked({Parent(), zone}, {kSite}, {}, {a, b});
  walked.Run().ExpectHosts({a, b});
  EXPECT_THAT(walked.world.FindingTexts(),
              ElementsAre("2001:db8:a000::/48 ent_broken"));
  // Nor is its dictionary asked twice.
  EXPECT_LE(walked.world.asked(), whole.world.asked() + 10);
}

// What is beside the one that was heard first is looked for when the other one
// has been asked again.
TEST(WalkLateTest, TheDictionaryKnowsTheHitsOfTheFirstPass) {
  const IpAddress heard = AddressAt("2001:db8:a000:4321::1234");
  const IpAddress beside = AddressAt("2001:db8:a000:4321::12ff");
  const IpAddress neighbour = AddressAt("2001:db8:a000:4329::443");
  const IpAddress lost = AddressAt("2001:db8:a000:8888:1234::9");
  WorldZone zone = {.apex = NodeAt(kSite),
                    .denies_empty = true,
                    .hosts = {heard, beside, neighbour, lost}};
  zone.is_lost = [&lost](const WalkWork& work, uint64_t) {
    return !work.late && IsOf(work, lost);
  };
  Walked walked({Parent(), zone}, {kSite}, {}, {heard, lost});
  walked.Run().ExpectHosts(zone.hosts);
}

// A wildcard of the late pass names the known address: it is not asked as one
// that the tree does not have.
TEST(WalkLateTest, AKnownAddressBelowALateWildcardIsNotAsked) {
  const IpAddress known = AddressAt("2001:db8:a000:4321::9");
  const NibbleNode wild = NodeAt("2001:db8:a000:4000::/52");
  WorldZone zone = {.apex = NodeAt(kSite), .wildcards = {wild}};
  int asked = 0;
  zone.is_lost = [&](const WalkWork& work, uint64_t) {
    const auto node = ReverseTree().NodeOf(work.name);
    if (IsOf(work, known)) ++asked;
    return !work.late && node && node->IsAtOrBelow(wild);
  };
  Walked walked({Parent(), zone}, {kSite}, {}, {known});
  walked.Run().ExpectHosts({});
  EXPECT_EQ(asked, 0);
}

// The late part has spent the zone's budget, so nothing more is asked of it.
TEST(WalkLateTest, AZoneWhoseLatePartSpentItsBudgetIsAskedNoKnownAddress) {
  const IpAddress known = AddressAt("2001:db8:a000:ffff::9");
  WorldZone zone = {.apex = NodeAt(kSite), .hosts = HostsOf(kSite, 40)};
  int asked = 0;
  zone.is_lost = [&](const WalkWork& work, uint64_t before) {
    if (IsOf(work, known)) ++asked;
    return !work.late && before > 4;
  };
  Walked walked({Parent(), zone}, {kSite}, {.zone_budget = 200}, {known});
  walked.Run();
  EXPECT_EQ(asked, 0);
  EXPECT_LE(walked.world.asked_of(kSite), 200u);
  EXPECT_THAT(walked.world.FindingTexts(),
              testing::Contains(testing::EndsWith(" budget")).Times(1));
}

// One that was answered, though it has no name, is not asked again with those
// that were not.
TEST(WalkLateTest, AKnownAddressIsAskedUntilItIsAnswered) {
  const IpAddress gone = AddressAt("2001:db8:a000:1::1");
  const IpAddress lost = AddressAt("2001:db8:a000:2::1");
  WorldZone zone = {.apex = NodeAt(kSite),
                    .hosts = {AddressAt("2001:db8:a000:3::1")}};
  int asked_gone = 0;
  int asked_lost = 0;
  zone.is_lost = [&](const WalkWork& work, uint64_t) {
    if (IsOf(work, gone)) ++asked_gone;
    if (IsOf(work, lost)) ++asked_lost;
    return !work.late && IsOf(work, lost);
  };
  Walked walked({Parent(), zone}, {kSite}, {}, {gone, lost});
  walked.Run().ExpectHosts(zone.hosts);
  EXPECT_EQ(asked_gone, 1);
  EXPECT_EQ(asked_lost, 2);
}

// A host of the late pass is not found again by the dictionary, which a known
// address opens: its zone denies some names only.
TEST(WalkLateTest, TheDictionaryKnowsTheHostsOfTheLatePass) {
  const IpAddress denied = AddressAt("2001:db8:a000:1::9");
  const IpAddress late = AddressAt("2001:db8:a000:2::1");
  WorldZone zone = {
      .apex = NodeAt(kSite), .denies_empty = true, .hosts = {denied, late}};
  for (NibbleNode at = NibbleNode::OfAddress(late).Above();
       at.depth > zone.apex.depth; at = at.Above()) {
    zone.undenied.push_back(at);
  }
  zone.is_lost = [&late](const WalkWork& work, uint64_t) {
    return !work.late && IsOf(work, late);
  };
  Walked walked({Parent(), zone}, {kSite}, {}, {denied});
  walked.Run().ExpectHosts({denied, late});
  EXPECT_THAT(walked.world.FindingTexts(),
              ElementsAre("2001:db8:a000::/48 ent_broken"));
}

// Its empty name never had an answer, so nobody denied it.
TEST(WalkLateTest, AHostBelowANameWithoutAnswerIsNoEvidence) {
  const IpAddress a = AddressAt("2001:db8:a000:77:1234::9");
  const IpAddress b = AddressAt("2001:db8:a000:8888:1234::9");
  const NibbleNode silent = NodeAt("2001:db8:a000:8000::/52");
  WorldZone zone = {.apex = NodeAt(kSite), .hosts = {a, b}};
  zone.is_lost = [&silent](const WalkWork& work, uint64_t) {
    const auto node = ReverseTree().NodeOf(work.name);
    return work.kind == WalkWork::Kind::kQuestion && node && *node == silent;
  };
  Walked walked({Parent(), zone}, {kSite}, {}, {b});
  walked.Run().ExpectHosts({a, b});
  EXPECT_THAT(walked.world.FindingTexts(),
              ElementsAre("2001:db8:a000:8000::/52 unknown"));
}

TEST(WalkLateTest, ALostChildOfAMadeUpNodeDoesNotLeadIntoIt) {
  const NibbleNode made_up = NodeAt("2001:db8:a000:5000::/52");
  for (const unsigned lost : {0x0001u, 0x8001u, 0x0fffu, 0xffffu}) {
    SCOPED_TRACE(lost);
    WorldZone zone = {.apex = NodeAt(kSite), .synthesized = {made_up}};
    zone.is_lost = [&made_up, lost](const WalkWork& work, uint64_t) {
      const auto node = ReverseTree().NodeOf(work.name);
      return !work.late && node && node->depth == made_up.depth + 1 &&
             node->Above() == made_up &&
             (lost >> node->NibbleAt(made_up.depth) & 1) != 0;
    };
    Walked walked({Parent(), zone}, {kSite});
    walked.Run().ExpectHosts({});
    EXPECT_THAT(walked.world.FindingTexts(),
                ElementsAre("2001:db8:a000:5000::/52 synthesized"));
    EXPECT_LE(walked.world.asked(), 150u);
  }
}

TEST(WalkLateTest, AWildcardWhoseChildrenAllWereLostIsToldOfOnce) {
  WorldZone zone = {.apex = NodeAt(kSite), .wildcards = {NodeAt(kSite)}};
  zone.is_lost = [](const WalkWork& work, uint64_t before) {
    return !work.late && before > 3;
  };
  Walked walked({Parent(), zone}, {kSite});
  walked.Run().ExpectHosts({});
  EXPECT_THAT(walked.world.FindingTexts(),
              ElementsAre("2001:db8:a000::/48 wildcard"));
}

// Half of the prefix, an eighth of the shards: nobody asks what is another's.
TEST(WalkLateTest, SuspectsBelongToOneShard) {
  const NibbleNode start = NodeAt("2001:db8:a000::/44");
  std::set<IpAddress> hosts;
  std::vector<IpAddress> known;
  for (int i = 0; i < 16; i += 2) {
    const NibbleNode site = start.Child(i);
    hosts.insert(IpAddress::V6(site.first.value() + 1));
    known.push_back(IpAddress::V6(site.first.value() + 1));
  }
  for (const auto chain : {std::optional<SignedZone::Chain>(),
                           std::optional(SignedZone::Chain::kNsec)}) {
    std::multiset<IpAddress> found;
    for (uint32_t shard = 0; shard < 4; ++shard) {
      for (const bool has_known : {true, false}) {
        Walked walked(
            {Parent(), {.apex = start, .chain = chain, .hosts = hosts}},
            {"2001:db8:a000::/44"}, {.shard = shard, .shards = 4},
            has_known ? known : std::vector<IpAddress>());
        walked.Run();
        if (has_known) {
          found.insert(walked.world.hosts().begin(),
                       walked.world.hosts().end());
        }
        for (const std::string& text : walked.world.FindingTexts()) {
          EXPECT_FALSE(text.ends_with("ent_broken")) << text;
        }
      }
    }
    EXPECT_EQ(found, (std::multiset<IpAddress>(hosts.begin(), hosts.end())));
  }
}

// Wherever the walk is when the run's budget is spent: zones that an open node
// still shows are not entered, and what is put off is not asked again.
TEST(WalkLateTest, OnceTheBudgetIsSpentOnlyWhatIsUnderWayIsAnswered) {
  constexpr uint64_t kOpen = 64;  // in Walked::Run()
  int ended = 0;
  for (uint64_t spent_at = 1; spent_at < 500; spent_at += 3) {
    SCOPED_TRACE(spent_at);
    std::optional<Walk>* walk = nullptr;
    uint64_t asked = 0;
    const auto count = [&](const WalkWork&, uint64_t) {
      if (++asked == spent_at) (*walk)->EndForBudget();
      return asked % 7 == 0;
    };
    WorldZone parent = Parent();
    parent.hosts = HostsOf("2001:db8:c000::/48", 5);
    parent.is_lost = count;
    std::vector<WorldZone> zones = {parent};
    for (const char* const site : {"2001:db8:1::/48", "2001:db8:2::/48"}) {
      zones.push_back(
          {.apex = NodeAt(site), .hosts = HostsOf(site, 20), .is_lost = count});
    }
    Walked walked(std::move(zones), {"2001:db8::/32"});
    walk = &walked.walk;
    walked.Run();
    if (asked < spent_at) continue;  // done before
    ++ended;
    EXPECT_LE(asked, spent_at + kOpen);
    const auto texts = walked.world.FindingTexts();
    EXPECT_TRUE(std::any_of(texts.begin(), texts.end(), [](const auto& text) {
      return text.ends_with(" budget");
    }));
  }
  EXPECT_GT(ended, 100);
}

}  // namespace
}  // namespace scanner
