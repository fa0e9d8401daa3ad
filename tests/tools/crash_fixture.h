// Scans of a /26 at a scripted server that are killed, or refused by the disk,
// and then resumed: what the tests of resuming share.
#ifndef PTRSWEEP_TESTS_TOOLS_CRASH_FIXTURE_H_
#define PTRSWEEP_TESTS_TOOLS_CRASH_FIXTURE_H_

#include <gtest/gtest.h>
#include <signal.h>

#include <string>
#include <vector>

#include "tests/io/temp_folder.h"
#include "tests/support/program.h"
#include "tests/support/scripted_replies.h"
#include "tests/support/scripted_server.h"

namespace tools {

inline constexpr int kKilled = 128 + SIGKILL;

// No address has a name.
testing_support::Replies NoNames(const testing_support::Asked& asked);
// Every eighth address cannot be resolved and so is put off to the late pass.
testing_support::Replies SomeBroken(const testing_support::Asked& asked);

class CrashTest : public testing::Test {
 protected:
  // `format`: as --format has it.
  explicit CrashTest(std::string format = "csv");

  // `plan`: scan_crasher's; "": ptrsweep itself.
  testing_support::ProgramResult Scan(
      const testing_support::ScriptedServer& server, const std::string& plan,
      std::vector<std::string> more = {},
      const testing_support::ProgramOptions& options = {});
  std::string JournalPath() const { return path_ + ".journal"; }
  std::string TemporaryPath() const { return folder_.Path(".out.inprogress"); }

  // Every address once, each row whole, nothing left beside the output.
  void ExpectEachOnce(size_t addresses);
  // Nothing is left of earlier scans.
  void StartAgain();

  const std::string format_;
  const testing_support::TempFolder folder_;
  const std::string path_ = folder_.Path("out");
  std::string output_ = path_;  // --output
};

// With the format as a parameter.
class FormatCrashTest : public CrashTest,
                        public testing::WithParamInterface<const char*> {
 protected:
  FormatCrashTest() : CrashTest(GetParam()) {}
};

}  // namespace tools

#endif  // PTRSWEEP_TESTS_TOOLS_CRASH_FIXTURE_H_
