#include "scanner/upstream/rate_limiter.h"

#include <algorithm>

namespace scanner {

void RateLimiter::SetRate(double rate_qps) {
  if (rate_qps <= 0) {
    *this = RateLimiter();
    return;
  }
  interval_ns_ = static_cast<double>(io::kSecond) / rate_qps;
  const double depth = std::max(2.0, rate_qps / 50);
  slack_ns_ = (depth - 1) * interval_ns_;
}

void RateLimiter::Spend(io::TimeNs now) {
  if (!limited()) return;
  full_at_ns_ = std::max(full_at_ns_, static_cast<double>(now)) + interval_ns_;
}

}  // namespace scanner
