// Suspension: a server that has gone silent or refuses everything is left alone
// for a while (WIRE.md section 6). Fed with events and time.
#ifndef PTRSWEEP_SCANNER_UPSTREAM_SUSPENSION_H_
#define PTRSWEEP_SCANNER_UPSTREAM_SUSPENSION_H_

#include <cstdint>

#include "io/net/time.h"

namespace scanner {

// kActive --silent or refusing--> kPaused --30 s--> kProbing --answer-->
// kActive
//                                                      one try a second, from
//                                                      the third time a minute
//
// Silent: no response of any kind for max(5 s, 4 RTO) while 10 tries or more
// expired; the silence begins with the first try after the last response, so
// idle time is no silence. Refusing: 20 REFUSED without an answer between them.
// An answer in the pause is that of an older try: it does not end the pause.
class Suspension {
 public:
  void OnSent(io::TimeNs now);
  // An accepted response other than REFUSED.
  void OnAccepted(io::TimeNs now);
  void OnRefused(io::TimeNs now);
  // A deadline passed without a response; `rto` is the server's at present.
  void OnExpired(io::TimeNs now, io::TimeNs rto);

  // Whether the server may be sent a packet at `now`: always if active, never
  // in the pause, then at the probing pace.
  bool MaySend(io::TimeNs now) const { return now >= ready_at_; }
  // When MaySend() becomes true; `now` or earlier if it is.
  io::TimeNs ReadyAt() const { return ready_at_; }
  bool active() const { return active_; }
  uint64_t count() const { return count_; }  // suspensions so far

 private:
  void Activate();
  void Suspend(io::TimeNs now);
  void EndSilence();

  bool active_ = true;
  io::TimeNs ready_at_ = 0;
  io::TimeNs paused_until_ = 0;
  io::TimeNs silent_since_ = io::kNever;
  uint32_t expired_ = 0;  // in the silence
  uint32_t refused_ = 0;  // in a row
  uint64_t count_ = 0;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_UPSTREAM_SUSPENSION_H_
