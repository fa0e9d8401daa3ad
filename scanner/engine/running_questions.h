// RunningQuestions: the forward questions under way, by hash of what they ask,
// so that equal ones are asked once. A table with open addressing that grows
// and never shrinks.
#ifndef PTRSWEEP_SCANNER_ENGINE_RUNNING_QUESTIONS_H_
#define PTRSWEEP_SCANNER_ENGINE_RUNNING_QUESTIONS_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "scanner/asking/slab.h"

namespace scanner {

class RunningQuestions {
 public:
  RunningQuestions() : slots_(kFirstSlots) {}

  // One with this hash, kNil if there is none. Others may share it.
  uint32_t Find(uint64_t hash) const { return slots_[SlotOf(hash)].question; }
  // Unless there is one with this hash.
  void Add(uint64_t hash, uint32_t question);
  // If it is the one that Find() finds.
  void Remove(uint64_t hash, uint32_t question);

 private:
  static constexpr size_t kFirstSlots = 1024;

  struct Slot {
    uint32_t tag = 0;
    uint32_t question = kNil;  // kNil: free
  };

  static uint32_t TagOf(uint64_t hash) {
    return static_cast<uint32_t>(hash >> 32);
  }
  size_t mask() const { return slots_.size() - 1; }
  // Where it is, or would go.
  size_t SlotOf(uint64_t hash) const {
    size_t at = TagOf(hash) & mask();
    while (slots_[at].question != kNil && slots_[at].tag != TagOf(hash)) {
      at = (at + 1) & mask();
    }
    return at;
  }
  void Grow();

  std::vector<Slot> slots_;  // a power of two, at most three quarters taken
  size_t size_ = 0;
};

inline void RunningQuestions::Add(uint64_t hash, uint32_t question) {
  if (size_ >= slots_.size() / 4 * 3) Grow();
  Slot& slot = slots_[SlotOf(hash)];
  if (slot.question != kNil) return;
  slot = {.tag = TagOf(hash), .question = question};
  ++size_;
}

// What follows moves up unless it stands between its home and the gap.
inline void RunningQuestions::Remove(uint64_t hash, uint32_t question) {
  size_t gap = SlotOf(hash);
  if (slots_[gap].question != question) return;
  --size_;
  for (size_t next = (gap + 1) & mask(); slots_[next].question != kNil;
       next = (next + 1) & mask()) {
    const size_t home = slots_[next].tag & mask();
    if (((next - home) & mask()) < ((next - gap) & mask())) continue;
    slots_[gap] = slots_[next];
    gap = next;
  }
  slots_[gap] = Slot();
}

inline void RunningQuestions::Grow() {
  const std::vector<Slot> before =
      std::exchange(slots_, std::vector<Slot>(2 * slots_.size()));
  for (const Slot& slot : before) {
    if (slot.question == kNil) continue;
    slots_[SlotOf(uint64_t{slot.tag} << 32)] = slot;
  }
}

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ENGINE_RUNNING_QUESTIONS_H_
