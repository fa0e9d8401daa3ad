// Permutation: a seeded bijection of 0..size-1 onto itself that needs no
// memory: a Feistel network over the next power of four, walked until it
// lands inside ("cycle walking"). Good mixing, not cryptography.
#ifndef PTRSWEEP_SCANNER_TARGETS_PERMUTATION_H_
#define PTRSWEEP_SCANNER_TARGETS_PERMUTATION_H_

#include <cstdint>

#include "absl/numeric/int128.h"

namespace scanner {

class Permutation {
 public:
  Permutation() = default;
  // REQUIRES: size > 0.
  Permutation(absl::uint128 size, uint64_t seed);

  // REQUIRES: index < size.
  absl::uint128 At(absl::uint128 index) const;

 private:
  absl::uint128 size_ = 1;
  uint64_t seed_ = 0;
  int half_bits_ = 1;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_TARGETS_PERMUTATION_H_
