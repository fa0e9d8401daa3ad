// OutageWatch: are all servers gone? (WIRE.md section 5, "Outage".) A scan that
// goes on then would only turn addresses into timeouts. Fed with events and
// time; one for all servers of an engine.
#ifndef PTRSWEEP_SCANNER_UPSTREAM_OUTAGE_WATCH_H_
#define PTRSWEEP_SCANNER_UPSTREAM_OUTAGE_WATCH_H_

#include <cstdint>

#include "io/net/time.h"

namespace scanner {

//  kUp --5 s silence while tries expire--> kProbing --3 probes lost--> kOut
//   ^            (some server answered before)  |                       |
//   +---------------- any accepted response ----+-----------------------+
//  kOut for longer than max_outage: kGivenUp.
//  No server ever answered: kUnheard after 5 s, kGivenUp after 10,000 tries.
//
// A silence begins with the first try after the last response, so idle time is
// no silence. 10,000 tries end the scan only from kUnheard: in less than 5 s
// their answers may still be on the way.
class OutageWatch {
 public:
  enum class State : uint8_t {
    kUp,
    kProbing,  // new targets still start
    kOut,      // no new target, no late pass
    kUnheard,  // never heard of any server: go on at the floor rate
    kGivenUp,  // end the scan; final
  };
  explicit OutageWatch(io::TimeNs max_outage) : max_outage_(max_outage) {}

  void OnSent(io::TimeNs now);      // a try of a target's question
  void OnAccepted(io::TimeNs now);  // any accepted response, probes included
  void OnExpired(io::TimeNs now);   // a try's deadline passed
  void OnProbeLost(io::TimeNs now);

  // True once when a probe should be sent (1 s apart, in kProbing and kOut).
  bool TakeProbe(io::TimeNs now);
  // Lets time pass; cheap. The state after it.
  State Advance(io::TimeNs now) {
    if (now >= due_) Pass(now);
    return state_;
  }
  State state() const { return state_; }
  // When Advance() or TakeProbe() would next do something; kNever.
  io::TimeNs NextTime() const;
  uint64_t outages() const { return outages_; }  // times kOut was entered
  bool ever_answered() const { return ever_answered_; }

 private:
  void Pass(io::TimeNs now);

  io::TimeNs max_outage_;
  State state_ = State::kUp;
  bool ever_answered_ = false;
  io::TimeNs silent_since_ = io::kNever;
  io::TimeNs due_ = io::kNever;  // for Advance()
  io::TimeNs probe_at_ = io::kNever;
  int probes_lost_ = 0;
  uint64_t tries_ = 0;
  uint64_t outages_ = 0;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_UPSTREAM_OUTAGE_WATCH_H_
