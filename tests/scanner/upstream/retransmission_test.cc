#include "scanner/upstream/retransmission.h"

#include <gtest/gtest.h>

#include <vector>

namespace scanner {
namespace {

using io::kMillisecond;
using io::TimeNs;

TimeNs WaitMs(const RetransmissionTimer& timer, int k) {
  return kWaitLadder[timer.RungOfTry(k)] / kMillisecond;
}

std::vector<TimeNs> WaitsMs(const RetransmissionTimer& timer) {
  return {WaitMs(timer, 1), WaitMs(timer, 2), WaitMs(timer, 3),
          WaitMs(timer, 4)};
}

using Waits = std::vector<TimeNs>;

TEST(RetransmissionTest, WaitsOneSecondBeforeThereIsASample) {
  const RetransmissionTimer timer;
  EXPECT_FALSE(timer.has_sample());
  EXPECT_EQ(WaitsMs(timer), (Waits{1000, 2000, 4000, 4000}));
}

// RFC 6298 section 2.2: the first sample R gives R + 4 * R/2 = 3 R.
TEST(RetransmissionTest, RoundsTheTimeoutUpToTheLadder) {
  struct Case {
    const char* label;
    TimeNs sample_ms;
    Waits expected_ms;
  };
  const Case kCases[] = {
      {"a fast resolver waits for the floor", 1, {707, 1414, 2828, 4000}},
      {"3 x 235 = 705: below the floor's rung", 235, {707, 1414, 2828, 4000}},
      {"3 x 236 = 708: above it", 236, {1000, 2000, 4000, 4000}},
      {"3 x 333 = 999", 333, {1000, 2000, 4000, 4000}},
      {"3 x 334 = 1002", 334, {1414, 2828, 4000, 4000}},
      {"3 x 900 = 2700", 900, {2828, 4000, 4000, 4000}},
      {"the ceiling", 9000, {4000, 4000, 4000, 4000}},
  };
  for (const Case& c : kCases) {
    RetransmissionTimer timer;
    timer.OnSample(c.sample_ms * kMillisecond);
    EXPECT_EQ(WaitsMs(timer), c.expected_ms) << c.label;
  }
}

TEST(RetransmissionTest, AnAuthorityHasALowerFloor) {
  RetransmissionTimer timer(1);
  timer.OnSample(kMillisecond);
  EXPECT_EQ(WaitsMs(timer), (Waits{354, 707, 1414, 2828}));
}

// By hand: 400 ms, then 800 ms: variation 200 + (400-200)/4 = 250, smoothed
// 400 + 400/8 = 450.
TEST(RetransmissionTest, SmoothsLaterSamples) {
  RetransmissionTimer timer;
  timer.OnSample(400 * kMillisecond);
  timer.OnSample(800 * kMillisecond);
  EXPECT_EQ(timer.srtt(), 450 * kMillisecond);
  EXPECT_EQ(WaitMs(timer, 1), 2000);  // 450 + 1000 = 1450
}

TEST(RetransmissionTest, SettlesOnASteadyRoundTrip) {
  RetransmissionTimer timer;
  timer.OnSample(3000 * kMillisecond);
  EXPECT_EQ(WaitMs(timer, 1), 4000);
  for (int i = 0; i < 100; ++i) timer.OnSample(20 * kMillisecond);
  EXPECT_EQ(WaitMs(timer, 1), 707);
}

}  // namespace
}  // namespace scanner
