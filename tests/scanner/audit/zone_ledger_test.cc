// From what was found out of zones to rows.
#include "scanner/audit/zone_ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "io/files/target_reader.h"
#include "tests/scanner/audit/audit_builder.h"

namespace scanner {
namespace {

using testing::ElementsAre;

dnswire::IpRange R(absl::string_view target) {
  return *io::ParseTarget(target);
}

class ZoneLedgerTest : public testing::Test {
 protected:
  // A zone whose servers were asked.
  ZoneRecord& Add(absl::string_view apex,
                  const std::vector<ServerEvidence>& servers) {
    const RecordIndex index = ledger_.Get(N(apex));
    ZoneRecord& record = ledger_[index];
    const ZoneEvidence evidence = ZoneWith(servers);
    record.evidence.servers = evidence.servers;
    record.evidence.parent_ns = evidence.parent_ns;
    record.asked = true;
    return record;
  }

  // "VERDICT PREFIX ZONE BLOCKS" of each row.
  std::vector<std::string> Rows() const {
    std::vector<std::string> texts;
    for (const ZoneRow& row : ledger_.Rows()) {
      texts.push_back(absl::StrCat(ZoneVerdictName(row.judgement.verdict), " ",
                                   row.prefix.ToString(), " ",
                                   row.evidence.zone, " ", row.blocks));
    }
    return texts;
  }

  const BlockTree tree_{TargetSet(
      {R("10.1.0.0/16"), R("203.0.112.0/23"), R("2001:db8::/32")}, {})};
  ZoneLedger ledger_{&tree_, {N("mine.example")}};
};

TEST_F(ZoneLedgerTest, AZoneHasARowForItsBlocksOrItsApexInTheTargets) {
  Add("10.in-addr.arpa", {ServerOf(1, ServerResult::kOk)});
  Add("1.10.in-addr.arpa", {ServerOf(1, ServerResult::kOk)});
  EXPECT_THAT(Rows(), ElementsAre("healthy 10.1.0.0/16 1.10.in-addr.arpa 0"));
  ledger_[0].denied = {R("10.1.0.0/24"), R("10.1.7.0/24")};
  EXPECT_THAT(Rows(), ElementsAre("healthy 10.0.0.0/8 10.in-addr.arpa 2",
                                  "healthy 10.1.0.0/16 1.10.in-addr.arpa 0"));
}

TEST_F(ZoneLedgerTest, BlocksOfARegistrysZoneAreUndelegated) {
  const RecordIndex index = ledger_.Get(N("203.in-addr.arpa"));
  ledger_[index].evidence.soa =
      SoaOf("203.in-addr.arpa", "ns1.apnic.net", "dns.apnic.net");
  ledger_[index].denied = {R("203.0.112.0/24"), R("203.0.113.0/24")};
  EXPECT_FALSE(ledger_.IsToBeAsked(index));
  EXPECT_THAT(Rows(),
              ElementsAre("undelegated 203.0.112.0/23 203.in-addr.arpa 2"));
  EXPECT_EQ(ledger_.Rows()[0].provider.name, "APNIC");
}

TEST_F(ZoneLedgerTest, AnIpv6NameInARegistrysZoneMayBeDelegatedDeeper) {
  const RecordIndex index = ledger_.Get(N("ip6.arpa"));
  ledger_[index].existing = {R("2001:db8::/32")};
  EXPECT_THAT(Rows(), ElementsAre("unknown 2001:db8::/32  1"));
  EXPECT_EQ(ledger_.Rows()[0].judgement.cause, io::Cause::kNodata);
  EXPECT_EQ(ledger_.Rows()[0].evidence.parent, "ip6.arpa");
}

TEST_F(ZoneLedgerTest, ServersAreAskedOfZonesThatMatter) {
  EXPECT_TRUE(ledger_.IsToBeAsked(ledger_.Get(N("1.10.in-addr.arpa"))));
  const RecordIndex above = ledger_.Get(N("10.in-addr.arpa"));
  EXPECT_FALSE(ledger_.IsToBeAsked(above));
  ledger_[above].denied = {R("10.1.0.0/24")};
  EXPECT_TRUE(ledger_.IsToBeAsked(above));
  ledger_[above].asked = true;
  EXPECT_FALSE(ledger_.IsToBeAsked(above));
}

TEST_F(ZoneLedgerTest, WhatFailsBelowADeadZoneIsItsDoing) {
  ZoneRecord& zone =
      Add("1.10.in-addr.arpa", {ServerOf(1, ServerResult::kTimeout)});
  zone.failed[io::Cause::kTimeout] = {R("10.1.0.0/24"), R("10.1.1.0/24")};
  EXPECT_THAT(Rows(),
              ElementsAre("unreachable 10.1.0.0/16 1.10.in-addr.arpa 2"));
  zone.evidence.servers[0] = ServerOf(1, ServerResult::kOk);
  EXPECT_THAT(Rows(), ElementsAre("healthy 10.1.0.0/16 1.10.in-addr.arpa 0",
                                  "unknown 10.1.0.0/23  2"));
}

TEST_F(ZoneLedgerTest, TheDeepestZoneAboveIsTheParent) {
  const RecordIndex zone = ledger_.Get(N("1.10.in-addr.arpa"));
  for (const char* above : {"in-addr.arpa", "10.in-addr.arpa", "arpa",
                            "1.10.in-addr.arpa", "2.10.in-addr.arpa"}) {
    ledger_.AddAncestor(zone, N(above));
  }
  EXPECT_EQ(ledger_[zone].evidence.parent, "10.in-addr.arpa");
}

TEST_F(ZoneLedgerTest, ServersOfYourOwnAreYours) {
  ZoneRecord& zone = Add("1.10.in-addr.arpa", {ServerOf(1, ServerResult::kOk)});
  zone.evidence.parent_ns = {"ns.mine.example"};
  const ZoneRow row = ledger_.Rows()[0];
  EXPECT_TRUE(row.judgement.flags.Has(ZoneFlag::kServedByYou));
  EXPECT_EQ(row.provider.name, "you");
}

}  // namespace
}  // namespace scanner
