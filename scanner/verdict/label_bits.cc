#include "scanner/verdict/label_bits.h"

#include <algorithm>
#include <cstring>

namespace scanner {
namespace {

constexpr uint64_t kEach = 0x0101010101010101;

template <typename Word>
uint64_t Load(const char* at) {
  Word word;
  std::memcpy(&word, at, sizeof word);
  if constexpr (std::endian::native == std::endian::big) {
    word = static_cast<Word>(__builtin_bswap64(word) >> (64 - 8 * sizeof word));
  }
  return word;
}

// Up to eight octets, the first one lowest. Two loads that overlap read what is
// no whole word: a word put together in memory would have to get there first.
uint64_t LoadOctets(const char* at, size_t size) {
  if (size >= 8) return Load<uint64_t>(at);
  const size_t rest = size - size / 4 * 4;
  if (size >= 4) {
    return Load<uint32_t>(at) | Load<uint32_t>(at + rest) << 8 * rest;
  }
  if (size >= 2) {
    return Load<uint16_t>(at) | Load<uint16_t>(at + size - 2) << 8 * (size - 2);
  }
  return Load<uint8_t>(at);
}

// Bit i: octet i lies in first..last, which are ASCII. The additions work on
// seven bits of each octet and carry into its top bit; the product gathers the
// top bits.
uint64_t BitsInRange(uint64_t octets, uint8_t first, uint8_t last) {
  const uint64_t low_bits = octets & kEach * 0x7f;
  const uint64_t from_first = low_bits + kEach * (0x80u - first);
  const uint64_t past_last = low_bits + kEach * (0x7fu - last);
  const uint64_t inside = from_first & ~past_last & ~octets & kEach * 0x80;
  return (inside >> 7) * 0x0102040810204080 >> 56;
}

}  // namespace

LabelBits::LabelBits(absl::string_view label) {
  const size_t size = std::min(label.size(), kMaxOctets);
  for (size_t at = 0; at < size; at += sizeof(uint64_t)) {
    const uint64_t octets = LoadOctets(label.data() + at, size - at);
    letters |= BitsInRange(octets, 'a', 'z') << at;
    digits |= BitsInRange(octets, '0', '9') << at;
  }
}

}  // namespace scanner
