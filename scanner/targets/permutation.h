// Seeded bijections of 0..size-1 onto itself that need no memory. Good mixing,
// not cryptography.
//
// Both work on the next larger size that is easy to permute and walk on until
// they land inside ("cycle walking"): if a bijection of a set leads out of a
// subset, following it must lead back in, and the first element met inside
// makes a bijection of the subset.
#ifndef PTRSWEEP_SCANNER_TARGETS_PERMUTATION_H_
#define PTRSWEEP_SCANNER_TARGETS_PERMUTATION_H_

#include <cstdint>

#include "absl/numeric/int128.h"

namespace scanner {

// Any size: a Feistel network over the next power of four, so fewer than four
// steps on average.
class Permutation {
 public:
  Permutation() = default;  // of one element
  // REQUIRES: size > 0.
  Permutation(absl::uint128 size, uint64_t seed);

  // REQUIRES: index < size.
  absl::uint128 At(absl::uint128 index) const;

 private:
  absl::uint128 Step(absl::uint128 index) const;

  absl::uint128 size_ = 1;
  uint64_t seed_ = 0;
  int half_bits_ = 1;
};

// Small sizes, in a few nanoseconds: multiplications and shifts over the next
// power of two, so fewer than two steps on average. `key` is well mixed (it is
// cut into pieces as it is).
// REQUIRES: index < size <= 256.
uint32_t PermuteSmall(uint32_t index, uint32_t size, uint64_t key);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_TARGETS_PERMUTATION_H_
