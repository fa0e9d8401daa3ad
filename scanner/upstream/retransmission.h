// RetransmissionTimer: how long to wait for a server (WIRE.md section 5):
// RFC 6298 over every response, rounded up to a ladder of nine waits, each of
// which is one FIFO of deadlines.
#ifndef PTRSWEEP_SCANNER_UPSTREAM_RETRANSMISSION_H_
#define PTRSWEEP_SCANNER_UPSTREAM_RETRANSMISSION_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>

#include "io/net/time.h"

namespace scanner {

// 250 ms times powers of the square root of two, in ms.
inline constexpr std::array<io::TimeNs, 9> kWaitLadder = {
    250 * io::kMillisecond,  354 * io::kMillisecond,  500 * io::kMillisecond,
    707 * io::kMillisecond,  1000 * io::kMillisecond, 1414 * io::kMillisecond,
    2000 * io::kMillisecond, 2828 * io::kMillisecond, 4000 * io::kMillisecond,
};
inline constexpr size_t kRung250Ms = 0;
inline constexpr size_t kRung1S = 4;

class RetransmissionTimer {
 public:
  // No wait is below rung `floor`: a resolver may be recursing (707 ms).
  explicit RetransmissionTimer(size_t floor = 3) : floor_(floor) {}

  // A response took `rtt`. Each try has an id of its own, so there is no
  // ambiguity about which try it answers (Karn's algorithm is not needed).
  void OnSample(io::TimeNs rtt) {
    if (srtt_ == 0) {
      srtt_ = rtt;
      variation_ = rtt / 2;
      return;
    }
    variation_ += (std::abs(srtt_ - rtt) - variation_) / 4;
    srtt_ += (rtt - srtt_) / 8;
  }

  bool has_sample() const { return srtt_ != 0; }
  io::TimeNs srtt() const { return srtt_; }

  // What the first try of a question waits.
  io::TimeNs rto() const { return kWaitLadder[RungOfTry(1)]; }
  // Rung to wait on the k-th try of a question, k from 1: doubles each time.
  size_t RungOfTry(int k) const {
    size_t rung = kRung1S;
    if (has_sample()) {
      const io::TimeNs rto = srtt_ + 4 * variation_;
      rung = floor_;
      while (rung + 1 < kWaitLadder.size() && kWaitLadder[rung] < rto) ++rung;
    }
    return std::min(rung + 2 * static_cast<size_t>(k - 1),
                    kWaitLadder.size() - 1);
  }

 private:
  size_t floor_;
  io::TimeNs srtt_ = 0;
  io::TimeNs variation_ = 0;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_UPSTREAM_RETRANSMISSION_H_
