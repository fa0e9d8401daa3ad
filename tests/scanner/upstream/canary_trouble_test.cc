// CanaryWatch and probes without a usable answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/scanner/upstream/canary_watch_rig.h"

namespace scanner {
namespace {

using io::kNever;
using io::kSecond;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Result = CanaryResult;

TEST(CanaryWatchTest, AnUnusableProbeProvesNothing) {
  Watched w(3);
  w.PassStart();
  w.Hold();
  EXPECT_EQ(w.Probe(Result::kUnusable), "PTR 198.51.100.1");
  EXPECT_THAT(w.Rulings(), IsEmpty());
  EXPECT_EQ(w.UntilNext(), kSecond);
  w.Hold();
  EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.2");
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 2"));
  EXPECT_EQ(w.UntilNext(), kNever);
}

TEST(CanaryWatchTest, TheSecondAfterAnUnusableProbeCountsFromItsStart) {
  Watched w(3);
  w.PassStart();
  w.Hold();
  w->Hurry(w.now());
  w.Take();
  w.Sleep(kSecond / 4);
  w.Answer(Result::kUnusable);
  EXPECT_EQ(w.UntilNext(), 3 * kSecond / 4);
  w.Sleep(w.UntilNext());
  w.Take();
  w.Sleep(5 * kSecond);
  w.Answer(Result::kUnusable);
  EXPECT_EQ(w.UntilNext(), 0);
}

TEST(CanaryWatchTest, AfterAnUnusableProbeNothingWakesAnIdleServer) {
  Watched w(3);
  w.PassStart();
  w->OnSent(w.now());
  w.Probe(Result::kUnusable);
  EXPECT_EQ(w.UntilNext(), kNever);
  w->OnSent(w.now());
  EXPECT_EQ(w.UntilNext(), kSecond);
}

TEST(CanaryWatchTest, TriesEveryOtherCandidateBeforeOneThatFailed) {
  CanaryNames names;
  names.LearnApex(HostName(50));
  Watched w(2, &names);
  w.Configure(9);
  w.PassStart();
  w.Hold();
  std::vector<std::string> probes;
  probes.reserve(5);
  for (int i = 0; i < 5; ++i) probes.push_back(w.Probe(Result::kUnusable));
  EXPECT_THAT(probes, ElementsAre("PTR 198.51.100.9", "PTR 198.51.100.1",
                                  "PTR 198.51.100.2", "SOA h50.test",
                                  "PTR 198.51.100.9"));
}

TEST(CanaryWatchTest, SkipsACandidateThatFailedThreeTimesInARow) {
  Watched w(1);
  w.Configure(9);
  w.PassStart();
  for (int i = 0; i < 3; ++i) {
    w.Hold();
    EXPECT_EQ(w.Probe(Result::kUnusable), "PTR 198.51.100.9") << i;
    EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.1") << i;
  }
  w.Hold();
  EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.1");
}

TEST(CanaryWatchTest, UsesASkippedCandidateIfThereIsNoOther) {
  Watched w(0);
  w.Configure(9);
  w.PassStart();
  w.Hold();
  for (int i = 0; i < 4; ++i) w.Probe(Result::kUnusable);
  w.Probe(Result::kGood);
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 1"));
}

TEST(CanaryWatchTest, AGoodAnswerEndsARowOfFailures) {
  Watched w(1);
  w.Configure(9);
  w.PassStart();
  for (const Result second : {Result::kUnusable, Result::kUnusable,
                              Result::kGood, Result::kUnusable}) {
    w.Hold();
    EXPECT_EQ(w.Probe(second), "PTR 198.51.100.9");
    if (second == Result::kUnusable) w.Probe(Result::kGood);
  }
  w.Hold();
  EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.9");
}

TEST(CanaryWatchTest, ANewNameInAnOldOnesSlotBeginsAnew) {
  CanaryNames names;
  Watched w(2, &names);
  w.PassStart();
  for (int i = 0; i < 3; ++i) {
    w.Hold();
    EXPECT_EQ(w.Probe(Result::kUnusable), "PTR 198.51.100.1");
    EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.2");
  }
  names.Drop(names.at(CanaryNames::kPerTier).id);
  w.Learn(3);
  w.Hold();
  EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.3");
}

// Sixteen candidates at a second each: not all were tried after ten.
TEST(CanaryWatchTest, WhatWaitedTenSecondsForAUsableAnswerIsAskedAgain) {
  Watched w(16);
  w.PassStart();
  w.Hold(2);
  w->Hurry(w.now());
  w.Probe(Result::kUnusable);
  w.Sleep(kSecond / 2);
  w.Hold();
  for (int i = 0; i < 9; ++i) w.Probe(Result::kUnusable);
  w.Sleep(kSecond - 1);
  EXPECT_THAT(w.Rulings(), IsEmpty());
  EXPECT_EQ(w.UntilNext(), 1);
  w.Sleep(1);
  EXPECT_THAT(w.Rulings(), ElementsAre("ask again 2"));
  EXPECT_EQ(w->held(), 1u) << "that one waited 9.5 s";
  w.Probe(Result::kGood);
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 3"));
}

TEST(CanaryWatchTest, ADenialDoesNotProlongTheTenSeconds) {
  Watched w(16);
  w.PassStart();
  w.Hold();
  w->Hurry(w.now());
  for (int i = 0; i < 10; ++i) {
    w.Probe(i == 5 ? Result::kDenied : Result::kUnusable);
  }
  w.Sleep(kSecond - 1);
  EXPECT_THAT(w.Rulings(), IsEmpty());
  w.Sleep(1);
  EXPECT_THAT(w.Rulings(), ElementsAre("contradicted 1"));
}

TEST(CanaryWatchTest, WithoutTroubleNegativesWaitHoweverLongAProbeTakes) {
  Watched w(3);
  w.PassStart();
  w.Hold();
  w.Probe(Result::kUnusable);
  w.Probe(Result::kGood);
  w.Rulings();
  w.Hold();
  w.Sleep(2 * kSecond);
  w.Take();
  for (int i = 0; i < 3; ++i) {
    w.Sleep(10 * kSecond);
    EXPECT_THAT(w.Rulings(), IsEmpty());
  }
  EXPECT_EQ(w.UntilNext(), kNever);
  w.Answer(Result::kGood);
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 2"));
}

TEST(CanaryWatchTest, TheTenSecondsRunWhileAProbeIsOpen) {
  Watched w(16);
  w.PassStart();
  w.Hold();
  w->Hurry(w.now());
  w.Probe(Result::kUnusable);
  w.Sleep(w.UntilNext());
  w.Take();
  EXPECT_EQ(w.UntilNext(), 9 * kSecond);
  w.Sleep(9 * kSecond);
  EXPECT_THAT(w.Rulings(), ElementsAre("ask again 1"));
}

TEST(CanaryWatchTest, ANegativeHeldLateInTroubleWaitsTenSecondsToo) {
  Watched w(3);
  w.PassStart();
  w->OnSent(w.now());
  w.Probe(Result::kUnusable);
  w.Sleep(60 * kSecond);
  w.Hold();
  EXPECT_THAT(w.Rulings(), IsEmpty());
  w.Take();
  w.Sleep(10 * kSecond - 1);
  EXPECT_THAT(w.Rulings(), IsEmpty());
  w.Sleep(1);
  EXPECT_THAT(w.Rulings(), ElementsAre("ask again 1"));
}

TEST(CanaryWatchTest, CandidatesOfWhichNoneIsUsableForTenSecondsAreForgotten) {
  Watched w(2);
  w.Configure(9);
  w.PassStart();
  w.Hold();
  w->Hurry(w.now());
  for (int i = 0; i <= 10; ++i) {
    EXPECT_THAT(w.Rulings(), IsEmpty());
    w.Probe(Result::kUnusable);
    if (i == 5) w.Hold();
  }
  EXPECT_THAT(w.Rulings(), ElementsAre("ask again 2"));
  w.Hold();
  w.Sleep(w.UntilNext());
  EXPECT_THAT(w.Rulings(), ElementsAre("unverified 3"));
  w.Learn(3);
  w.Hold();
  EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.3");
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 4"));
}

TEST(CanaryWatchTest, ACandidateNotTriedYetKeepsAllFromBeingForgotten) {
  Watched w(12);
  w.PassStart();
  for (int i = 0; i < 11; ++i) {
    w.Hold();
    w.Probe(Result::kUnusable);
  }
  EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.12");
  w.Hold();
  EXPECT_NE(w.Probe(Result::kGood), "") << "nothing was forgotten";
}

TEST(CanaryWatchTest, ALiarIsFoundOutAfterUnusableProbes) {
  for (const int unusable : {1, 3, 8, 9, 10}) {
    SCOPED_TRACE(unusable);
    Watched w(3);
    w.PassStart();
    for (int i = 0; i < unusable; ++i) {
      w.Hold();
      w.Probe(Result::kUnusable);
    }
    for (int i = 0; i < 3; ++i) w.Probe(Result::kDenied);
    EXPECT_TRUE(w.lying());
  }
}

// --- Several servers --------------------------------------------------------

TEST(CanaryWatchTest, EachServerJudgesAndForgetsForItself) {
  CanaryNames names;
  Watched bad(3, &names);
  Watched good(0, &names);
  bad.PassStart();
  good.PassStart();
  FindLying(&bad);
  good.Hold();
  EXPECT_NE(good.Probe(Result::kGood), "");
  EXPECT_FALSE(good.lying());
  bad.Hold();
  bad.Probe(Result::kGood);
  bad.Rulings();
  for (int i = 0; i <= 10; ++i) {
    bad.Hold();
    bad.Probe(Result::kUnusable);
  }
  bad.Hold();
  bad->Hurry(bad.now());
  EXPECT_EQ(bad.Take(), "");
  good.Hold();
  EXPECT_NE(good.Probe(Result::kGood), "");
}

// --- Counters ---------------------------------------------------------------

TEST(CanaryWatchTest, CountsProbesAndWhatCameOfThem) {
  Watched w(5);
  w.Probe(Result::kDenied);
  w.Probe(Result::kGood);
  w.Hold();
  w.Probe(Result::kUnusable);
  w.Probe(Result::kGood);
  EXPECT_EQ(w->sent(), 4u);
  EXPECT_EQ(w->failed(), 2u);
  EXPECT_EQ(w->lies(), 0u);
  FindLying(&w);
  EXPECT_EQ(w->sent(), 7u);
  EXPECT_EQ(w->failed(), 5u);
  EXPECT_EQ(w->lies(), 1u);
}

}  // namespace
}  // namespace scanner
