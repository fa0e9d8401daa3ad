#include "scanner/asking/timer_queue.h"

#include <algorithm>
#include <cassert>

namespace scanner {

void TimerQueue::Schedule(uint32_t index, size_t rung, io::TimeNs now) {
  assert(!IsScheduled(index));
  if (index >= rung_of_.size()) {
    deadlines_.resize(index + 1);
    rung_of_.resize(index + 1, kNotScheduled);
  }
  deadlines_[index] = now + kWaitLadder[rung];
  rung_of_[index] = static_cast<uint8_t>(rung);
  rungs_[rung].PushBack(&links_, index);
}

void TimerQueue::Cancel(uint32_t index) {
  if (!IsScheduled(index)) return;
  rungs_[rung_of_[index]].Remove(&links_, index);
  rung_of_[index] = kNotScheduled;
}

bool TimerQueue::IsScheduled(uint32_t index) const {
  return index < rung_of_.size() && rung_of_[index] != kNotScheduled;
}

std::optional<uint32_t> TimerQueue::PopExpired(io::TimeNs now) {
  for (const IndexQueue& rung : rungs_) {
    if (rung.empty() || deadlines_[rung.front()] > now) continue;
    const uint32_t index = rung.front();
    Cancel(index);
    return index;
  }
  return std::nullopt;
}

io::TimeNs TimerQueue::NextDeadline() const {
  io::TimeNs next = io::kNever;
  for (const IndexQueue& rung : rungs_) {
    if (!rung.empty()) {
      next = std::min(next, deadlines_[rung.front()]);
    }
  }
  return next;
}

}  // namespace scanner
