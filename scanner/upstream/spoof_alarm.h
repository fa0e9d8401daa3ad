// SpoofAlarm: raised when too many replies of a server almost match (WIRE.md
// section 2): somebody is guessing ids, so its questions go to TCP meanwhile.
#ifndef PTRSWEEP_SCANNER_UPSTREAM_SPOOF_ALARM_H_
#define PTRSWEEP_SCANNER_UPSTREAM_SPOOF_ALARM_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "io/net/time.h"

namespace scanner {

// Counts in ten slots of a second, so "10 s" is 9 s and what has passed of the
// current second. Constant memory, and a few steps an event.
class SpoofAlarm {
 public:
  // A near miss. True if it raises the alarm: 100 of them within 10 s that are
  // also over 1 % of the server's responses in that time.
  bool OnNearMiss(io::TimeNs now);
  // An accepted response.
  void OnResponse(io::TimeNs now);
  // Raised, and the last near miss is less than 60 s ago.
  bool IsOn(io::TimeNs now) const;
  uint64_t near_misses() const { return near_misses_; }  // in all
  uint64_t alarms() const { return alarms_; }            // in all

 private:
  struct Slot {
    uint64_t near_misses = 0;
    uint64_t responses = 0;
  };
  Slot& SlotOf(io::TimeNs now);

  std::array<Slot, 10> slots_ = {};
  Slot sum_;            // of all slots
  int64_t second_ = 0;  // of the newest slot
  bool raised_ = false;
  io::TimeNs last_near_miss_ = 0;
  uint64_t near_misses_ = 0;
  uint64_t alarms_ = 0;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_UPSTREAM_SPOOF_ALARM_H_
