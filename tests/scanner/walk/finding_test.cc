// Names of findings, which of them leave something out, what to do about each.
#include "scanner/walk/finding.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace scanner {
namespace {

using io::Cause;
using enum FindingKind;

constexpr char kZone[] = "8.b.d.0.1.0.0.2.ip6.arpa";

Finding FindingOf(FindingKind kind) {
  return {.prefix = *dnswire::IpPrefix::Parse("2001:db8::/32"),
          .kind = kind,
          .zone = kZone};
}

TEST(FindingTest, NamesAreReadBack) {
  std::set<std::string> names;
  for (size_t i = 0; i < kFindingKindCount; ++i) {
    const auto kind = static_cast<FindingKind>(i);
    const std::string name(FindingKindName(kind));
    names.insert(name);
    EXPECT_EQ(ParseFindingKind(name), kind) << name;
  }
  EXPECT_EQ(names.size(), kFindingKindCount);
  EXPECT_EQ(ParseFindingKind("lamer"), std::nullopt);
  EXPECT_EQ(ParseFindingKind(""), std::nullopt);
  EXPECT_EQ(FindingKindName(kWildcard), "wildcard");
  EXPECT_EQ(FindingKindName(kNoServers), "no_servers");
  EXPECT_EQ(FindingKindName(kExcluded), "excluded");
}

struct KindCase {
  FindingKind kind;
  bool incomplete;
  const char* fix;
};

constexpr KindCase kCases[] = {
    {kWildcard, false,
     "If addresses without a host should have no name, remove the wildcard "
     "from 8.b.d.0.1.0.0.2.ip6.arpa."},
    {kWildcardDense, true,
     "Use --exhaustive to look at each wildcard of 2001:db8::/32: hosts may "
     "lie below."},
    {kWildcardHole, false,
     "If addresses without a host should have the wildcard's name, add one "
     "below 2001:db8::/32 to 8.b.d.0.1.0.0.2.ip6.arpa: the hosts there have "
     "taken it away (RFC 4592)."},
    {kSynthesized, true,
     "Name the hosts of 2001:db8::/32 that matter to ptrsweep scan: a walk "
     "cannot tell them from names that are made up."},
    {kEntBroken, true,
     "The servers of 8.b.d.0.1.0.0.2.ip6.arpa deny names that have others "
     "below them (RFC 8020): rectify the zone or replace the server; name "
     "hosts with --known FILE."},
    {kRedirect, false, ""},
    {kRedirectLoop, false,
     "Correct the DNAME of 2001:db8::/32 in 8.b.d.0.1.0.0.2.ip6.arpa: it leads "
     "nowhere."},
    {kCut, false, ""},
    {kLame, true,
     "The servers of 8.b.d.0.1.0.0.2.ip6.arpa do not serve "
     "8.b.d.0.1.0.0.2.ip6.arpa: load it there or change the delegation in the "
     "zone above."},
    {kUnreachable, true,
     "The servers of 8.b.d.0.1.0.0.2.ip6.arpa do not answer."},
    {kNoServers, true,
     "Correct the NS names of 8.b.d.0.1.0.0.2.ip6.arpa in the zone above: none "
     "has an address."},
    {kUndelegated, false, "Register name servers for 2001:db8::/32."},
    {kEmpty, false,
     "If 2001:db8::/32 has hosts, add their PTR records to "
     "8.b.d.0.1.0.0.2.ip6.arpa."},
    {kUnknown, true,
     "Run again; then check the servers of 8.b.d.0.1.0.0.2.ip6.arpa."},
    {kBudget, true,
     "Raise --zone-budget or --max-queries to look at the rest of "
     "2001:db8::/32."},
    {kExcluded, true, ""},
};
static_assert(std::size(kCases) == kFindingKindCount);

TEST(FindingTest, SaysOfEachKindWhatToDoAndWhetherNamesMayBeMissing) {
  for (const KindCase& c : kCases) {
    EXPECT_EQ(FixText(FindingOf(c.kind)), c.fix);
    EXPECT_EQ(IsIncomplete(c.kind), c.incomplete) << FindingKindName(c.kind);
  }
}

// A server of two addresses once, one that serves not at all.
TEST(FindingTest, NamesTheServersThatFail) {
  Finding finding = FindingOf(kLame);
  finding.servers = {"ns1.example.net/192.0.2.1=refused"};
  EXPECT_EQ(FixText(finding),
            "ns1.example.net does not serve 8.b.d.0.1.0.0.2.ip6.arpa: load it "
            "there or change the delegation in the zone above.");
  finding.kind = kUnreachable;
  finding.servers = {
      "ns1.example.net/192.0.2.1=timeout",
      "ns1.example.net/2001:db8::1=timeout", "ns2.example.net/192.0.2.2=ok",
      "ns3.example.net=unresolvable", "ns4.example.net/192.0.2.4=timeout"};
  EXPECT_EQ(FixText(finding),
            "ns1.example.net, ns3.example.net and ns4.example.net do not "
            "answer.");
}

TEST(FindingTest, WithoutAZoneSpeaksOfThePrefix) {
  Finding finding = FindingOf(kUnknown);
  finding.zone.clear();
  EXPECT_EQ(FixText(finding),
            "Run again; then check the servers of the zone of 2001:db8::/32.");
  finding.kind = kUnreachable;
  EXPECT_EQ(FixText(finding), "Its servers do not answer.");
}

TEST(FindingTest, SpecialUseServersAreAskedWithAnOption) {
  for (const FindingKind kind : {kUnknown, kUnreachable, kNoServers}) {
    Finding finding = FindingOf(kind);
    finding.cause = Cause::kSpecialUse;
    EXPECT_EQ(FixText(finding),
              "The servers of 8.b.d.0.1.0.0.2.ip6.arpa are in special-use "
              "address space: use --allow-special-servers to ask them.");
  }
}

}  // namespace
}  // namespace scanner
