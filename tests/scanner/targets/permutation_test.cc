#include "scanner/targets/permutation.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <vector>

#include "absl/numeric/int128.h"
#include "gtest/gtest.h"

namespace scanner {
namespace {

using absl::uint128;

constexpr uint64_t kSeeds[] = {0, 0xffffffffffffffff};

std::vector<uint64_t> All(uint64_t size, uint64_t seed) {
  const Permutation permutation(size, seed);
  std::vector<uint64_t> all;
  for (uint64_t i = 0; i < size; ++i) {
    const uint128 value = permutation.At(i);
    EXPECT_LT(value, size);
    all.push_back(absl::Uint128Low64(value));
  }
  return all;
}

std::vector<uint64_t> AllSmall(uint32_t size, uint64_t key) {
  std::vector<uint64_t> all;
  for (uint32_t i = 0; i < size; ++i) {
    all.push_back(PermuteSmall(i, size, key));
  }
  return all;
}

// Each of 0..size-1 once.
bool IsPermutation(std::vector<uint64_t> values) {
  std::sort(values.begin(), values.end());
  for (uint64_t i = 0; i < values.size(); ++i) {
    if (values[i] != i) return false;
  }
  return true;
}

TEST(PermutationTest, IsABijectionOfEverySizeUpTo2000) {
  for (const uint64_t seed : kSeeds) {
    for (uint64_t size = 1; size <= 2000; ++size) {
      ASSERT_TRUE(IsPermutation(All(size, seed))) << size << " seed " << seed;
    }
  }
}

TEST(PermutationTest, IsABijectionAroundPowersOfTwo) {
  for (const int bits : {12, 15, 16, 17}) {
    const uint64_t power = 1u << bits;
    for (const uint64_t size : {power - 1, power, power + 1}) {
      ASSERT_TRUE(IsPermutation(All(size, 7))) << size;
    }
  }
}

// Too large to go through: different inputs stay different and in bounds.
TEST(PermutationTest, StaysInBoundsUpTo128Bits) {
  for (const int bits : {31, 32, 33, 63, 64, 65, 112, 120, 127}) {
    const uint128 power = uint128(1) << bits;
    for (const uint128 size : {power - 1, power, power + 1}) {
      const Permutation permutation(size, 3);
      std::set<uint128> seen;
      for (uint64_t i = 0; i < 500; ++i) {
        for (const uint128 index : {uint128(i), size - 1 - i, size / 2 + i}) {
          const uint128 value = permutation.At(index);
          ASSERT_LT(value, size) << bits;
          ASSERT_TRUE(seen.insert(value).second) << bits;
        }
      }
      // About half of them in the upper half of the range.
      const auto upper = std::count_if(
          seen.begin(), seen.end(), [size](uint128 v) { return v > size / 2; });
      EXPECT_GT(upper, 600) << bits;
      EXPECT_LT(upper, 900) << bits;
    }
  }
  const uint128 max = absl::Uint128Max();
  EXPECT_NE(Permutation(max, 1).At(0), Permutation(max, 1).At(max - 1));
}

TEST(PermutationTest, DependsOnTheSeedAlone) {
  EXPECT_EQ(All(1000, 5), All(1000, 5));
  EXPECT_NE(All(1000, 5), All(1000, 6));
  EXPECT_NE(All(1000, 5), All(1000, 5 + (uint64_t{1} << 63)));
}

TEST(PermutationTest, DefaultIsOfOneElement) {
  EXPECT_EQ(Permutation().At(0), uint128(0));
}

// Neighbours are torn apart: of random pairs hardly any stay neighbours.
TEST(PermutationTest, KeepsFewNeighboursTogether) {
  const std::vector<uint64_t> all = All(65536, 1);
  int together = 0;
  for (size_t i = 1; i < all.size(); ++i) {
    together += all[i] == all[i - 1] + 1 ? 1 : 0;
  }
  EXPECT_LE(together, 10);  // 1 expected
}

TEST(PermuteSmallTest, IsABijectionOfEverySize) {
  for (uint32_t size = 1; size <= 256; ++size) {
    for (uint64_t key = 0; key < 16; ++key) {
      const uint64_t mixed = key * 0x9e3779b97f4a7c15;
      ASSERT_TRUE(IsPermutation(AllSmall(size, mixed))) << size << " " << key;
    }
    ASSERT_TRUE(IsPermutation(AllSmall(size, ~uint64_t{0}))) << size;
  }
}

// Over many keys each place is taken by each element about equally often, in
// the first place, where samples come from, and in a later one.
TEST(PermuteSmallTest, SpreadsEachPlaceOverAllElements) {
  constexpr int kKeys = 51'200;
  for (const uint32_t size : {256u, 200u}) {
    for (const uint32_t place : {0u, 100u}) {
      std::vector<int> counts(size);
      for (uint64_t key = 1; key <= kKeys; ++key) {
        ++counts[PermuteSmall(place, size, key * 0x9e3779b97f4a7c15)];
      }
      // 200 or 256 expected, with a deviation of 14 or 16.
      const int expected = kKeys / static_cast<int>(size);
      EXPECT_GT(*std::min_element(counts.begin(), counts.end()), expected - 90);
      EXPECT_LT(*std::max_element(counts.begin(), counts.end()), expected + 90);
    }
  }
}

}  // namespace
}  // namespace scanner
