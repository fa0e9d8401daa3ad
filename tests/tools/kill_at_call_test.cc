// G4 of WIRE.md section 12: kill -9 in front of every call into the kernel, and
// in the middle of every write. At random moments: tests/kill.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/tools/crash_fixture.h"

namespace tools {
namespace {

using testing_support::ProgramResult;
using testing_support::ScriptedServer;

class KillAtCallTest : public FormatCrashTest {
 protected:
  // Killed at its Nth call, resumed until it is whole. False: it was not.
  bool SurvivesKillAt(const ScriptedServer& server, const std::string& plan,
                      const std::vector<std::string>& more) {
    StartAgain();
    const ProgramResult first = Scan(server, plan, more);
    if (first.exit_code == 0) return false;
    EXPECT_EQ(first.exit_code, kKilled) << plan << ": " << first.err;
    std::vector<std::string> again = more;
    again.push_back("--resume");
    const ProgramResult second = Scan(server, "", again);
    EXPECT_EQ(second.exit_code, 0) << plan << ": " << second.err;
    ExpectEachOnce(64);
    return true;
  }
  // At every `stride`th call, until a scan ends before it. How many there were.
  int KillAtEvery(const std::string& how, int first, int stride) {
    const ScriptedServer server(NoNames);
    int kills = 0;
    for (int call = first;; call += stride) {
      const std::string plan = absl::StrCat(how, ":", call);
      if (!SurvivesKillAt(server, plan, {"192.0.2.0/26", "--rate", "400"})) {
        return kills;
      }
      ++kills;
      if (HasFailure()) return kills;
    }
  }
};

const auto kFormatName = [](const auto& tested) {
  return std::string(tested.param);
};

INSTANTIATE_TEST_SUITE_P(Formats, KillAtCallTest,
                         testing::Values("csv", "ndjson"), kFormatName);

TEST_P(KillAtCallTest, CallsOfEveryKind) {
  EXPECT_GT(KillAtEvery("kill", 1, 7), 10);
}

TEST_P(KillAtCallTest, TornWrites) { EXPECT_GT(KillAtEvery("tear", 4, 11), 5); }

TEST_P(KillAtCallTest, NightlyEveryCall) {
  EXPECT_GT(KillAtEvery("kill", 1, 1), 50);
  EXPECT_GT(KillAtEvery("tear", 1, 1), 50);
}

TEST_P(KillAtCallTest, ManyInOneScanAndThreadsThatChange) {
  const ScriptedServer server(SomeBroken);
  std::mt19937 random(7);
  const std::vector<std::string> common = {"192.0.2.0/24",
                                           "198.51.100.0/24",
                                           "203.0.113.0/25",
                                           "--rate",
                                           "1000",
                                           "--late-pause",
                                           "10ms"};
  int kills = 0;
  int exit_code = kKilled;
  for (; exit_code == kKilled && kills < 200; ++kills) {
    std::vector<std::string> more = common;
    more.insert(more.end(),
                {"--resume", "--threads", std::to_string(1 + random() % 4),
                 "--max-unknown", "100"});
    exit_code = Scan(server, absl::StrCat("kill:", 130 + random() % 200), more)
                    .exit_code;
  }
  EXPECT_EQ(exit_code, 0);
  EXPECT_GT(kills, 2);
  ExpectEachOnce(640);
}

}  // namespace
}  // namespace tools
