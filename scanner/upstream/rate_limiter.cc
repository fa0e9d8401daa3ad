#include "scanner/upstream/rate_limiter.h"

#include <algorithm>

namespace scanner {

RateLimiter::RateLimiter(double rate_qps) {
  if (rate_qps <= 0) return;
  interval_ns_ = static_cast<double>(io::kSecond) / rate_qps;
  const double depth = std::max(2.0, rate_qps / 50);
  slack_ns_ = (depth - 1) * interval_ns_;
}

uint32_t RateLimiter::Available(io::TimeNs now, uint32_t most) const {
  if (!limited()) return most;
  const double base = std::max(full_at_ns_, static_cast<double>(now));
  const double room = static_cast<double>(now) + slack_ns_ - base;
  if (room < 0) return 0;
  const double packets = room / interval_ns_ + 1;
  return packets >= most ? most : static_cast<uint32_t>(packets);
}

void RateLimiter::Spend(io::TimeNs now) {
  if (!limited()) return;
  full_at_ns_ = std::max(full_at_ns_, static_cast<double>(now)) + interval_ns_;
}

}  // namespace scanner
