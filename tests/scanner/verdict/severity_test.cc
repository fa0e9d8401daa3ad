#include "scanner/verdict/severity.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>
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

constexpr Profile kProfiles[] = {Profile::kMail, Profile::kHosting,
                                 Profile::kInfra};

// The table of VERDICTS.md 2; hosting with and without a label.
struct StatusCase {
  Status status;
  Severity mail;
  Severity labelled;
  Severity unlabelled;
  Severity infra;

  Severity Of(Profile profile, bool has_label) const {
    if (profile == Profile::kMail) return mail;
    if (profile == Profile::kInfra) return infra;
    return has_label ? labelled : unlabelled;
  }
};
constexpr StatusCase kStatuses[] = {
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
static_assert(std::size(kStatuses) == io::kStatusCount);

TEST(SeverityTest, OfEachStatusByProfile) {
  for (const StatusCase& c : kStatuses) {
    for (const Profile profile : kProfiles) {
      Row row = RowOf(c.status);
      EXPECT_EQ(RowSeverity(row, profile), c.Of(profile, false))
          << StatusName(c.status) << " " << static_cast<int>(profile);
      row.label = "customer 7";
      EXPECT_EQ(RowSeverity(row, profile), c.Of(profile, true))
          << StatusName(c.status) << " " << static_cast<int>(profile);
    }
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
    for (const Profile profile : kProfiles) {
      EXPECT_EQ(RowSeverity(row, profile), c.severity) << CauseName(c.cause);
    }
  }
}

// In every profile, with a label or without.
void ExpectInAll(const Row& row, Severity severity) {
  for (const Profile profile : kProfiles) {
    for (const char* label : {"", "customer 7"}) {
      Row labelled = row;
      labelled.label = label;
      EXPECT_EQ(RowSeverity(labelled, profile), severity)
          << StatusName(row.status) << " " << static_cast<int>(profile) << " "
          << label;
    }
  }
}

TEST(SeverityTest, AddressesThatAreNoHostsMayLackAPtr) {
  for (const Status status : {Status::kNoPtr, Status::kUndelegated}) {
    for (const Flag flag : {Flag::kEdgeAddress, Flag::kLocalZone}) {
      ExpectInAll(RowOf(status, {flag}), kInfo);
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
    ExpectInAll(row, kOk);
    row.flags.Add(Flag::kEdgeAddress);  // the flag itself is info
    ExpectInAll(row, kInfo);
    Row named = RowOf(status);
    named.expected = "a.example.com";
    EXPECT_EQ(RowSeverity(named, Profile::kMail), kCrit);
  }
  Row row = RowOf(Status::kReverseError);
  row.expected = "-";
  ExpectInAll(row, kWarn);
}

// Section 4, the column sev; on a row whose status is ok. `infra`: warn
// becomes info but for 4.2, unexpected_name and resolver_disagree.
struct FlagCase {
  Severity sev;
  Severity infra;
  std::initializer_list<Flag> flags;

  Severity Of(Profile profile) const {
    return profile == Profile::kInfra ? infra : sev;
  }
};
const FlagCase kFlags[] = {
    {kWarn,
     kInfo,
     {Flag::kMultiplePtr, Flag::kExcessPtr, Flag::kUnderscore, Flag::kGeneric,
      Flag::kPlaceholderName, Flag::kProviderDefault, Flag::kForwardPartial,
      Flag::kPrivateForward, Flag::kLoopbackForward, Flag::kAaaaUnconfirmed}},
    {kWarn,
     kWarn,
     {Flag::kRootName, Flag::kLocalhost, Flag::kMissingDot, Flag::kSelfPtr,
      Flag::kArpaName, Flag::kSingleLabel, Flag::kIpLiteral, Flag::kNumericName,
      Flag::kIllegalChars, Flag::kInternalTld, Flag::kResolverDisagree}},
    {kCrit, kCrit, {Flag::kUnexpectedName}},
    {kInfo, kInfo, {Flag::kCnameChain,     Flag::kDname,
                    Flag::kClassless,      Flag::kTtlLow,
                    Flag::kTtlHigh,        Flag::kStale,
                    Flag::kSpecialUse,     Flag::kEdgeAddress,
                    Flag::kLocalZone,      Flag::kPruned,
                    Flag::kReused,         Flag::kDynamicName,
                    Flag::kAccessName,     Flag::kStaticName,
                    Flag::kMailName,       Flag::kMacInName,
                    Flag::kApexName,       Flag::kIdn,
                    Flag::kExpectedReady,  Flag::kForwardIncomplete,
                    Flag::kCnameTarget,    Flag::kNearMatch,
                    Flag::kForwardMany,    Flag::kMultiDomain,
                    Flag::kOtherFamilyOnly}},
};

TEST(SeverityTest, OfEachFlag) {
  size_t flags = 0;
  for (const FlagCase& c : kFlags) {
    for (const Flag flag : c.flags) {
      for (const Profile profile : kProfiles) {
        EXPECT_EQ(RowSeverity(RowOf(Status::kPass, {flag}), profile),
                  c.Of(profile))
            << FlagName(flag) << " " << static_cast<int>(profile);
      }
      ++flags;
    }
  }
  EXPECT_EQ(flags, io::kFlagCount);
}

// Section 2: the row's is the highest of both, but for the two flags that tell
// of an address that it is no host.
TEST(SeverityTest, OfEachFlagOnEachStatusByProfile) {
  for (const StatusCase& of_status : kStatuses) {
    const bool lacks_ptr = of_status.status == Status::kNoPtr ||
                           of_status.status == Status::kUndelegated;
    for (const FlagCase& of_flag : kFlags) {
      for (const Flag flag : of_flag.flags) {
        const bool no_host =
            flag == Flag::kEdgeAddress || flag == Flag::kLocalZone;
        for (const Profile profile : kProfiles) {
          const Severity expected =
              lacks_ptr && no_host
                  ? kInfo
                  : std::max(of_status.Of(profile, false), of_flag.Of(profile));
          EXPECT_EQ(RowSeverity(RowOf(of_status.status, {flag}), profile),
                    expected)
              << StatusName(of_status.status) << " " << FlagName(flag) << " "
              << static_cast<int>(profile);
        }
      }
    }
  }
}

TEST(SeverityTest, GenericMailNameIsInfo) {
  const Row row = RowOf(Status::kPass, {Flag::kGeneric, Flag::kMailName});
  ExpectInAll(row, kInfo);
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
  ExpectInAll(row, kWarn);
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
