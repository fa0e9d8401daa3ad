// Server: what one engine knows of one upstream server: its pace, its health,
// its habits, its counters.
#ifndef PTRSWEEP_SCANNER_UPSTREAM_SERVER_H_
#define PTRSWEEP_SCANNER_UPSTREAM_SERVER_H_

#include <algorithm>
#include <cstdint>

#include "io/net/endpoint.h"
#include "io/net/time.h"
#include "scanner/upstream/congestion.h"
#include "scanner/upstream/cookie.h"
#include "scanner/upstream/habits.h"
#include "scanner/upstream/rate_limiter.h"
#include "scanner/upstream/retransmission.h"
#include "scanner/upstream/spoof_alarm.h"
#include "scanner/upstream/suspension.h"

namespace scanner {

struct Server {
  // With so many questions waiting for TCP it gets no new ones.
  static constexpr uint32_t kMaxTcpBacklog = 64;

  Server(const io::Endpoint& server, const PaceLimits& limits)
      : endpoint(server), congestion(limits) {}

  io::Endpoint endpoint;
  RetransmissionTimer timer;

  // Pace. The limiter follows the congestion control's rate.
  Congestion congestion;
  RateLimiter limiter;
  double rate_share = 1;    // of that rate: a quarter in late passes
  uint32_t in_flight = 0;   // UDP tries before their deadline
  uint32_t open_tries = 0;  // all that may still be answered

  // Health.
  Suspension suspension;
  SpoofAlarm alarm;
  bool tcp_refused = false;  // the alarm cannot move questions to TCP
  uint32_t tcp_backlog = 0;  // questions that wait to be asked by TCP
  bool lying = false;        // its canaries are denied: not asked for now
  bool rewriting = false;    // it answers names that cannot exist

  // Habits.
  CookieJar cookies;
  EdnsHabit edns;
  CaseHabit letter_case;
  LimitingHabit limiting;

  uint64_t sent = 0;         // packets with a question, UDP and TCP
  uint64_t sent_before = 0;  // when Authorities last looked for an idle one
  uint64_t accepted = 0;     // responses
  uint64_t expired = 0;      // tries whose deadline passed unanswered
  uint64_t late = 0;         // of them, answered after their question was over

  // Whether window and rate let a packet go; remembers what held it back.
  bool HasRoom(io::TimeNs now) {
    if (tcp_backlog >= kMaxTcpBacklog) return false;
    if (in_flight >= congestion.window()) {
      congestion.OnWindowHeldBack();
      return false;
    }
    if (!limiter.Ready(now)) {
      congestion.OnRateHeldBack();
      return false;
    }
    return true;
  }
  // When HasRoom() may become true; kNever: when a try ends.
  io::TimeNs RoomAt() const {
    const bool full =
        in_flight >= congestion.window() || tcp_backlog >= kMaxTcpBacklog;
    return full ? io::kNever : limiter.ReadyAt();
  }
  // Lets the pace follow what was lost. Once a turn.
  void Adapt(io::TimeNs now) {
    congestion.OnTurn(in_flight, now);
    if (congestion.Advance(now, timer.srtt())) FollowRate();
  }
  void FollowRate() {
    const double rate_qps = congestion.rate_qps();
    limiter.SetRate(std::max(rate_qps * rate_share,
                             std::min(rate_qps, congestion.floor_qps())));
  }
  bool uses_edns() const { return !edns.no_edns(); }
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_UPSTREAM_SERVER_H_
