#include "dnswire/octets.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace dnswire {
namespace {

// Octets that end where their memory does, so that a read beyond shows under
// AddressSanitizer.
std::vector<uint8_t> RandomOctets(size_t size, std::mt19937* random) {
  constexpr char kTelling[] = "azAZ`{@[09/:-_.,\x00\x3f\x40\xff";
  std::vector<uint8_t> octets(size);
  for (uint8_t& octet : octets) {
    octet = (*random)() % 4 == 0
                ? static_cast<uint8_t>((*random)())
                : static_cast<uint8_t>(
                      kTelling[(*random)() % (sizeof kTelling - 1)]);
  }
  return octets;
}

TEST(OctetKindsTest, AgreesWithALookAtEachOctet) {
  std::mt19937 random(1);
  for (size_t round = 0; round < 4000; ++round) {
    const size_t size = round % 70;
    const std::vector<uint8_t> octets = RandomOctets(size, &random);
    OctetKinds expected;
    for (size_t i = 0; i < std::min<size_t>(size, 64); ++i) {
      const uint64_t bit = uint64_t{1} << i;
      const uint8_t c = octets[i];
      if (c >= 'a' && c <= 'z') expected.letters |= bit;
      if (c >= '0' && c <= '9') expected.digits |= bit;
      if (c == '-') expected.dashes |= bit;
      if (c == '_') expected.underscores |= bit;
    }
    const OctetKinds kinds(octets);
    ASSERT_EQ(kinds.letters, expected.letters) << size;
    ASSERT_EQ(kinds.digits, expected.digits) << size;
    ASSERT_EQ(kinds.dashes, expected.dashes) << size;
    ASSERT_EQ(kinds.underscores, expected.underscores) << size;
  }
}

TEST(OctetKindsTest, ASliceIsThatOfThePart) {
  std::mt19937 random(2);
  for (size_t round = 0; round < 2000; ++round) {
    const std::vector<uint8_t> octets = RandomOctets(64, &random);
    const size_t first = random() % 64;
    const size_t size = random() % (64 - first);
    const std::span<const uint8_t> all(octets);
    const OctetKinds part(all.subspan(first, size));
    const OctetKinds slice = OctetKinds(octets).Slice(first, size);
    ASSERT_EQ(slice.letters, part.letters);
    ASSERT_EQ(slice.digits, part.digits);
    ASSERT_EQ(slice.dashes, part.dashes);
    ASSERT_EQ(slice.underscores, part.underscores);
  }
}

TEST(CopyLowerTest, LowersLettersAloneAndWritesNothingElse) {
  std::mt19937 random(3);
  for (size_t round = 0; round < 4000; ++round) {
    const size_t size = round % 255 + 1;
    const std::vector<uint8_t> octets = RandomOctets(size, &random);
    std::vector<uint8_t> copy(size + 1, 0xaa);
    CopyLower(octets, copy.data());
    for (size_t i = 0; i < size; ++i) {
      const uint8_t c = octets[i];
      const bool upper = c >= 'A' && c <= 'Z';
      ASSERT_EQ(copy[i], upper ? c + 32 : c) << i << " of " << size;
    }
    ASSERT_EQ(copy[size], 0xaa) << size;
    std::vector<uint8_t> same = octets;
    CopyLower(same, same.data());
    ASSERT_TRUE(std::equal(same.begin(), same.end(), copy.begin()));
  }
}

TEST(LoadOctetsTest, TheFirstOctetIsLowest) {
  const std::vector<uint8_t> octets = {1, 2, 3, 4, 5, 6, 7, 8};
  uint64_t expected = 0;
  for (size_t size = 0; size <= octets.size(); ++size) {
    const std::vector<uint8_t> exact(
        octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(LoadOctets(exact.data(), size), expected) << size;
    if (size < octets.size()) expected |= (size + 1) << 8 * size;
  }
}

}  // namespace
}  // namespace dnswire
