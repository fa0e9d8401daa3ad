// The parts of the relay that know no socket: datagrams held back until they
// are due, and a limit of datagrams a second.
#ifndef PTRSWEEP_TESTS_SUPPORT_RELAY_QUEUE_H_
#define PTRSWEEP_TESTS_SUPPORT_RELAY_QUEUE_H_

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <queue>
#include <span>
#include <vector>

namespace testing_support {

using RelayTime = std::chrono::steady_clock::time_point;

enum class Direction : uint8_t { kToServer, kFromServer };

struct HeldDatagram {
  std::vector<uint8_t> octets;
  size_t client = 0;
  uint64_t generation = 0;  // of the client
  Direction direction = Direction::kToServer;
  RelayTime due;
  uint64_t number = 0;  // those due at the same time keep their order
};

// A heap by time, bounded; datagrams that have left lend their memory to new
// ones.
class HeldQueue {
 public:
  explicit HeldQueue(size_t max_held) : max_held_(max_held) {}

  bool full() const { return heap_.size() >= max_held_; }
  bool empty() const { return heap_.empty(); }
  size_t size() const { return heap_.size(); }
  const HeldDatagram& first() const { return *heap_.top(); }

  // A copy of `octets`; the caller fills in the rest and gives it to Push().
  std::unique_ptr<HeldDatagram> New(std::span<const uint8_t> octets) {
    std::unique_ptr<HeldDatagram> made;
    if (spare_.empty()) {
      made = std::make_unique<HeldDatagram>();
    } else {
      made = std::move(spare_.back());
      spare_.pop_back();
    }
    made->octets.assign(octets.begin(), octets.end());
    return made;
  }
  // REQUIRES: !full().
  void Push(std::unique_ptr<HeldDatagram> datagram) {
    datagram->number = next_number_++;
    heap_.push(datagram.release());
  }
  // REQUIRES: !empty().
  std::unique_ptr<HeldDatagram> Pop() {
    std::unique_ptr<HeldDatagram> first(heap_.top());
    heap_.pop();
    return first;
  }
  void Recycle(std::unique_ptr<HeldDatagram> datagram) {
    spare_.push_back(std::move(datagram));
  }
  ~HeldQueue() {
    while (!empty()) Pop();
  }
  HeldQueue(const HeldQueue&) = delete;
  HeldQueue& operator=(const HeldQueue&) = delete;

 private:
  struct Later {
    bool operator()(const HeldDatagram* a, const HeldDatagram* b) const {
      return a->due != b->due ? a->due > b->due : a->number > b->number;
    }
  };

  size_t max_held_;
  uint64_t next_number_ = 0;
  std::priority_queue<HeldDatagram*, std::vector<HeldDatagram*>, Later> heap_;
  std::vector<std::unique_ptr<HeldDatagram>> spare_;
};

// A token bucket, 20 ms or two datagrams deep, full at the start.
class RateGate {
 public:
  // Takes a token if there is one. `qps` may change from call to call; 0 lets
  // all pass.
  bool Admit(double qps, RelayTime now) {
    if (qps <= 0) return true;
    const double depth = std::max(2.0, qps / 50);
    const std::chrono::duration<double> since = now - last_;
    last_ = now;
    tokens_ = std::min(depth, tokens_ + since.count() * qps);
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }

 private:
  RelayTime last_;  // long ago
  double tokens_ = 0;
};

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_SUPPORT_RELAY_QUEUE_H_
