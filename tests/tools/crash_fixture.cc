#include "tests/tools/crash_fixture.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/kill/comparable_rows.h"

namespace tools {
namespace {

using testing_support::Asked;
using testing_support::Replies;
using testing_support::ScriptedServer;

constexpr uint16_t kPtr = 12;

}  // namespace

Replies NoNames(const Asked& asked) {
  return testing_support::Once(
      testing_support::NegativeReply(asked, testing_support::rcode::kNxdomain,
                                     asked.type == kPtr ? "arpa" : "invalid"));
}

Replies SomeBroken(const Asked& asked) {
  const int octet = std::atoi(asked.name.c_str());
  if (asked.type == kPtr && octet % 8 == 5) {
    return testing_support::Once(
        testing_support::RcodeReply(asked, testing_support::rcode::kServfail));
  }
  return NoNames(asked);
}

CrashTest::CrashTest(std::string format) : format_(std::move(format)) {}

testing_support::ProgramResult CrashTest::Scan(
    const ScriptedServer& server, const std::string& plan,
    std::vector<std::string> more,
    const testing_support::ProgramOptions& options) {
  std::vector<std::string> command = {PTRSWEEP_BINARY};
  if (!plan.empty()) command = {SCAN_CRASHER, plan};
  command.insert(
      command.end(),
      {"scan", "--resolver", absl::StrCat("127.0.0.1:", server.port()),
       "--output", output_, "--record-every", "20ms", "-q", "--no-canary"});
  if (format_ != "csv") command.insert(command.end(), {"--format", format_});
  command.insert(command.end(), more.begin(), more.end());
  return testing_support::RunProgram(command, options);
}

void CrashTest::ExpectEachOnce(size_t addresses) {
  ASSERT_THAT(folder_.Names(), testing::ElementsAre("out"));
  const auto read =
      testing_support::ReadComparable(testing_support::ReadFileOctets(path_));
  EXPECT_EQ(read.torn, 0u);
  EXPECT_EQ(read.repeated, 0u);
  EXPECT_EQ(read.rows.size(), addresses);
}

void CrashTest::StartAgain() {
  for (const std::string& name : folder_.Names()) {
    std::filesystem::remove(folder_.Path(name));
  }
}

}  // namespace tools
