// The tables of VERDICTS.md section 6, line by line.
#include "scanner/audit/zone_verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "tests/scanner/audit/audit_builder.h"

namespace scanner {
namespace {

using io::Cause;
using testing::ElementsAre;
using testing::HasSubstr;
using enum ServerResult;

struct ResultCase {
  const char* label;
  std::vector<ServerEvidence> servers;
  const char* verdict;
};

// A referral is kept up to 13 names.
TEST(ZoneVerdictTest, ALongNsSetIsComparedAsFarAsItIsKept) {
  ZoneEvidence zone = ZoneWith({ServerOf(1, kOk)});
  zone.parent_ns.clear();
  zone.apex_ns.clear();
  for (char letter = 'a'; letter < 'a' + 14; ++letter) {
    zone.apex_ns.push_back(std::string(1, letter) + ".example.net");
  }
  zone.parent_ns.assign(zone.apex_ns.begin(), zone.apex_ns.begin() + 13);
  EXPECT_FALSE(JudgeZone(zone).flags.Has(ZoneFlag::kNsMismatch));
  zone.parent_ns[12] = "other.example.net";
  EXPECT_TRUE(JudgeZone(zone).flags.Has(ZoneFlag::kNsMismatch));
  zone.parent_ns.assign(zone.apex_ns.begin(), zone.apex_ns.begin() + 12);
  EXPECT_TRUE(JudgeZone(zone).flags.Has(ZoneFlag::kNsMismatch));
}

std::vector<ResultCase> ResultCases() {
  return {
      {"no NS name has an address",
       {ServerOf(1, kUnresolvable), ServerOf(2, kUnresolvable)},
       "no_servers"},
      {"no NS name at all", {}, "no_servers"},
      {"all silent",
       {ServerOf(1, kTimeout), ServerOf(2, kTimeout)},
       "unreachable"},
      {"silent or no route",
       {ServerOf(1, kTimeout), ServerOf(2, kError, Cause::kUnreachable)},
       "unreachable"},
      {"silent or without address",
       {ServerOf(1, kTimeout), ServerOf(2, kUnresolvable)},
       "unreachable"},
      {"silent or not asked",
       {ServerOf(1, kTimeout), ServerOf(2, kSpecialUse)},
       "unreachable"},
      {"one refuses, one is silent",
       {ServerOf(1, kError, Cause::kRefused), ServerOf(2, kTimeout)},
       "lame"},
      {"not_auth", {ServerOf(1, kNotAuth)}, "lame"},
      {"no_soa", {ServerOf(1, kNoSoa)}, "lame"},
      {"nxdomain", {ServerOf(1, kNxdomain)}, "lame"},
      {"servfail", {ServerOf(1, kError, Cause::kServfail)}, "lame"},
      {"lame and without address",
       {ServerOf(1, kNotAuth), ServerOf(2, kUnresolvable)},
       "lame"},
      {"one of two ok", {ServerOf(1, kOk), ServerOf(2, kNotAuth)}, "degraded"},
      {"one ok, one silent",
       {ServerOf(1, kOk), ServerOf(2, kTimeout)},
       "degraded"},
      {"one ok, one without address",
       {ServerOf(1, kOk), ServerOf(2, kUnresolvable)},
       "degraded"},
      {"one ok, one that nobody could tell the address of",
       {ServerOf(1, kOk), ServerOf(2, kLookupFailed)},
       "degraded"},
      {"no address could be told",
       {ServerOf(1, kLookupFailed), ServerOf(2, kLookupFailed)},
       "unknown"},
      {"one has none, the other's could not be told",
       {ServerOf(1, kUnresolvable), ServerOf(2, kLookupFailed)},
       "unknown"},
      {"silent, the other's address could not be told",
       {ServerOf(1, kTimeout), ServerOf(2, kLookupFailed)},
       "unreachable"},
      {"one ok, one not asked",
       {ServerOf(1, kOk), ServerOf(2, kSpecialUse)},
       "healthy"},
      {"both ok", {ServerOf(1, kOk), ServerOf(2, kOk)}, "healthy"},
      {"none asked",
       {ServerOf(1, kSpecialUse), ServerOf(2, kSpecialUse)},
       "unknown"},
      {"none asked, one without address",
       {ServerOf(1, kSpecialUse), ServerOf(2, kUnresolvable)},
       "unknown"},
  };
}

TEST(ZoneVerdictTest, OfTheResultsOfItsServers) {
  for (const ResultCase& c : ResultCases()) {
    EXPECT_EQ(ZoneVerdictName(JudgeZone(ZoneWith(c.servers)).verdict),
              c.verdict)
        << c.label;
  }
}

TEST(ZoneVerdictTest, WhatCouldNotBeAskedIsUnknownWithItsCause) {
  ZoneEvidence failed = {.kind = ZoneEvidence::Kind::kFailed,
                         .cause = Cause::kServfail};
  EXPECT_EQ(JudgeZone(failed).verdict, ZoneVerdict::kUnknown);
  EXPECT_EQ(JudgeZone(failed).cause, Cause::kServfail);
  const ZoneEvidence special = ZoneWith({ServerOf(1, kSpecialUse)});
  EXPECT_EQ(JudgeZone(special).cause, Cause::kSpecialUse);
  ZoneEvidence unroutable = ZoneWith({});
  unroutable.unroutable = true;
  EXPECT_EQ(JudgeZone(unroutable).verdict, ZoneVerdict::kUnknown);
  EXPECT_EQ(JudgeZone(unroutable).cause, Cause::kUnreachable);
  unroutable.servers = {ServerOf(1, kOk)};  // one over the other family
  EXPECT_EQ(JudgeZone(unroutable).verdict, ZoneVerdict::kHealthy);
}

TEST(ZoneVerdictTest, BlocksThatARegistryKeptAreUndelegated) {
  ZoneEvidence absent = {
      .kind = ZoneEvidence::Kind::kAbsent,
      .zone = "203.in-addr.arpa",
      .soa = SoaOf("203.in-addr.arpa", "ns1.apnic.net", "dns.apnic.net")};
  EXPECT_EQ(JudgeZone(absent).verdict, ZoneVerdict::kUndelegated);
  EXPECT_EQ(SeverityOf(JudgeZone(absent)), Severity::kCrit);
}

TEST(ZoneVerdictTest, ALocalZoneSaysNothingOfItsServers) {
  ZoneEvidence local = ZoneWith({ServerOf(1, kNotAuth)});
  local.soa = SoaOf(local.zone, "localhost", "nobody.invalid");
  EXPECT_EQ(JudgeZone(local).verdict, ZoneVerdict::kLocal);
  local.kind = ZoneEvidence::Kind::kAbsent;
  EXPECT_EQ(JudgeZone(local).verdict, ZoneVerdict::kLocal);
}

struct FlagCase {
  const char* flag;
  Severity severity;
  std::function<void(ZoneEvidence*)> set;
};

TEST(ZoneFlagTest, EachIsSetByWhatItIsNamedFor) {
  constexpr Severity kInfo = Severity::kInfo;
  constexpr Severity kWarn = Severity::kWarn;
  const FlagCase cases[] = {
      {"single_ns", kWarn,
       [](ZoneEvidence* zone) {
         zone->parent_ns = zone->apex_ns = {"ns1.example.net"};
       }},
      {"ns_mismatch", kWarn,
       [](ZoneEvidence* zone) { zone->apex_ns[1] = "ns9.example.net"; }},
      {"ent_broken", kWarn,
       [](ZoneEvidence* zone) { zone->denies_empty = true; }},
      {"odd_soa", kWarn, [](ZoneEvidence* zone) { zone->odd_soa = true; }},
      {"odd_soa", kWarn,
       [](ZoneEvidence* zone) { zone->servers[1].odd_soa = true; }},
      {"ns_cname", kInfo,
       [](ZoneEvidence* zone) { zone->servers[1].cname = true; }},
      {"ns_special_use", kInfo,
       [](ZoneEvidence* zone) { zone->servers[1].special_use = true; }},
      {"serial_mismatch", kInfo,
       [](ZoneEvidence* zone) { zone->servers[1].serial = 2; }},
      {"no_tcp", kInfo,
       [](ZoneEvidence* zone) { zone->servers[1].no_tcp = true; }},
      {"no_edns", kInfo,
       [](ZoneEvidence* zone) { zone->servers[1].no_edns = true; }},
      {"recursive_ns", kInfo,
       [](ZoneEvidence* zone) { zone->servers[1].recursive = true; }},
      {"wildcard", kInfo, [](ZoneEvidence* zone) { zone->wildcard = true; }},
      {"synthesized", kInfo,
       [](ZoneEvidence* zone) { zone->synthesized = true; }},
      {"served_by_you", kInfo,
       [](ZoneEvidence* zone) { zone->served_by_you = true; }},
  };
  for (const FlagCase& c : cases) {
    ZoneEvidence zone = ZoneWith({ServerOf(1, kOk), ServerOf(2, kOk)});
    ASSERT_THAT(NamesOf(JudgeZone(zone).flags), ElementsAre());
    c.set(&zone);
    EXPECT_THAT(NamesOf(JudgeZone(zone).flags), ElementsAre(c.flag));
    EXPECT_EQ(SeverityOf(JudgeZone(zone)), c.severity) << c.flag;
    EXPECT_EQ(SeverityOf(*ParseZoneFlag(c.flag)), c.severity) << c.flag;
  }
}

TEST(ZoneFlagTest, NsSetsAreComparedWhereBothAreKnown) {
  ZoneEvidence zone = ZoneWith({ServerOf(1, kOk), ServerOf(2, kOk)});
  zone.apex_ns.clear();
  EXPECT_THAT(NamesOf(JudgeZone(zone).flags), ElementsAre());
  zone.parent_ns.clear();
  zone.apex_ns = {"ns1.example.net"};
  EXPECT_THAT(NamesOf(JudgeZone(zone).flags), ElementsAre("single_ns"));
}

TEST(ZoneFlagTest, ANameWithoutAddressIsAFlagAndAWarning) {
  const ZoneJudgement judgement =
      JudgeZone(ZoneWith({ServerOf(1, kOk), ServerOf(2, kUnresolvable)}));
  EXPECT_THAT(NamesOf(judgement.flags), ElementsAre("ns_unresolvable"));
  EXPECT_EQ(SeverityOf(ZoneFlag::kNsUnresolvable), Severity::kWarn);
}

TEST(ZoneVerdictTest, SeverityOfEach) {
  const struct {
    ZoneVerdict verdict;
    Severity severity;
  } cases[] = {
      {ZoneVerdict::kUnknown, Severity::kWarn},
      {ZoneVerdict::kLocal, Severity::kInfo},
      {ZoneVerdict::kUndelegated, Severity::kCrit},
      {ZoneVerdict::kNoServers, Severity::kCrit},
      {ZoneVerdict::kUnreachable, Severity::kCrit},
      {ZoneVerdict::kLame, Severity::kCrit},
      {ZoneVerdict::kDegraded, Severity::kWarn},
      {ZoneVerdict::kHealthy, Severity::kOk},
  };
  EXPECT_EQ(std::size(cases), kZoneVerdictCount);
  for (const auto& c : cases) {
    EXPECT_EQ(SeverityOf(c.verdict), c.severity) << ZoneVerdictName(c.verdict);
    EXPECT_EQ(ParseZoneVerdict(ZoneVerdictName(c.verdict)), c.verdict);
  }
}

TEST(ZoneFailConditionTest, WordsAreVerdictsFlagsAndSeverities) {
  const ZoneJudgement lame = JudgeZone(ZoneWith({ServerOf(1, kNotAuth)}));
  const ZoneJudgement degraded =
      JudgeZone(ZoneWith({ServerOf(1, kOk), ServerOf(2, kTimeout)}));
  const ZoneJudgement healthy =
      JudgeZone(ZoneWith({ServerOf(1, kOk), ServerOf(2, kOk)}));
  const struct {
    const char* list;
    bool lame, degraded, healthy;
  } cases[] = {
      {"lame", true, false, false},         {"single_ns", true, false, false},
      {"crit", true, false, false},         {"warn", true, true, false},
      {"crit,warn", true, true, false},     {"healthy", false, false, true},
      {"degraded,lame", true, true, false},
  };
  for (const auto& c : cases) {
    const auto condition = ZoneFailCondition::Parse(c.list);
    ASSERT_TRUE(condition.ok()) << c.list;
    EXPECT_EQ(condition->Fails(lame), c.lame) << c.list;
    EXPECT_EQ(condition->Fails(degraded), c.degraded) << c.list;
    EXPECT_EQ(condition->Fails(healthy), c.healthy) << c.list;
  }
  EXPECT_FALSE(ZoneFailCondition().Fails(lame));
  EXPECT_THAT(ZoneFailCondition::Parse("lane").status().message(),
              HasSubstr("did you mean \"lame\"?"));
}

}  // namespace
}  // namespace scanner
