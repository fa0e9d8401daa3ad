#include "scanner/upstream/outage_watch.h"

#include <gtest/gtest.h>

namespace scanner {
namespace {

using io::kMillisecond;
using io::kNever;
using io::kSecond;
using io::TimeNs;
using State = OutageWatch::State;

constexpr TimeNs kStart = 1000 * kSecond;
constexpr TimeNs kMaxOutage = 300 * kSecond;

// Was answered at kStart; then a try was sent, which expired.
OutageWatch Silent() {
  OutageWatch watch(kMaxOutage);
  watch.OnSent(kStart);
  watch.OnAccepted(kStart);
  watch.OnSent(kStart);
  watch.OnExpired(kStart + kSecond);
  return watch;
}

// Probing from kStart + 5 s, out 3 s later.
OutageWatch Out() {
  OutageWatch watch = Silent();
  watch.Advance(kStart + 5 * kSecond);
  for (int i = 0; i < 3; ++i) watch.OnProbeLost(kStart + 8 * kSecond);
  return watch;
}

TEST(OutageWatchTest, FiveSecondsOfSilenceWhileTriesExpireAreSuspicious) {
  OutageWatch watch = Silent();
  EXPECT_EQ(watch.NextTime(), kStart + 5 * kSecond);
  EXPECT_EQ(watch.Advance(kStart + 5 * kSecond - 1), State::kUp);
  EXPECT_FALSE(watch.TakeProbe(kStart + 5 * kSecond - 1));
  EXPECT_EQ(watch.Advance(kStart + 5 * kSecond), State::kProbing);
  EXPECT_EQ(watch.state(), State::kProbing);
}

TEST(OutageWatchTest, SilenceWithoutAnExpiredTryIsNone) {
  OutageWatch watch(kMaxOutage);
  watch.OnSent(kStart);
  watch.OnAccepted(kStart);
  watch.OnExpired(kStart + kSecond);  // nothing was sent since
  EXPECT_EQ(watch.Advance(kStart + 100 * kSecond), State::kUp);
  const TimeNs sent = kStart + 100 * kSecond;
  watch.OnSent(sent);
  EXPECT_EQ(watch.NextTime(), kNever);
  EXPECT_EQ(watch.Advance(sent + 6 * kSecond), State::kUp);
  watch.OnExpired(sent + 6 * kSecond);
  EXPECT_EQ(watch.Advance(sent + 6 * kSecond), State::kProbing);
}

TEST(OutageWatchTest, AnAnswerBeginsTheSilenceAnew) {
  OutageWatch watch = Silent();
  watch.OnAccepted(kStart + 4 * kSecond);
  watch.OnSent(kStart + 4 * kSecond);
  watch.OnExpired(kStart + 5 * kSecond);
  EXPECT_EQ(watch.Advance(kStart + 9 * kSecond - 1), State::kUp);
  EXPECT_EQ(watch.Advance(kStart + 9 * kSecond), State::kProbing);
}

TEST(OutageWatchTest, ProbesAreASecondApart) {
  OutageWatch watch = Silent();
  TimeNs now = kStart + 5 * kSecond + kMillisecond;
  watch.Advance(now);
  EXPECT_TRUE(watch.TakeProbe(now));
  EXPECT_FALSE(watch.TakeProbe(now));
  EXPECT_EQ(watch.NextTime(), now + kSecond);
  EXPECT_FALSE(watch.TakeProbe(now + kSecond - 1));
  EXPECT_TRUE(watch.TakeProbe(now + kSecond));
}

TEST(OutageWatchTest, ThreeLostProbesAreAnOutage) {
  OutageWatch watch = Silent();
  watch.OnProbeLost(kStart + 2 * kSecond);  // of an earlier silence
  const TimeNs now = kStart + 5 * kSecond;
  watch.Advance(now);
  watch.OnProbeLost(now + kSecond);
  watch.OnProbeLost(now + 2 * kSecond);
  EXPECT_EQ(watch.state(), State::kProbing);
  watch.OnProbeLost(now + 3 * kSecond);
  EXPECT_EQ(watch.state(), State::kOut);
  EXPECT_EQ(watch.outages(), 1U);
  EXPECT_TRUE(watch.TakeProbe(now + 3 * kSecond));
}

TEST(OutageWatchTest, AnyAnswerEndsProbingAndOutage) {
  for (OutageWatch watch : {Silent(), Out()}) {
    const TimeNs now = kStart + 100 * kSecond;
    watch.Advance(now);
    EXPECT_NE(watch.state(), State::kUp);
    watch.OnAccepted(now);
    EXPECT_EQ(watch.state(), State::kUp);
    EXPECT_FALSE(watch.TakeProbe(now + kSecond));
    EXPECT_EQ(watch.NextTime(), kNever);
    EXPECT_EQ(watch.Advance(now + 1000 * kSecond), State::kUp);
  }
}

TEST(OutageWatchTest, EachSilenceNeedsThreeLostProbesOfItsOwn) {
  OutageWatch watch = Out();
  const TimeNs now = kStart + 20 * kSecond;
  watch.OnAccepted(now);
  watch.OnSent(now);
  watch.OnExpired(now + kSecond);
  EXPECT_EQ(watch.Advance(now + 5 * kSecond), State::kProbing);
  watch.OnProbeLost(now + 6 * kSecond);
  watch.OnProbeLost(now + 7 * kSecond);
  EXPECT_EQ(watch.state(), State::kProbing);
  watch.OnProbeLost(now + 8 * kSecond);
  EXPECT_EQ(watch.state(), State::kOut);
  EXPECT_EQ(watch.outages(), 2U);
}

TEST(OutageWatchTest, AnOutageThatLastsTooLongEndsTheScan) {
  OutageWatch watch = Out();
  const TimeNs end = kStart + 8 * kSecond + kMaxOutage;
  EXPECT_EQ(watch.Advance(end - 1), State::kOut);
  EXPECT_EQ(watch.Advance(end), State::kGivenUp);
  EXPECT_FALSE(watch.TakeProbe(end));
  EXPECT_EQ(watch.NextTime(), kNever);
  watch.OnAccepted(end);
  EXPECT_EQ(watch.state(), State::kGivenUp);
}

TEST(OutageWatchTest, AnOutageMayLastForEver) {
  OutageWatch watch(kNever);
  watch.OnAccepted(kStart);
  watch.OnSent(kStart);
  watch.OnExpired(kStart + kSecond);
  const TimeNs now = kStart + 5 * kSecond;
  watch.Advance(now);
  for (int i = 0; i < 3; ++i) watch.OnProbeLost(now);
  EXPECT_EQ(watch.Advance(now + 1000000 * kSecond), State::kOut);
}

TEST(OutageWatchTest, NoAnswerAtAllIsNoticedAfterFiveSeconds) {
  OutageWatch watch(kMaxOutage);
  EXPECT_EQ(watch.Advance(kStart), State::kUp);
  EXPECT_EQ(watch.NextTime(), kNever);
  watch.OnSent(kStart);
  watch.OnSent(kStart + kSecond);
  EXPECT_EQ(watch.NextTime(), kStart + 5 * kSecond);
  EXPECT_EQ(watch.Advance(kStart + 5 * kSecond - 1), State::kUp);
  EXPECT_EQ(watch.Advance(kStart + 5 * kSecond), State::kUnheard);
  EXPECT_FALSE(watch.TakeProbe(kStart + 5 * kSecond));
  EXPECT_FALSE(watch.ever_answered());
  watch.OnAccepted(kStart + 6 * kSecond);
  EXPECT_EQ(watch.state(), State::kUp);
  EXPECT_TRUE(watch.ever_answered());
}

TEST(OutageWatchTest, TenThousandTriesWithoutAnyAnswerEndTheScan) {
  OutageWatch watch(kMaxOutage);
  for (int i = 0; i < 5000; ++i) watch.OnSent(kStart);
  watch.Advance(kStart + 5 * kSecond);
  for (int i = 0; i < 4999; ++i) watch.OnSent(kStart + 6 * kSecond);
  EXPECT_EQ(watch.Advance(kStart + 6 * kSecond), State::kUnheard);
  watch.OnSent(kStart + 6 * kSecond);
  EXPECT_EQ(watch.Advance(kStart + 6 * kSecond), State::kGivenUp);
}

TEST(OutageWatchTest, TenThousandTriesInAMomentWaitForTheirAnswers) {
  OutageWatch watch(kMaxOutage);
  for (int i = 0; i < 20000; ++i) watch.OnSent(kStart);
  EXPECT_EQ(watch.Advance(kStart + kSecond), State::kUp);
  EXPECT_EQ(watch.Advance(kStart + 5 * kSecond), State::kGivenUp);
}

}  // namespace
}  // namespace scanner
