#include "io/number.h"

#include <gtest/gtest.h>

#include <string>

namespace io {
namespace {

TEST(NumberTest, ReadsWholeDecimalNumbers) {
  const struct {
    absl::string_view text;
    uint64_t expected;
  } cases[] = {
      {"0", 0},
      {"7", 7},
      {"10", 10},
      {"65535", 65535},
      {"18446744073709551615", 18446744073709551615U},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(ParseUnsigned(c.text), c.expected) << c.text;
  }
}

TEST(NumberTest, RefusesWhatIsNoStrictWholeNumber) {
  const std::string with_nul("1\0", 2);
  const absl::string_view cases[] = {"",
                                     " 1",
                                     "1 ",
                                     "+1",
                                     "-1",
                                     "00",
                                     "010",
                                     "0x10",
                                     "1e3",
                                     "1.0",
                                     "1,0",
                                     "1_000",
                                     "nan",
                                     "inf",
                                     "a",
                                     "1a",
                                     "\t1",
                                     "1\n",
                                     "٣",
                                     "--1",
                                     "0b1",
                                     "1'0",
                                     "1.",
                                     ".",
                                     with_nul,
                                     "18446744073709551616",
                                     "99999999999999999999999999"};
  for (const absl::string_view text : cases) {
    EXPECT_EQ(ParseUnsigned(text), std::nullopt) << "'" << text << "'";
  }
}

TEST(NumberTest, WholeNumbersMayReachTheMaximumOnly) {
  EXPECT_EQ(ParseUnsigned("65535", 65535), 65535U);
  EXPECT_EQ(ParseUnsigned("65536", 65535), std::nullopt);
  EXPECT_EQ(ParseUnsigned("0", 0), 0U);
  EXPECT_EQ(ParseUnsigned("1", 0), std::nullopt);
}

TEST(NumberTest, ReadsDecimalFractions) {
  const struct {
    absl::string_view text;
    double expected;
  } cases[] = {{"0", 0.0},     {"5", 5.0},        {"0.5", 0.5},
               {"0.0", 0.0},   {"12.25", 12.25},  {"0.050", 0.05},
               {"100", 100.0}, {"99.999", 99.999}};
  for (const auto& c : cases) {
    EXPECT_EQ(ParseDecimal(c.text, 100), c.expected) << c.text;
  }
}

TEST(NumberTest, RefusesWhatIsNoStrictDecimal) {
  const std::string many_digits(400, '9');
  const absl::string_view cases[] = {
      "",     ".",    "5.",  ".5",   "1.2.3",    "1..2",     "00.5",  "01",
      "-0.5", "+0.5", "1e2", "nan",  "inf",      "NaN",      "0x1p3", "1,5",
      " 1",   "1 ",   "5%",  "1.5 ", "infinity", many_digits};
  for (const absl::string_view text : cases) {
    EXPECT_EQ(ParseDecimal(text, 1e308), std::nullopt) << "'" << text << "'";
  }
}

TEST(NumberTest, DecimalsMayReachTheMaximumOnly) {
  EXPECT_EQ(ParseDecimal("1.5", 1.5), 1.5);
  EXPECT_EQ(ParseDecimal("1.5000001", 1.5), std::nullopt);
}

TEST(NumberTest, ReadsDurationsWithAndWithoutUnit) {
  const struct {
    absl::string_view text;
    absl::Duration expected;
  } cases[] = {
      {"0", absl::ZeroDuration()},        {"5", absl::Seconds(5)},
      {"1.5", absl::Milliseconds(1500)},  {"250ms", absl::Milliseconds(250)},
      {"0.5ms", absl::Microseconds(500)}, {"0.1s", absl::Milliseconds(100)},
      {"1.5s", absl::Milliseconds(1500)}, {"2m", absl::Seconds(120)},
      {"0.5h", absl::Minutes(30)},        {"365", absl::Seconds(365)},
      {"31536000", absl::Hours(8760)},    {"31536000000ms", absl::Hours(8760)},
      {"525600m", absl::Hours(8760)},     {"8760h", absl::Hours(8760)},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(ParseDuration(c.text), c.expected) << c.text;
  }
}

TEST(NumberTest, RefusesWhatIsNoDuration) {
  const absl::string_view cases[] = {
      "",       "s",         "ms",        "5 s",           "5S",      "5sec",
      "5D",     "-5s",       "+5s",       "1h30",          "1h1m",    "05s",
      "1e3s",   "1.s",       ".5s",       "inf",           "5us",     " 5s",
      "5s ",    "5mss",      "sm",        "5m s",          "1..5s",   "5\n",
      "1.5.2s", "0x5s",      "31536001s", "31536000001ms", "525601m", "8761h",
      "366d",   "31536000.5"};
  for (const absl::string_view text : cases) {
    EXPECT_EQ(ParseDuration(text), std::nullopt) << "'" << text << "'";
  }
}

TEST(NumberTest, ParsesOctets) {
  constexpr uint64_t kMax = uint64_t{4} << 30;
  const struct {
    absl::string_view text;
    std::optional<uint64_t> expected;
  } cases[] = {
      {"0", 0},
      {"65536", 65536},
      {"64KiB", 65536},
      {"64MiB", 64 << 20},
      {"1GiB", 1 << 30},
      {"4GiB", kMax},
      {"4294967296", kMax},
      {"4294967297", std::nullopt},
      {"5GiB", std::nullopt},
      {"18446744073709551615GiB", std::nullopt},
      {"", std::nullopt},
      {"MiB", std::nullopt},
      {"64M", std::nullopt},
      {"64MB", std::nullopt},
      {"64mib", std::nullopt},
      {"64 MiB", std::nullopt},
      {"064MiB", std::nullopt},
      {"1.5MiB", std::nullopt},
      {"-1", std::nullopt},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(ParseOctets(c.text, kMax), c.expected) << c.text;
  }
}

}  // namespace
}  // namespace io
