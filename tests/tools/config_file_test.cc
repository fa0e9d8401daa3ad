// The configuration file: what is wrong with it, and what is not.
#include "tools/options/config_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tools/options/option_table.h"

namespace tools {
namespace {

struct BadConfig {
  const char* label;
  const char* text;
  const char* error;
};

TEST(ConfigFileTest, ErrorsNameThePlaceAndWhatIsMeant) {
  const BadConfig kBad[] = {
      {"no TOML", "seed = 1\nrate = \n", "c.toml:2:8: "},
      {"twice", "rate = 1\nrate = 2\n", "c.toml:2:8: "},
      {"underscore", "rate = 1\n  max_in_flight = 2\n",
       "c.toml:2:3: no option 'max_in_flight'; did you mean max-in-flight?"},
      {"underscores", "max_queries_per_target = 2\n",
       "c.toml:1:1: no option 'max_queries_per_target'; did you mean "
       "max-queries-per-target?"},
      {"slip", "resolvr = []\n",
       "c.toml:1:1: no option 'resolvr'; did you mean resolver?"},
      {"unlike all", "colour = 1\n", "c.toml:1:1: no option 'colour'"},
      {"first of two", "seed = 1\nzzzzzz = 1\naaaaaa = 1\n",
       "c.toml:2:1: no option 'zzzzzz'"},
      {"table", "[scan]\nrate = 1\n",
       "c.toml:1:2: no option 'scan'; options stand in no table"},
      {"text for a number", "rate = \"5\"\n",
       "c.toml:1:8: rate wants a number, without quotes"},
      {"number for text", "output = 5\n",
       "c.toml:1:10: output wants a string, in quotes"},
      {"text for a list", "resolver = \"::1\"\n",
       "c.toml:1:12: resolver wants an array of strings"},
      {"number in a list", "resolver = [\"::1\", 5]\n",
       "c.toml:1:20: resolver wants an array of strings"},
      {"number for a flag", "quiet = 1\n",
       "c.toml:1:9: quiet wants true or false"},
      {"list for a number", "rate = [1]\n",
       "c.toml:1:8: rate wants a number, without quotes"},
      {"date", "late-pause = 2026-01-01\n",
       "c.toml:1:14: late-pause wants a number, or a string in quotes"},
      {"itself", "config = \"d.toml\"\n",
       "c.toml:1:1: config: no file names another"},
  };
  ScanArguments arguments;
  const auto options = OptionsOf(&arguments);
  for (const BadConfig& bad : kBad) {
    const absl::Status status = ParseConfig(bad.text, "c.toml", options);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << bad.label;
    EXPECT_THAT(std::string(status.message()), testing::StartsWith(bad.error))
        << bad.label;
  }
}

std::string Repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

// Found by config_fuzz and by hand: toml++ asserted, and its tables of tables
// overflowed the stack when they were freed.
TEST(RegressionTest, AKeyOfManyPartsIsALine) {
  const std::string deep = Repeated("a.", 200'000);
  const BadConfig kBad[] = {
      {"key", "", "c.toml:2:202: a key has too many parts"},
      {"table", "[", "c.toml:2:203: a key has too many parts"},
      {"behind strings", "x = \"\"\"\n.\\\"\n\"\"\"\n\"y\\\"\" = 'z' # '''\n ",
       "c.toml:6:203: a key has too many parts"},
  };
  ScanArguments arguments;
  const auto options = OptionsOf(&arguments);
  for (const BadConfig& bad : kBad) {
    const std::string text = absl::StrCat("\n", bad.text, deep, "a = 1\n");
    EXPECT_EQ(ParseConfig(text, "c.toml", options).message(), bad.error)
        << bad.label;
  }
}

TEST(RegressionTest, WhatTomlAssertsIsALine) {
  ScanArguments arguments;
  const auto options = OptionsOf(&arguments);
  for (const char* bad : {"[[[a]]]\n", "[=]\n", "[[ .\n", "a = [[}\n",
                          "a = { b = [}\n", "a = [#\n"}) {
    EXPECT_THAT(std::string(ParseConfig(bad, "c.toml", options).message()),
                testing::StartsWith("c.toml:"))
        << bad;
  }
}

TEST(RegressionTest, ErrorsShowNoMoreThanTheStartOfWhatIsWrong) {
  ScanArguments arguments;
  const auto options = OptionsOf(&arguments);
  const std::string key(500, 'k');
  const std::string shown = absl::StrCat(key.substr(0, 64), "...'");
  EXPECT_EQ(ParseConfig(key + " = 1", "c.toml", options).message(),
            absl::StrCat("c.toml:1:1: no option '", shown));
  EXPECT_LT(
      ParseConfig(absl::StrCat(key, "=1\n", key, "=1\n"), "c.toml", options)
          .message()
          .size(),
      250u);
}

TEST(RegressionTest, LettersWhereBlanksAreLookedFor) {
  ScanArguments arguments;
  const auto options = OptionsOf(&arguments);
  const BadConfig kBad[] = {
      {"value", "# \xc3\xa9\nrate = 0x\xcf\xb3\n", "c.toml:2:10: "},
      {"key", "quiet = true\n \xc3\xa9 = 1\n", "c.toml:2:2: "},
      {"quoted key", "\"\xc3\xa9\xe2\x82\xac\" = 1\n",
       "c.toml:1:1: no option '\xc3\xa9\xe2\x82\xac'"},
      {"behind letters", "\"quiet\" = \"\xc3\xa9\" x\n", "c.toml:1:15: "},
      {"no UTF-8", "output = \"\xff\"\n", "c.toml:1:10: "},
  };
  for (const BadConfig& bad : kBad) {
    EXPECT_THAT(std::string(ParseConfig(bad.text, "c.toml", options).message()),
                testing::StartsWith(bad.error))
        << bad.label;
  }
  const char kGood[] =
      "\xef\xbb\xbfoutput = \"\"\"\\\n  \xc3\xa9\"\"\"  # "
      "\xc2\xa0\xe3\x80\x80\n"
      "status-file = '\xe2\x82\xac\xf0\x9f\x98\x80\\'\n"
      "labels = \"\\u00e9\\U0001F600\"\n";
  const absl::Status status = ParseConfig(kGood, "c.toml", options);
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(arguments.output.text, "\xc3\xa9");
  EXPECT_EQ(arguments.status_file.text, "\xe2\x82\xac\xf0\x9f\x98\x80\\");
  EXPECT_EQ(arguments.target.labels.text, "\xc3\xa9\xf0\x9f\x98\x80");
}

TEST(ConfigFileTest, DotsInStringsAndCommentsAreNoPartsOfKeys) {
  ScanArguments arguments;
  const auto options = OptionsOf(&arguments);
  const std::string dots(200, '.');
  const std::string text =
      absl::StrCat("output = \"\\\"", dots, "\" # ", dots, "\nstatus-file = '",
                   dots, "'\nfail-on = \"\"\"\n[", dots,
                   "\"\"\"\nresolver = [\n  ", Repeated("'192.0.2.1', ", 100),
                   "]\n", Repeated("# rate = 1.5\n", 200), "rate = 1.5\n");
  const absl::Status status = ParseConfig(text, "c.toml", options);
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(arguments.output.text, absl::StrCat("\"", dots));
  EXPECT_EQ(arguments.fail_on.text, absl::StrCat("[", dots));
  EXPECT_EQ(arguments.resolvers.size(), 100u);
}

TEST(ConfigFileTest, ListsMayBeEmptyAndKeepCommas) {
  ScanArguments arguments;
  arguments.resolvers = {OptionText("a", "x")};
  const auto options = OptionsOf(&arguments);
  ASSERT_TRUE(
      ParseConfig("resolver = []\ntargets = ['a,b', 'c']\n", "c.toml", options)
          .ok());
  EXPECT_TRUE(arguments.resolvers.empty());
  ASSERT_EQ(arguments.target.target_files.size(), 2u);
  EXPECT_EQ(arguments.target.target_files[0].text, "a,b");
}

// A float has a point whatever its value, so that no whole number is made of
// it.
TEST(ConfigFileTest, NumbersAreWrittenAsTheyAreMeant) {
  const struct {
    const char* toml;
    const char* text;
  } kNumbers[] = {
      {"16", "16"},     {"0x10", "16"},   {"1_000", "1000"}, {"-1", "-1"},
      {"16.0", "16.0"}, {"0.1", "0.1"},   {"1e3", "1000.0"}, {"nan", "nan"},
      {"inf", "inf"},   {"-0.5", "-0.5"},
  };
  for (const auto& number : kNumbers) {
    ScanArguments arguments;
    const auto options = OptionsOf(&arguments);
    ASSERT_TRUE(
        ParseConfig(absl::StrCat("rate = ", number.toml), "c.toml", options)
            .ok());
    EXPECT_EQ(arguments.rate.text, number.text);
  }
}

}  // namespace
}  // namespace tools
