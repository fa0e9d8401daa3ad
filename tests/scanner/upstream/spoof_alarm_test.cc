#include "scanner/upstream/spoof_alarm.h"

#include <gtest/gtest.h>

namespace scanner {
namespace {

using io::kMillisecond;
using io::kSecond;
using io::TimeNs;

constexpr TimeNs kStart = 1000 * kSecond;

// True if one of them raises the alarm.
bool Miss(SpoofAlarm* alarm, int times, TimeNs now) {
  bool raised = false;
  for (int i = 0; i < times; ++i) raised |= alarm->OnNearMiss(now);
  return raised;
}

void Respond(SpoofAlarm* alarm, int times, TimeNs now) {
  for (int i = 0; i < times; ++i) alarm->OnResponse(now);
}

TEST(SpoofAlarmTest, TheHundredthNearMissRaisesIt) {
  SpoofAlarm alarm;
  EXPECT_FALSE(Miss(&alarm, 99, kStart));
  EXPECT_FALSE(alarm.IsOn(kStart));
  EXPECT_TRUE(alarm.OnNearMiss(kStart));
  EXPECT_TRUE(alarm.IsOn(kStart));
  EXPECT_FALSE(alarm.OnNearMiss(kStart));  // it is on already
  EXPECT_EQ(alarm.near_misses(), 101U);
  EXPECT_EQ(alarm.alarms(), 1U);
}

TEST(SpoofAlarmTest, OnlyIfTheyAreOverOnePercentOfTheResponses) {
  SpoofAlarm alarm;
  Respond(&alarm, 10000, kStart);
  EXPECT_FALSE(Miss(&alarm, 100, kStart));
  EXPECT_TRUE(alarm.OnNearMiss(kStart));
}

TEST(SpoofAlarmTest, OnlyWhatCameWithinTenSecondsCounts) {
  struct Case {
    const char* label;
    TimeNs first;
    TimeNs second;
    bool raised;
  };
  const Case kCases[] = {
      {"nine seconds", 0, 9 * kSecond, true},
      {"ten seconds", 0, 10 * kSecond, false},
      {"just over nine", 999 * kMillisecond, 10 * kSecond - 1, true},
      {"a slot that comes round", 0, 20 * kSecond, false},
      {"an hour", 0, 3600 * kSecond, false},
  };
  for (const Case& c : kCases) {
    SpoofAlarm alarm;
    Miss(&alarm, 60, kStart + c.first);
    EXPECT_EQ(Miss(&alarm, 60, kStart + c.second), c.raised) << c.label;
  }
}

TEST(SpoofAlarmTest, OldResponsesDoNotExcuseNewNearMisses) {
  SpoofAlarm alarm;
  Respond(&alarm, 100000, kStart);
  EXPECT_FALSE(Miss(&alarm, 200, kStart));
  EXPECT_TRUE(Miss(&alarm, 100, kStart + 10 * kSecond));
}

TEST(SpoofAlarmTest, ASteadyTrickleNeverRaisesIt) {
  SpoofAlarm alarm;
  for (int i = 0; i < 10000; ++i) {
    EXPECT_FALSE(alarm.OnNearMiss(kStart + 102 * kMillisecond * i));
  }
}

TEST(SpoofAlarmTest, StaysOnUntilAMinutePassesWithoutANearMiss) {
  SpoofAlarm alarm;
  Miss(&alarm, 100, kStart);
  EXPECT_TRUE(alarm.IsOn(kStart + 60 * kSecond - 1));
  const TimeNs last = kStart + 59 * kSecond;
  EXPECT_FALSE(alarm.OnNearMiss(last));
  EXPECT_TRUE(alarm.IsOn(last + 60 * kSecond - 1));
  EXPECT_FALSE(alarm.IsOn(last + 60 * kSecond));
}

TEST(SpoofAlarmTest, IsRaisedAgainOnlyByAHundredNewOnes) {
  SpoofAlarm alarm;
  Miss(&alarm, 150, kStart);
  const TimeNs later = kStart + 60 * kSecond;
  EXPECT_FALSE(Miss(&alarm, 99, later));
  EXPECT_FALSE(alarm.IsOn(later));
  EXPECT_TRUE(alarm.OnNearMiss(later));
  EXPECT_EQ(alarm.alarms(), 2U);
}

}  // namespace
}  // namespace scanner
