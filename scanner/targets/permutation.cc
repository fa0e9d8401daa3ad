#include "scanner/targets/permutation.h"

#include <algorithm>
#include <bit>
#include <cassert>

#include "scanner/targets/mix.h"

namespace scanner {
namespace {

constexpr int kFeistelRounds = 6;

int BitWidth(absl::uint128 value) {
  const uint64_t high = absl::Uint128High64(value);
  const uint64_t top = high != 0 ? high : absl::Uint128Low64(value);
  return static_cast<int>(std::bit_width(top)) + (high != 0 ? 64 : 0);
}

}  // namespace

Permutation::Permutation(absl::uint128 size, uint64_t seed)
    : size_(size), seed_(seed) {
  assert(size > 0);
  half_bits_ = std::max(1, (BitWidth(size - 1) + 1) / 2);
}

absl::uint128 Permutation::At(absl::uint128 index) const {
  assert(index < size_);
  do {
    index = Step(index);
  } while (index >= size_);
  return index;
}

absl::uint128 Permutation::Step(absl::uint128 index) const {
  const uint64_t mask = ~uint64_t{0} >> (64 - half_bits_);
  uint64_t left = absl::Uint128Low64(index >> half_bits_);
  uint64_t right = absl::Uint128Low64(index) & mask;
  for (uint64_t round = 0; round < kFeistelRounds; ++round) {
    const uint64_t mixed = left ^ (Mix(seed_ + round, right) & mask);
    left = right;
    right = mixed;
  }
  return absl::uint128(left) << half_bits_ | right;
}

uint32_t PermuteSmall(uint32_t index, uint32_t size, uint64_t key) {
  assert(index < size && size <= 256);
  const uint32_t mask = std::bit_ceil(size) - 1;
  const uint32_t shift = std::bit_width(mask) / 2 + 1;
  do {
    uint64_t pieces = key;
    for (int round = 0; round < 3; ++round) {
      index = (index + static_cast<uint32_t>(pieces)) & mask;
      index = (index * static_cast<uint32_t>(pieces >> 8 | 1)) & mask;
      index ^= index >> shift;
      pieces >>= 21;
    }
  } while (index >= size);
  return index;
}

}  // namespace scanner
