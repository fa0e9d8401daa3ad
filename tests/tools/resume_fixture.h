// Scans that are killed, stopped or refused by the disk, and then resumed.
#ifndef PTRSWEEP_TESTS_TOOLS_RESUME_FIXTURE_H_
#define PTRSWEEP_TESTS_TOOLS_RESUME_FIXTURE_H_

#include <gtest/gtest.h>

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/io/temp_folder.h"
#include "tests/support/program.h"
#include "tests/support/scripted_replies.h"
#include "tests/support/scripted_server.h"

namespace testing_support {

inline constexpr int kKilled = 128 + SIGKILL;

// No address has a name.
Replies NoNames(const Asked& asked);
// Every eighth address cannot be resolved and so is put off to the late pass.
Replies SomeBroken(const Asked& asked);

class ResumeFixture : public testing::Test {
 protected:
  // The name of the output, whose ending says the format.
  explicit ResumeFixture(const std::string& name);

  // `plan`: scan_crasher's; "": ptrsweep itself.
  ProgramResult Scan(const ScriptedServer& server, const std::string& plan,
                     std::vector<std::string> more = {},
                     const ProgramOptions& options = {});
  std::string JournalPath() const { return path_ + ".journal"; }
  std::string TemporaryPath() const {
    return folder_.Path("." + name_ + ".inprogress");
  }
  // The finished output as CSV, which it need not be.
  std::string Rows();
  // Every address once, each row whole, nothing left beside the output.
  void ExpectEachOnce(size_t addresses);
  void StartAgain();
  // Killed at its Nth call, resumed until it is whole. False: it was not.
  bool SurvivesKillAt(const ScriptedServer& server, const std::string& plan,
                      const std::vector<std::string>& more);
  // At every `stride`th call, until a scan ends before it. How many there were.
  int KillAtEvery(const std::string& how, int first, int stride);
  // 640 addresses, killed again and again, by other numbers of threads.
  void KillManyTimes(uint32_t first_call, uint32_t spread);

  const TempFolder folder_;
  const std::string name_;
  const std::string path_;
  std::string output_;  // --output
};

// With the format, "csv", as a parameter.
class FormatResumeFixture : public ResumeFixture,
                            public testing::WithParamInterface<const char*> {
 protected:
  FormatResumeFixture();
};

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_TOOLS_RESUME_FIXTURE_H_
