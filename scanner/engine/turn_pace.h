// TurnPace: how often an engine looks for answers. At low rates a turn is woken
// by the first datagram; at high rates that would be a turn for every few of
// them, so turns come by the clock, and each system call moves many (DESIGN.md
// section 3). Fed with time and counts; no clock.
#ifndef PTRSWEEP_SCANNER_ENGINE_TURN_PACE_H_
#define PTRSWEEP_SCANNER_ENGINE_TURN_PACE_H_

#include <cstdint>

#include "io/net/time.h"

namespace scanner {

class TurnPace {
 public:
  static constexpr io::TimeNs kTick = 500 * io::kMicrosecond;

  // A turn at `now`, which never goes back. `received_total`: datagrams since
  // the scan began. True if turns now come in the other way.
  bool OnTurn(io::TimeNs now, uint64_t received_total);
  // Turns come by the clock: the next kTick after the last one.
  bool ticking() const { return ticking_; }

 private:
  static constexpr io::TimeNs kWindow = 5 * io::kMillisecond;
  // Datagrams a tick from which ticking pays, and below which it does not.
  static constexpr double kEnter = 16;
  static constexpr double kLeave = 8;

  io::TimeNs measured_from_ = 0;
  uint64_t measured_total_ = 0;
  bool ticking_ = false;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ENGINE_TURN_PACE_H_
