#include "dnswire/letter_case.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace dnswire {
namespace {

std::vector<uint8_t> WireOf(const char* text) {
  const Name name = *Name::Parse(text);
  const auto wire = name.view().wire();
  return {wire.begin(), wire.end()};
}

std::string Applied(uint64_t seed, const char* text) {
  std::vector<uint8_t> wire = WireOf(text);
  ApplyCase(seed, wire);
  return {wire.begin(), wire.end()};
}

TEST(LetterCaseTest, BitIDecidesTheIthLetter) {
  struct Case {
    uint64_t seed;
    const char* expected;
  };
  const Case kCases[] = {
      {0,
       "\x02"
       "a1"
       "\x03"
       "b-c"
       "\x04"
       "arpa"},
      {1,
       "\x02"
       "A1"
       "\x03"
       "b-c"
       "\x04"
       "arpa"},
      {2,
       "\x02"
       "a1"
       "\x03"
       "B-c"
       "\x04"
       "arpa"},
      {4,
       "\x02"
       "a1"
       "\x03"
       "b-C"
       "\x04"
       "arpa"},
      {0x78,
       "\x02"
       "a1"
       "\x03"
       "b-c"
       "\x04"
       "ARPA"},
      {~uint64_t{0},
       "\x02"
       "A1"
       "\x03"
       "B-C"
       "\x04"
       "ARPA"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(Applied(c.seed, "a1.b-c.arpa"), std::string(c.expected, 13))
        << c.seed;
  }
}

// Whatever is no letter stays: lengths, digits, marks, octets above 127.
TEST(LetterCaseTest, ChangesNothingButLetters) {
  std::vector<uint8_t> wire = {63};
  for (int octet = 0; octet < 63; ++octet) {
    wire.push_back(static_cast<uint8_t>(octet == 10 ? 0xe1 : octet));
  }
  wire.insert(wire.end(), {5, '@', '[', '`', '{', 0xff, 0});
  std::vector<uint8_t> changed = wire;
  ApplyCase(~uint64_t{0}, changed);
  EXPECT_EQ(changed, wire);
}

TEST(LetterCaseTest, LongNamesKeepChangingPast64Letters) {
  const std::string label(60, 'a');
  const std::string name = label + "." + label + "." + label + ".x";
  std::set<std::string> parts;
  const std::string applied = Applied(0x123456789abcdef1, name.c_str());
  for (size_t i = 0; i < 3; ++i) parts.insert(applied.substr(61 * i + 1, 60));
  EXPECT_EQ(parts.size(), 3u);
  for (const std::string& part : parts) {
    const auto upper = std::count(part.begin(), part.end(), 'A');
    EXPECT_GT(upper, 10);
    EXPECT_LT(upper, 50);
  }
}

TEST(LetterCaseTest, HasCaseTakesThatCaseAndNoOther) {
  constexpr uint64_t kSeed = 0b1011;
  const Name asked = *Name::Parse("ab.cd");
  const Name upper = *Name::Parse("AB.CD");
  for (const char* text : {"AB.cD", "ab.cd", "Ab.cD", "AB.CD", "AB.c", "x"}) {
    const Name answered = *Name::Parse(text);
    const bool expected = std::string(text) == "AB.cD";
    EXPECT_EQ(HasCase(kSeed, asked, answered), expected) << text;
    EXPECT_EQ(HasCase(kSeed, upper, answered), expected)
        << text << ": the case of the question itself does not count";
  }
}

}  // namespace
}  // namespace dnswire
