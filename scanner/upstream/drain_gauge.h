// DrainGauge: does a server answer all it has been given before the next turn?
// Then it could have had more, whatever answers per second say: they follow the
// window, as turns come by the clock.
#ifndef PTRSWEEP_SCANNER_UPSTREAM_DRAIN_GAUGE_H_
#define PTRSWEEP_SCANNER_UPSTREAM_DRAIN_GAUGE_H_

#include <cstdint>

#include "io/net/time.h"

namespace scanner {

class DrainGauge {
 public:
  // A turn has received and is about to send. `was_full`: the turn before
  // filled the window; `open`: of its tries, those not answered yet.
  void OnTurn(bool was_full, uint32_t open, uint32_t window, io::TimeNs now) {
    const bool was_short = now - last_turn_ <= kShortTurn;
    last_turn_ = now;
    if (!was_full || !was_short) return;
    ++turns_;
    if (open <= window / 8) ++drained_;
  }
  // It mostly did since Restart().
  bool is_drained() const { return turns_ >= 4 && drained_ * 2 >= turns_; }
  void Restart() { turns_ = drained_ = 0; }

 private:
  // In a longer turn it is we who were slow.
  static constexpr io::TimeNs kShortTurn = 700 * io::kMicrosecond;

  io::TimeNs last_turn_ = 0;
  uint64_t turns_ = 0;
  uint64_t drained_ = 0;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_UPSTREAM_DRAIN_GAUGE_H_
