// Every option, by the command line, the environment and the configuration
// file: which of them wins, and what is said of a slip of the pen.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/io/temp_folder.h"
#include "tools/options/command_line.h"
#include "tools/options/config_file.h"
#include "tools/options/environment.h"
#include "tools/options/option_table.h"

namespace tools {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::TempFolder;

// What an option has become, with its origin: "7 (--seed)".
std::vector<std::string> ValueOf(const Option& option) {
  const auto show = [](const OptionText& text) {
    return absl::StrCat(text.text, " (", text.origin, ")");
  };
  if (const auto* flag = std::get_if<bool*>(&option.value)) {
    return {**flag ? "true" : "false"};
  }
  if (const auto* text = std::get_if<OptionText*>(&option.value)) {
    return {show(**text)};
  }
  std::vector<std::string> all;
  for (const auto& text : *std::get<std::vector<OptionText>*>(option.value)) {
    all.push_back(show(text));
  }
  return all;
}

// Text that no other option and no other source has. Flags take turns.
std::string TextFor(const Option& option, int source) {
  if (option.kind == OptionKind::kFlag) return source == 1 ? "false" : "true";
  const auto number = 1000 * source + static_cast<int>(option.name().size());
  if (option.kind == OptionKind::kNumber) return absl::StrCat(number);
  return absl::StrCat(option.name(), number);
}

std::string InToml(const Option& option, const std::string& text) {
  const bool bare =
      option.kind == OptionKind::kFlag || option.kind == OptionKind::kNumber;
  const std::string value = bare ? text : absl::StrCat("\"", text, "\"");
  const bool list = option.kind == OptionKind::kList;
  return absl::StrCat(option.name(), " = ", list ? "[" : "", value,
                      list ? "]" : "", "\n");
}

struct Sources {
  std::vector<std::string> flags;
  std::vector<std::string> environment;
};

std::optional<CommandLine> Parse(const Sources& sources) {
  std::vector<const char*> argv = {"ptrsweep", "scan"};
  for (const std::string& flag : sources.flags) argv.push_back(flag.c_str());
  std::vector<const char*> environment;
  for (const std::string& entry : sources.environment) {
    environment.push_back(entry.c_str());
  }
  environment.push_back(nullptr);
  int exit_code = 0;
  return ParseCommandLine(static_cast<int>(argv.size()), argv.data(),
                          environment.data(), &exit_code);
}

constexpr int kFile = 1;
constexpr int kEnvironment = 2;
constexpr int kFlag = 3;

std::string Origin(const Option& option, int source, const std::string& file) {
  if (source == kFlag) return absl::StrCat("--", option.name());
  if (source == kEnvironment) return option.variable();
  const size_t list = option.kind == OptionKind::kList ? 1 : 0;
  return absl::StrCat(file, ":1:", option.name().size() + 4 + list, ": ",
                      option.name());
}

// The value the option has after `used` of the three sources spoke.
void ExpectFrom(const Option& option, const TempFolder& folder,
                const std::vector<int>& used) {
  const std::string file = folder.Path("options.toml");
  Sources sources;
  for (const int source : used) {
    const std::string text = TextFor(option, source);
    if (source == kFile) {
      testing_support::WriteFileOctets(file, InToml(option, text));
      sources.flags.push_back("--config=" + file);
    } else if (source == kEnvironment) {
      sources.environment.push_back(option.variable() + "=" + text);
    } else {
      sources.flags.push_back(absl::StrCat("--", option.name(), "=", text));
    }
  }
  auto line = Parse(sources);
  ASSERT_TRUE(line) << option.name();
  const auto options = OptionsOf(&line->arguments);
  const int winner = *std::max_element(used.begin(), used.end());
  std::string expected = TextFor(option, winner);
  if (option.kind != OptionKind::kFlag) {
    absl::StrAppend(&expected, " (", Origin(option, winner, file), ")");
  }
  EXPECT_THAT(ValueOf(*FindOption(options, option.name())),
              ElementsAre(expected));
}

TEST(OptionTest, EveryOptionComesByFlagVariableAndFileInThisOrder) {
  const TempFolder folder;
  ScanArguments defaults;
  for (const Option& option : OptionsOf(&defaults)) {
    if (option.name() == "config") continue;
    SCOPED_TRACE(option.name());
    for (const std::vector<int>& used : {std::vector<int>{kFile},
                                         {kEnvironment},
                                         {kFlag},
                                         {kFile, kEnvironment},
                                         {kFile, kFlag},
                                         {kEnvironment, kFlag},
                                         {kFile, kEnvironment, kFlag}}) {
      ExpectFrom(option, folder, used);
    }
  }
}

TEST(OptionTest, NamesFieldsAndVariablesAreEachUsedOnce) {
  ScanArguments arguments;
  const auto options = OptionsOf(&arguments);
  EXPECT_GE(options.size(), 42u);
  for (const Option& a : options) {
    EXPECT_EQ(FindOption(options, a.name()), &a);
    for (const Option& b : options) {
      EXPECT_TRUE(&a == &b || a.value != b.value)
          << a.name() << " " << b.name();
    }
    // What a kind says of the file agrees with where the value goes.
    EXPECT_EQ(a.kind == OptionKind::kFlag,
              std::holds_alternative<bool*>(a.value));
    EXPECT_EQ(a.kind == OptionKind::kList,
              std::holds_alternative<std::vector<OptionText>*>(a.value));
  }
}

TEST(OptionTest, TheEnvironmentMayNameTheFile) {
  const TempFolder folder;
  const std::string file = folder.Path("options.toml");
  testing_support::WriteFileOctets(file, "seed = 7\n");
  const auto line = Parse({.environment = {"PTRSWEEP_CONFIG=" + file}});
  ASSERT_TRUE(line);
  EXPECT_EQ(line->arguments.target.seed.text, "7");
}

TEST(OptionTest, TargetsOfTheCommandLineAreTheOnlyOnes) {
  const std::vector<std::string> environment = {"PTRSWEEP_TARGETS=a,b"};
  const auto line = Parse({.flags = {"192.0.2.1"}, .environment = environment});
  ASSERT_TRUE(line);
  EXPECT_TRUE(line->arguments.target.target_files.empty());
  const auto both =
      Parse({.flags = {"192.0.2.1", "-t", "c"}, .environment = environment});
  ASSERT_TRUE(both);
  ASSERT_EQ(both->arguments.target.target_files.size(), 1u);
  EXPECT_EQ(both->arguments.target.target_files[0].text, "c");
  const auto none = Parse({.environment = environment});
  ASSERT_TRUE(none);
  EXPECT_EQ(none->arguments.target.target_files.size(), 2u);
}

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

TEST(EnvironmentTest, SlipsAreRefusedAndStrangersAreNot) {
  ScanArguments arguments;
  const auto options = OptionsOf(&arguments);
  const auto read = [&options](const char* entry) {
    const char* const environment[] = {"HOME=/", entry, nullptr};
    return std::string(ReadEnvironment(environment, options).message());
  };
  EXPECT_EQ(read("PTRSWEEP_MAX_INFLIGHT=1"),
            "PTRSWEEP_MAX_INFLIGHT: no such option; did you mean "
            "PTRSWEEP_MAX_IN_FLIGHT?");
  EXPECT_EQ(read("PTRSWEEP_QUIET=yes"),
            "PTRSWEEP_QUIET: 'yes' is neither true nor false");
  EXPECT_EQ(read("PTRSWEEP_CORPUS=/x"), "");
  EXPECT_EQ(read("PTRSWEEP_REQUIRE_WORLD=1"), "");
  EXPECT_EQ(read("PTRSWEEP_SEED="), "");
  EXPECT_EQ(arguments.target.seed.text, "0") << "empty is not set";
}

}  // namespace
}  // namespace tools
