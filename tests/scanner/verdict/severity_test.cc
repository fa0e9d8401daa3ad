#include "scanner/verdict/severity.h"

#include <initializer_list>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace scanner {
namespace {

using io::Cause;
using io::Flag;
using io::Row;
using io::Status;
using ::testing::HasSubstr;

constexpr Severity kOk = Severity::kOk;
constexpr Severity kInfo = Severity::kInfo;
constexpr Severity kWarn = Severity::kWarn;
constexpr Severity kCrit = Severity::kCrit;

Row RowOf(Status status, std::initializer_list<Flag> flags = {}) {
  Row row;
  row.status = status;
  for (const Flag flag : flags) row.flags.Add(flag);
  return row;
}

// The table of VERDICTS.md 2; hosting with and without a label.
TEST(SeverityTest, OfEachStatusByProfile) {
  const struct {
    Status status;
    Severity mail;
    Severity labelled;
    Severity unlabelled;
    Severity infra;
  } cases[] = {
      {Status::kSkipped, kInfo, kInfo, kInfo, kInfo},
      {Status::kReverseTimeout, kWarn, kWarn, kWarn, kWarn},
      {Status::kReverseError, kWarn, kWarn, kWarn, kWarn},
      {Status::kUndelegated, kCrit, kCrit, kInfo, kWarn},
      {Status::kNoPtr, kCrit, kCrit, kInfo, kWarn},
      {Status::kBadName, kCrit, kCrit, kWarn, kWarn},
      {Status::kUnconfirmed, kInfo, kInfo, kInfo, kInfo},
      {Status::kPass, kOk, kOk, kOk, kOk},
      {Status::kForwardError, kWarn, kWarn, kWarn, kWarn},
      {Status::kMismatch, kCrit, kCrit, kWarn, kWarn},
      {Status::kNoForward, kCrit, kCrit, kWarn, kWarn},
  };
  EXPECT_EQ(std::size(cases), io::kStatusCount);
  for (const auto& c : cases) {
    Row row = RowOf(c.status);
    SCOPED_TRACE(std::string(StatusName(c.status)));
    EXPECT_EQ(RowSeverity(row, Profile::kMail), c.mail);
    EXPECT_EQ(RowSeverity(row, Profile::kHosting), c.unlabelled);
    EXPECT_EQ(RowSeverity(row, Profile::kInfra), c.infra);
    row.label = "customer 7";
    EXPECT_EQ(RowSeverity(row, Profile::kMail), c.mail);
    EXPECT_EQ(RowSeverity(row, Profile::kHosting), c.labelled);
    EXPECT_EQ(RowSeverity(row, Profile::kInfra), c.infra);
  }
}

TEST(SeverityTest, SkippedIsAWarningIfItWasNotMeant) {
  const struct {
    Cause cause;
    Severity severity;
  } cases[] = {{Cause::kSpecialUse, kInfo},
               {Cause::kExcluded, kInfo},
               {Cause::kBudget, kWarn},
               {Cause::kBreaker, kWarn}};
  for (const auto& c : cases) {
    Row row = RowOf(Status::kSkipped);
    row.cause = c.cause;
    for (const Profile profile :
         {Profile::kMail, Profile::kHosting, Profile::kInfra}) {
      EXPECT_EQ(RowSeverity(row, profile), c.severity) << CauseName(c.cause);
    }
  }
}

TEST(SeverityTest, AddressesThatAreNoHostsMayLackAPtr) {
  for (const Status status : {Status::kNoPtr, Status::kUndelegated}) {
    for (const Flag flag : {Flag::kEdgeAddress, Flag::kLocalZone}) {
      EXPECT_EQ(RowSeverity(RowOf(status, {flag}), Profile::kMail), kInfo);
      EXPECT_EQ(RowSeverity(RowOf(status, {flag}), Profile::kInfra), kInfo);
    }
    EXPECT_EQ(RowSeverity(RowOf(status, {Flag::kSpecialUse}), Profile::kMail),
              kCrit);
  }
  EXPECT_EQ(RowSeverity(RowOf(Status::kMismatch, {Flag::kEdgeAddress}),
                        Profile::kMail),
            kCrit);
}

TEST(SeverityTest, NoPtrIsFineWhereNoneIsWanted) {
  for (const Status status : {Status::kNoPtr, Status::kUndelegated}) {
    Row row = RowOf(status);
    row.expected = "-";
    EXPECT_EQ(RowSeverity(row, Profile::kMail), kOk);
    row.label = "customer 7";
    EXPECT_EQ(RowSeverity(row, Profile::kHosting), kOk);
    row.expected = "a.example.com";
    EXPECT_EQ(RowSeverity(row, Profile::kMail), kCrit);
  }
  Row row = RowOf(Status::kReverseError);
  row.expected = "-";
  EXPECT_EQ(RowSeverity(row, Profile::kMail), kWarn);
}

// Section 4, the column sev; on a row whose status is ok. `infra`: warn
// becomes info but for 4.2 and unexpected_name.
TEST(SeverityTest, OfEachFlag) {
  const struct {
    Severity mail;
    Severity infra;
    std::initializer_list<Flag> flags;
  } cases[] = {
      {kWarn,
       kInfo,
       {Flag::kMultiplePtr, Flag::kExcessPtr, Flag::kUnderscore, Flag::kGeneric,
        Flag::kPlaceholderName, Flag::kProviderDefault, Flag::kForwardPartial,
        Flag::kPrivateForward, Flag::kLoopbackForward}},
      {kWarn,
       kWarn,
       {Flag::kRootName, Flag::kLocalhost, Flag::kMissingDot, Flag::kSelfPtr,
        Flag::kArpaName, Flag::kSingleLabel, Flag::kIpLiteral,
        Flag::kNumericName, Flag::kIllegalChars, Flag::kInternalTld}},
      {kCrit, kCrit, {Flag::kUnexpectedName}},
      {kInfo, kInfo, {Flag::kCnameChain,    Flag::kDname,
                      Flag::kClassless,     Flag::kTtlLow,
                      Flag::kTtlHigh,       Flag::kStale,
                      Flag::kSpecialUse,    Flag::kEdgeAddress,
                      Flag::kLocalZone,     Flag::kPruned,
                      Flag::kReused,        Flag::kDynamicName,
                      Flag::kAccessName,    Flag::kStaticName,
                      Flag::kMailName,      Flag::kMacInName,
                      Flag::kApexName,      Flag::kIdn,
                      Flag::kExpectedReady, Flag::kForwardIncomplete,
                      Flag::kCnameTarget,   Flag::kNearMatch,
                      Flag::kForwardMany,   Flag::kMultiDomain}},
  };
  size_t flags = 0;
  for (const auto& c : cases) {
    for (const Flag flag : c.flags) {
      const Row row = RowOf(Status::kPass, {flag});
      EXPECT_EQ(RowSeverity(row, Profile::kMail), c.mail) << FlagName(flag);
      EXPECT_EQ(RowSeverity(row, Profile::kHosting), c.mail) << FlagName(flag);
      EXPECT_EQ(RowSeverity(row, Profile::kInfra), c.infra) << FlagName(flag);
      ++flags;
    }
  }
  EXPECT_EQ(flags, io::kFlagCount);
}

TEST(SeverityTest, GenericMailNameIsInfo) {
  const Row row = RowOf(Status::kPass, {Flag::kGeneric, Flag::kMailName});
  EXPECT_EQ(RowSeverity(row, Profile::kMail), kInfo);
  const Row placeholder = RowOf(
      Status::kPass, {Flag::kGeneric, Flag::kMailName, Flag::kPlaceholderName});
  EXPECT_EQ(RowSeverity(placeholder, Profile::kMail), kWarn);
}

TEST(SeverityTest, UnusableFlagIsAsSevereAsTheBadNameItMakes) {
  Row row = RowOf(Status::kBadName, {Flag::kLocalhost});
  EXPECT_EQ(RowSeverity(row, Profile::kMail), kCrit);
  EXPECT_EQ(RowSeverity(row, Profile::kHosting), kWarn);
  EXPECT_EQ(RowSeverity(row, Profile::kInfra), kWarn);
  row.label = "customer 7";
  EXPECT_EQ(RowSeverity(row, Profile::kHosting), kCrit);
}

TEST(SeverityTest, UnwantedPtrIsAWarningInEveryProfile) {
  Row row = RowOf(Status::kPass, {Flag::kUnexpectedName});
  row.expected = "-";
  EXPECT_EQ(RowSeverity(row, Profile::kMail), kWarn);
  EXPECT_EQ(RowSeverity(row, Profile::kInfra), kWarn);
}

TEST(SeverityTest, NamesOfProfilesAndSeverities) {
  EXPECT_EQ(ParseProfile("mail"), Profile::kMail);
  EXPECT_EQ(ParseProfile("hosting"), Profile::kHosting);
  EXPECT_EQ(ParseProfile("infra"), Profile::kInfra);
  EXPECT_EQ(ParseProfile("Mail"), std::nullopt);
  EXPECT_EQ(ParseProfile(""), std::nullopt);
  EXPECT_EQ(SeverityName(kOk), "ok");
  EXPECT_EQ(SeverityName(kInfo), "info");
  EXPECT_EQ(SeverityName(kWarn), "warn");
  EXPECT_EQ(SeverityName(kCrit), "crit");
}

bool Fails(absl::string_view list, const Row& row) {
  const auto condition = FailCondition::Parse(list);
  EXPECT_TRUE(condition.ok()) << condition.status();
  return condition.ok() && condition->Fails(row, Profile::kMail);
}

TEST(FailConditionTest, WaitsForStatusesFlagsAndSeverities) {
  const Row pass = RowOf(Status::kPass);
  const Row generic = RowOf(Status::kPass, {Flag::kGeneric});
  const Row mismatch = RowOf(Status::kMismatch, {Flag::kNearMatch});
  EXPECT_FALSE(FailCondition().Fails(mismatch, Profile::kMail));
  EXPECT_TRUE(Fails("mismatch", mismatch));
  EXPECT_FALSE(Fails("mismatch", generic));
  EXPECT_FALSE(Fails("no_ptr,no_forward", mismatch));
  EXPECT_TRUE(Fails("no_ptr,mismatch", mismatch));
  EXPECT_TRUE(Fails("near_match", mismatch));
  EXPECT_TRUE(Fails("pass", pass));
  EXPECT_TRUE(Fails("generic,no_ptr", generic));
  EXPECT_FALSE(Fails("generic", pass));
  EXPECT_TRUE(Fails("warn", generic));
  EXPECT_TRUE(Fails("warn", mismatch));
  EXPECT_FALSE(Fails("warn", pass));
  EXPECT_TRUE(Fails("crit", mismatch));
  EXPECT_FALSE(Fails("crit", generic));
  EXPECT_TRUE(Fails("crit,warn", generic));
  EXPECT_TRUE(Fails("warn,crit", generic));
}

TEST(FailConditionTest, SeverityIsThatOfTheProfile) {
  const auto crit = FailCondition::Parse("crit");
  ASSERT_TRUE(crit.ok());
  const Row row = RowOf(Status::kNoPtr);
  EXPECT_TRUE(crit->Fails(row, Profile::kMail));
  EXPECT_FALSE(crit->Fails(row, Profile::kInfra));
}

TEST(FailConditionTest, TakesEveryStatusAndFlag) {
  for (size_t i = 0; i < io::kStatusCount; ++i) {
    const auto status = static_cast<Status>(i);
    EXPECT_TRUE(Fails(StatusName(status), RowOf(status)));
  }
  for (const Flag flag : io::FlagsByName()) {
    EXPECT_TRUE(Fails(FlagName(flag), RowOf(Status::kSkipped, {flag})));
    EXPECT_FALSE(Fails(FlagName(flag), RowOf(Status::kSkipped)));
  }
}

TEST(FailConditionTest, NamesTheUnknownWordAndTheNearest) {
  const struct {
    absl::string_view list;
    const char* word;
    const char* nearest;
  } cases[] = {
      {"mismtach", "\"mismtach\"", "\"mismatch\""},
      {"warn,no-ptr", "\"no-ptr\"", "\"no_ptr\""},
      {"warning", "\"warning\"", "\"warn\""},
      {"critical", "\"critical\"", "\"crit\""},
      {"Generic", "\"Generic\"", "\"generic\""},
  };
  for (const auto& c : cases) {
    const auto condition = FailCondition::Parse(c.list);
    ASSERT_FALSE(condition.ok()) << c.list;
    const std::string message(condition.status().message());
    EXPECT_THAT(message, HasSubstr(c.word));
    EXPECT_THAT(message, HasSubstr(c.nearest));
  }
  for (const absl::string_view list : {"", ",", "warn,", "warn, crit", "ok"}) {
    EXPECT_FALSE(FailCondition::Parse(list).ok()) << list;
  }
}

// Found by config_fuzz.
TEST(RegressionTest, AnUnknownConditionIsShownHarmlessAndShort) {
  const std::string message(
      FailCondition::Parse("\x1b[2J" + std::string(100, 'x'))
          .status()
          .message());
  EXPECT_THAT(message, testing::StartsWith("\"\\027[2Jxxx"));
  EXPECT_LT(message.size(), 200u);
}

}  // namespace
}  // namespace scanner
