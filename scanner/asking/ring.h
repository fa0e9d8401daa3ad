// Ring: a FIFO that grows as needed and never shrinks. Entries are known by
// tickets, numbers that go up by one with each push and wrap at 2^32.
#ifndef PTRSWEEP_SCANNER_ASKING_RING_H_
#define PTRSWEEP_SCANNER_ASKING_RING_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace scanner {

template <typename T>
class Ring {
 public:
  Ring() : entries_(kFirstSize) {}

  // Its ticket.
  uint32_t Push(const T& entry) {
    if (end_ - first_ == entries_.size()) Grow();
    At(end_) = entry;
    return end_++;
  }
  bool Holds(uint32_t ticket) const { return ticket - first_ < end_ - first_; }
  // REQUIRES: Holds(ticket).
  T& At(uint32_t ticket) { return entries_[ticket & (entries_.size() - 1)]; }
  const T& At(uint32_t ticket) const {
    return entries_[ticket & (entries_.size() - 1)];
  }
  bool empty() const { return first_ == end_; }
  // REQUIRES of the three: !empty().
  const T& front() const { return At(first_); }
  // The entry that is the front when so many are gone. REQUIRES: there is one.
  const T& FromFront(uint32_t count) const { return At(first_ + count); }
  T& back() { return At(end_ - 1); }
  void Pop() { ++first_; }

 private:
  static constexpr size_t kFirstSize = 1024;

  // An entry's place follows from its ticket, so it moves with the size.
  void Grow() {
    std::vector<T> larger(2 * entries_.size());
    for (uint32_t ticket = first_; ticket != end_; ++ticket) {
      larger[ticket & (larger.size() - 1)] = At(ticket);
    }
    entries_ = std::move(larger);
  }

  std::vector<T> entries_;  // size a power of two
  uint32_t first_ = 0;
  uint32_t end_ = 0;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ASKING_RING_H_
