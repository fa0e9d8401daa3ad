// Prefixes that are excluded while the walk goes on.
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
using dnswire::IpPrefix;
using Chain = SignedZone::Chain;

TargetSet SetOf(absl::string_view prefix) {
  const auto parsed = IpPrefix::Parse(prefix);
  return TargetSet({{parsed->first(), parsed->last()}}, {});
}

NibbleNode NodeOf(const WalkWork& work) {
  if (work.kind == WalkWork::Kind::kHost) {
    return NibbleNode::OfAddress(work.address);
  }
  return ReverseTree().NodeOf(work.name).value_or(NibbleNode());
}

// What comes of a walk during which `prefix` is excluded, after `at` questions.
// nullopt: it was done before.
std::optional<std::multiset<IpAddress>> WalkExcluding(
    absl::string_view prefix, uint64_t at, std::vector<WorldZone> zones) {
  constexpr uint64_t kOpen = 64;  // in Walked::Run()
  const NibbleNode excluded = NodeAt(std::string(prefix));
  std::optional<Walk>* walk = nullptr;
  uint64_t asked = 0;
  uint64_t asked_inside = 0;  // once it was excluded
  const auto count = [&](const WalkWork& work, uint64_t) {
    if (++asked == at) (*walk)->Exclude(SetOf(prefix));
    if (asked > at && NodeOf(work).IsAtOrBelow(excluded)) ++asked_inside;
    return !work.late && asked % 7 == 0;
  };
  for (WorldZone& zone : zones) zone.is_lost = count;
  Walked walked(std::move(zones), {"2001:db8::/32"});
  walk = &walked.walk;
  walked.Run();
  if (asked < at) return std::nullopt;
  EXPECT_LE(asked_inside, kOpen);
  std::set<std::string> told;
  for (const std::string& text : walked.world.FindingTexts()) {
    EXPECT_TRUE(told.insert(text).second) << text;
    EXPECT_FALSE(text.ends_with(" unknown")) << text;
    EXPECT_FALSE(text.ends_with(" empty")) << text;
  }
  return walked.world.hosts();
}

// A zone, a part of one, and one that others are delegated from.
TEST(WalkExcludeTest, NothingOfItIsAskedFromThenOn) {
  const auto left = HostsOf("2001:db8:1::/48", 30, 1);
  const auto right = HostsOf("2001:db8:2::/48", 30, 2);
  for (const auto chain : {std::optional<Chain>(), std::optional(Chain::kNsec),
                           std::optional(Chain::kNsec3)}) {
    const std::vector<WorldZone> zones = {
        Parent(),
        {.apex = NodeAt("2001:db8:1::/48"), .chain = chain, .hosts = left},
        {.apex = NodeAt("2001:db8:2::/48"), .chain = chain, .hosts = right}};
    for (const char* const prefix :
         {"2001:db8:1::/48", "2001:db8:1::/60", "2001:db8:1::/64"}) {
      const NibbleNode excluded = NodeAt(prefix);
      int times = 0;
      for (uint64_t at = 1; at < 2000; at += 41) {
        SCOPED_TRACE(at);
        const auto found = WalkExcluding(prefix, at, zones);
        if (!found) break;
        ++times;
        for (const auto* hosts : {&left, &right}) {
          for (const IpAddress& host : *hosts) {
            const size_t least =
                NibbleNode::OfAddress(host).IsAtOrBelow(excluded) ? 0 : 1;
            EXPECT_GE(found->count(host), least) << host.ToString();
            EXPECT_LE(found->count(host), 1u) << host.ToString();
          }
        }
      }
      EXPECT_GT(times, 3);
    }
  }
}

// The late pass asks many parts of a zone together; one of them is excluded by
// then.
TEST(WalkExcludeTest, APartThatIsExcludedLateTakesNoOtherWithIt) {
  const auto hosts = HostsOf("2001:db8:1::/48", 60, 1);
  std::optional<Walk>* walk = nullptr;
  std::optional<IpAddress> first;  // that is asked; from then on all is lost
  bool is_excluded = false;
  WorldZone zone = {.apex = NodeAt("2001:db8:1::/48"), .hosts = hosts};
  zone.is_lost = [&](const WalkWork& work, uint64_t) {
    if (work.late && !is_excluded) {
      is_excluded = true;
      (*walk)->Exclude(SetOf(first->ToString() + "/128"));
    }
    if (work.kind == WalkWork::Kind::kHost && !first) first = work.address;
    return !work.late && first;
  };
  Walked walked({Parent(), zone}, {"2001:db8:1::/48"});
  walk = &walked.walk;
  walked.Run();
  ASSERT_TRUE(is_excluded);
  for (const IpAddress& host : hosts) {
    EXPECT_GE(walked.world.hosts().count(host), host == *first ? 0u : 1u)
        << host.ToString();
  }
}

// Where an exclusion is from the start nothing is asked at all.
TEST(WalkExcludeTest, AZoneFoundLaterIsNotEntered) {
  const auto hosts = HostsOf("2001:db8:1::/48", 30, 1);
  const std::vector<WorldZone> zones = {
      Parent(), {.apex = NodeAt("2001:db8:1::/48"), .hosts = hosts}};
  const auto found = WalkExcluding("2001:db8:1::/48", 1, zones);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->empty());
}

}  // namespace
}  // namespace scanner
