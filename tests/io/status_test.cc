#include "io/formats/status.h"

#include <gmock/gmock.h>

#include <iterator>
#include <set>
#include <string>
#include <vector>

namespace io {
namespace {

struct StatusCase {
  int number;
  Status status;
  const char* name;
};
// VERDICTS.md 2.
constexpr StatusCase kStatuses[] = {
    {0, Status::kSkipped, "skipped"},
    {1, Status::kReverseTimeout, "reverse_timeout"},
    {2, Status::kReverseError, "reverse_error"},
    {3, Status::kUndelegated, "undelegated"},
    {4, Status::kNoPtr, "no_ptr"},
    {5, Status::kBadName, "bad_name"},
    {6, Status::kPass, "pass"},
    {7, Status::kForwardError, "forward_error"},
    {8, Status::kMismatch, "mismatch"},
    {9, Status::kNoForward, "no_forward"},
    {10, Status::kUnconfirmed, "unconfirmed"},
};

struct CauseCase {
  Cause cause;
  const char* name;
};
// VERDICTS.md 3.
constexpr CauseCase kCauses[] = {
    {Cause::kSpecialUse, "special_use"},
    {Cause::kExcluded, "excluded"},
    {Cause::kBudget, "budget"},
    {Cause::kBreaker, "breaker"},
    {Cause::kTimeout, "timeout"},
    {Cause::kUnreachable, "unreachable"},
    {Cause::kUnmatched, "unmatched"},
    {Cause::kAllNsUnreachable, "all_ns_unreachable"},
    {Cause::kServfail, "servfail"},
    {Cause::kRefused, "refused"},
    {Cause::kResolverRefused, "resolver_refused"},
    {Cause::kNotauth, "notauth"},
    {Cause::kFormerr, "formerr"},
    {Cause::kNotimp, "notimp"},
    {Cause::kOtherRcode, "other_rcode"},
    {Cause::kMalformed, "malformed"},
    {Cause::kTruncated, "truncated"},
    {Cause::kLoop, "loop"},
    {Cause::kChainTooLong, "chain_too_long"},
    {Cause::kLame, "lame"},
    {Cause::kNsUnresolvable, "ns_unresolvable"},
    {Cause::kDnssecBogus, "dnssec_bogus"},
    {Cause::kBlocked, "blocked"},
    {Cause::kNxdomain, "nxdomain"},
    {Cause::kNodata, "nodata"},
    {Cause::kDanglingCname, "dangling_cname"},
};

struct FlagCase {
  Flag flag;
  const char* name;
};
// VERDICTS.md 4, those known S and O; sorted by name as lists of flags are.
constexpr FlagCase kFlags[] = {
    {Flag::kAaaaUnconfirmed, "aaaa_unconfirmed"},
    {Flag::kAccessName, "access_name"},
    {Flag::kApexName, "apex_name"},
    {Flag::kArpaName, "arpa_name"},
    {Flag::kClassless, "classless"},
    {Flag::kCnameChain, "cname_chain"},
    {Flag::kCnameTarget, "cname_target"},
    {Flag::kDname, "dname"},
    {Flag::kDynamicName, "dynamic_name"},
    {Flag::kEdgeAddress, "edge_address"},
    {Flag::kExcessPtr, "excess_ptr"},
    {Flag::kExpectedReady, "expected_ready"},
    {Flag::kForwardIncomplete, "forward_incomplete"},
    {Flag::kForwardMany, "forward_many"},
    {Flag::kForwardPartial, "forward_partial"},
    {Flag::kGeneric, "generic"},
    {Flag::kIdn, "idn"},
    {Flag::kIllegalChars, "illegal_chars"},
    {Flag::kInternalTld, "internal_tld"},
    {Flag::kIpLiteral, "ip_literal"},
    {Flag::kLocalZone, "local_zone"},
    {Flag::kLocalhost, "localhost"},
    {Flag::kLoopbackForward, "loopback_forward"},
    {Flag::kMacInName, "mac_in_name"},
    {Flag::kMailName, "mail_name"},
    {Flag::kMissingDot, "missing_dot"},
    {Flag::kMultiDomain, "multi_domain"},
    {Flag::kMultiplePtr, "multiple_ptr"},
    {Flag::kNearMatch, "near_match"},
    {Flag::kNumericName, "numeric_name"},
    {Flag::kOtherFamilyOnly, "other_family_only"},
    {Flag::kPlaceholderName, "placeholder_name"},
    {Flag::kPrivateForward, "private_forward"},
    {Flag::kProviderDefault, "provider_default"},
    {Flag::kPruned, "pruned"},
    {Flag::kResolverDisagree, "resolver_disagree"},
    {Flag::kReused, "reused"},
    {Flag::kRootName, "root_name"},
    {Flag::kSelfPtr, "self_ptr"},
    {Flag::kSingleLabel, "single_label"},
    {Flag::kSpecialUse, "special_use"},
    {Flag::kStale, "stale"},
    {Flag::kStaticName, "static_name"},
    {Flag::kTtlHigh, "ttl_high"},
    {Flag::kTtlLow, "ttl_low"},
    {Flag::kUnderscore, "underscore"},
    {Flag::kUnexpectedName, "unexpected_name"},
};

TEST(StatusTest, EveryStatusHasTheNameAndNumberOfTheContract) {
  ASSERT_EQ(std::size(kStatuses), kStatusCount);
  for (const auto& [number, status, name] : kStatuses) {
    EXPECT_EQ(static_cast<int>(status), number) << name;
    EXPECT_EQ(StatusName(status), name);
    EXPECT_EQ(ParseStatus(name), status) << name;
  }
}

TEST(StatusTest, EveryCauseHasTheNameOfTheContract) {
  ASSERT_EQ(std::size(kCauses) + 1, kCauseCount);
  for (const auto& [cause, name] : kCauses) {
    EXPECT_EQ(CauseName(cause), name);
    EXPECT_EQ(ParseCause(name), cause) << name;
  }
}

TEST(StatusTest, NoCauseIsTheEmptyText) {
  EXPECT_EQ(CauseName(Cause::kNone), "");
  EXPECT_EQ(ParseCause(""), Cause::kNone);
}

TEST(StatusTest, EveryFlagHasTheNameOfTheContract) {
  ASSERT_EQ(std::size(kFlags), kFlagCount);
  for (const auto& [flag, name] : kFlags) {
    EXPECT_EQ(FlagName(flag), name);
    EXPECT_EQ(ParseFlag(name), flag) << name;
  }
}

TEST(StatusTest, FlagsByNameListsEveryFlagSorted) {
  ASSERT_EQ(FlagsByName().size(), std::size(kFlags));
  for (size_t i = 0; i < std::size(kFlags); ++i) {
    EXPECT_EQ(FlagsByName()[i], kFlags[i].flag) << kFlags[i].name;
  }
}

TEST(StatusTest, NoStatusSharesItsNameWithAFlag) {
  for (const StatusCase& status : kStatuses) {
    EXPECT_EQ(ParseFlag(status.name), std::nullopt) << status.name;
  }
}

TEST(StatusTest, UnknownNamesAreRefused) {
  for (const char* const name : {"Pass", "pass ", "passed", "pas", "x"}) {
    EXPECT_EQ(ParseStatus(name), std::nullopt) << name;
    EXPECT_EQ(ParseCause(name), std::nullopt) << name;
    EXPECT_EQ(ParseFlag(name), std::nullopt) << name;
  }
  EXPECT_EQ(ParseStatus(""), std::nullopt);
  EXPECT_EQ(ParseFlag(""), std::nullopt);
}

TEST(StatusTest, ForwardOutcomesHaveTheNamesOfTheContract) {
  EXPECT_EQ(ForwardOutcomeName(ForwardOutcome::kConfirmed), "confirmed");
  EXPECT_EQ(ForwardOutcomeName(ForwardOutcome::kDiffers), "differs");
  EXPECT_EQ(ForwardOutcomeName(ForwardOutcome::kNxdomain), "nxdomain");
  EXPECT_EQ(ForwardOutcomeName(ForwardOutcome::kNodata), "nodata");
}

// VERDICTS.md 1: {reverse_timeout, reverse_error, forward_error, skipped with
// cause budget or breaker}.
TEST(StatusTest, IndefiniteAreTheStatusesThatLeaveTheAnswerOpen) {
  const std::set<std::string> always = {"reverse_timeout", "reverse_error",
                                        "forward_error"};
  for (const auto& [number, status, name] : kStatuses) {
    const bool expected = always.count(name) > 0;
    EXPECT_EQ(IsIndefinite(status, Cause::kTimeout), expected) << name;
    EXPECT_EQ(IsIndefinite(status, Cause::kNone), expected) << name;
  }
  EXPECT_TRUE(IsIndefinite(Status::kSkipped, Cause::kBudget));
  EXPECT_TRUE(IsIndefinite(Status::kSkipped, Cause::kBreaker));
  EXPECT_FALSE(IsIndefinite(Status::kSkipped, Cause::kSpecialUse));
  EXPECT_FALSE(IsIndefinite(Status::kSkipped, Cause::kExcluded));
  EXPECT_FALSE(IsIndefinite(Status::kNoPtr, Cause::kBudget));
}

TEST(FlagSetTest, HoldsEveryFlagOnItsOwn) {
  for (const FlagCase& added : kFlags) {
    FlagSet flags;
    flags.Add(added.flag);
    for (const FlagCase& asked : kFlags) {
      EXPECT_EQ(flags.Has(asked.flag), asked.flag == added.flag)
          << added.name << " " << asked.name;
    }
  }
}

TEST(FlagSetTest, VisitsItsFlagsInTheOrderOfTheirNames) {
  for (size_t step = 1; step <= kFlagCount; ++step) {
    FlagSet set;
    std::vector<Flag> expected;
    for (size_t i = 0; i < kFlagCount; i += step) {
      set.Add(kFlags[i].flag);
      expected.push_back(kFlags[i].flag);  // kFlags is sorted by name
    }
    std::vector<Flag> visited;
    ForEachFlagByName(set, [&](Flag flag) { visited.push_back(flag); });
    EXPECT_EQ(visited, expected) << step;
  }
  ForEachFlagByName({}, [](Flag) { ADD_FAILURE(); });
}

TEST(FlagSetTest, UnitesAndIntersects) {
  FlagSet first;
  first.Add(Flag::kMultiplePtr);
  FlagSet last;
  last.Add(Flag::kAaaaUnconfirmed);
  EXPECT_TRUE(FlagSet().empty());
  EXPECT_FALSE(first.HasAny(last));
  first.AddAll(last);
  EXPECT_TRUE(first.Has(Flag::kMultiplePtr));
  EXPECT_TRUE(first.HasAny(last));
  EXPECT_FALSE(first.empty());
  EXPECT_NE(first, last);
}

}  // namespace
}  // namespace io
