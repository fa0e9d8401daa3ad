#include "tests/support/relay_fate.h"

namespace testing_support {
namespace {

using std::chrono::nanoseconds;

constexpr double kNsPerMs = 1e6;
constexpr double kReorderMinMs = 1;
constexpr double kReorderSpanMs = 4;

// SplitMix64's finaliser.
uint64_t Finalise(uint64_t x) {
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
  x = (x ^ x >> 27) * 0x94d049bb133111ebu;
  return x ^ x >> 31;
}

// The draws for one datagram, one after the other.
class Draws {
 public:
  Draws(uint64_t seed, uint64_t n) : state_(Mix(seed, n)) {}

  uint64_t Number() {
    state_ += 0x9e3779b97f4a7c15u;
    return Finalise(state_);
  }
  // 0 <= x < 1.
  double Unit() { return static_cast<double>(Number() >> 11) * 0x1p-53; }
  bool Happens(double per_cent) { return 100 * Unit() < per_cent; }

 private:
  uint64_t state_;
};

nanoseconds Milliseconds(double ms) {
  return nanoseconds(static_cast<int64_t>(ms * kNsPerMs));
}

}  // namespace

uint64_t Mix(uint64_t seed, uint64_t value) {
  return Finalise(Finalise(seed + 0x9e3779b97f4a7c15u) ^ value);
}

// Every draw is made whatever the others say, so that changing one probability
// leaves the pattern of the others alone.
Fate FateOf(const Impairment& impairment, uint64_t seed, uint64_t n) {
  Draws draws(seed, n);
  const bool lost = draws.Happens(impairment.loss);
  Fate fate;
  fate.duplicated = draws.Happens(impairment.duplicate);
  fate.reordered = draws.Happens(impairment.reorder);
  fate.corrupted = draws.Happens(impairment.corrupt);
  fate.bit = draws.Number();
  const double base = impairment.delay_ms;
  const double held = kReorderMinMs + kReorderSpanMs * draws.Unit();
  fate.delay = Milliseconds(base + impairment.jitter_ms * draws.Unit() +
                            (fate.reordered ? held : 0));
  fate.copy_delay = Milliseconds(base + impairment.jitter_ms * draws.Unit());
  return lost ? Fate{.lost = true} : fate;
}

void FlipBit(uint64_t bit, std::span<uint8_t> octets) {
  if (octets.empty()) return;
  const uint64_t at = bit % (8 * octets.size());
  octets[at / 8] ^= static_cast<uint8_t>(1 << at % 8);
}

}  // namespace testing_support
