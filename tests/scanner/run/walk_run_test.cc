// What a run does for a walk, whatever its engine finds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <functional>
#include <future>
#include <memory>
#include <span>

#include "scanner/walk/walk_targets.h"
#include "tests/io/temp_folder.h"
#include "tests/scanner/engine/scan_rig.h"
#include "tests/support/scripted_replies.h"

namespace scanner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing_support::CollectingSink;
using testing_support::Replies;
using testing_support::ScriptedServer;
using testing_support::TempFolder;

class SyncedSink : public CollectingSink {
 public:
  absl::StatusOr<io::SyncedRows> Sync(io::SyncTo) override {
    return io::SyncedRows{.octets = written(), .rows = written()};
  }
};

class CountedFindings : public FindingSink {
 public:
  absl::Status Write(std::span<const Finding> findings) override {
    octets_ += findings.size();
    return absl::OkStatus();
  }
  absl::StatusOr<uint64_t> Sync() override { return octets_; }
  absl::Status Finish() override {
    finished_ = true;
    if (at_finish) at_finish();
    return absl::OkStatus();
  }
  bool finished() const { return finished_; }

  std::function<void()> at_finish;

 private:
  uint64_t octets_ = 0;
  bool finished_ = false;
};

// A walk of no prefix.
class WalkRunTest : public testing::Test {
 protected:
  WalkRunTest() { targets_.walk = &walk_; }

  std::unique_ptr<ScanJournal> MakeJournal() {
    return std::make_unique<ScanJournal>(
        io::Journal::Create(folder_.Path("out.journal"), {}).value(),
        ScanJournal::Kind::kWalk);
  }
  ScanReport Run(const ScanOptions& options, ScanJournal* journal,
                 const ScanHooks& hooks = {}) {
    return RunScan(options, targets_, &rows_, hooks, journal, nullptr,
                   &findings_)
        .value();
  }

  const TempFolder folder_;
  const ScriptedServer server_{[](const auto&) { return Replies(); }};
  WalkTargets walk_;
  ScanTargets targets_;
  SyncedSink rows_;
  CountedFindings findings_;
};

TEST_F(WalkRunTest, AWalkThatEndsHasBothOutputsAndNoJournal) {
  ScanOptions options = OptionsFor({&server_});
  options.threads = 8;
  const auto journal = MakeJournal();
  const ScanReport report = Run(options, journal.get());
  EXPECT_TRUE(report.output.ok()) << report.output;
  EXPECT_TRUE(report.complete);
  EXPECT_EQ(report.engines, 1u);
  EXPECT_TRUE(rows_.finished());
  EXPECT_TRUE(findings_.finished());
  EXPECT_THAT(folder_.Names(), IsEmpty());
}

// A disk may take its time for the last files.
TEST_F(WalkRunTest, AStopWhileTheFinishedOutputIsClosedTakesNothingAway) {
  std::promise<void> stopping;
  findings_.at_finish = [&stopping] {
    std::raise(SIGTERM);
    stopping.get_future().wait();
  };
  const auto journal = MakeJournal();
  const ScanReport report = Run(OptionsFor({&server_}), journal.get(),
                                {.stopping = [&] { stopping.set_value(); }});
  EXPECT_EQ(report.stop_reason, StopReason::kAsked);
  EXPECT_TRUE(report.complete);
  EXPECT_TRUE(findings_.finished());
  EXPECT_THAT(folder_.Names(), IsEmpty());
}

// Though all addresses that it came to have their rows.
TEST_F(WalkRunTest, AWalkThatIsStoppedHasNeither) {
  ScanOptions options = OptionsFor({&server_});
  options.max_time = absl::ZeroDuration();
  const auto journal = MakeJournal();
  const ScanReport report = Run(options, journal.get());
  EXPECT_TRUE(report.output.ok()) << report.output;
  EXPECT_EQ(report.stop_reason, StopReason::kTime);
  EXPECT_FALSE(report.complete);
  EXPECT_EQ(report.stats.targets, report.stats.rows);
  EXPECT_FALSE(rows_.finished());
  EXPECT_FALSE(findings_.finished());
  EXPECT_THAT(folder_.Names(), ElementsAre("out.journal"));
}

}  // namespace
}  // namespace scanner
