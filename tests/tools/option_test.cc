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
#include "tools/options/environment.h"
#include "tools/options/option_table.h"

namespace tools {
namespace {

using testing::ElementsAre;
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
  const bool list = IsList(option.kind);
  return absl::StrCat(option.name(), " = ", list ? "[" : "", value,
                      list ? "]" : "", "\n");
}

struct Sources {
  const char* command = "scan";
  std::vector<std::string> flags;
  std::vector<std::string> environment;
};

std::optional<CommandLine> Parse(const Sources& sources) {
  std::vector<const char*> argv = {"ptrsweep", sources.command};
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
  const size_t list = IsList(option.kind) ? 1 : 0;
  return absl::StrCat(file, ":1:", option.name().size() + 4 + list, ": ",
                      option.name());
}

// The value the option has after `used` of the three sources spoke.
void ExpectFrom(const Option& option, const TempFolder& folder,
                const std::vector<int>& used, const char* command = "scan") {
  const std::string file = folder.Path("options.toml");
  Sources sources = {.command = command};
  if ((option.uses & kUseScan) == 0) {
    sources.command = (option.uses & kUseZones) != 0  ? "zones"
                      : (option.uses & kUseWalk) != 0 ? "walk"
                                                      : "explain";
  }
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

TEST(OptionTest, CheckHasItsPartOfThem) {
  const TempFolder folder;
  ScanArguments defaults;
  size_t count = 0;
  for (const Option& option : OptionsOf(&defaults)) {
    if (option.name() == "config" || (option.uses & kUseCheck) == 0) continue;
    SCOPED_TRACE(option.name());
    ExpectFrom(option, folder, {kFile, kEnvironment, kFlag}, "check");
    ++count;
  }
  EXPECT_GE(count, 40u);
}

TEST(OptionTest, NamesFieldsAndVariablesAreEachUsedOnce) {
  ScanArguments arguments;
  const auto options = OptionsOf(&arguments);
  EXPECT_GE(options.size(), 48u);
  for (const Option& a : options) {
    EXPECT_EQ(FindOption(options, a.name()), &a);
    for (const Option& b : options) {
      EXPECT_TRUE(&a == &b || a.value != b.value)
          << a.name() << " " << b.name();
    }
    // What a kind says of the file agrees with where the value goes.
    EXPECT_EQ(a.kind == OptionKind::kFlag,
              std::holds_alternative<bool*>(a.value));
    EXPECT_EQ(IsList(a.kind),
              std::holds_alternative<std::vector<OptionText>*>(a.value));
  }
}

TEST(OptionTest, AFileMayGiveAListOfRatesAsOneNumberToo) {
  const TempFolder folder;
  const std::string file = folder.Path("options.toml");
  const struct {
    const char* value;
    std::vector<std::string> texts;
  } cases[] = {
      {"50", {"50"}},
      {"[50, \"192.0.2.1=7\"]", {"50", "192.0.2.1=7"}},
  };
  for (const auto& c : cases) {
    testing_support::WriteFileOctets(
        file, absl::StrCat("authority-rate = ", c.value, "\n"));
    const auto line = Parse({.flags = {"--config=" + file}});
    ASSERT_TRUE(line) << c.value;
    std::vector<std::string> texts;
    for (const OptionText& text : line->arguments.authority_rate) {
      texts.push_back(text.text);
    }
    EXPECT_EQ(texts, c.texts);
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
