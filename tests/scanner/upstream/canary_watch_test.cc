// When CanaryWatch probes which name, and what a good answer is worth.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "tests/scanner/upstream/canary_watch_rig.h"

namespace scanner {
namespace {

using io::kNever;
using io::kSecond;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Result = CanaryResult;

TEST(CanaryWatchTest, BeginsWithTwoNamesThatMustNotExist) {
  Watched w(3);
  EXPECT_EQ(w.UntilNext(), 0);
  const auto first = w->TakeProbe(w.now());
  ASSERT_TRUE(first);
  EXPECT_EQ(first->kind, CanaryKind::kMustNotPtr);
  EXPECT_EQ(first->name.ToText().size(), 16u + 13u);
  EXPECT_TRUE(absl::EndsWith(first->name.ToText(), ".in-addr.arpa"));
  EXPECT_EQ(w.Take(), "") << "one at a time";
  EXPECT_EQ(w.UntilNext(), kNever);
  w.Answer(Result::kGood);
  const auto second = w->TakeProbe(w.now());
  ASSERT_TRUE(second);
  EXPECT_EQ(second->kind, CanaryKind::kMustNotA);
  EXPECT_EQ(second->name.ToText().size(), 16u + 8u);
  EXPECT_TRUE(absl::EndsWith(second->name.ToText(), ".invalid"));
  EXPECT_NE(first->name.ToText().substr(0, 16),
            second->name.ToText().substr(0, 16));
  w.Answer(Result::kGood);
  EXPECT_EQ(w.Take(), "");
  EXPECT_EQ(w.UntilNext(), kNever);
}

TEST(CanaryWatchTest, SaltDecidesTheDigits) {
  CanaryNames names;
  CanaryWatch a(&names, 1);
  CanaryWatch b(&names, 2);
  EXPECT_NE(a.TakeProbe(kStart)->name.ToText(),
            b.TakeProbe(kStart)->name.ToText());
}

TEST(CanaryWatchTest, RewritesIfANameThatMustNotExistHasData) {
  struct Case {
    Result ptr;
    Result a;
    bool rewriting;
  };
  const Case kCases[] = {
      {Result::kGood, Result::kGood, false},
      {Result::kUnusable, Result::kUnusable, false},
      {Result::kDenied, Result::kGood, true},
      {Result::kGood, Result::kDenied, true},
      {Result::kDenied, Result::kUnusable, true},
  };
  for (const Case& c : kCases) {
    Watched w(3);
    w.Probe(c.ptr);
    w.Probe(c.a);
    EXPECT_EQ(w->rewriting(), c.rewriting);
    EXPECT_FALSE(w.lying());
    EXPECT_EQ(w.UntilNext(), kNever) << "only once";
  }
}

TEST(CanaryWatchTest, ADenialOfAMustExistIsNoRewriting) {
  Watched w(3);
  w.PassStart();
  FindLying(&w);
  EXPECT_FALSE(w->rewriting());
}

TEST(CanaryWatchTest, ProbesAConfiguredNameAtTheStart) {
  Watched w(3);
  w.Configure(9);
  w.PassStart();
  EXPECT_EQ(w.UntilNext(), 0);
  EXPECT_EQ(w.Take(), "PTR 198.51.100.9");
  w.Answer(Result::kGood);
  EXPECT_EQ(w.UntilNext(), kNever);
}

TEST(CanaryWatchTest, ANegativeHeldAtTheStartWaitsItsTime) {
  Watched w(0);
  w.Hold();
  EXPECT_THAT(w.Rulings(), IsEmpty());
  w.PassStart();
  EXPECT_EQ(w.UntilNext(), 2 * kSecond);
}

// --- When a probe is due ----------------------------------------------------

TEST(CanaryWatchTest, ProbesEveryTwoSecondsOfActivity) {
  Watched w(3);
  w.PassStart();
  w->OnSent(w.now());
  EXPECT_EQ(w.UntilNext(), 2 * kSecond);
  w.Sleep(2 * kSecond - 1);
  w->OnSent(w.now());
  EXPECT_EQ(w.Take(), "");
  w.Sleep(1);
  EXPECT_NE(w.Take(), "");
  w.Sleep(kSecond / 2);
  w.Answer(Result::kGood);
  EXPECT_EQ(w.UntilNext(), kNever);
  w->OnSent(w.now());
  EXPECT_EQ(w.UntilNext(), 3 * kSecond / 2) << "from the probe's start";
}

TEST(CanaryWatchTest, TheProbesOwnPacketsAreNoActivity) {
  Watched w(3);
  w.PassStart();
  w->OnSent(w.now());
  w.Sleep(2 * kSecond);
  EXPECT_NE(w.Take(), "");
  w->OnSent(w.now());
  w.Answer(Result::kGood);
  EXPECT_EQ(w.UntilNext(), kNever);
}

TEST(CanaryWatchTest, ANegativeIsActivityToo) {
  Watched w(3);
  w.PassStart();
  w.Hold();
  EXPECT_EQ(w.UntilNext(), 2 * kSecond);
}

TEST(CanaryWatchTest, ProbesAfterFiveThousandNegatives) {
  Watched w(3);
  w.PassStart();
  w.Hold(4999);
  EXPECT_EQ(w.Take(), "");
  w.Hold();
  EXPECT_EQ(w.UntilNext(), 0);
  EXPECT_NE(w.Take(), "");
  w.Hold(4999);
  w.Answer(Result::kGood);
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 5000"));
  EXPECT_EQ(w.Take(), "") << "4,999 since the start of the last one";
  w.Hold();
  EXPECT_NE(w.Take(), "");
}

TEST(CanaryWatchTest, HurryProbesAtOnceIfNegativesAreHeld) {
  Watched w(3);
  w.PassStart();
  w->Hurry(w.now());
  EXPECT_EQ(w.UntilNext(), kNever);
  w.Hold();
  EXPECT_EQ(w.Take(), "");
  w->Hurry(w.now());
  EXPECT_EQ(w.UntilNext(), 0);
  EXPECT_NE(w.Take(), "");
  w->Hurry(w.now());
  w.Answer(Result::kGood);
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 1"));
  EXPECT_EQ(w.UntilNext(), kNever) << "nothing is left to hurry for";
}

TEST(CanaryWatchTest, HurryWhileAProbeIsOpenCallsForAnotherIfItDoesNotCover) {
  Watched w(3);
  w.PassStart();
  w.Hold();
  w->Hurry(w.now());
  w.Take();
  w.Hold();
  w->Hurry(w.now());
  w.Answer(Result::kGood);
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 1"));
  EXPECT_NE(w.Take(), "");
}

TEST(CanaryWatchTest, HurryDoesNotShortenTheWaitAfterAFailure) {
  for (const Result result : {Result::kDenied, Result::kUnusable}) {
    Watched w(3);
    w.PassStart();
    w.Hold();
    w->Hurry(w.now());
    w.Probe(result);
    w->Hurry(w.now());
    EXPECT_EQ(w.UntilNext(), kSecond);
  }
}

// --- What is probed ---------------------------------------------------------

TEST(CanaryWatchTest, ChoosesConfiguredBeforePtrBeforeApexInTurn) {
  CanaryNames names;
  names.LearnApex(HostName(21));
  names.LearnApex(HostName(22));
  Watched w(0, &names);
  w.PassStart();
  EXPECT_THAT(FiveGoodProbes(&w),
              ElementsAre("SOA h21.test", "SOA h22.test", "SOA h21.test",
                          "SOA h22.test", "SOA h21.test"));
  for (uint32_t i = 1; i <= 3; ++i) w.Learn(i);
  EXPECT_THAT(
      FiveGoodProbes(&w),
      ElementsAre("PTR 198.51.100.1", "PTR 198.51.100.2", "PTR 198.51.100.3",
                  "PTR 198.51.100.1", "PTR 198.51.100.2"));
  w.Configure(8);
  w.Configure(9);
  EXPECT_THAT(
      FiveGoodProbes(&w),
      ElementsAre("PTR 198.51.100.8", "PTR 198.51.100.9", "PTR 198.51.100.8",
                  "PTR 198.51.100.9", "PTR 198.51.100.8"));
}

TEST(CanaryWatchTest, AProbeCarriesAddressAndName) {
  Watched w(1);
  w.PassStart();
  w.Hold();
  w->Hurry(w.now());
  const auto probe = w->TakeProbe(w.now());
  ASSERT_TRUE(probe);
  EXPECT_EQ(probe->address, Address(1));
  EXPECT_EQ(probe->name.ToText(), "h1.test");
}

// --- Good -------------------------------------------------------------------

TEST(CanaryWatchTest, AGoodCanaryVerifiesWhatWasHeldBeforeItWasSent) {
  Watched w(3);
  w.PassStart();
  EXPECT_EQ(w->Hold(w.now()), 0u);
  EXPECT_EQ(w->Hold(w.now()), 1u);
  w.Sleep(2 * kSecond);
  EXPECT_NE(w.Take(), "");
  EXPECT_EQ(w->Hold(w.now()), 2u);
  EXPECT_THAT(w.Rulings(), IsEmpty());
  EXPECT_EQ(w->held(), 3u);
  w.Answer(Result::kGood);
  EXPECT_EQ(w.UntilNext(), 0);
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 2"));
  EXPECT_EQ(w->held(), 1u);
  w.Probe(Result::kGood);
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 3"));
}

TEST(CanaryWatchTest, IsFullAtTenThousand) {
  Watched w(3);
  w.PassStart();
  w.Hold(9999);
  EXPECT_FALSE(w->full());
  w.Hold();
  EXPECT_TRUE(w->full());
  w.Probe(Result::kGood);
  EXPECT_FALSE(w->full());
}

// --- No candidate -----------------------------------------------------------

TEST(CanaryWatchTest, WithoutACandidateNegativesAreUnverifiedWhenItIsTime) {
  Watched w(0);
  w.PassStart();
  w.Hold(3);
  w.Sleep(2 * kSecond - 1);
  EXPECT_THAT(w.Rulings(), IsEmpty());
  w.Sleep(1);
  EXPECT_THAT(w.Rulings(), ElementsAre("unverified 3"));
  w.Hold();
  EXPECT_EQ(w.UntilNext(), 2 * kSecond);
  w->Hurry(w.now());
  EXPECT_EQ(w.UntilNext(), 0);
  EXPECT_THAT(w.Rulings(), ElementsAre("unverified 4"));
  w.Hold(5000);
  EXPECT_THAT(w.Rulings(), ElementsAre("unverified 5004"));
  w.Hold(4999);
  EXPECT_THAT(w.Rulings(), IsEmpty());
}

TEST(CanaryWatchTest, WithoutACandidateActivityAloneWakesOnce) {
  Watched w(0);
  w.PassStart();
  w->OnSent(w.now());
  w.Sleep(w.UntilNext());
  EXPECT_EQ(w.Take(), "");
  EXPECT_THAT(w.Rulings(), IsEmpty());
  EXPECT_EQ(w.UntilNext(), kNever);
}

TEST(CanaryWatchTest, ANameLearntInTimeVerifies) {
  Watched w(0);
  w.PassStart();
  w.Hold();
  w.Sleep(kSecond);
  w.Learn(1);
  w.Probe(Result::kGood);
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 1"));
}

}  // namespace
}  // namespace scanner
