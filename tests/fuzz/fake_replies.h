// Replies of servers as the input of asker_fuzz wants them: of every kind,
// and with every fault that acceptance looks for.
#ifndef PTRSWEEP_TESTS_FUZZ_FAKE_REPLIES_H_
#define PTRSWEEP_TESTS_FUZZ_FAKE_REPLIES_H_

#include <cstdint>
#include <span>

#include "tests/fuzz/fake_kernel.h"

namespace fuzz {

// The fuzzer's octets, one after the other; zeros behind the end.
class InputReader {
 public:
  explicit InputReader(std::span<const uint8_t> octets) : octets_(octets) {}

  bool empty() const { return octets_.empty(); }
  uint8_t U8() {
    if (octets_.empty()) return 0;
    const uint8_t first = octets_[0];
    octets_ = octets_.subspan(1);
    return first;
  }

 private:
  std::span<const uint8_t> octets_;
};

struct FakeReply {
  FakeKernel::Packet packet;
  bool flawless = false;  // whoever waits for it must take it
  bool wait = false;      // more is to arrive with it
};

// A reply to the query `sent`. Takes from *input what it says, what is wrong
// with it, and what those ask for.
FakeReply MakeReply(const FakeKernel::Packet& sent, InputReader* input);

}  // namespace fuzz

#endif  // PTRSWEEP_TESTS_FUZZ_FAKE_REPLIES_H_
