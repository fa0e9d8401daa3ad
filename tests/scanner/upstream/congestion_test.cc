// Congestion rule by rule: seconds of outcomes, without a server.
#include "scanner/upstream/congestion.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/scanner/upstream/congestion_limits.h"

namespace scanner {
namespace {

using io::kMillisecond;
using io::kSecond;
using io::TimeNs;
using End = Congestion::End;

struct Second {
  int ok = 0;
  int lost = 0;
  int refused = 0;
  int late = 0;
  bool rate_held = false;
  bool window_held = false;
};

class Table {
 public:
  explicit Table(const PaceLimits& limits) : congestion(limits) {
    congestion.OnSent(now);
    congestion.Advance(now, kMillisecond);
  }

  // One second of 100 turns; the outcomes come first.
  void Pass(const Second& second) {
    for (int i = 0; i < second.ok; ++i) congestion.OnEnd(End::kOk, now);
    for (int i = 0; i < second.lost; ++i) congestion.OnEnd(End::kLost, now);
    for (int i = 0; i < second.refused; ++i) {
      congestion.OnEnd(End::kRefused, now);
    }
    for (int i = 0; i < second.late; ++i) congestion.OnLate();
    for (int turn = 0; turn < 100; ++turn) {
      now += 10 * kMillisecond;
      congestion.OnSent(now);
      if (second.rate_held) congestion.OnRateHeldBack();
      if (second.window_held) congestion.OnWindowHeldBack();
      congestion.Advance(now, kMillisecond);
    }
  }
  void Pass(int seconds, const Second& second) {
    for (int i = 0; i < seconds; ++i) Pass(second);
  }
  // Nothing at all.
  void Idle(TimeNs time, TimeNs step) {
    for (const TimeNs end = now + time; now < end;) {
      now += step;
      congestion.Advance(now, kMillisecond);
    }
  }

  Congestion congestion;
  TimeNs now = kStart;
};

TEST(CongestionTest, BeginsWithWhatTheLimitsSay) {
  const Congestion loopback(kLoopback);
  EXPECT_EQ(loopback.rate_qps(), 0);
  EXPECT_EQ(loopback.window(), 64U);
  const Congestion resolver(kResolver);
  EXPECT_EQ(resolver.rate_qps(), 100);
  EXPECT_EQ(resolver.window(), 32U);
}

TEST(CongestionTest, JudgesASecondByItsLoss) {
  struct Case {
    const char* label;
    Second second;
    double loss;
    bool cut;
  };
  // Above 0.05 + 2 sqrt(loss (1 - loss) / n), the base being 0.
  const Case kCases[] = {
      {"no loss", {.ok = 100}, 0, false},
      {"0.11 of 100: limit 0.1126", {.ok = 89, .lost = 11}, 0.11, false},
      {"0.12 of 100: limit 0.1150", {.ok = 88, .lost = 12}, 0.12, true},
      {"0.06 of 10,000: above", {.ok = 9400, .lost = 600}, 0.06, true},
      {"REFUSED is loss", {.ok = 80, .refused = 20}, 0.2, true},
      {"late ones are none", {.ok = 80, .lost = 20, .late = 18}, 0.02, false},
      {"late ones of before", {.ok = 80, .lost = 20, .late = 30}, 0, false},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.label);
    Table table(kResolver);
    table.Pass(c.second);
    EXPECT_DOUBLE_EQ(table.congestion.loss(), c.loss);
    EXPECT_EQ(table.congestion.cuts(), c.cut ? 1U : 0U);
    EXPECT_DOUBLE_EQ(table.congestion.rate_qps(), c.cut ? 70 : 100);
    EXPECT_EQ(table.congestion.window(), c.cut ? 22U : 32U);
  }
}

TEST(CongestionTest, MeasuresUntilFiftyOutcomesOrTenSeconds) {
  Table table(kResolver);
  table.Pass(4, {.ok = 6, .lost = 6});
  EXPECT_EQ(table.congestion.cuts(), 0U);  // 48
  table.Pass({.ok = 6, .lost = 6});
  EXPECT_EQ(table.congestion.cuts(), 1U);  // 60

  Table slow(kResolver);
  slow.Pass(9, {.ok = 1, .lost = 1});
  EXPECT_EQ(slow.congestion.cuts(), 0U);
  slow.Pass({.ok = 1, .lost = 1});
  EXPECT_EQ(slow.congestion.cuts(), 1U);
}

TEST(CongestionTest, DoesNotCountWhatEndsWhileACutSettles) {
  Table table(kResolver);
  table.Pass({.ok = 50, .lost = 50});
  ASSERT_EQ(table.congestion.cuts(), 1U);
  table.Pass({.lost = 100});  // sent before the cut
  table.Pass({.ok = 100});
  EXPECT_EQ(table.congestion.cuts(), 1U);
  EXPECT_EQ(table.congestion.loss(), 0);
}

TEST(CongestionTest, GoesNeverBelowTheFloor) {
  Table table(kResolver);
  // Nothing is answered, so nothing is known about whose loss it is.
  table.Pass(60, {.lost = 100, .rate_held = true, .window_held = true});
  EXPECT_EQ(table.congestion.rate_qps(), 20);
  EXPECT_EQ(table.congestion.window(), 4U);
}

TEST(CongestionTest, ARateThatHoldsUsBackGrowsByATwentiethOfTheCap) {
  Table table(kResolver);
  table.Pass({.ok = 100, .rate_held = true});
  EXPECT_DOUBLE_EQ(table.congestion.rate_qps(), 125);
  table.Pass({.ok = 100});  // not held back
  EXPECT_DOUBLE_EQ(table.congestion.rate_qps(), 125);
  table.Pass(30, {.ok = 100, .rate_held = true});
  EXPECT_DOUBLE_EQ(table.congestion.rate_qps(), 500);
}

TEST(CongestionTest, TheFirstRateOfAServerWithoutOneIsWhatItAnswered) {
  Table table(kLoopback);
  table.Pass(3, {.ok = 1000, .rate_held = true});
  EXPECT_EQ(table.congestion.rate_qps(), 0);
  table.Pass({.ok = 1000, .lost = 4000});
  EXPECT_DOUBLE_EQ(table.congestion.rate_qps(), 1000);
  table.Pass(2, {.ok = 1000, .rate_held = true});  // one settles
  EXPECT_DOUBLE_EQ(table.congestion.rate_qps(), 1250);
  // From the next cut on by a quarter of what it has answered lately, 1,000,
  // and near that by a twentieth of the rate that was too much.
  table.Pass({.ok = 1000, .lost = 250});
  EXPECT_DOUBLE_EQ(table.congestion.rate_qps(), 875);
  table.Pass(2, {.ok = 1000, .rate_held = true});
  EXPECT_DOUBLE_EQ(table.congestion.rate_qps(), 1125);
  table.Pass({.ok = 1000, .rate_held = true});
  EXPECT_DOUBLE_EQ(table.congestion.rate_qps(), 1125 + 62.5);
}

TEST(CongestionTest, WhatAServerAnsweredIsForgottenAfterAMinute) {
  Table table(kLoopback);
  table.Pass({.ok = 10000});
  table.Pass(70, {.ok = 100});
  table.Pass({.ok = 100, .lost = 100});
  EXPECT_DOUBLE_EQ(table.congestion.rate_qps(), 100);
}

TEST(CongestionTest, ARateFarAboveWhatIsAnsweredIsMeasuredAgain) {
  Table table(kLoopback);
  table.Pass({.ok = 10000, .lost = 2000});
  ASSERT_DOUBLE_EQ(table.congestion.rate_qps(), 10000);
  table.Pass({});
  table.Pass({.ok = 200, .refused = 9800});  // may be half a second of each
  EXPECT_DOUBLE_EQ(table.congestion.rate_qps(), 7000);
  table.Pass({});
  table.Pass({.ok = 200, .refused = 6800});
  EXPECT_DOUBLE_EQ(table.congestion.rate_qps(), 200);
}

TEST(CongestionTest, ASilenceIsNoMeasureOfARate) {
  Table table(kLoopback);
  table.Pass(3, {.ok = 100000});
  table.Pass({.ok = 1000, .lost = 500});  // falls silent early in the second
  EXPECT_DOUBLE_EQ(table.congestion.rate_qps(), 100000);
  Table silent(kLoopback);
  silent.Pass(10, {.lost = 100});
  EXPECT_EQ(silent.congestion.rate_qps(), 0);
  EXPECT_EQ(silent.congestion.window(), 16U);
  silent.Pass({.ok = 1000, .lost = 500});  // speaks late in the second
  EXPECT_EQ(silent.congestion.rate_qps(), 0);
}

TEST(CongestionTest, ARateWithoutACapGrowsFasterTheLongerItIsClear) {
  Table table(kLoopback);
  table.Pass({.ok = 100, .lost = 100});
  ASSERT_DOUBLE_EQ(table.congestion.rate_qps(), 100);
  table.Pass(1 + 60, {.ok = 100, .rate_held = true});
  EXPECT_GT(table.congestion.rate_qps(), 10000);
}

TEST(CongestionTest, LossOfOldIsTheBase) {
  Table table(kResolver);
  // At the floor no cut is left, so what is lost is not ours.
  table.Pass(30, {.lost = 100});
  const uint64_t cuts = table.congestion.cuts();
  table.Pass(2, {.ok = 70, .lost = 30, .rate_held = true});
  EXPECT_DOUBLE_EQ(table.congestion.rate_qps(), 20);
  table.Pass(10, {.ok = 70, .lost = 30, .rate_held = true});
  EXPECT_GT(table.congestion.rate_qps(), 200);
  EXPECT_EQ(table.congestion.cuts(), cuts);
  table.Pass({.ok = 40, .lost = 60});
  EXPECT_EQ(table.congestion.cuts(), cuts + 1);
}

TEST(CongestionTest, UndoesTwoCutsThatCostAnswersAndSavedNoLoss) {
  Table table(kResolver);
  table.Pass(20, {.ok = 100});
  table.Pass({.ok = 70, .lost = 30});
  table.Pass(2, {.ok = 49, .lost = 21});
  EXPECT_EQ(table.congestion.cuts(), 2U);
  EXPECT_DOUBLE_EQ(table.congestion.rate_qps(), 49);
  table.Pass(2, {.ok = 41, .lost = 17});
  EXPECT_DOUBLE_EQ(table.congestion.rate_qps(), 100);
  EXPECT_EQ(table.congestion.window(), 32U);
  table.Pass(59, {.ok = 30, .lost = 70});
  EXPECT_EQ(table.congestion.cuts(), 2U);
}

TEST(CongestionTest, KeepsCutsThatHelpedOrCostLittle) {
  struct Case {
    const char* label;
    Second after;
  };
  const Case kCases[] = {
      {"loss is lower by a third", {.ok = 41, .lost = 10}},
      {"answers are not 40 % fewer", {.ok = 43, .lost = 19}},
      {"silence proves nothing", {.lost = 60}},
      {"three quarters of the answers went", {.ok = 17, .lost = 43}},
      {"REFUSED is meant for us", {.ok = 41, .refused = 17}},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.label);
    Table table(kResolver);
    table.Pass({.ok = 70, .lost = 30});
    table.Pass(2, {.ok = 49, .lost = 21});
    table.Pass(2, c.after);
    EXPECT_LT(table.congestion.rate_qps(), 50);
  }
}

TEST(CongestionTest, ATruncatedEmptyResponseCutsOnceASecond) {
  Table table(kResolver);
  table.congestion.OnTruncatedEmpty(table.now);
  table.congestion.OnTruncatedEmpty(table.now);
  EXPECT_DOUBLE_EQ(table.congestion.rate_qps(), 70);
  EXPECT_TRUE(table.congestion.Advance(table.now, kMillisecond));
  EXPECT_FALSE(table.congestion.Advance(table.now, kMillisecond));
  table.Idle(990 * kMillisecond, 10 * kMillisecond);
  table.congestion.OnTruncatedEmpty(table.now);
  EXPECT_EQ(table.congestion.cuts(), 1U);
  table.Idle(10 * kMillisecond, 10 * kMillisecond);
  table.congestion.OnTruncatedEmpty(table.now);
  EXPECT_EQ(table.congestion.cuts(), 2U);
}

TEST(CongestionTest, TruncationGivesAServerWithoutARateTheOneItAnswered) {
  Table table(kLoopback);
  table.congestion.OnTruncatedEmpty(table.now);
  EXPECT_EQ(table.congestion.cuts(), 0U);
  table.Pass({.ok = 200});
  EXPECT_EQ(table.congestion.cuts(), 1U);
  EXPECT_DOUBLE_EQ(table.congestion.rate_qps(), 200);
}

TEST(CongestionTest, ALocalDropShrinksTheWindowAndBlamesNobody) {
  Table table(kResolver);
  for (int i = 0; i < 50; ++i) {
    table.congestion.OnEnd(End::kLost, table.now);
    table.congestion.OnEnd(End::kOk, table.now);
  }
  table.congestion.OnLocalDrop(table.now);
  table.congestion.OnLocalDrop(table.now);  // once a second
  EXPECT_EQ(table.congestion.window(), 22U);
  EXPECT_TRUE(table.congestion.Advance(table.now, kMillisecond));
  table.Pass({});
  EXPECT_EQ(table.congestion.loss(), 0);
  EXPECT_EQ(table.congestion.cuts(), 0U);
  EXPECT_DOUBLE_EQ(table.congestion.rate_qps(), 100);
  table.congestion.OnLocalDrop(table.now);
  EXPECT_EQ(table.congestion.window(), 15U);
}

TEST(CongestionTest, AWindowThatCutsTookGrowsBackToItsStart) {
  Table table(kResolver);
  table.Pass({.ok = 80, .lost = 20});
  ASSERT_EQ(table.congestion.window(), 22U);
  const Second busy = {.ok = 100, .rate_held = true, .window_held = true};
  table.Pass(busy);
  EXPECT_EQ(table.congestion.window(), 22U);  // the cut settles
  table.Pass(2, busy);
  EXPECT_EQ(table.congestion.window(), 32U);
}

TEST(CongestionTest, TheWindowNeverExceedsACapSetLater) {
  Table table(kResolver);
  table.congestion.CapWindow(20);
  EXPECT_EQ(table.congestion.window(), 20U);
  table.Pass(10, {.ok = 500, .window_held = true});
  EXPECT_EQ(table.congestion.window(), 20U);
  table.Pass({.ok = 250, .lost = 250});
  EXPECT_EQ(table.congestion.window(), 14U);
  table.Pass(10, {.ok = 500, .window_held = true});
  EXPECT_EQ(table.congestion.window(), 20U);
}

TEST(CongestionTest, TheWindowStaysWhereTheRateIsWhatHoldsUsBack) {
  Table table(kResolver);
  for (int i = 0; i < 10; ++i) {
    table.Pass({.ok = 500, .rate_held = true, .window_held = true});
    EXPECT_EQ(table.congestion.window(), 32U);
  }
}

TEST(CongestionTest, TheRateRecoversUpToItsStartWhenNothingIsSent) {
  for (const TimeNs step : {100 * kMillisecond, 7 * kSecond}) {
    SCOPED_TRACE(absl::StrCat("a turn every ", step, " ns"));
    Table table(kResolver);
    table.Pass(60, {.lost = 100});
    ASSERT_EQ(table.congestion.rate_qps(), 20);
    table.Idle(7 * kSecond, step);
    EXPECT_EQ(table.congestion.rate_qps(), 20);
    table.Idle(7 * kSecond, step);
    EXPECT_NEAR(table.congestion.rate_qps(), 20 * 1.1 * 1.1 * 1.1 * 1.1, 3);
    table.Idle(21 * kSecond, step);
    EXPECT_EQ(table.congestion.rate_qps(), 100);
  }
}

}  // namespace
}  // namespace scanner
