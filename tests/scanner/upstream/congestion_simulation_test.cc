// Congestion in whole scans, against servers in simulated time.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deque>
#include <iterator>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "scanner/upstream/rate_limiter.h"
#include "tests/scanner/upstream/congestion_limits.h"

namespace scanner {
namespace {

using io::kMicrosecond;
using io::kMillisecond;
using io::kSecond;
using io::TimeNs;
using End = Congestion::End;

struct ServerModel {
  TimeNs rtt = 300 * kMicrosecond;
  double capacity_qps = 100000;  // served one after the other
  double queue = 256;            // waiting ones; more are dropped
  double loss = 0;
  double limit_qps = 0;  // by token bucket, depth 20 ms; 0: none
  bool refuse = false;   // above the limit, instead of dropping
  // The round trip grows with the tries in flight above 64, to this power.
  double crowding = 0;
  TimeNs turn = 100 * kMicrosecond;  // of ours
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
    for (const TimeNs end = now_ + time; now_ < end; now_ += server_.turn) {
      Turn();
    }
    return totals_;
  }
  void Pause(TimeNs time) {
    for (const TimeNs end = now_ + time; now_ < end; now_ += server_.turn) {
      Receive();
      congestion.Advance(now_, server_.rtt);
    }
  }
  void set_loss(double loss) { server_.loss = loss; }
  void set_rtt(TimeNs rtt) { server_.rtt = rtt; }
  void set_capacity(double qps) { server_.capacity_qps = qps; }

  Congestion congestion;
  uint32_t widest = 0;
  double slowest = 1e9;

 private:
  static constexpr TimeNs kWait = 707 * kMillisecond;
  struct Ending {
    TimeNs at;
    End end;
  };

  void Turn() {
    Receive();
    congestion.OnTurn(in_flight_, now_);
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

// A server that is faster than we ask it, but whose buffer does not hold what
// comes in one burst.
TEST(CongestionSimulationTest, TheWindowStopsWhereBurstsOverrunTheBuffer) {
  Simulation scan(kLoopback, {.rtt = 50 * kMicrosecond,
                              .capacity_qps = 2000000,
                              .queue = 256,
                              .turn = 500 * kMicrosecond});
  scan.Run(10 * kSecond);
  const Totals totals = scan.Run(20 * kSecond);
  EXPECT_GE(scan.congestion.window(), 128U);
  EXPECT_LE(scan.congestion.window(), 257U);
  EXPECT_GE(PerSecond(totals.ok, 20 * kSecond), 0.95 * 128 * 2000);
  EXPECT_LE(totals.Loss(), 0.0005);
}

// A server that is never done with what it was given a turn ago, and whose
// speed changes: what more it gets waits in its buffer, or is lost there.
TEST(CongestionSimulationTest,
     TheWindowIsNotTriedBeyondWhatABufferHoldsInVain) {
  Simulation scan(kLoopback, {.rtt = 50 * kMicrosecond,
                              .capacity_qps = 300000,
                              .queue = 400,
                              .turn = 500 * kMicrosecond});
  uint64_t lost = 0;
  for (const double capacity_qps : {300000, 340000, 290000, 400000, 320000}) {
    scan.set_capacity(capacity_qps);
    lost += scan.Run(20 * kSecond).lost;
  }
  EXPECT_EQ(scan.widest, 256U);
  EXPECT_EQ(lost, 0U);
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
