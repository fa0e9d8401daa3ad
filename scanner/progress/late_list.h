// LateList: addresses put off to a late pass (WIRE.md section 5).
#ifndef PTRSWEEP_SCANNER_PROGRESS_LATE_LIST_H_
#define PTRSWEEP_SCANNER_PROGRESS_LATE_LIST_H_

#include <cstddef>
#include <cstdint>
#include <deque>

#include "dnswire/ip_address.h"
#include "scanner/targets/target_order.h"
#include "scanner/upstream/route.h"
#include "scanner/verdict/cause_order.h"

namespace scanner {

// What is kept of a deferred address: what was seen so far and what it cost.
struct Deferred {
  TargetOrder::Position position = 0;
  dnswire::IpAddress target;
  uint16_t packets = 0;
  uint8_t passes = 0;  // that it has been through
  CauseSet reverse_seen;
  CauseSet forward_seen;
  ServerMask failed = 0;  // servers that did not help

  friend bool operator==(const Deferred&, const Deferred&) = default;
};

class LateList {
 public:
  // More than this and the oldest are asked before new targets start.
  static constexpr size_t kMaxEntries = 262144;

  void Add(const Deferred& deferred) { entries_.push_back(deferred); }
  // The oldest entry. REQUIRES: !empty().
  Deferred Take() {
    const Deferred first = entries_.front();
    entries_.pop_front();
    return first;
  }
  bool empty() const { return entries_.empty(); }
  bool full() const { return entries_.size() >= kMaxEntries; }
  size_t size() const { return entries_.size(); }

 private:
  std::deque<Deferred> entries_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_PROGRESS_LATE_LIST_H_
