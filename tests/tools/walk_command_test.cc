// A walk whose run was killed when nothing was left but to remove its journal.
#include "tools/walk_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "io/files/packed_octets.h"
#include "scanner/walk/walk.h"
#include "tests/io/temp_folder.h"
#include "tools/report/finding_file.h"
#include "tools/scan_output.h"
#include "tools/walk_config.h"

namespace tools {
namespace {

using testing::ElementsAre;
using testing_support::TempFolder;

constexpr const char* kNoEnvironment[] = {nullptr};

// The state of a walk whose servers are all silent.
std::string EndedState(const scanner::WalkTargets& targets) {
  scanner::Walk walk(&targets, 1);
  while (!walk.done()) {
    const auto work = walk.NextWork();
    if (work) {
      walk.OnAnswer(work->tag, {});
    } else {
      walk.BeginLatePass();
    }
  }
  EXPECT_EQ(walk.summary().zones_unentered, 1u);
  io::OctetPacker packer;
  packer.PutText(walk.State());
  return packer.octets();
}

class WalkCommandTest : public testing::Test {
 protected:
  WalkCommandTest() {
    arguments_.target.targets = {OptionText("2001:db8::/32", "")};
    arguments_.output = OptionText(folder_.Path("rows.csv"), "--output");
    arguments_.quiet = true;
  }

  void WriteAllButTheEnd() {
    WalkConfig config = MakeWalkConfig(arguments_, kNoEnvironment).value();
    config.targets.targets.walk = &config.walk;
    const std::string place =
        FindingsPlace(config.findings, config.findings_format,
                      config.scan.output)
            .value();
    ScanOutput output =
        OpenScanOutput(config.scan, config.targets.targets, {.place = place})
            .value();
    output.journal->Add({.walk_state = EndedState(config.walk)});
    ASSERT_TRUE(
        output.journal->Record(output.sink.get(), nullptr, io::SyncTo::kEnd)
            .ok());
    ASSERT_TRUE(output.sink->Finish().ok());
  }
  int Resume(const char* max_unknown) {
    arguments_.resume = true;
    arguments_.max_unknown = OptionText(max_unknown, "--max-unknown");
    return RunWalkCommand(arguments_, kNoEnvironment);
  }

  const TempFolder folder_;
  ScanArguments arguments_;
};

TEST_F(WalkCommandTest, WhatAKilledRunLeftUnknownCountsWhenItIsConcluded) {
  WriteAllButTheEnd();
  EXPECT_EQ(Resume("49"), 3);
  EXPECT_THAT(folder_.Names(), ElementsAre("rows.csv"));
}

TEST_F(WalkCommandTest, AKilledRunIsConcludedAsWhole) {
  WriteAllButTheEnd();
  EXPECT_EQ(Resume("50"), 0);
  EXPECT_THAT(folder_.Names(), ElementsAre("rows.csv"));
}

}  // namespace
}  // namespace tools
