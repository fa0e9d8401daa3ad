#include "scanner/asking/timer_queue.h"

#include <algorithm>
#include <cassert>

namespace scanner {

void TimerQueue::Schedule(uint32_t index, size_t rung, io::TimeNs now) {
  assert(!IsScheduled(index));
  if (index >= entries_.size()) entries_.resize(index + 1);
  entries_[index] = {.deadline = now + kWaitLadder[rung],
                     .rung = static_cast<uint8_t>(rung)};
  rungs_[rung].PushBack(&links_, index);
}

void TimerQueue::Cancel(uint32_t index) {
  if (!IsScheduled(index)) return;
  rungs_[entries_[index].rung].Remove(&links_, index);
  entries_[index].rung = kNotScheduled;
}

bool TimerQueue::IsScheduled(uint32_t index) const {
  return index < entries_.size() && entries_[index].rung != kNotScheduled;
}

std::optional<uint32_t> TimerQueue::PopExpired(io::TimeNs now) {
  for (const IndexQueue& rung : rungs_) {
    if (rung.empty() || entries_[rung.front()].deadline > now) continue;
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
      next = std::min(next, entries_[rung.front()].deadline);
    }
  }
  return next;
}

}  // namespace scanner
