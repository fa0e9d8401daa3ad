// Random bits an attacker cannot guess (getrandom(2), 4 KiB at a time): for
// query ids, ports and whatever else a forger would have to know. Not for
// ordering targets: that is seeded.
#ifndef PTRSWEEP_IO_NET_RANDOM_H_
#define PTRSWEEP_IO_NET_RANDOM_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace io {

// Not thread-safe: one per engine.
class SecureRandom {
 public:
  uint16_t U16();
  uint32_t U32();
  uint64_t U64();
  // Uniform in [0, bound). REQUIRES: bound > 0.
  uint32_t Below(uint32_t bound);

 private:
  void Take(void* out, size_t size);

  std::array<uint8_t, 4096> pool_{};
  size_t used_ = sizeof pool_;
};

}  // namespace io

#endif  // PTRSWEEP_IO_NET_RANDOM_H_
