#include "scanner/engine/turn_pace.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace scanner {
namespace {

using io::kMicrosecond;
using io::kMillisecond;
using io::kSecond;
using io::TimeNs;

// Turns that come `every` and bring `rate_per_s` datagrams a second.
class Arrivals {
 public:
  void Go(TimeNs time, TimeNs every, double rate_per_s) {
    for (const TimeNs end = now_ + time; now_ < end; now_ += every) {
      received_ += rate_per_s * static_cast<double>(every) / 1e9;
      pace_.OnTurn(now_, static_cast<uint64_t>(received_));
    }
  }
  const TurnPace& pace() const { return pace_; }

 private:
  TurnPace pace_;
  TimeNs now_ = 1000 * kSecond;
  double received_ = 0;
};

TEST(TurnPaceTest, TicksAtHighRatesOnly) {
  const struct {
    double rate_per_s;
    bool ticks;
  } cases[] = {{0, false},    {1000, false},  {30000, false},
               {34000, true}, {100000, true}, {2000000, true}};
  for (const auto& c : cases) {
    Arrivals arrivals;
    arrivals.Go(100 * kMillisecond, 20 * kMicrosecond, c.rate_per_s);
    EXPECT_EQ(arrivals.pace().ticking(), c.ticks) << c.rate_per_s;
  }
}

TEST(TurnPaceTest, BeginsWithinMilliseconds) {
  Arrivals arrivals;
  arrivals.Go(kSecond, kMillisecond, 500);
  arrivals.Go(11 * kMillisecond, 20 * kMicrosecond, 200000);
  EXPECT_TRUE(arrivals.pace().ticking());
}

// Between the rate at which it begins and the one at which it ends it stays as
// it is, or it would flicker.
TEST(TurnPaceTest, EndsAtHalfTheRateItBeginsAt) {
  Arrivals arrivals;
  arrivals.Go(100 * kMillisecond, TurnPace::kTick, 40000);
  ASSERT_TRUE(arrivals.pace().ticking());
  arrivals.Go(100 * kMillisecond, TurnPace::kTick, 20000);
  EXPECT_TRUE(arrivals.pace().ticking());
  arrivals.Go(100 * kMillisecond, TurnPace::kTick, 12000);
  EXPECT_FALSE(arrivals.pace().ticking());
  arrivals.Go(100 * kMillisecond, 50 * kMicrosecond, 20000);
  EXPECT_FALSE(arrivals.pace().ticking());
}

// A pause of the scan is no reason to tick on.
TEST(TurnPaceTest, EndsWithTheFirstTurnAfterSilence) {
  Arrivals arrivals;
  arrivals.Go(100 * kMillisecond, TurnPace::kTick, 100000);
  ASSERT_TRUE(arrivals.pace().ticking());
  arrivals.Go(6 * kMillisecond, 5 * kMillisecond, 0);
  EXPECT_FALSE(arrivals.pace().ticking());
}

}  // namespace
}  // namespace scanner
