#include "io/net/random.h"

#include <sys/random.h>

#include <cassert>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <span>

namespace io {
namespace {

// A read of more than 256 octets may be cut short by a signal.
void FillFromKernel(std::span<uint8_t> out) {
  while (!out.empty()) {
    const ssize_t got = getrandom(out.data(), out.size(), 0);
    if (got > 0) {
      out = out.subspan(static_cast<size_t>(got));
    } else if (errno != EINTR) {
      std::abort();  // guessable ids would be worse than no scan
    }
  }
}

}  // namespace

uint16_t SecureRandom::U16() {
  uint16_t value = 0;
  Take(&value, sizeof value);
  return value;
}

uint32_t SecureRandom::U32() {
  uint32_t value = 0;
  Take(&value, sizeof value);
  return value;
}

uint64_t SecureRandom::U64() {
  uint64_t value = 0;
  Take(&value, sizeof value);
  return value;
}

// The high half of random * bound is the result. Of the 2^32 random values,
// 2^32 mod bound make some results one more frequent: those are drawn again.
uint32_t SecureRandom::Below(uint32_t bound) {
  assert(bound > 0);
  const uint32_t surplus = (0 - bound) % bound;
  for (;;) {
    const uint64_t product = uint64_t{U32()} * bound;
    if (static_cast<uint32_t>(product) >= surplus) {
      return static_cast<uint32_t>(product >> 32);
    }
  }
}

void SecureRandom::Take(void* out, size_t size) {
  if (pool_.size() - used_ < size) {
    FillFromKernel(pool_);
    used_ = 0;
  }
  std::memcpy(out, pool_.data() + used_, size);
  used_ += size;
}

}  // namespace io
