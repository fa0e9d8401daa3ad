// RateLimiter: a token bucket in monotonic time (WIRE.md section 7). It keeps
// one number, the time at which the bucket would be full again (GCRA), so it
// needs no timer and saves up no more than its depth however long it idles.
#ifndef PTRSWEEP_SCANNER_UPSTREAM_RATE_LIMITER_H_
#define PTRSWEEP_SCANNER_UPSTREAM_RATE_LIMITER_H_

#include "io/net/time.h"

namespace scanner {

class RateLimiter {
 public:
  // No limit.
  RateLimiter() = default;
  // `rate_qps` packets a second, at most max(2, rate/50) at once: 20 ms.
  // 0: no limit.
  explicit RateLimiter(double rate_qps) { SetRate(rate_qps); }
  // The rate from now on; what was spent stays spent.
  void SetRate(double rate_qps);

  bool limited() const { return interval_ns_ > 0; }
  bool Ready(io::TimeNs now) const { return !limited() || now >= ReadyAt(); }
  // When the next packet may go; in the past if one may go now.
  io::TimeNs ReadyAt() const {
    return static_cast<io::TimeNs>(full_at_ns_ - slack_ns_);
  }
  // Counts one packet, also if none was due (a debt that later ones wait for).
  void Spend(io::TimeNs now);
  // Gives one back: the kernel refused it.
  void Refund() { full_at_ns_ -= interval_ns_; }

 private:
  double interval_ns_ = 0;  // between packets; 0: no limit
  double slack_ns_ = 0;     // (depth - 1) intervals
  double full_at_ns_ = 0;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_UPSTREAM_RATE_LIMITER_H_
