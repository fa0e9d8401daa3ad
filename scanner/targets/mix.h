// Mixing of numbers for orders and shards. The results are part of what a
// journal means: changing them makes old journals unreadable.
#ifndef PTRSWEEP_SCANNER_TARGETS_MIX_H_
#define PTRSWEEP_SCANNER_TARGETS_MIX_H_

#include <cstdint>

#include "absl/numeric/int128.h"

namespace scanner {

// A bijection of 64-bit numbers in which each input bit changes about half of
// the output bits (the finaliser of SplitMix64; its constants are David
// Stafford's variant 13).
constexpr uint64_t Mix(uint64_t value) {
  value ^= value >> 30;
  value *= 0xbf58476d1ce4e5b9u;
  value ^= value >> 27;
  value *= 0x94d049bb133111ebu;
  return value ^ (value >> 31);
}

constexpr uint64_t Mix(uint64_t seed, uint64_t value) {
  // The odd constant keeps (0, 0) from mixing to 0.
  return Mix(Mix(seed + 0x9e3779b97f4a7c15u) ^ value);
}

constexpr uint64_t Mix(uint64_t seed, absl::uint128 value) {
  return Mix(Mix(seed, absl::Uint128High64(value)), absl::Uint128Low64(value));
}

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_TARGETS_MIX_H_
