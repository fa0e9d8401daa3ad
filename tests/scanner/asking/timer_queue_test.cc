#include "scanner/asking/timer_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

namespace scanner {
namespace {

using io::kMillisecond;
using io::TimeNs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

std::vector<uint32_t> PopAll(TimerQueue* timers, TimeNs now) {
  std::vector<uint32_t> expired;
  while (const auto index = timers->PopExpired(now)) expired.push_back(*index);
  return expired;
}

TEST(TimerQueueTest, ExpiresAtTheDeadlineAndNotBefore) {
  TimerQueue timers;
  timers.Schedule(5, kRung250Ms, 1000);
  const TimeNs deadline = 1000 + 250 * kMillisecond;
  EXPECT_EQ(timers.NextDeadline(), deadline);
  EXPECT_TRUE(timers.IsScheduled(5));
  EXPECT_THAT(PopAll(&timers, deadline - 1), IsEmpty());
  EXPECT_THAT(PopAll(&timers, deadline), ElementsAre(5));
  EXPECT_FALSE(timers.IsScheduled(5));
  EXPECT_EQ(timers.NextDeadline(), io::kNever);
}

TEST(TimerQueueTest, EveryRungWaitsAsLongAsTheLadderSays) {
  const TimeNs kLadderMs[] = {250, 354, 500, 707, 1000, 1414, 2000, 2828, 4000};
  for (size_t rung = 0; rung < std::size(kLadderMs); ++rung) {
    TimerQueue timers;
    timers.Schedule(0, rung, 0);
    EXPECT_EQ(timers.NextDeadline(), kLadderMs[rung] * kMillisecond);
  }
}

TEST(TimerQueueTest, TheEarliestDeadlineCountsWhateverItsRung) {
  TimerQueue timers;
  timers.Schedule(1, kRung1S, 0);
  timers.Schedule(2, kRung250Ms, 800 * kMillisecond);
  timers.Schedule(3, kRung250Ms, 700 * kMillisecond + 100 * kMillisecond);
  EXPECT_EQ(timers.NextDeadline(), 1000 * kMillisecond);
  EXPECT_THAT(PopAll(&timers, 1000 * kMillisecond), ElementsAre(1));
  EXPECT_THAT(PopAll(&timers, 2000 * kMillisecond), ElementsAre(2, 3));
}

TEST(TimerQueueTest, ACancelledDeadlineNeverExpires) {
  TimerQueue timers;
  for (const uint32_t index : {1u, 2u, 3u}) {
    timers.Schedule(index, kRung250Ms, 0);
  }
  timers.Cancel(2);
  timers.Cancel(2);
  timers.Cancel(77);
  EXPECT_FALSE(timers.IsScheduled(2));
  EXPECT_FALSE(timers.IsScheduled(77));
  EXPECT_THAT(PopAll(&timers, io::kSecond), UnorderedElementsAre(1, 3));
}

TEST(TimerQueueTest, ACancelledIndexCanBeScheduledAgainOnAnotherRung) {
  TimerQueue timers;
  timers.Schedule(1, kRung1S, 0);
  timers.Cancel(1);
  timers.Schedule(1, kRung250Ms, 0);
  EXPECT_EQ(timers.NextDeadline(), 250 * kMillisecond);
  EXPECT_THAT(PopAll(&timers, 10 * io::kSecond), ElementsAre(1));
}

TEST(TimerQueueTest, AgreesWithAMapOfDeadlines) {
  std::mt19937 random(2);
  TimerQueue timers;
  std::map<uint32_t, TimeNs> expected;
  TimeNs now = 0;
  for (int step = 0; step < 20000; ++step) {
    now += static_cast<TimeNs>(random() % 20) * kMillisecond;
    const uint32_t index = static_cast<uint32_t>(random() % 100);
    const size_t rung = random() % kWaitLadder.size();
    if (expected.erase(index) > 0) {
      timers.Cancel(index);
    } else {
      timers.Schedule(index, rung, now);
      expected[index] = now + kWaitLadder[rung];
    }
    for (const uint32_t expired : PopAll(&timers, now)) {
      ASSERT_EQ(expected.count(expired), 1u);
      ASSERT_LE(expected[expired], now);
      expected.erase(expired);
    }
    TimeNs next = io::kNever;
    for (const auto& entry : expected) next = std::min(next, entry.second);
    ASSERT_EQ(timers.NextDeadline(), next) << "step " << step;
  }
}

}  // namespace
}  // namespace scanner
