#include "scanner/upstream/congestion.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deque>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "scanner/upstream/rate_limiter.h"

namespace scanner {
namespace {

using io::kMicrosecond;
using io::kMillisecond;
using io::kSecond;
using io::TimeNs;
using End = Congestion::End;

constexpr TimeNs kStart = 1000 * kSecond;

constexpr PaceLimits kLoopback = {};
constexpr PaceLimits kResolver = {.start_qps = 100,
                                  .floor_qps = 20,
                                  .cap_qps = 500,
                                  .window_start = 32,
                                  .window_min = 4,
                                  .window_max = 1024};

// ---- Rules, one by one: seconds of outcomes, without a server.

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

// ---- Whole scans against a server in simulated time.

struct ServerModel {
  TimeNs rtt = 300 * kMicrosecond;
  double capacity_qps = 100000;  // served one after the other
  double queue = 256;            // waiting ones; more are dropped
  double loss = 0;
  double limit_qps = 0;  // by token bucket, depth 20 ms; 0: none
  bool refuse = false;   // above the limit, instead of dropping
  // The round trip grows with the tries in flight above 64, to this power.
  double crowding = 0;
};

struct Totals {
  uint64_t sent = 0;
  uint64_t ok = 0;
  uint64_t lost = 0;
  uint64_t refused = 0;
  double Loss() const {
    const double all = static_cast<double>(ok + lost + refused);
    return static_cast<double>(lost + refused) / std::max(1.0, all);
  }
};

// Sends as much as it may, forever.
class Simulation {
 public:
  Simulation(const PaceLimits& limits, const ServerModel& server)
      : congestion(limits),
        server_(server),
        limiter_(limits.start_qps),
        limit_(server.limit_qps) {}

  // What happened in this time.
  Totals Run(TimeNs time) {
    totals_ = {};
    for (const TimeNs end = now_ + time; now_ < end; now_ += kTurn) Turn();
    return totals_;
  }
  void Pause(TimeNs time) {
    for (const TimeNs end = now_ + time; now_ < end; now_ += kTurn) {
      Receive();
      congestion.Advance(now_, server_.rtt);
    }
  }
  void set_loss(double loss) { server_.loss = loss; }
  void set_rtt(TimeNs rtt) { server_.rtt = rtt; }

  Congestion congestion;
  uint32_t widest = 0;
  double slowest = 1e9;

 private:
  static constexpr TimeNs kTurn = 100 * kMicrosecond;
  static constexpr TimeNs kWait = 707 * kMillisecond;
  struct Ending {
    TimeNs at;
    End end;
  };

  void Turn() {
    Receive();
    if (congestion.Advance(now_, server_.rtt)) {
      limiter_ = RateLimiter(congestion.rate_qps());
      widest = std::max(widest, congestion.window());
      slowest = std::min(slowest, congestion.rate_qps());
    }
    while (in_flight_ < congestion.window() && limiter_.Ready(now_)) Send();
    if (in_flight_ >= congestion.window()) {
      congestion.OnWindowHeldBack();
    } else {
      congestion.OnRateHeldBack();
    }
  }

  void Send() {
    limiter_.Spend(now_);
    congestion.OnSent(now_);
    ++totals_.sent;
    ++in_flight_;
    const Ending ending = Serve();
    (ending.end == End::kLost ? lost_ : answered_).push_back(ending);
  }

  Ending Serve() {
    const Ending lost = {now_ + kWait, End::kLost};
    if (std::uniform_real_distribution<>(0, 1)(random_) < server_.loss) {
      return lost;
    }
    const double service_ns = 1e9 / server_.capacity_qps;
    const double now = static_cast<double>(now_);
    if (free_at_ > now + service_ns * server_.queue) return lost;
    if (limit_.limited() && !limit_.Ready(now_)) {
      if (!server_.refuse) return lost;
      return {now_ + server_.rtt, End::kRefused};
    }
    limit_.Spend(now_);
    free_at_ = std::max(free_at_, now) +
               std::exponential_distribution<>(1 / service_ns)(random_);
    const double rtt = static_cast<double>(server_.rtt) *
                       std::pow(in_flight_ / 64.0, server_.crowding);
    return {static_cast<TimeNs>(free_at_ + rtt), End::kOk};
  }

  void Receive() {
    for (std::deque<Ending>* endings : {&answered_, &lost_}) {
      while (!endings->empty() && endings->front().at <= now_) {
        const End end = endings->front().end;
        endings->pop_front();
        --in_flight_;
        congestion.OnEnd(end, now_);
        totals_.ok += end == End::kOk;
        totals_.lost += end == End::kLost;
        totals_.refused += end == End::kRefused;
      }
    }
  }

  ServerModel server_;
  RateLimiter limiter_;
  RateLimiter limit_;
  std::mt19937_64 random_{20240607};
  TimeNs now_ = kStart;
  double free_at_ = 0;
  uint32_t in_flight_ = 0;
  std::deque<Ending> answered_;
  std::deque<Ending> lost_;
  Totals totals_;
};

constexpr TimeNs kMinute = 60 * kSecond;

double PerSecond(uint64_t count, TimeNs time) {
  return static_cast<double>(count) * 1e9 / static_cast<double>(time);
}

TEST(CongestionSimulationTest, ALosslessServerIsTakenToItsCap) {
  Simulation scan(kResolver, {.rtt = 20 * kMillisecond});
  scan.Run(20 * kSecond);
  const Totals totals = scan.Run(kMinute);
  EXPECT_EQ(scan.congestion.rate_qps(), 500);
  EXPECT_NEAR(PerSecond(totals.ok, kMinute), 500, 10);
  EXPECT_EQ(scan.congestion.cuts(), 0U);
}

TEST(CongestionSimulationTest, SteadyRandomLossDoesNotThrottle) {
  Simulation scan(kResolver, {.rtt = 20 * kMillisecond, .loss = 0.3});
  scan.Run(40 * kSecond);
  const Totals totals = scan.Run(5 * kMinute);
  EXPECT_GE(PerSecond(totals.sent, 5 * kMinute), 0.9 * 500);
  EXPECT_GE(PerSecond(totals.ok, 5 * kMinute), 0.6 * 500);
  EXPECT_GT(scan.slowest, 2 * kResolver.floor_qps);
}

TEST(CongestionSimulationTest, RandomLossThatSetsInLaterDoesNotThrottle) {
  Simulation scan(kResolver, {.rtt = 20 * kMillisecond});
  scan.Run(90 * kSecond);
  scan.set_loss(0.3);
  scan.slowest = 500;
  scan.Run(40 * kSecond);
  const Totals totals = scan.Run(5 * kMinute);
  EXPECT_GE(PerSecond(totals.ok, 5 * kMinute), 0.6 * 500);
  EXPECT_GT(scan.slowest, 200);
}

TEST(CongestionSimulationTest, RandomLossDoesNotThrottleAServerWithoutARate) {
  Simulation scan(kLoopback, {.capacity_qps = 5000, .loss = 0.3});
  scan.Run(30 * kSecond);
  const Totals totals = scan.Run(2 * kMinute);
  EXPECT_GE(PerSecond(totals.ok, 2 * kMinute), 0.6 * 5000);
}

// Loss that comes and goes is no reason to slow down for good: after a bad
// second the pace goes back to what the server has answered lately.
TEST(CongestionSimulationTest, ChangingWeatherDoesNotRatchetThePaceDown) {
  Simulation scan(kLoopback,
                  {.rtt = kMillisecond, .capacity_qps = 20000, .queue = 1000});
  std::mt19937 random(7);
  constexpr double kLosses[] = {0, 0, 0.02, 0.1, 0.2};
  std::vector<double> ok_qps;
  for (int minute = 0; minute < 4; ++minute) {
    uint64_t ok = 0;
    for (int i = 0; i < 46; ++i) {
      scan.set_loss(kLosses[random() % std::size(kLosses)]);
      ok += scan.Run(1300 * kMillisecond).ok;
    }
    ok_qps.push_back(PerSecond(ok, 1300 * kMillisecond * 46));
  }
  EXPECT_GE(*std::min_element(ok_qps.begin(), ok_qps.end()), 8000);
  scan.set_loss(0);
  scan.Run(10 * kSecond);
  EXPECT_GE(PerSecond(scan.Run(5 * kSecond).ok, 5 * kSecond), 0.9 * 20000);
}

TEST(CongestionSimulationTest, FindsTheLimitOfAServer) {
  struct Case {
    const char* label;
    PaceLimits limits;
    bool refuse;
  };
  const Case kCases[] = {
      {"drops, from 100 of 500", kResolver, false},
      {"drops, from no limit", kLoopback, false},
      {"refuses, from 100 of 500", kResolver, true},
      {"refuses, from no limit", kLoopback, true},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.label);
    Simulation scan(c.limits, {.limit_qps = 200, .refuse = c.refuse});
    scan.Run(30 * kSecond);
    const Totals totals = scan.Run(kMinute);
    EXPECT_GE(PerSecond(totals.sent, kMinute), 0.7 * 200);
    EXPECT_LE(PerSecond(totals.sent, kMinute), 1.35 * 200);
    EXPECT_GE(PerSecond(totals.ok, kMinute), 0.7 * 200);
    EXPECT_LE(totals.Loss(), 0.12);
    RecordProperty(c.label,
                   absl::StrCat(PerSecond(totals.sent, kMinute), " sent, ",
                                PerSecond(totals.ok, kMinute), " answered"));
  }
}

TEST(CongestionSimulationTest, TheWindowStopsWhereMoreDoesNotHelp) {
  struct Case {
    TimeNs rtt;
    double queue;
    uint32_t needed;  // 100,000/s times the round trip
    uint32_t widest;
  };
  const Case kCases[] = {
      {300 * kMicrosecond, 256, 30, 128},
      {2 * kMillisecond, 256, 200, 512},
      {10 * kMillisecond, 1024, 1000, 2048},
      {20 * kMillisecond, 1024, 2000, 4096},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(absl::StrCat("needed: ", c.needed));
    Simulation scan(kLoopback, {.rtt = c.rtt, .queue = c.queue});
    Totals totals = scan.Run(3 * kSecond);
    EXPECT_LE(totals.Loss(), 0.03);  // the server's queue was not overrun long
    totals = scan.Run(10 * kSecond);
    EXPECT_GE(scan.congestion.window(), c.needed);
    EXPECT_LE(scan.congestion.window(), 4 * c.needed);
    EXPECT_LE(scan.widest, c.widest);
    EXPECT_GE(PerSecond(totals.ok, 10 * kSecond), 95000);
    EXPECT_LE(totals.Loss(), 0.001);
  }
}

TEST(CongestionSimulationTest, TheWindowGrowsWhileEachDoublingHelpsALittle) {
  // Four times the window is 1.5 times as fast, 64 ms / 64 being 1,000/s; then
  // the server is at its end.
  const double crowding = 1 - std::log(1.5) / std::log(4);
  Simulation scan(
      kLoopback,
      {.rtt = 64 * kMillisecond, .capacity_qps = 1550, .crowding = crowding});
  scan.Run(30 * kSecond);
  const Totals totals = scan.Run(30 * kSecond);
  EXPECT_GE(scan.congestion.window(), 256U);
  EXPECT_LE(scan.congestion.window(), 512U);
  EXPECT_GE(PerSecond(totals.ok, 30 * kSecond), 1400);
}

TEST(CongestionSimulationTest, TheWindowGrowsOnWhenAnswersBecomeFewer) {
  Simulation scan(kLoopback, {.capacity_qps = 20000});
  scan.Run(5 * kSecond);
  ASSERT_EQ(scan.congestion.window(), 64U);
  scan.set_rtt(20 * kMillisecond);  // needs 400
  scan.Run(20 * kSecond);
  const Totals totals = scan.Run(10 * kSecond);
  EXPECT_EQ(scan.congestion.window(), 512U);
  EXPECT_GE(PerSecond(totals.ok, 10 * kSecond), 19000);
}

TEST(CongestionSimulationTest, RecoversFromTwentySecondsOfSilence) {
  struct Case {
    const char* label;
    PaceLimits limits;
    ServerModel server;
    double expected_qps;
  };
  const Case kCases[] = {
      {"a rate", kResolver, {.rtt = 20 * kMillisecond}, 490},
      {"none", kLoopback, {.capacity_qps = 20000}, 18000},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.label);
    Simulation scan(c.limits, c.server);
    // Not at the border of a measuring window.
    scan.Run(30 * kSecond + 300 * kMillisecond);
    scan.set_loss(1);
    scan.Run(20 * kSecond);
    scan.set_loss(0);
    scan.Run(40 * kSecond);
    const Totals totals = scan.Run(10 * kSecond);
    EXPECT_GE(PerSecond(totals.ok, 10 * kSecond), c.expected_qps);
  }
}

TEST(CongestionSimulationTest, RecoversWhileNothingIsSent) {
  Simulation scan(kResolver, {.rtt = 20 * kMillisecond, .loss = 1});
  scan.Run(30 * kSecond);
  ASSERT_EQ(scan.congestion.rate_qps(), 20);
  scan.Pause(30 * kSecond);
  EXPECT_EQ(scan.congestion.rate_qps(), 100);
}

}  // namespace
}  // namespace scanner
