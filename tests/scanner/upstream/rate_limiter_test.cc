#include "scanner/upstream/rate_limiter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace scanner {
namespace {

using io::kMicrosecond;
using io::kMillisecond;
using io::kSecond;
using io::TimeNs;

constexpr TimeNs kStart = 1000 * kSecond;

// Sends whatever may go at every tick from `begin` on, before `end`.
void SendAll(RateLimiter* limiter, TimeNs begin, TimeNs end, TimeNs tick,
             std::vector<TimeNs>* sent) {
  for (TimeNs now = begin; now < end; now += tick) {
    while (limiter->Ready(now)) {
      limiter->Spend(now);
      sent->push_back(now);
    }
  }
}

// The most packets in any second that begins with one of them.
size_t BusiestSecond(const std::vector<TimeNs>& sent) {
  size_t most = 0;
  size_t end = 0;
  for (size_t begin = 0; begin < sent.size(); ++begin) {
    while (end < sent.size() && sent[end] < sent[begin] + kSecond) ++end;
    most = std::max(most, end - begin);
  }
  return most;
}

// WIRE.md 7: 2 % or 2 packets.
double AllowedError(double rate_qps) { return std::max(2.0, rate_qps / 50); }

struct Case {
  double rate_qps;
  TimeNs tick;
};

std::vector<Case> Cases() {
  std::vector<Case> cases;
  for (const double rate : {1.0, 7.0, 100.0, 500.0, 100000.0}) {
    for (const TimeNs tick : {kMillisecond / 2, kMillisecond, 7 * kMillisecond,
                              9 * kMillisecond + 333 * kMicrosecond}) {
      cases.push_back({rate, tick});
    }
  }
  return cases;
}

std::string LabelOf(const Case& c) {
  return absl::StrCat(c.rate_qps, " q/s, a look every ", c.tick, " ns");
}

TEST(RateLimiterTest, NoSecondExceedsTheRateByMoreThanTheAllowedError) {
  for (const Case& c : Cases()) {
    SCOPED_TRACE(LabelOf(c));
    RateLimiter limiter(c.rate_qps);
    std::vector<TimeNs> sent;
    SendAll(&limiter, kStart, kStart + 5 * kSecond, c.tick, &sent);
    EXPECT_LE(static_cast<double>(BusiestSecond(sent)),
              c.rate_qps + AllowedError(c.rate_qps));
  }
}

// A bucket of two packets loses none if it is looked at once an interval: 10 ms
// at 100 q/s.
TEST(RateLimiterTest, ReachesTheRateIfLookedAtBeforeTheBucketIsFull) {
  for (const Case& c : Cases()) {
    SCOPED_TRACE(LabelOf(c));
    RateLimiter limiter(c.rate_qps);
    std::vector<TimeNs> sent;
    SendAll(&limiter, kStart, kStart + 10 * kSecond, c.tick, &sent);
    EXPECT_NEAR(static_cast<double>(sent.size()), 10 * c.rate_qps,
                AllowedError(c.rate_qps));
  }
}

TEST(RateLimiterTest, AStallSavesUpNoMoreThanTheDepth) {
  for (const Case& c : Cases()) {
    SCOPED_TRACE(LabelOf(c));
    RateLimiter limiter(c.rate_qps);
    std::vector<TimeNs> sent;
    SendAll(&limiter, kStart, kStart + 2 * kSecond, c.tick, &sent);
    sent.clear();
    const TimeNs resumed = kStart + 12 * kSecond;
    SendAll(&limiter, resumed, resumed + 1, c.tick, &sent);
    EXPECT_EQ(sent.size(), static_cast<size_t>(AllowedError(c.rate_qps)));
    SendAll(&limiter, resumed + c.tick, resumed + 3 * kSecond, c.tick, &sent);
    EXPECT_LE(static_cast<double>(BusiestSecond(sent)),
              c.rate_qps + AllowedError(c.rate_qps));
  }
}

TEST(RateLimiterTest, TellsWhenTheNextPacketMayGo) {
  RateLimiter limiter(100);
  limiter.Spend(kStart);
  EXPECT_TRUE(limiter.Ready(kStart));
  limiter.Spend(kStart);
  EXPECT_FALSE(limiter.Ready(kStart));
  EXPECT_EQ(limiter.ReadyAt(), kStart + 10 * kMillisecond);
  EXPECT_FALSE(limiter.Ready(limiter.ReadyAt() - 1));
  EXPECT_TRUE(limiter.Ready(limiter.ReadyAt()));
}

TEST(RateLimiterTest, ARefundGivesExactlyOnePacketBack) {
  RateLimiter limiter(100);
  limiter.Spend(kStart);
  limiter.Spend(kStart);
  limiter.Refund();
  EXPECT_TRUE(limiter.Ready(kStart));
  limiter.Spend(kStart);
  EXPECT_FALSE(limiter.Ready(kStart));
}

TEST(RateLimiterTest, ADebtDelaysThosePacketsThatComeLater) {
  RateLimiter limiter(100);
  for (int i = 0; i < 12; ++i) limiter.Spend(kStart);
  // Twelve packets less the two of the depth: eleven intervals to the next.
  EXPECT_EQ(limiter.ReadyAt(), kStart + 110 * kMillisecond);
}

TEST(RateLimiterTest, WithoutALimitEverythingMayGo) {
  for (RateLimiter limiter : {RateLimiter(), RateLimiter(0)}) {
    EXPECT_FALSE(limiter.limited());
    for (int i = 0; i < 100; ++i) limiter.Spend(kStart);
    EXPECT_TRUE(limiter.Ready(kStart));
  }
}

}  // namespace
}  // namespace scanner
