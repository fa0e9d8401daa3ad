// What a bad network does to one datagram, as a function of a seed and the
// datagram's number: the same seed gives the same pattern whatever the time.
#ifndef PTRSWEEP_TESTS_SUPPORT_RELAY_FATE_H_
#define PTRSWEEP_TESTS_SUPPORT_RELAY_FATE_H_

#include <chrono>
#include <cstdint>
#include <span>

namespace testing_support {

// One direction. Probabilities in per cent, 0 to 100.
struct Impairment {
  double loss = 0;
  double duplicate = 0;
  double reorder = 0;  // held back for 1 to 5 ms more than the others
  double corrupt = 0;  // one random bit flipped
  double delay_ms = 0;
  double jitter_ms = 0;  // uniform, on top of the delay

  friend bool operator==(const Impairment&, const Impairment&) = default;
};

struct Fate {
  bool lost = false;  // then nothing else is true
  bool duplicated = false;
  bool reordered = false;
  bool corrupted = false;
  uint64_t bit = 0;  // any number: modulo the bits of the datagram
  std::chrono::nanoseconds delay{0};
  std::chrono::nanoseconds copy_delay{0};  // of the duplicate

  friend bool operator==(const Fate&, const Fate&) = default;
};

// The `n`-th datagram of a direction. Draws of different `n`, and the draws for
// one `n`, are independent of each other.
Fate FateOf(const Impairment& impairment, uint64_t seed, uint64_t n);

// Flips the bit; nothing in an empty datagram.
void FlipBit(uint64_t bit, std::span<uint8_t> octets);

// A well mixed function of its arguments.
uint64_t Mix(uint64_t seed, uint64_t value);

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_SUPPORT_RELAY_FATE_H_
