#include "scanner/upstream/suspension.h"

#include <gtest/gtest.h>

namespace scanner {
namespace {

using io::kMillisecond;
using io::kSecond;
using io::TimeNs;

constexpr TimeNs kStart = 1000 * kSecond;
constexpr TimeNs kRto = kSecond;

void Refuse(Suspension* suspension, int times, TimeNs now) {
  for (int i = 0; i < times; ++i) suspension->OnRefused(now);
}

void Expire(Suspension* suspension, int times, TimeNs now, TimeNs rto = kRto) {
  for (int i = 0; i < times; ++i) suspension->OnExpired(now, rto);
}

// Suspends it at `now` and has it answer the first probe.
TimeNs SuspendAndReturn(Suspension* suspension, TimeNs now) {
  Refuse(suspension, 20, now);
  EXPECT_FALSE(suspension->active());
  suspension->OnSent(suspension->ReadyAt());
  suspension->OnAccepted(suspension->ReadyAt());
  EXPECT_TRUE(suspension->active());
  return now + 31 * kSecond;
}

TEST(SuspensionTest, AServerIsActiveAtFirst) {
  const Suspension suspension;
  EXPECT_TRUE(suspension.active());
  EXPECT_TRUE(suspension.MaySend(kStart));
  EXPECT_LE(suspension.ReadyAt(), kStart);
  EXPECT_EQ(suspension.count(), 0U);
}

TEST(SuspensionTest, SilenceSuspendsAfterFiveSecondsOrFourTimeouts) {
  struct Case {
    const char* label;
    int tries;
    TimeNs silence;
    TimeNs rto;
    bool active;
  };
  const Case kCases[] = {
      {"ten tries in 5 s", 10, 5 * kSecond, kRto, false},
      {"nine tries", 9, 5 * kSecond, kRto, true},
      {"just under 5 s", 10, 5 * kSecond - 1, kRto, true},
      {"under 4 RTO", 10, 8 * kSecond - 1, 2 * kSecond, true},
      {"4 RTO", 10, 8 * kSecond, 2 * kSecond, false},
  };
  for (const Case& c : kCases) {
    Suspension suspension;
    suspension.OnSent(kStart);
    suspension.OnSent(kStart + kSecond);
    Expire(&suspension, c.tries, kStart + c.silence, c.rto);
    EXPECT_EQ(suspension.active(), c.active) << c.label;
  }
}

TEST(SuspensionTest, AnyResponseEndsTheSilence) {
  for (const bool refused : {false, true}) {
    Suspension suspension;
    suspension.OnSent(kStart);
    Expire(&suspension, 9, kStart + 4 * kSecond);
    if (refused) {
      suspension.OnRefused(kStart + 4 * kSecond);
    } else {
      suspension.OnAccepted(kStart + 4 * kSecond);
    }
    suspension.OnSent(kStart + 4 * kSecond);
    Expire(&suspension, 9, kStart + 10 * kSecond);
    EXPECT_TRUE(suspension.active());
    Expire(&suspension, 1, kStart + 10 * kSecond);
    EXPECT_FALSE(suspension.active());
  }
}

TEST(SuspensionTest, IdleTimeIsNoSilence) {
  Suspension suspension;
  suspension.OnSent(kStart);
  suspension.OnAccepted(kStart + kMillisecond);
  const TimeNs later = kStart + 3600 * kSecond;
  suspension.OnSent(later);
  Expire(&suspension, 20, later + kSecond);
  EXPECT_TRUE(suspension.active());
}

TEST(SuspensionTest, TwentyRefusedInARowSuspend) {
  Suspension suspension;
  Refuse(&suspension, 19, kStart);
  suspension.OnAccepted(kStart);
  Refuse(&suspension, 19, kStart);
  EXPECT_TRUE(suspension.active());
  suspension.OnRefused(kStart);
  EXPECT_FALSE(suspension.active());
  EXPECT_EQ(suspension.count(), 1U);
}

TEST(SuspensionTest, APauseOfThirtySecondsIsFollowedByOneTryASecond) {
  Suspension suspension;
  Refuse(&suspension, 20, kStart);
  const TimeNs end = kStart + 30 * kSecond;
  EXPECT_EQ(suspension.ReadyAt(), end);
  EXPECT_FALSE(suspension.MaySend(end - 1));
  EXPECT_TRUE(suspension.MaySend(end));
  suspension.OnSent(end + 1);
  EXPECT_EQ(suspension.ReadyAt(), end + 1 + kSecond);
  EXPECT_FALSE(suspension.MaySend(end + kSecond));
  EXPECT_TRUE(suspension.MaySend(end + 1 + kSecond));
  EXPECT_FALSE(suspension.active());
}

TEST(SuspensionTest, OnlyAnAnswerAfterThePauseEndsTheSuspension) {
  Suspension suspension;
  Refuse(&suspension, 20, kStart);
  suspension.OnAccepted(kStart + kSecond);  // to an older try
  EXPECT_FALSE(suspension.active());
  const TimeNs probe = kStart + 30 * kSecond;
  suspension.OnSent(probe);
  suspension.OnRefused(probe);
  Expire(&suspension, 30, probe + 20 * kSecond);
  EXPECT_FALSE(suspension.active());
  EXPECT_EQ(suspension.count(), 1U);
  suspension.OnAccepted(probe + 20 * kSecond);
  EXPECT_TRUE(suspension.active());
  EXPECT_TRUE(suspension.MaySend(probe + 20 * kSecond));
}

TEST(SuspensionTest, CountsAfreshOnceItIsActiveAgain) {
  Suspension suspension;
  const TimeNs now = SuspendAndReturn(&suspension, kStart);
  Refuse(&suspension, 19, now);
  suspension.OnSent(now);
  Expire(&suspension, 9, now + 10 * kSecond);
  EXPECT_TRUE(suspension.active());
}

TEST(SuspensionTest, FromTheThirdTimeOnOneTryAMinute) {
  Suspension suspension;
  TimeNs now = SuspendAndReturn(&suspension, kStart);
  now = SuspendAndReturn(&suspension, now);
  for (uint64_t count = 3; count <= 4; ++count) {
    Refuse(&suspension, 20, now);
    EXPECT_EQ(suspension.count(), count);
    const TimeNs probe = suspension.ReadyAt();
    EXPECT_EQ(probe, now + 30 * kSecond);
    suspension.OnSent(probe);
    EXPECT_EQ(suspension.ReadyAt(), probe + 60 * kSecond);
    suspension.OnAccepted(probe);
    now = probe;
  }
}

}  // namespace
}  // namespace scanner
