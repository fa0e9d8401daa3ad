// Octets in words and vectors, whichever way round the machine stores them:
// what looks at names without a branch an octet.
#ifndef PTRSWEEP_DNSWIRE_OCTETS_H_
#define PTRSWEEP_DNSWIRE_OCTETS_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace dnswire {

template <typename Word>
uint64_t LoadWord(const void* at) {
  Word word;
  std::memcpy(&word, at, sizeof word);
  if constexpr (std::endian::native == std::endian::big) {
    word = static_cast<Word>(__builtin_bswap64(word) >> (64 - 8 * sizeof word));
  }
  return word;
}

// Up to eight octets, the first one lowest. Two loads that overlap read what is
// no whole word: a word put together in memory would have to get there first.
inline uint64_t LoadOctets(const void* octets, size_t size) {
  const auto* const at = static_cast<const uint8_t*>(octets);
  if (size >= 8) return LoadWord<uint64_t>(at);
  const size_t rest = size - size / 4 * 4;
  if (size >= 4) {
    return LoadWord<uint32_t>(at) | LoadWord<uint32_t>(at + rest) << 8 * rest;
  }
  if (size >= 2) {
    return LoadWord<uint16_t>(at) | LoadWord<uint16_t>(at + size - 2)
                                        << 8 * (size - 2);
  }
  return size == 0 ? 0 : *at;
}

// Sixteen octets at once, as the compiler's vectors.
using Sixteen [[gnu::vector_size(16)]] = uint8_t;

// Of fewer than sixteen octets, the others are 0.
inline Sixteen LoadSixteen(const uint8_t* at, size_t size) {
  Sixteen octets;
  if (size >= sizeof octets) {
    std::memcpy(&octets, at, sizeof octets);
    return octets;
  }
  using Two [[gnu::vector_size(16)]] = uint64_t;
  Two words = {LoadOctets(at, std::min<size_t>(size, 8)),
               size > 8 ? LoadOctets(at + 8, size - 8) : 0};
  if constexpr (std::endian::native == std::endian::big) {
    words = Two{__builtin_bswap64(words[0]), __builtin_bswap64(words[1])};
  }
  return reinterpret_cast<Sixteen>(words);
}

inline Sixteen Lowered(Sixteen octets) {
  return octets | ((octets - 'A' <= uint8_t{'Z' - 'A'}) & 0x20);
}

// Where the vector that covers octet `at` of `size` begins: there, or sixteen
// before the end if there are fewer left, so that some are covered twice.
// REQUIRES: size >= 16.
constexpr size_t VectorStart(size_t at, size_t size) {
  return std::min(at, size - sizeof(Sixteen));
}

// Copies in lower case; `to` has room, and may be where `from` is. (Length
// octets of wire forms are below 64 and stay.) Neither is null, even if nothing
// is copied.
inline void CopyLower(std::span<const uint8_t> from, uint8_t* to) {
  const size_t size = from.size();
  if (size < sizeof(Sixteen)) {
    const Sixteen octets = Lowered(LoadSixteen(from.data(), size));
    std::memcpy(to, &octets, size);
    return;
  }
  for (size_t at = 0; at < size; at += sizeof(Sixteen)) {
    const size_t start = VectorStart(at, size);
    const Sixteen octets =
        Lowered(LoadSixteen(from.data() + start, sizeof octets));
    std::memcpy(to + start, &octets, sizeof octets);
  }
}

// Bit i: octet i. REQUIRES: all octets are 0 or 255, as a comparison leaves
// them.
inline uint32_t BitsOf(Sixteen mask) {
#ifdef __SSE2__
  using Chars [[gnu::vector_size(16)]] = char;
  return static_cast<uint32_t>(
      __builtin_ia32_pmovmskb128(reinterpret_cast<Chars>(mask)));
#else
  uint32_t bits = 0;
  for (int i = 0; i < 16; ++i) bits |= mask[i] == 0 ? 0u : 1u << i;
  return bits;
#endif
}

// In lower case. Octets of the kind: 255, all others: 0.
inline Sixteen Letters(Sixteen octets) {
  return octets - 'a' <= uint8_t{'z' - 'a'};
}
inline Sixteen Digits(Sixteen octets) { return octets - '0' <= uint8_t{9}; }
inline Sixteen Dashes(Sixteen octets) { return octets == '-'; }
inline Sixteen Underscores(Sixteen octets) { return octets == '_'; }
// All of these: what stands in host names, and '_'.
inline Sixteen HostOctets(Sixteen octets) {
  return Letters(octets) | Digits(octets) | Dashes(octets) |
         Underscores(octets);
}

// Where the octets of a name or label that may stand in a host name lie, a bit
// for each octet.
//
//   c6-33     letters 00001    digits 11010    dashes 00100
struct OctetKinds {
  static constexpr size_t kMaxOctets = 64;

  OctetKinds() = default;
  // In lower case; what is beyond kMaxOctets is not looked at. A length octet
  // of the wire form may look like a digit or dash.
  explicit OctetKinds(std::span<const uint8_t> octets) {
    const size_t size = std::min(octets.size(), kMaxOctets);
    if (size < sizeof(Sixteen)) {
      Add(LoadSixteen(octets.data(), size), 0);
      return;
    }
    for (size_t at = 0; at < size; at += sizeof(Sixteen)) {
      const size_t start = VectorStart(at, size);
      Add(LoadSixteen(octets.data() + start, sizeof(Sixteen)), start);
    }
  }

  // Of `size` octets from `first`. REQUIRES: size < 64, first + size <= 64.
  OctetKinds Slice(size_t first, size_t size) const {
    const uint64_t all = (uint64_t{1} << size) - 1;
    OctetKinds part;
    part.letters = letters >> first & all;
    part.digits = digits >> first & all;
    part.dashes = dashes >> first & all;
    part.underscores = underscores >> first & all;
    return part;
  }
  uint64_t any() const { return letters | digits | dashes | underscores; }

  uint64_t letters = 0;
  uint64_t digits = 0;
  uint64_t dashes = 0;
  uint64_t underscores = 0;

 private:
  void Add(Sixteen octets, size_t at) {
    letters |= uint64_t{BitsOf(Letters(octets))} << at;
    digits |= uint64_t{BitsOf(Digits(octets))} << at;
    dashes |= uint64_t{BitsOf(Dashes(octets))} << at;
    underscores |= uint64_t{BitsOf(Underscores(octets))} << at;
  }
};

}  // namespace dnswire

#endif  // PTRSWEEP_DNSWIRE_OCTETS_H_
