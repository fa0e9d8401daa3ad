// DelayLine: answers on their way, each to be sent a fixed time after it was
// put in. Octets lie one behind the other in blocks, so that a million answers
// take about 120 MB.
#ifndef PTRSWEEP_BENCH_RESPONDER_DELAY_LINE_H_
#define PTRSWEEP_BENCH_RESPONDER_DELAY_LINE_H_

#include <netinet/in.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <span>
#include <vector>

namespace bench {

class DelayLine {
 public:
  // REQUIRES: `due_ns` is not before that of the call before.
  void Add(int64_t due_ns, std::span<const uint8_t> answer,
           const sockaddr_in& to) {
    const Head head = {.due_ns = due_ns, .to = to, .size = answer.size()};
    if (blocks_.empty() ||
        blocks_.back().size() + sizeof head + head.size > kBlockOctets) {
      blocks_.emplace_back().reserve(kBlockOctets);
    }
    Append({reinterpret_cast<const uint8_t*>(&head), sizeof head});
    Append(answer);
  }

  // Takes out what is due, in order, by
  // `send(std::span<const uint8_t> answer, const sockaddr_in& to)`.
  template <typename Send>
  void TakeDue(int64_t now_ns, Send send) {
    for (; !blocks_.empty() && DueNs() <= now_ns; SkipEmptyBlock()) {
      const Head head = Front();
      const size_t octets_at = front_ + sizeof head;
      send(std::span<const uint8_t>(blocks_.front())
               .subspan(octets_at, head.size),
           head.to);
      front_ = octets_at + head.size;
    }
  }

  bool empty() const { return blocks_.empty(); }
  int64_t DueNs() const { return Front().due_ns; }  // REQUIRES: !empty()

 private:
  static constexpr size_t kBlockOctets = 1 << 16;
  struct Head {
    int64_t due_ns;
    sockaddr_in to;
    size_t size;
  };

  Head Front() const {
    Head head;
    std::memcpy(&head, blocks_.front().data() + front_, sizeof head);
    return head;
  }
  void Append(std::span<const uint8_t> octets) {
    blocks_.back().insert(blocks_.back().end(), octets.begin(), octets.end());
  }
  void SkipEmptyBlock() {
    if (front_ < blocks_.front().size()) return;
    blocks_.pop_front();
    front_ = 0;
  }

  std::deque<std::vector<uint8_t>> blocks_;
  size_t front_ = 0;  // in the first block
};

}  // namespace bench

#endif  // PTRSWEEP_BENCH_RESPONDER_DELAY_LINE_H_
