#include "scanner/upstream/drain_gauge.h"

#include <gtest/gtest.h>

#include "scanner/upstream/congestion.h"

namespace scanner {
namespace {

using io::kMicrosecond;
using io::kMillisecond;
using io::kSecond;
using io::TimeNs;

constexpr TimeNs kTick = 500 * kMicrosecond;

TEST(DrainGaugeTest, IsDrainedWhereMostTurnsFindTheWindowEmpty) {
  struct Case {
    const char* label;
    bool was_full;
    uint32_t open;  // of 64
    TimeNs every;
    bool drained;
  };
  constexpr Case kCases[] = {
      {"empty", true, 0, kTick, true},
      {"an eighth is open", true, 8, kTick, true},
      {"more is open", true, 9, kTick, false},
      {"the window was not what held us back", false, 0, kTick, false},
      {"we were slow ourselves", true, 0, 2 * kTick, false},
  };
  for (const Case& c : kCases) {
    DrainGauge gauge;
    TimeNs now = kSecond;
    for (int turn = 0; turn < 5; ++turn) {
      gauge.OnTurn(c.was_full, c.open, 64, now += c.every);
    }
    EXPECT_EQ(gauge.is_drained(), c.drained) << c.label;
  }
}

TEST(DrainGaugeTest, TakesFourTurnsAndHalfOfThemAndStartsAnew) {
  DrainGauge gauge;
  TimeNs now = kSecond;
  gauge.OnTurn(true, 0, 64, now);  // how long the turn before was is unknown
  for (int turn = 0; turn < 3; ++turn) {
    gauge.OnTurn(true, 0, 64, now += kTick);
    EXPECT_FALSE(gauge.is_drained());
  }
  for (int turn = 0; turn < 3; ++turn) {
    gauge.OnTurn(true, 64, 64, now += kTick);
    EXPECT_TRUE(gauge.is_drained()) << turn;
  }
  gauge.OnTurn(true, 64, 64, now += kTick);
  EXPECT_FALSE(gauge.is_drained());
  gauge.OnTurn(true, 0, 64, now += kTick);
  EXPECT_TRUE(gauge.is_drained());
  gauge.Restart();
  EXPECT_FALSE(gauge.is_drained());
}

// A server on loopback whose answers per second stay the same.
class TickedServer {
 public:
  // Turns for `time`, each of which brings `answers`; `open`: of the tries, in
  // parts of the window, those that are not answered by the next turn.
  void Run(TimeNs time, uint32_t answers, double open) {
    for (const TimeNs end = now_ + time; now_ < end; now_ += kTick) {
      congestion.OnSent(now_);
      for (uint32_t i = 0; i < answers; ++i) {
        congestion.OnEnd(Congestion::End::kOk, now_);
      }
      const double tries = open * congestion.window();
      congestion.OnTurn(static_cast<uint32_t>(tries), now_);
      congestion.OnWindowHeldBack();
      congestion.Advance(now_, kMillisecond);
    }
  }

  Congestion congestion{PaceLimits{.floor_qps = 20}};

 private:
  TimeNs now_ = 1000 * kSecond;
};

TEST(DrainGaugeTest, AWindowThatIsEmptiedGrowsWhateverAnswersPerSecondSay) {
  TickedServer emptied;
  emptied.Run(500 * kMillisecond, 50, 0);
  EXPECT_EQ(emptied.congestion.window(), 256U);
  TickedServer busy;
  busy.Run(500 * kMillisecond, 50, 0.5);
  EXPECT_EQ(busy.congestion.window(), 64U);
}

TEST(DrainGaugeTest, AWindowThatStoppedGrowsOnceItIsEmptied) {
  TickedServer server;
  server.Run(500 * kMillisecond, 50, 0.5);
  ASSERT_EQ(server.congestion.window(), 64U);
  server.Run(20 * kSecond, 50, 0);
  EXPECT_EQ(server.congestion.window(), 256U);
}

TEST(DrainGaugeTest, AWindowThatStoppedIsTriedAgainWhenTurnsComeByOtherRules) {
  TickedServer server;
  server.Run(500 * kMillisecond, 50, 0.5);
  ASSERT_EQ(server.congestion.window(), 64U);
  server.congestion.OnOtherTurns(1001 * kSecond);
  server.Run(kSecond, 50, 0);
  EXPECT_EQ(server.congestion.window(), 256U);
}

}  // namespace
}  // namespace scanner
