#include "scanner/verdict/label_bits.h"

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace scanner {
namespace {

using Runs = std::vector<std::pair<size_t, size_t>>;

Runs RunsOf(uint64_t bits) {
  Runs runs;
  ForEachRun(bits, [&runs](size_t begin, size_t size) {
    runs.emplace_back(begin, size);
  });
  return runs;
}

// Bit by bit.
Runs SlowRunsOf(uint64_t bits) {
  Runs runs;
  for (size_t i = 0; i < 64; ++i) {
    if ((bits >> i & 1) == 0) continue;
    if (i == 0 || (bits >> (i - 1) & 1) == 0) runs.emplace_back(i, 0);
    ++runs.back().second;
  }
  return runs;
}

void ExpectSlowBits(const std::string& label) {
  const LabelBits bits(label);
  for (size_t i = 0; i < 64; ++i) {
    const char c = i < label.size() ? label[i] : '-';
    ASSERT_EQ(bits.letters >> i & 1, c >= 'a' && c <= 'z') << label << ' ' << i;
    ASSERT_EQ(bits.digits >> i & 1, c >= '0' && c <= '9') << label << ' ' << i;
  }
}

TEST(LabelBitsTest, FindsTheLettersAndDigitsOfEverySize) {
  std::mt19937 rng(1);
  const std::string kinds = "az09-_mn45";
  for (size_t size = 0; size <= LabelBits::kMaxOctets; ++size) {
    for (int i = 0; i < 100; ++i) {
      std::string label(size, '\0');
      for (char& c : label) c = kinds[rng() % kinds.size()];
      ExpectSlowBits(label);
    }
  }
}

TEST(LabelBitsTest, KnowsEveryOctetInEveryPlace) {
  for (int octet = 0; octet < 256; ++octet) {
    for (size_t place = 0; place < 11; ++place) {
      std::string label = "a0b1c2d3e4f";
      label[place] = static_cast<char>(octet);
      ExpectSlowBits(label);
    }
  }
}

TEST(LabelBitsTest, LooksAtNoMoreThanSixtyFourOctets) {
  EXPECT_EQ(LabelBits(std::string(65, 'a')).letters, ~uint64_t{0});
}

TEST(LabelBitsTest, VisitsRunsFromTheLowest) {
  std::mt19937_64 rng(2);
  for (const uint64_t bits : {uint64_t{0}, ~uint64_t{0}, uint64_t{1} << 63,
                              uint64_t{3} << 62, uint64_t{0xf0f}}) {
    EXPECT_EQ(RunsOf(bits), SlowRunsOf(bits)) << bits;
  }
  for (int i = 0; i < 1000; ++i) {
    uint64_t bits = rng();
    bits &= rng();
    ASSERT_EQ(RunsOf(bits), SlowRunsOf(bits)) << bits;
    ASSERT_EQ(RunsOf(~bits), SlowRunsOf(~bits)) << ~bits;
  }
}

}  // namespace
}  // namespace scanner
