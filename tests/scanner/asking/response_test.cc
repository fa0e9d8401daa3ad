#include "scanner/asking/response.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

namespace scanner {
namespace {

using dnswire::Outcome;
using io::Cause;
using Kind = Reaction::Kind;

dnswire::Answer AnswerOf(Outcome outcome) {
  dnswire::Answer answer;
  answer.outcome = outcome;
  return answer;
}

TEST(ResponseTest, DataAndNegativesSettle) {
  for (const Outcome outcome :
       {Outcome::kData, Outcome::kNxdomain, Outcome::kNodata}) {
    EXPECT_EQ(ReactionTo(AnswerOf(outcome), false, false).kind, Kind::kSettle);
  }
}

TEST(ResponseTest, AnAliasWithoutItsEndIsFollowed) {
  EXPECT_EQ(ReactionTo(AnswerOf(Outcome::kFollow), false, false).kind,
            Kind::kFollow);
}

TEST(ResponseTest, FaultsOfTheAliasChainAreFinal) {
  const Reaction loop = ReactionTo(AnswerOf(Outcome::kLoop), false, false);
  EXPECT_EQ(loop.kind, Kind::kFinal);
  EXPECT_EQ(loop.cause, Cause::kLoop);
  const Reaction too_long =
      ReactionTo(AnswerOf(Outcome::kChainTooLong), false, false);
  EXPECT_EQ(too_long.kind, Kind::kFinal);
  EXPECT_EQ(too_long.cause, Cause::kChainTooLong);
}

void ExpectRetry(const char* label, const dnswire::Answer& answer, TryEnd end,
                 Cause cause, bool opt_refused = false) {
  const Reaction reaction = ReactionTo(answer, opt_refused, false);
  EXPECT_EQ(reaction.kind, Kind::kRetry) << label;
  EXPECT_EQ(reaction.try_end, end) << label;
  EXPECT_EQ(reaction.cause, cause) << label;
}

TEST(ResponseTest, OtherOutcomesAreRetriedAndRemembered) {
  struct Case {
    const char* label;
    Outcome outcome;
    TryEnd end;
    Cause cause;
  };
  const Case kCases[] = {
      {"malformed", Outcome::kMalformed, TryEnd::kMalformed, Cause::kMalformed},
      {"truncated", Outcome::kTruncated, TryEnd::kTruncated, Cause::kTruncated},
      {"blocked", Outcome::kBlocked, TryEnd::kRefused, Cause::kBlocked},
      {"lame", Outcome::kLame, TryEnd::kOther, Cause::kLame},
      {"referral from a resolver", Outcome::kReferral, TryEnd::kOther,
       Cause::kLame},
  };
  for (const Case& c : kCases) {
    ExpectRetry(c.label, AnswerOf(c.outcome), c.end, c.cause);
  }
}

TEST(ResponseTest, EveryRcodeHasItsCause) {
  struct Case {
    uint16_t rcode;
    TryEnd end;
    Cause cause;
  };
  const Case kCases[] = {
      {1, TryEnd::kOther, Cause::kFormerr},
      {2, TryEnd::kServfail, Cause::kServfail},
      {4, TryEnd::kOther, Cause::kNotimp},
      {5, TryEnd::kRefused, Cause::kResolverRefused},
      {6, TryEnd::kOther, Cause::kOtherRcode},
      {9, TryEnd::kRefused, Cause::kNotauth},
      {15, TryEnd::kOther, Cause::kOtherRcode},
      {16, TryEnd::kNoEdns, Cause::kOtherRcode},
      {23, TryEnd::kBadCookie, Cause::kOtherRcode},
      {4095, TryEnd::kOther, Cause::kOtherRcode},
  };
  for (const Case& c : kCases) {
    dnswire::Answer answer = AnswerOf(Outcome::kRcode);
    answer.rcode = c.rcode;
    ExpectRetry(std::to_string(c.rcode).c_str(), answer, c.end, c.cause);
  }
}

TEST(ResponseTest, AServerThatDislikesOptIsToldApartByItsRcode) {
  for (const uint16_t rcode : std::initializer_list<uint16_t>{1, 2, 4, 5, 9}) {
    dnswire::Answer answer = AnswerOf(Outcome::kRcode);
    answer.rcode = rcode;
    const bool dislikes = rcode == 1 || rcode == 4;
    EXPECT_EQ(ReactionTo(answer, true, false).try_end == TryEnd::kNoEdns,
              dislikes)
        << rcode;
    EXPECT_NE(ReactionTo(answer, false, false).try_end, TryEnd::kNoEdns)
        << rcode;
  }
}

// What a resolver would not say, or not mean so.
TEST(ResponseTest, AnAuthorityIsTakenAtItsWord) {
  EXPECT_EQ(ReactionTo(AnswerOf(Outcome::kReferral), false, true).kind,
            Kind::kDescend);
  dnswire::Answer answer = AnswerOf(Outcome::kRcode);
  answer.rcode = dnswire::kRcodeRefused;
  EXPECT_EQ(ReactionTo(answer, false, true).cause, Cause::kRefused);
  EXPECT_EQ(ReactionTo(answer, false, false).cause, Cause::kResolverRefused);
  answer.rcode = dnswire::kRcodeServfail;
  answer.dnssec_bogus = true;
  EXPECT_EQ(ReactionTo(answer, false, true).cause, Cause::kServfail);
  EXPECT_EQ(ReactionTo(answer, false, false).cause, Cause::kDnssecBogus);
}

TEST(ResponseTest, ExtendedErrorsTellWhyAServfailCame) {
  dnswire::Answer answer = AnswerOf(Outcome::kRcode);
  answer.rcode = 2;
  answer.no_reachable_ns = true;
  ExpectRetry("EDE 22", answer, TryEnd::kServfail, Cause::kAllNsUnreachable);
  answer.dnssec_bogus = true;
  ExpectRetry("EDE 22 and 6", answer, TryEnd::kServfail, Cause::kDnssecBogus);
  answer.rcode = 5;
  ExpectRetry("of REFUSED they say nothing", answer, TryEnd::kRefused,
              Cause::kResolverRefused);
}

}  // namespace
}  // namespace scanner
