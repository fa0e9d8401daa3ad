#include "scanner/overview/zone_facts.h"

#include <gmock/gmock.h>

#include <string>

namespace scanner {
namespace {

using dnswire::IpAddress;
using dnswire::IpPrefix;
using testing::ElementsAre;

ZoneFacts Facts(const std::string& prefix, const std::string& zone,
                ZoneVerdict verdict) {
  ZoneFacts facts;
  facts.prefix = *IpPrefix::Parse(prefix);
  facts.zone = zone;
  facts.verdict = verdict;
  return facts;
}

const ZoneFactsTable& Table() {
  static const ZoneFactsTable table(
      {Facts("192.0.0.0/16", "0.192.in-addr.arpa", ZoneVerdict::kHealthy),
       Facts("192.0.2.0/24", "2.0.192.in-addr.arpa", ZoneVerdict::kLame),
       Facts("198.51.100.0/24", "in-addr.arpa", ZoneVerdict::kUndelegated),
       Facts("2001:db8::/32", "8.b.d.0.1.0.0.2.ip6.arpa",
             ZoneVerdict::kNoServers)});
  return table;
}

std::string Found(const std::string& zone, const std::string& ip) {
  const ZoneFacts* facts = Table().Find(zone, *IpAddress::Parse(ip));
  return facts == nullptr ? "" : facts->prefix.ToString();
}

TEST(ZoneFactsTest, JoinsByZoneElseByTheLongestPrefix) {
  EXPECT_EQ(Found("0.192.in-addr.arpa", "192.0.2.1"), "192.0.0.0/16");
  EXPECT_EQ(Found("", "192.0.2.1"), "192.0.2.0/24");
  EXPECT_EQ(Found("other.example", "192.0.3.1"), "192.0.0.0/16");
  EXPECT_EQ(Found("", "203.0.113.1"), "");
  EXPECT_EQ(Found("", "2001:db8::1"), "2001:db8::/32");
  // The zone that denies a block is not that block's.
  EXPECT_EQ(Found("in-addr.arpa", "203.0.113.1"), "");
  EXPECT_EQ(Found("in-addr.arpa", "198.51.100.1"), "198.51.100.0/24");
}

TEST(ZoneFactsTest, ACauseStandsBesideFailedLookupsOfABrokenZone) {
  using enum io::Status;
  const auto beside = [](io::Status status, ZoneVerdict verdict) {
    const ZoneFacts facts = Facts("192.0.2.0/24", "", verdict);
    return CauseBeside(status, &facts);
  };
  for (const io::Status status : {kReverseTimeout, kReverseError}) {
    EXPECT_EQ(beside(status, ZoneVerdict::kLame), io::Cause::kLame);
    EXPECT_EQ(beside(status, ZoneVerdict::kUnreachable),
              io::Cause::kAllNsUnreachable);
    EXPECT_EQ(beside(status, ZoneVerdict::kNoServers),
              io::Cause::kNsUnresolvable);
    EXPECT_EQ(beside(status, ZoneVerdict::kDegraded), io::Cause::kNone);
  }
  EXPECT_EQ(beside(kNoPtr, ZoneVerdict::kLame), io::Cause::kNone);
  EXPECT_EQ(CauseBeside(kReverseError, nullptr), io::Cause::kNone);
}

TEST(ZoneFactsTest, FlagsOfZonesAreTold) {
  ZoneFlagSet flags;
  for (const ZoneFlag flag : {ZoneFlag::kWildcard, ZoneFlag::kSynthesized,
                              ZoneFlag::kSingleNs, ZoneFlag::kNoTcp}) {
    flags.Add(flag);
  }
  EXPECT_THAT(
      ReportFlagNames(flags),
      ElementsAre("zone_no_tcp", "zone_single_ns", "synthesized", "wildcard"));
}

}  // namespace
}  // namespace scanner
