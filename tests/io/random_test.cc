#include "io/net/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <set>

namespace io {
namespace {

constexpr size_t kPoolOctets = 4096;

// Distance of a count from its mean in standard deviations of the binomial
// distribution, squared.
double SquaredSigmas(double count, double draws, double probability) {
  const double mean = draws * probability;
  const double off = count - mean;
  return off * off / (mean * (1 - probability));
}
constexpr double kLimit = 36;  // one in 5e8 of honest runs

TEST(SecureRandomTest, NeverRepeatsAValueAcrossRefills) {
  SecureRandom random;
  std::set<uint64_t> seen;
  const size_t draws = 5 * kPoolOctets / sizeof(uint64_t);
  for (size_t i = 0; i < draws; ++i) seen.insert(random.U64());
  EXPECT_EQ(seen.size(), draws);
}

TEST(SecureRandomTest, RefillsWhenTooFewOctetsAreLeft) {
  SecureRandom random;
  random.U16();  // the pool now ends in the middle of a U64
  std::set<uint64_t> seen;
  const size_t draws = 3 * kPoolOctets / sizeof(uint64_t);
  for (size_t i = 0; i < draws; ++i) seen.insert(random.U64());
  EXPECT_EQ(seen.size(), draws);
}

TEST(SecureRandomTest, TwoGeneratorsShareNothing) {
  SecureRandom first;
  SecureRandom second;
  std::set<uint64_t> seen;
  for (int i = 0; i < 100; ++i) {
    seen.insert(first.U64());
    seen.insert(second.U64());
  }
  EXPECT_EQ(seen.size(), 200U);
}

// Every bit of each width is set in half of the draws.
template <typename Draw>
void ExpectFairBits(int bits, Draw draw) {
  constexpr int kDraws = 20000;
  std::array<int, 64> ones{};
  for (int i = 0; i < kDraws; ++i) {
    const uint64_t value = draw();
    ASSERT_LE(std::bit_width(value), bits);
    for (int bit = 0; bit < bits; ++bit) {
      ones[static_cast<size_t>(bit)] += static_cast<int>(value >> bit & 1);
    }
  }
  for (int bit = 0; bit < bits; ++bit) {
    EXPECT_LT(SquaredSigmas(ones[static_cast<size_t>(bit)], kDraws, 0.5),
              kLimit)
        << "bit " << bit;
  }
}

TEST(SecureRandomTest, AllBitsAreFair) {
  SecureRandom random;
  ExpectFairBits(16, [&random] { return uint64_t{random.U16()}; });
  ExpectFairBits(32, [&random] { return uint64_t{random.U32()}; });
  ExpectFairBits(64, [&random] { return random.U64(); });
}

TEST(SecureRandomTest, BelowOneIsAlwaysZero) {
  SecureRandom random;
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(random.Below(1), 0U);
}

TEST(SecureRandomTest, BelowDrawsEveryResultEquallyOften) {
  SecureRandom random;
  for (const uint32_t bound : {2U, 3U, 7U, 8U}) {
    constexpr int kDraws = 40000;
    std::array<int, 8> counts{};
    for (int i = 0; i < kDraws; ++i) {
      const uint32_t value = random.Below(bound);
      ASSERT_LT(value, bound);
      ++counts[value];
    }
    for (uint32_t value = 0; value < bound; ++value) {
      EXPECT_LT(SquaredSigmas(counts[value], kDraws, 1.0 / bound), kLimit)
          << value << " below " << bound;
    }
  }
}

// With 3 * 2^30, a plain multiplication would draw every third result twice as
// often: the results that are multiples of 3 (half of all draws, not a third).
TEST(SecureRandomTest, BelowHasNoBiasForLargeBounds) {
  SecureRandom random;
  constexpr uint32_t kBound = 3U << 30;
  constexpr int kDraws = 40000;
  int multiples = 0;
  for (int i = 0; i < kDraws; ++i) {
    const uint32_t value = random.Below(kBound);
    ASSERT_LT(value, kBound);
    multiples += value % 3 == 0 ? 1 : 0;
  }
  EXPECT_LT(SquaredSigmas(multiples, kDraws, 1.0 / 3), kLimit);
}

TEST(SecureRandomTest, BelowReachesBothEndsOfTheLargestBound) {
  SecureRandom random;
  uint32_t lowest = UINT32_MAX;
  uint32_t highest = 0;
  for (int i = 0; i < 10000; ++i) {
    const uint32_t value = random.Below(UINT32_MAX);
    lowest = std::min(lowest, value);
    highest = std::max(highest, value);
  }
  EXPECT_LT(lowest, 1U << 24);
  EXPECT_GT(highest, UINT32_MAX - (1U << 24));
}

}  // namespace
}  // namespace io
