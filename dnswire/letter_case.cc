#include "dnswire/letter_case.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace dnswire {
namespace {

constexpr uint8_t kCaseBit = 0x20;

bool IsLetter(uint8_t octet) {
  const uint8_t lower = octet | kCaseBit;
  return lower >= 'a' && lower <= 'z';
}

// A step of SplitMix64. What follows the first 64 letters adds nothing that a
// forger would have to guess, it only must not repeat.
uint64_t Stretch(uint64_t seed) {
  seed += 0x9e3779b97f4a7c15;
  seed = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9;
  seed = (seed ^ (seed >> 27)) * 0x94d049bb133111eb;
  return seed ^ (seed >> 31);
}

}  // namespace

// Octets of length are below 64, so they are never taken for letters.
void ApplyCase(uint64_t seed, std::span<uint8_t> wire_name) {
  uint64_t bits = seed;
  int left = 64;
  for (uint8_t& octet : wire_name) {
    if (!IsLetter(octet)) continue;
    if (left == 0) {
      bits = seed = Stretch(seed);
      left = 64;
    }
    if ((bits & 1) != 0) octet &= static_cast<uint8_t>(~kCaseBit);
    bits >>= 1;
    --left;
  }
}

bool HasCase(uint64_t seed, NameView asked, NameView answered) {
  if (asked.size() != answered.size()) return false;
  Name expected(asked);
  expected.Lower();
  std::array<uint8_t, kMaxNameOctets> wire;
  std::memcpy(wire.data(), expected.view().wire().data(), asked.size());
  ApplyCase(seed, {wire.data(), asked.size()});
  return std::equal(wire.begin(), wire.begin() + asked.size(),
                    answered.wire().begin());
}

}  // namespace dnswire
