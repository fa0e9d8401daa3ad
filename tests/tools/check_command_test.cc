// `ptrsweep check` as Nagios runs it: one line, four exit codes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/io/temp_folder.h"
#include "tests/support/program.h"
#include "tests/support/scripted_replies.h"
#include "tests/support/scripted_server.h"

namespace tools {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using testing_support::Asked;
using testing_support::Once;
using testing_support::ProgramResult;
using testing_support::Replies;
using testing_support::RunProgram;
using testing_support::ScriptedServer;
using testing_support::TempFolder;

constexpr uint16_t kPtr = 12;

// 9.9.9.1 is well, .2 has a name that leads to .1, .3 has two names, .4 nobody
// can tell of; the others have no PTR.
Replies Script(const Asked& asked) {
  const auto is = [&asked](absl::string_view name) {
    return asked.name == name;
  };
  if (is("1.9.9.9.in-addr.arpa") || is("2.9.9.9.in-addr.arpa")) {
    return Once(testing_support::PtrReply(asked, {"a.site.net"}));
  }
  if (is("3.9.9.9.in-addr.arpa")) {
    return Once(testing_support::PtrReply(asked, {"c.site.net", "d.site.net"}));
  }
  if (is("4.9.9.9.in-addr.arpa")) {
    return Once(
        testing_support::RcodeReply(asked, testing_support::rcode::kNotimp));
  }
  if (is("a.site.net")) {
    return Once(testing_support::AReply(asked, {"9.9.9.1"}));
  }
  if (is("c.site.net") || is("d.site.net")) {
    return Once(testing_support::AReply(asked, {"9.9.9.3"}));
  }
  return Once(testing_support::NegativeReply(
      asked, testing_support::rcode::kNxdomain,
      asked.type == kPtr ? "9.9.9.in-addr.arpa" : "site.net"));
}

ProgramResult Check(const ScriptedServer& server,
                    std::vector<std::string> arguments) {
  std::vector<std::string> command = {PTRSWEEP_BINARY,
                                      "check",
                                      "--resolver",
                                      absl::StrCat("127.0.0.1:", server.port()),
                                      "--no-canary",
                                      "--late-passes",
                                      "0"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return RunProgram(command, {});
}

// One line, the state first, performance data behind the only bar.
void ExpectPluginLine(const ProgramResult& result, int exit_code,
                      const std::string& state) {
  EXPECT_EQ(result.exit_code, exit_code) << result.err;
  EXPECT_THAT(result.out, StartsWith("PTRSWEEP " + state + ": "));
  EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 1);
  const std::vector<std::string> parts = absl::StrSplit(result.out, " | ");
  ASSERT_EQ(parts.size(), 2u) << result.out;
  const std::regex value(
      R"([a-z_]+=[0-9]+(\.[0-9]+)?s?;[^; ]*;[^; ]*;0(;[0-9]+)?)");
  for (const std::string& datum : std::vector<std::string>(absl::StrSplit(
           parts[1], absl::ByAnyChar(" \n"), absl::SkipEmpty()))) {
    EXPECT_TRUE(std::regex_match(datum, value)) << datum;
  }
}

TEST(CheckCommandTest, SeverityOfTheWorstRowIsTheState) {
  const ScriptedServer server(Script);
  const struct {
    std::vector<std::string> arguments;
    int exit_code;
    const char* state;
    const char* text;
  } cases[] = {
      {{"9.9.9.1"}, 0, "OK", ": 0 crit, 0 warn, 0 info, 1 ok of 1 address |"},
      {{"9.9.9.1", "9.9.9.3"},
       1,
       "WARNING",
       ": 0 crit, 1 warn, 0 info, 1 ok of 2 addresses; 9.9.9.3 pass "
       "(multiple_ptr) |"},
      {{"9.9.9.1-9.9.9.3"},
       2,
       "CRITICAL",
       ": 1 crit, 1 warn, 0 info, 1 ok of 3 addresses; 9.9.9.2 mismatch, "
       "9.9.9.3 pass (multiple_ptr) |"},
      {{"9.9.9.20-9.9.9.29"},
       2,
       "CRITICAL",
       "; 9.9.9.20 no_ptr, 9.9.9.21 no_ptr, 9.9.9.22 no_ptr and 7 more |"},
      {{"9.9.9.2", "--profile", "infra"}, 1, "WARNING", "9.9.9.2 mismatch |"},
      {{"9.9.9.20", "--profile", "hosting"}, 0, "OK", " 1 info, "},
  };
  for (const auto& c : cases) {
    const ProgramResult result = Check(server, c.arguments);
    ExpectPluginLine(result, c.exit_code, c.state);
    EXPECT_THAT(result.out, HasSubstr(c.text));
    EXPECT_EQ(result.err, "");
  }
}

TEST(CheckCommandTest, PerformanceDataHaveEveryStatus) {
  const ScriptedServer server(Script);
  const ProgramResult result =
      Check(server, {"9.9.9.1-9.9.9.3", "9.9.9.20-9.9.9.29"});
  for (const char* datum :
       {" addresses=13;;;0 ", " crit=11;;;0;13 ", " warn=1;;;0;13 ",
        " ok=1;;;0;13 ", " unknown=0;;;0;13 ", " pass=2;;;0;13 ",
        " mismatch=1;;;0;13 ", " no_ptr=10;;;0;13 ",
        " reverse_timeout=0;;;0;13 ", " unconfirmed=0;;;0;13\n"}) {
    EXPECT_THAT(result.out, HasSubstr(datum));
  }
}

// Of 20 rows one is unknown: 5 %. It is warn, as --profile has it.
TEST(CheckCommandTest, TooMuchUnknownIsUnknown) {
  const ScriptedServer server(Script);
  const ProgramResult few =
      Check(server, {"9.9.9.4", "9.9.9.20-9.9.9.38", "--profile", "hosting"});
  ExpectPluginLine(few, 1, "WARNING");
  EXPECT_THAT(few.out, HasSubstr("of 20 addresses, 1 of them unknown; 9.9.9.4 "
                                 "reverse_error |"));
  const ProgramResult many =
      Check(server, {"9.9.9.4", "9.9.9.20-9.9.9.38", "--max-unknown", "4"});
  ExpectPluginLine(many, 3, "UNKNOWN");
  EXPECT_THAT(many.out,
              HasSubstr(": more unknown than --max-unknown; 19 crit"));
}

TEST(CheckCommandTest, AScanThatIsNotCompleteIsUnknown) {
  const ScriptedServer server([](const Asked&) { return Replies{}; });
  const ProgramResult result =
      Check(server, {"9.9.9.0/29", "--max-time", "500ms"});
  ExpectPluginLine(result, 3, "UNKNOWN");
  EXPECT_THAT(result.out,
              HasSubstr(": not complete, 8 addresses have no row; 0 crit"));
}

TEST(CheckCommandTest, MistakesAreUnknownOnStdout) {
  const TempFolder folder;
  const std::string none = folder.Path("none");
  const struct {
    std::vector<std::string> arguments;
    std::string culprit;
  } cases[] = {
      {{}, "no target"},
      {{"9.9.9.9", "--rate", "x"}, "--rate: 'x'"},
      {{"9.9.9.9", "--nonsense"}, "--nonsense"},
      {{"9.9.9.9", "--output", "rows.csv"}, "--output"},
      {{"-t", none}, "none"},
      {{"a|b"}, "\"a/b\" is not"},  // no performance data
  };
  for (const auto& c : cases) {
    std::vector<std::string> command = {PTRSWEEP_BINARY, "check"};
    command.insert(command.end(), c.arguments.begin(), c.arguments.end());
    const ProgramResult result = RunProgram(command, {});
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(result.out, StartsWith("PTRSWEEP UNKNOWN: "));
    EXPECT_THAT(result.out, HasSubstr(c.culprit));
    EXPECT_THAT(result.out, Not(HasSubstr("|")));
    EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 1);
    EXPECT_EQ(result.err, "");
  }
}

// The configuration of a nightly scan says where its rows go: not here.
TEST(CheckCommandTest, WhatIsNotItsOptionIsNotHeeded) {
  const ScriptedServer server(Script);
  const TempFolder folder;
  const std::string rows = folder.Path("rows.csv");
  const std::string config = folder.Path("night.toml");
  testing_support::WriteFileOctets(rows, "precious");
  testing_support::WriteFileOctets(
      config, absl::StrCat("output = \"", rows, "\"\ndataset = \"",
                           folder.Path("d"), "\"\nstatus-file = \"",
                           folder.Path("s"), "\"\nprofile = \"infra\"\n"));
  const ProgramResult result = Check(server, {"9.9.9.2", "--config", config});
  ExpectPluginLine(result, 1, "WARNING");
  EXPECT_EQ(testing_support::ReadFileOctets(rows), "precious");
  EXPECT_FALSE(std::filesystem::exists(folder.Path("s")));
}

}  // namespace
}  // namespace tools
