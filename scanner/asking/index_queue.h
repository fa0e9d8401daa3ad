// IndexQueue: a FIFO of slab indices with removal from the middle, all in
// constant time. The links lie in one array by index, so an index can be in
// one such queue of a family at a time.
#ifndef PTRSWEEP_SCANNER_ASKING_INDEX_QUEUE_H_
#define PTRSWEEP_SCANNER_ASKING_INDEX_QUEUE_H_

#include <cassert>
#include <cstdint>
#include <vector>

#include "scanner/asking/slab.h"

namespace scanner {

struct IndexLink {
  uint32_t previous = kNil;
  uint32_t next = kNil;
};

// The links of all queues that an index may be in, one at a time.
using IndexLinks = std::vector<IndexLink>;

class IndexQueue {
 public:
  bool empty() const { return head_ == kNil; }
  uint32_t front() const { return head_; }
  static uint32_t Next(const IndexLinks& links, uint32_t index) {
    return links[index].next;
  }

  void PushBack(IndexLinks* links, uint32_t index) {
    if (index >= links->size()) links->resize(index + 1);
    (*links)[index] = {.previous = tail_, .next = kNil};
    if (tail_ == kNil) {
      head_ = index;
    } else {
      (*links)[tail_].next = index;
    }
    tail_ = index;
  }
  // REQUIRES: `index` is in this queue.
  void Remove(IndexLinks* links, uint32_t index) {
    const IndexLink link = (*links)[index];
    if (link.previous == kNil) {
      assert(head_ == index);
      head_ = link.next;
    } else {
      (*links)[link.previous].next = link.next;
    }
    if (link.next == kNil) {
      assert(tail_ == index);
      tail_ = link.previous;
    } else {
      (*links)[link.next].previous = link.previous;
    }
  }

 private:
  uint32_t head_ = kNil;
  uint32_t tail_ = kNil;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ASKING_INDEX_QUEUE_H_
