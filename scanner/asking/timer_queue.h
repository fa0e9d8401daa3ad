// TimerQueue: deadlines of slab indices. Every wait is one rung of kWaitLadder
// and every rung is a FIFO, because what was scheduled later on the same rung
// is due later: schedule, cancel and expire take constant time, and there is
// no timer handle per query.
#ifndef PTRSWEEP_SCANNER_ASKING_TIMER_QUEUE_H_
#define PTRSWEEP_SCANNER_ASKING_TIMER_QUEUE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "io/net/time.h"
#include "scanner/asking/index_queue.h"
#include "scanner/upstream/retransmission.h"

namespace scanner {

class TimerQueue {
 public:
  // `index` is due kWaitLadder[rung] after `now`. REQUIRES: it is not
  // scheduled; `now` never goes back.
  void Schedule(uint32_t index, size_t rung, io::TimeNs now);
  // No-op if it is not scheduled.
  void Cancel(uint32_t index);
  bool IsScheduled(uint32_t index) const;

  // Takes out one index whose deadline is `now` or earlier, the earliest of
  // its rung.
  std::optional<uint32_t> PopExpired(io::TimeNs now);
  io::TimeNs NextDeadline() const;  // kNever if nothing is scheduled

 private:
  static constexpr uint8_t kNotScheduled = 0xff;

  std::array<IndexQueue, kWaitLadder.size()> rungs_;
  IndexLinks links_;
  // By index; apart, for there may be a million.
  std::vector<io::TimeNs> deadlines_;
  std::vector<uint8_t> rung_of_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ASKING_TIMER_QUEUE_H_
