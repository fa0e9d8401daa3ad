// CanaryWatch and names that are denied: lies, doubts, contradictions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/scanner/upstream/canary_watch_rig.h"

namespace scanner {
namespace {

using io::kNever;
using io::kSecond;
using io::TimeNs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Result = CanaryResult;

TEST(CanaryWatchTest, ThreeDeniedNamesInThreeSecondsAreALie) {
  Watched w(5);
  w.PassStart();
  w.Hold(2);
  w.Sleep(2 * kSecond);
  const TimeNs begin = w.now();
  EXPECT_EQ(w.Probe(Result::kDenied), "PTR 198.51.100.1");
  EXPECT_EQ(w.UntilNext(), kSecond);
  w.Hold();
  EXPECT_EQ(w.Probe(Result::kDenied), "PTR 198.51.100.2");
  EXPECT_THAT(w.Rulings(), IsEmpty());
  EXPECT_FALSE(w.lying());
  EXPECT_EQ(w.Probe(Result::kDenied), "PTR 198.51.100.3");
  EXPECT_EQ(w.now(), begin + 2 * kSecond);
  EXPECT_TRUE(w.lying());
  EXPECT_EQ(w->lies(), 1u);
  EXPECT_THAT(w.Rulings(), ElementsAre("lied 3"));
}

TEST(CanaryWatchTest, WhatArrivesWhileItLiesIsLied) {
  Watched w(3);
  w.PassStart();
  FindLying(&w);
  EXPECT_THAT(w.Rulings(), ElementsAre("lied 1"));
  w.Sleep(59 * kSecond);
  w.Hold(2);
  EXPECT_EQ(w.UntilNext(), 0);
  EXPECT_EQ(w->held(), 0u);
  EXPECT_EQ(w.Take(), "");
  EXPECT_THAT(w.Rulings(), ElementsAre("lied 3"));
}

TEST(CanaryWatchTest, RulingsNotTakenInTimeStayApart) {
  Watched w(3);
  w.PassStart();
  for (const Result result :
       {Result::kGood, Result::kDenied, Result::kDenied, Result::kDenied}) {
    w.Hold();
    w->Hurry(w.now());
    w.Sleep(kSecond);
    w.Take();
    w.Answer(result);
  }
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 1", "lied 4"));
}

TEST(CanaryWatchTest, ALieEndsAfterAMinuteAndWhatTheNextCanarySays) {
  struct Case {
    const char* label;
    Result result;
    bool lying;
    uint64_t lies;
    std::vector<std::string> rulings;
    TimeNs until_next;
  };
  const Case kCases[] = {
      {"good", Result::kGood, false, 1, {"contradicted 2"}, kNever},
      {"denied", Result::kDenied, true, 2, {"lied 2"}, 60 * kSecond},
      {"unusable", Result::kUnusable, false, 1, {}, kSecond},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.label);
    Watched w(5);
    w.PassStart();
    FindLying(&w);
    EXPECT_THAT(w.Rulings(), ElementsAre("lied 1"));
    EXPECT_EQ(w.UntilNext(), 60 * kSecond);
    w.Sleep(60 * kSecond - 1);
    EXPECT_TRUE(w.lying());
    w.Sleep(1);
    EXPECT_FALSE(w.lying());
    w.Hold();
    EXPECT_EQ(w.Probe(c.result), "PTR 198.51.100.4");
    EXPECT_EQ(w.lying(), c.lying);
    EXPECT_EQ(w->lies(), c.lies);
    EXPECT_EQ(w.Rulings(), c.rulings);
    EXPECT_EQ(w.UntilNext(), c.until_next);
  }
}

TEST(CanaryWatchTest, AfterALieThingsAreNormal) {
  Watched w(5);
  w.PassStart();
  FindLying(&w);
  w.Probe(Result::kGood);
  w.Rulings();
  w.Hold();
  EXPECT_EQ(w.UntilNext(), 2 * kSecond);
  w.Probe(Result::kDenied);
  EXPECT_FALSE(w.lying()) << "one denial is enough on parole only";
  w.Probe(Result::kGood);
  EXPECT_THAT(w.Rulings(), ElementsAre("contradicted 2"));
  w.Hold();
  w.Probe(Result::kGood);
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 3"));
}

TEST(CanaryWatchTest, AfterALieNamesHaveTheirTurnsAgain) {
  Watched w(3);
  w.PassStart();
  FindLying(&w);
  EXPECT_THAT(
      FiveGoodProbes(&w),
      ElementsAre("PTR 198.51.100.1", "PTR 198.51.100.2", "PTR 198.51.100.3",
                  "PTR 198.51.100.1", "PTR 198.51.100.2"));
}

TEST(CanaryWatchTest, AnUnusableCanaryKeepsItOnParole) {
  Watched w(5);
  w.PassStart();
  FindLying(&w);
  w.Probe(Result::kUnusable);
  w.Probe(Result::kDenied);
  EXPECT_TRUE(w.lying());
  EXPECT_EQ(w->lies(), 2u);
}

TEST(CanaryWatchTest, LearntNamesOfAllKindsMustBeThreeDifferentOnes) {
  struct Case {
    const char* label;
    uint32_t configured;
    uint32_t ptrs;
    uint32_t apexes;
    bool lies;
  };
  const Case kCases[] = {
      {"one PTR", 0, 1, 0, false},    {"two PTRs", 0, 2, 0, false},
      {"three PTRs", 0, 3, 0, true},  {"PTR and apex", 0, 1, 1, false},
      {"two and one", 0, 2, 1, true}, {"three apexes", 0, 0, 3, true},
      {"configured", 1, 0, 0, true},  {"two configured", 2, 0, 0, true},
      {"one of each", 1, 1, 1, true}, {"configured and PTR", 1, 1, 0, true},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.label);
    CanaryNames names;
    for (uint32_t i = 0; i < c.apexes; ++i) names.LearnApex(HostName(50 + i));
    Watched w(c.ptrs, &names);
    for (uint32_t i = 0; i < c.configured; ++i) w.Configure(90 + i);
    w.PassStart();
    w.Hold();
    w->Hurry(w.now());
    for (int i = 0; i < 3; ++i) w.Probe(Result::kDenied);
    EXPECT_EQ(w.lying(), c.lies);
  }
}

TEST(CanaryWatchTest, ThreeDenialsMustLieWithinThreeSeconds) {
  Watched w(0);
  w.Configure(1);
  w.PassStart();
  w.Hold();
  w.Probe(Result::kDenied);  // at 0 s
  for (int i = 0; i < 3; ++i) w.Probe(Result::kUnusable);
  w.Probe(Result::kDenied);  // 4 s
  w.Probe(Result::kDenied);  // 5 s
  EXPECT_FALSE(w.lying());
  w.Probe(Result::kDenied);  // 6 s
  EXPECT_TRUE(w.lying());
}

TEST(CanaryWatchTest, AnUnusableProbeBetweenDenialsDoesNotSaveALiar) {
  Watched w(5);
  w.PassStart();
  w.Hold();
  w.Probe(Result::kDenied);
  w.Probe(Result::kUnusable);
  w.Probe(Result::kDenied);
  w.Probe(Result::kDenied);
  EXPECT_TRUE(w.lying());
}

TEST(CanaryWatchTest, AGoodCanaryBetweenDenialsStartsTheCountAnew) {
  Watched w(0);
  w.Configure(9);
  w.PassStart();
  w.Probe(Result::kDenied);  // at 0 s
  w.Probe(Result::kGood);    // 1 s
  w.Hold();
  w->Hurry(w.now());
  w.Probe(Result::kDenied);  // 1 s
  w.Probe(Result::kDenied);  // 2 s
  EXPECT_FALSE(w.lying());
  w.Probe(Result::kDenied);  // 3 s
  EXPECT_TRUE(w.lying());
}

TEST(CanaryWatchTest, ASlowLiarIsFoundOut) {
  for (const TimeNs took : {kSecond / 10, kSecond, 3 * kSecond}) {
    SCOPED_TRACE(took);
    Watched w(3);
    w.PassStart();
    w.Hold();
    w->Hurry(w.now());
    for (int i = 0; i < 3; ++i) {
      EXPECT_FALSE(w.lying());
      w.Sleep(w.UntilNext());
      EXPECT_NE(w.Take(), "");
      w.Sleep(took);
      w.Answer(Result::kDenied);
    }
    EXPECT_TRUE(w.lying());
  }
}

TEST(CanaryWatchTest, AfterADenialWhatArrivesUntilAGoodOneIsAskedAgain) {
  Watched w(5);
  w.PassStart();
  w.Hold();
  EXPECT_EQ(w.Probe(Result::kDenied), "PTR 198.51.100.1");
  w.Hold();
  w.Sleep(kSecond);
  EXPECT_EQ(w.Take(), "PTR 198.51.100.2");
  w.Hold();
  w.Answer(Result::kGood);
  EXPECT_THAT(w.Rulings(), ElementsAre("contradicted 3"));
  w.Hold();
  EXPECT_EQ(w.UntilNext(), 2 * kSecond);
  w.Probe(Result::kGood);
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 4"));
  EXPECT_EQ(w->lies(), 0u);
}

TEST(CanaryWatchTest, ALearntNameThatAloneIsDeniedIsDropped) {
  CanaryNames names;
  Watched w(3, &names);
  w.PassStart();
  w.Hold();
  EXPECT_EQ(w.Probe(Result::kDenied), "PTR 198.51.100.1");
  EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.2");
  EXPECT_EQ(names.at(CanaryNames::kPerTier).id, 0u);
  EXPECT_THAT(
      FiveGoodProbes(&w),
      ElementsAre("PTR 198.51.100.3", "PTR 198.51.100.2", "PTR 198.51.100.3",
                  "PTR 198.51.100.2", "PTR 198.51.100.3"));
}

TEST(CanaryWatchTest, OnlyTheLastOfSeveralDeniedNamesIsDropped) {
  CanaryNames names;
  Watched w(3, &names);
  w.PassStart();
  w.Hold();
  w.Probe(Result::kDenied);
  w.Probe(Result::kDenied);
  EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.3");
  EXPECT_NE(names.at(CanaryNames::kPerTier).id, 0u);
  EXPECT_EQ(names.at(CanaryNames::kPerTier + 1).id, 0u);
}

TEST(CanaryWatchTest, ANameThatIsGoodItselfAfterwardsStays) {
  CanaryNames names;
  Watched w(1, &names);
  const uint64_t id = names.at(CanaryNames::kPerTier).id;
  w.PassStart();
  w.Hold();
  w.Probe(Result::kDenied);
  EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.1");
  EXPECT_THAT(w.Rulings(), ElementsAre("contradicted 1"));
  w.Learn(2);
  w.Hold();
  EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.2");
  EXPECT_EQ(names.at(CanaryNames::kPerTier).id, id);
}

TEST(CanaryWatchTest, AConfiguredNameThatAloneIsDeniedOnlyLosesItsPlace) {
  CanaryNames names;
  Watched w(2, &names);
  w.Configure(9);
  w.PassStart();
  EXPECT_EQ(w.Probe(Result::kDenied), "PTR 198.51.100.9");
  EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.1");
  EXPECT_TRUE(names.has_configured());
  w.Hold();
  EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.2");
}

TEST(CanaryWatchTest, TooFewDeniedNamesAreForgottenAfterTenSeconds) {
  CanaryNames names;
  Watched w(2, &names);
  w.PassStart();
  w.Hold();
  const TimeNs begin = w.now() + w.UntilNext();
  std::vector<std::string> probes;
  probes.reserve(10);
  for (int i = 0; i < 10; ++i) probes.push_back(w.Probe(Result::kDenied));
  EXPECT_THAT(probes, testing::Contains("PTR 198.51.100.1").Times(5));
  w.Hold();
  EXPECT_EQ(w.now(), begin + 9 * kSecond);
  EXPECT_THAT(w.Rulings(), IsEmpty());
  w.Probe(Result::kDenied);
  EXPECT_THAT(w.Rulings(), ElementsAre("contradicted 2"));
  EXPECT_FALSE(w.lying());
  w.Hold();
  w.Sleep(w.UntilNext());
  EXPECT_EQ(w.Take(), "");
  EXPECT_THAT(w.Rulings(), ElementsAre("contradicted 3"));
  EXPECT_NE(names.at(CanaryNames::kPerTier).id, 0u) << "others may use it";
}

TEST(CanaryWatchTest, AForgottenDenialStillBreaksTheInterval) {
  Watched w(1);
  w.PassStart();
  w.Hold();
  for (int i = 0; i <= 10; ++i) w.Probe(Result::kDenied);
  EXPECT_THAT(w.Rulings(), ElementsAre("contradicted 1"));
  w.Hold();
  w.Learn(2);
  EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.2");
  EXPECT_THAT(w.Rulings(), ElementsAre("contradicted 2"));
  w.Hold();
  EXPECT_EQ(w.Probe(Result::kGood), "PTR 198.51.100.2");
  EXPECT_THAT(w.Rulings(), ElementsAre("verified 3"));
}

TEST(CanaryWatchTest, ADoubtWhoseNamesAllVanishEndsInAskingAgain) {
  CanaryNames names;
  Watched w(1, &names);
  w.PassStart();
  w.Hold();
  w.Probe(Result::kDenied);
  names.Drop(names.at(CanaryNames::kPerTier).id);  // by another server's watch
  w.Sleep(w.UntilNext());
  EXPECT_THAT(w.Rulings(), ElementsAre("contradicted 1"));
  EXPECT_EQ(w.UntilNext(), kNever);
}

TEST(CanaryWatchTest, ADoubtIsSettledWithoutActivityOrNegatives) {
  Watched w(3);
  w.PassStart();
  w->OnSent(w.now());
  w.Probe(Result::kDenied);
  EXPECT_EQ(w.UntilNext(), kSecond);
  w.Probe(Result::kGood);
  EXPECT_EQ(w.UntilNext(), kNever);
}

}  // namespace
}  // namespace scanner
