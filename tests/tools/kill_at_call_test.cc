// G4 of WIRE.md section 12: kill -9 in front of every call into the kernel, and
// in the middle of every write. At random moments: tests/kill.
#include <gtest/gtest.h>

#include <string>

#include "tests/tools/resume_fixture.h"

namespace tools {
namespace {

class KillAtCallTest : public testing_support::FormatResumeFixture {};

const auto kFormatName = [](const auto& tested) {
  return std::string(tested.param);
};

INSTANTIATE_TEST_SUITE_P(Formats, KillAtCallTest,
                         testing::Values("csv", "ndjson", "parquet"),
                         kFormatName);

TEST_P(KillAtCallTest, CallsOfEveryKind) {
  EXPECT_GT(KillAtEvery("kill", 1, 7), 10);
}

TEST_P(KillAtCallTest, TornWrites) { EXPECT_GT(KillAtEvery("tear", 4, 11), 5); }

TEST_P(KillAtCallTest, NightlyEveryCall) {
  EXPECT_GT(KillAtEvery("kill", 1, 1), 50);
  EXPECT_GT(KillAtEvery("tear", 1, 1), 50);
}

TEST_P(KillAtCallTest, ManyInOneScanAndThreadsThatChange) {
  KillManyTimes(130, 200);
}

}  // namespace
}  // namespace tools
