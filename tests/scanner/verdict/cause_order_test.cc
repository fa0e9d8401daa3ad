#include "scanner/verdict/cause_order.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <vector>

#include "gtest/gtest.h"

namespace scanner {
namespace {

using io::Cause;

// VERDICTS.md 1.1, typed from it.
constexpr Cause kErrors[] = {
    Cause::kMalformed,        Cause::kLoop,
    Cause::kChainTooLong,     Cause::kTruncated,
    Cause::kDnssecBogus,      Cause::kBlocked,
    Cause::kAllNsUnreachable, Cause::kLame,
    Cause::kServfail,         Cause::kRefused,
    Cause::kResolverRefused,  Cause::kNotauth,
    Cause::kNotimp,           Cause::kFormerr,
    Cause::kOtherRcode,
};
constexpr Cause kSilence[] = {
    Cause::kNsUnresolvable,
    Cause::kUnmatched,
    Cause::kAllNsUnreachable,
    Cause::kTimeout,
};

CauseSet SetOf(const std::vector<Cause>& causes) {
  CauseSet set;
  for (const Cause cause : causes) set.Add(cause);
  return set;
}

// Every pair of `order`, seen in both orders, gives the earlier one.
void ExpectEarlierWins(std::vector<Cause> order, bool any_response) {
  for (size_t i = 0; i < order.size(); ++i) {
    for (size_t j = i; j < order.size(); ++j) {
      EXPECT_EQ(DecidingCause(SetOf({order[i], order[j]}), any_response),
                order[i]);
      EXPECT_EQ(DecidingCause(SetOf({order[j], order[i]}), any_response),
                order[i]);
    }
  }
}

TEST(CauseOrderTest, EarlierErrorOfAPairDecidesInEitherOrder) {
  ExpectEarlierWins({std::begin(kErrors), std::end(kErrors)}, true);
}

TEST(CauseOrderTest, EarlierKindOfSilenceDecidesWithoutAResponse) {
  ExpectEarlierWins({std::begin(kSilence), std::end(kSilence)}, false);
}

TEST(CauseOrderTest, PermutedObservationsGiveOneCause) {
  std::vector<Cause> seen = {Cause::kTimeout,     Cause::kUnmatched,
                             Cause::kServfail,    Cause::kRefused,
                             Cause::kDnssecBogus, Cause::kOtherRcode};
  std::sort(seen.begin(), seen.end());
  int permutations = 0;
  do {
    EXPECT_EQ(DecidingCause(SetOf(seen), true), Cause::kDnssecBogus);
    ++permutations;
  } while (std::next_permutation(seen.begin(), seen.end()));
  EXPECT_EQ(permutations, 720);
}

TEST(CauseOrderTest, AnyErrorBeatsSilenceOnceAResponseCame) {
  for (const Cause silent : {Cause::kTimeout, Cause::kUnreachable,
                             Cause::kUnmatched, Cause::kNsUnresolvable}) {
    EXPECT_EQ(DecidingCause(SetOf({silent, Cause::kOtherRcode}), true),
              Cause::kOtherRcode);
  }
}

TEST(CauseOrderTest, UnreachableMeansEveryTry) {
  EXPECT_EQ(DecidingCause(SetOf({Cause::kUnreachable}), false),
            Cause::kUnreachable);
  EXPECT_EQ(DecidingCause(SetOf({Cause::kUnreachable, Cause::kTimeout}), false),
            Cause::kTimeout);
  EXPECT_EQ(
      DecidingCause(SetOf({Cause::kUnreachable, Cause::kUnmatched}), false),
      Cause::kUnmatched);
}

TEST(CauseOrderTest, SilenceAfterAnAliasIsStillSilence) {
  EXPECT_EQ(DecidingCause(SetOf({Cause::kTimeout}), true), Cause::kTimeout);
  EXPECT_EQ(DecidingCause(SetOf({Cause::kUnreachable}), true),
            Cause::kUnreachable);
  EXPECT_EQ(DecidingCause(CauseSet(), true), Cause::kTimeout);
  EXPECT_EQ(DecidingCause(CauseSet(), false), Cause::kTimeout);
}

TEST(CauseOrderTest, TimeoutFamilyDependsOnWhoSaysAllUnreachable) {
  for (const Cause cause :
       {Cause::kTimeout, Cause::kUnreachable, Cause::kUnmatched}) {
    EXPECT_TRUE(IsTimeoutFamily(cause, false));
    EXPECT_TRUE(IsTimeoutFamily(cause, true));
  }
  EXPECT_TRUE(IsTimeoutFamily(Cause::kAllNsUnreachable, false));
  EXPECT_FALSE(IsTimeoutFamily(Cause::kAllNsUnreachable, true));
  EXPECT_FALSE(IsTimeoutFamily(Cause::kNsUnresolvable, false));
  EXPECT_FALSE(IsTimeoutFamily(Cause::kServfail, true));
}

TEST(CauseOrderTest, SetKeepsWhatWasAdded) {
  CauseSet set;
  EXPECT_TRUE(set.empty());
  set.Add(Cause::kBlocked);
  CauseSet other;
  other.Add(Cause::kTimeout);
  set.AddAll(other);
  EXPECT_TRUE(set.Has(Cause::kBlocked));
  EXPECT_TRUE(set.Has(Cause::kTimeout));
  EXPECT_FALSE(set.Has(Cause::kLame));
  EXPECT_NE(set, other);
}

}  // namespace
}  // namespace scanner
