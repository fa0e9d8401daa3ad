#include "io/formats/carried_text.h"

#include <gmock/gmock.h>

#include <random>
#include <string>

#include "tests/io/hostile_rows.h"

namespace io {
namespace {

struct Case {
  const char* label;
  absl::string_view text;
  const char* expected;
};
constexpr Case kCases[] = {
    {"empty", "", ""},
    {"plain", "web server, rack 7", "web server, rack 7"},
    {"quotes stand", "a \"b\" 'c' <d>", "a \"b\" 'c' <d>"},
    {"two octets", "caf\xc3\xa9", "caf\xc3\xa9"},
    {"three octets", "\xe2\x82\xac 5", "\xe2\x82\xac 5"},
    {"four octets", "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
    {"leading =", "=1+1", "\\0611+1"},
    {"leading +", "+1", "\\0431"},
    {"leading -", "-1", "\\0451"},
    {"lone -", "-", "\\045"},
    {"leading @", "@a", "\\064a"},
    {"only the first", "==", "\\061="},
    {"not leading", "a=b+c-d@e", "a=b+c-d@e"},
    {"backslash", "a\\b", "a\\092b"},
    {"escape look-alike", "\\065", "\\092065"},
    {"NUL", absl::string_view("a\0b", 3), "a\\000b"},
    {"C0", "\x01\t\r\n\x1b\x1f", "\\001\\009\\013\\010\\027\\031"},
    {"space stands", " ", " "},
    {"tilde stands, DEL not", "~\x7f", "~\\127"},
    {"first C1", "\xc2\x80", "\\194\\128"},
    {"last C1", "\xc2\x9f", "\\194\\159"},
    {"after C1", "\xc2\xa0", "\xc2\xa0"},
    {"lone continuation", "\x80", "\\128"},
    {"overlong two", "\xc0\xaf", "\\192\\175"},
    {"overlong two, last", "\xc1\xbf", "\\193\\191"},
    {"overlong three", "\xe0\x9f\xbf", "\\224\\159\\191"},
    {"first of three", "\xe0\xa0\x80", "\xe0\xa0\x80"},
    {"before surrogates", "\xed\x9f\xbf", "\xed\x9f\xbf"},
    {"first surrogate", "\xed\xa0\x80", "\\237\\160\\128"},
    {"last surrogate", "\xed\xbf\xbf", "\\237\\191\\191"},
    {"after surrogates", "\xee\x80\x80", "\xee\x80\x80"},
    {"overlong four", "\xf0\x8f\xbf\xbf", "\\240\\143\\191\\191"},
    {"first of four", "\xf0\x90\x80\x80", "\xf0\x90\x80\x80"},
    {"U+10FFFF", "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"},
    {"above U+10FFFF", "\xf4\x90\x80\x80", "\\244\\144\\128\\128"},
    {"F5", "\xf5\x80\x80\x80", "\\245\\128\\128\\128"},
    {"FF", "\xff", "\\255"},
    {"cut short at the end", "\xe2\x82", "\\226\\130"},
    {"cut short in the middle", "\xe2\x82x", "\\226\\130x"},
    {"bad third octet", "\xe2\x82\xc0", "\\226\\130\\192"},
    {"bad fourth octet", "\xf0\x9f\x98x", "\\240\\159\\152x"},
};

TEST(CarriedTextTest, KeepsUtf8AndEscapesTheRest) {
  for (const auto& [label, text, expected] : kCases) {
    EXPECT_EQ(CarriedText(text), expected) << label;
  }
}

TEST(CarriedTextTest, EveryTwoOctetsComeOutAsTheContractSays) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string text = {static_cast<char>(first),
                                static_cast<char>(second)};
      ASSERT_EQ(CarriedText(text), testing_support::CarriedTextOf(text))
          << first << " " << second;
    }
  }
}

TEST(CarriedTextTest, RandomOctetsComeOutAsTheContractSays) {
  std::mt19937 random(1);
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (auto size = random() % 12; size > 0; --size) {  // mostly not ASCII
      const auto octet = static_cast<uint8_t>(random());
      text.push_back(
          static_cast<char>(random() % 3 == 0 ? octet : 0x80 | octet));
    }
    ASSERT_EQ(CarriedText(text), testing_support::CarriedTextOf(text));
  }
}

TEST(CarriedTextTest, CutsBetweenUtf8Sequences) {
  EXPECT_EQ(CutCarriedText("abcdef", 6), "abcdef");
  EXPECT_EQ(CutCarriedText("abcdefg", 6), "abcdef...");
  EXPECT_EQ(CutCarriedText("abcd\xe2\x82\xac", 7), "abcd\xe2\x82\xac");
  EXPECT_EQ(CutCarriedText("abcd\xe2\x82\xac!", 7), "abcd\xe2\x82\xac...");
  EXPECT_EQ(CutCarriedText("abcd\xe2\x82\xac", 6), "abcd...");
  EXPECT_EQ(CutCarriedText("abcd\xe2\x82\xac", 5), "abcd...");
  EXPECT_EQ(CutCarriedText("\xff\xff\xff", 2), "\\255\\255...");
}

TEST(CarriedTextTest, KnowsValidUtf8) {
  EXPECT_TRUE(IsValidUtf8(""));
  EXPECT_TRUE(IsValidUtf8(absl::string_view("a\0\x7f\xc2\x85", 5)));
  EXPECT_TRUE(IsValidUtf8("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"));
  EXPECT_FALSE(IsValidUtf8("caf\xe9"));
  EXPECT_FALSE(IsValidUtf8("ok then \xc3"));
  EXPECT_FALSE(IsValidUtf8("\xed\xa0\x80"));
}

}  // namespace
}  // namespace io
