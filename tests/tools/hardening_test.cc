// What the running program has given up, seen from outside; and that it still
// opens what it should.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/program.h"
#include "tests/support/scripted_replies.h"
#include "tests/support/scripted_server.h"

namespace tools {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using testing_support::Asked;
using testing_support::ProgramResult;
using testing_support::RunProgram;
using testing_support::ScriptedServer;

constexpr uid_t kNobody = 65534;
constexpr char kWarning[] =
    "ptrsweep: running as root, which no scan needs: any user will do\n";

testing_support::Replies NoNames(const Asked& asked) {
  return testing_support::Once(testing_support::NegativeReply(
      asked, testing_support::rcode::kNxdomain, "arpa"));
}

std::string Resolver(const ScriptedServer& server) {
  return absl::StrCat("--resolver=127.0.0.1:", server.port());
}

// In front of a command: it runs as a user without rights. Empty if this
// process is one.
std::vector<std::string> AsNobody() {
  if (geteuid() != 0) return {};
  return {"/usr/bin/setpriv", "--reuid=65534", "--regid=65534",
          "--clear-groups"};
}

// Whether that user can run the program at all.
bool NobodyCanRunIt() {
  std::vector<std::string> command = AsNobody();
  command.insert(command.end(), {PTRSWEEP_BINARY, "--version"});
  return RunProgram(command).exit_code == 0;
}

std::string ContentOf(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void WaitUntilAsked(const ScriptedServer& server) {
  while (server.asked() < 5) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

TEST(HardeningTest, TheRunningProgramGainsNoRightsAndCannotBeTraced) {
  if (!NobodyCanRunIt()) GTEST_SKIP() << "nobody cannot run the program";
  const ScriptedServer server(NoNames);
  std::vector<std::string> command = AsNobody();
  command.insert(command.end(),
                 {PTRSWEEP_BINARY, "scan", Resolver(server), "--no-canary",
                  "--rate=100", "-q", "192.0.2.0/26"});
  std::string status;
  uid_t owner = kNobody;
  const ProgramResult result =
      RunProgram(command, {.running = [&](int pid) {
                   WaitUntilAsked(server);
                   const std::string folder = absl::StrCat("/proc/", pid);
                   status = ContentOf(folder + "/status");
                   // Of a process that cannot be traced it is root's.
                   struct stat info {};
                   if (stat((folder + "/environ").c_str(), &info) == 0) {
                     owner = info.st_uid;
                   }
                 }});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(status, HasSubstr("NoNewPrivs:\t1\n"));
  EXPECT_THAT(status, Not(HasSubstr("Uid:\t0\t")));
  EXPECT_EQ(owner, 0u);
}

// The shell gives them as /dev/fd/N, which leads through /proc/self.
TEST(HardeningTest, FilesOfTheShellAreStillOpened) {
  if (!NobodyCanRunIt()) GTEST_SKIP() << "nobody cannot run the program";
  const ScriptedServer server(NoNames);
  std::vector<std::string> command = AsNobody();
  command.insert(
      command.end(),
      {"/bin/bash", "-c",
       absl::StrCat(PTRSWEEP_BINARY, " scan -q --no-canary ", Resolver(server),
                    " -t <(echo 192.0.2.0/31) -o /dev/stdout && ",
                    PTRSWEEP_BINARY, " scan -q --no-canary ", Resolver(server),
                    " 192.0.2.3 -o >(cat >&2)")});
  // A pipe, not the unnamed file that the test may open and nobody may not.
  command.back() =
      absl::StrCat("set -o pipefail; (", command.back(), ") | cat");
  const ProgramResult result = RunProgram(command);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("\n192.0.2.0,no_ptr,"));
  EXPECT_THAT(result.out, HasSubstr("\n192.0.2.1,no_ptr,"));
}

TEST(HardeningTest, RootIsWarnedOnceAndNobodyElse) {
  const ScriptedServer server(NoNames);
  const std::vector<std::string> scan = {
      PTRSWEEP_BINARY, "scan", Resolver(server), "--no-canary", "192.0.2.1"};
  if (geteuid() == 0) {
    const ProgramResult result = RunProgram(scan);
    EXPECT_THAT(result.err, StartsWith(kWarning)) << "once it begins";
    EXPECT_THAT(result.err.substr(sizeof kWarning - 1), Not(HasSubstr("root")));
    std::vector<std::string> quiet = scan;
    quiet.emplace_back("--quiet");
    EXPECT_EQ(RunProgram(quiet).err, "");
  }
  if (!NobodyCanRunIt()) GTEST_SKIP() << "nobody cannot run the program";
  std::vector<std::string> command = AsNobody();
  command.insert(command.end(), scan.begin(), scan.end());
  EXPECT_THAT(RunProgram(command).err, Not(HasSubstr("root")));
}

}  // namespace
}  // namespace tools
