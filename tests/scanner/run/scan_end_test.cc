// Scans that end before their end, and one whose output is slow: every target
// is accounted for whatever happens, in one thread and in several.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <csignal>
#include <functional>
#include <mutex>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "scanner/progress/row_writer.h"
#include "tests/scanner/engine/scan_rig.h"
#include "tests/support/scripted_replies.h"

namespace scanner {
namespace {

using ::testing::IsEmpty;
using testing_support::AReply;
using testing_support::Asked;
using testing_support::CollectingSink;
using testing_support::Once;
using testing_support::PtrReply;
using testing_support::RcodeReply;
using testing_support::Replies;
using testing_support::ScriptedServer;
namespace rcode = testing_support::rcode;
namespace rr = testing_support::rr;

Replies Silent(const Asked&) { return {}; }
Replies Nxdomain(const Asked& asked) {
  return Once(RcodeReply(asked, rcode::kNxdomain));
}

class ScanEndTest : public testing::TestWithParam<uint32_t> {
 protected:
  static ScanOptions OptionsFor(const ScriptedServer* server) {
    ScanOptions options = scanner::OptionsFor({server});
    options.threads = GetParam();
    return options;
  }
};

INSTANTIATE_TEST_SUITE_P(Threads, ScanEndTest, testing::Values(1, 3));

// A scan whose first progress report does something to it.
ScanReport RunDisturbed(const ScanOptions& options, const ScanTargets& targets,
                        CollectingSink* sink,
                        const std::function<void()>& disturb) {
  bool done = false;
  ScanHooks hooks;
  hooks.progress_interval = absl::Milliseconds(20);
  hooks.progress = [&](const Progress& progress) {
    if (done || progress.stats->rows == 0) return;
    done = true;
    disturb();
  };
  const auto report = RunScan(options, targets, sink, hooks);
  EXPECT_TRUE(report.ok()) << report.status();
  EXPECT_TRUE(done);
  EXPECT_THAT(report->stats.BrokenIdentities(), IsEmpty());
  EXPECT_EQ(report->stats.targets, report->stats.rows +
                                       report->stats.abandoned +
                                       report->stats.not_started());
  return *report;
}

// Some are answered soon, some late, some never, some put off.
Replies Mixed(const Asked& asked) {
  switch (asked.name[0]) {
    case '1':
      return Silent(asked);
    case '2':
      return Once(RcodeReply(asked, rcode::kServfail));
    case '3':
      return Once(RcodeReply(asked, rcode::kNxdomain), 400);
    default:
      return Nxdomain(asked);
  }
}

TEST_P(ScanEndTest, ASignalEndsTheScanWithEveryTargetAccountedFor) {
  const ScriptedServer server(Mixed);
  ScanOptions options = OptionsFor(&server);
  options.late_passes = 1;
  CollectingSink sink;
  const ScanReport report = RunDisturbed(options, TargetsOf({"10.7.0.0/20"}),
                                         &sink, [] { std::raise(SIGTERM); });
  EXPECT_EQ(report.stop_reason, StopReason::kAsked);
  EXPECT_TRUE(report.output.ok());
  EXPECT_GT(report.stats.rows, 0u);
  EXPECT_GT(report.stats.abandoned, 0u);
  EXPECT_GT(report.stats.not_started(), 0u);
  EXPECT_EQ(report.stats.targets, 4096u);
  EXPECT_EQ(report.engines, GetParam());
  EXPECT_EQ(sink.written(), report.stats.rows);
  EXPECT_EQ(sink.rows().size(), report.stats.rows);
  EXPECT_FALSE(sink.finished());
  // What was in flight is drained for 5 s, not longer.
  EXPECT_LT(report.elapsed, absl::Seconds(6));
}

TEST_P(ScanEndTest, AStopInThePauseEndsTheScanAtOnce) {
  const ScriptedServer server([](const Asked& asked) {
    return Once(RcodeReply(
        asked, asked.name[0] == '1' ? rcode::kRefused : rcode::kNxdomain));
  });
  ScanOptions options = OptionsFor(&server);
  options.late_passes = 1;
  options.late_pause = absl::Hours(1);
  CollectingSink sink;
  const ScanReport report = RunDisturbed(options, TargetsOf({"192.0.2.0/28"}),
                                         &sink, [] { std::raise(SIGTERM); });
  EXPECT_EQ(report.stats.abandoned, report.stats.deferred);
  EXPECT_GT(report.stats.abandoned, 0u);
  EXPECT_LT(report.elapsed, absl::Seconds(2));
}

TEST_P(ScanEndTest, AFailedWriteEndsTheScanAndIsTold) {
  const ScriptedServer server(Mixed);
  CollectingSink sink([](size_t n) {
    return n < 3 ? absl::OkStatus() : absl::DataLossError("disk full");
  });
  const auto report =
      RunScan(OptionsFor(&server), TargetsOf({"10.7.0.0/18"}), &sink, {});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->output.message(), "disk full");
  EXPECT_FALSE(sink.finished());
  EXPECT_LT(sink.written(), report->stats.targets);
  EXPECT_EQ(report->engines, GetParam());
  EXPECT_THAT(report->stats.BrokenIdentities(), IsEmpty());
}

// Giving up a question can settle its lookup, which would then ask for its
// expected name: not if the scan is over. 10.8.0.1 has the row that fails.
TEST_P(ScanEndTest, AFailedWriteLeavesNoExpectedNameBehind) {
  const ScriptedServer server([](const Asked& asked) {
    if (asked.name == "a.example.com") return Once(AReply(asked, {"10.7.0.9"}));
    if (asked.type == rr::kA) return Silent(asked);
    if (asked.name[0] == '1') return Nxdomain(asked);
    return Once(PtrReply(asked, {"a.example.com", "silent.example.com"}));
  });
  CollectingSink sink([](size_t) { return absl::DataLossError("disk full"); });
  const auto report =
      RunScan(OptionsFor(&server),
              TargetsOf({"10.7.0.0/25", "10.8.0.1"},
                        "target,expected\n10.7.0.0/25,w{d}.example.com\n"),
              &sink, {});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->stats.rows, 1u);
  EXPECT_THAT(report->stats.BrokenIdentities(), IsEmpty());
}

// The sink takes nothing until the engine has stopped starting lookups because
// of it: when the queue has all its batches. How many rows they hold is the
// engine's business: what is 0.1 s old is not kept back until a batch is full,
// as happens where a turn takes that long.
TEST_P(ScanEndTest, ASlowSinkLosesNothing) {
  std::mutex mutex;
  std::condition_variable opened;
  bool open = false;
  CollectingSink sink([&](size_t) {
    std::unique_lock lock(mutex);
    opened.wait(lock, [&] { return open; });
    return absl::OkStatus();
  });
  uint64_t started = 0;
  uint64_t started_when_full = 0;
  std::vector<size_t> batches;  // rows of each
  ScanHooks hooks;
  hooks.rows = [&](std::span<const io::Row> rows) {
    batches.push_back(rows.size());
  };
  hooks.progress_interval = absl::Milliseconds(300);
  hooks.progress = [&](const Progress& progress) {
    const bool still = progress.stats->started == started && progress.open == 0;
    started = progress.stats->started;
    if (started == 0 || !still) return;
    const std::lock_guard lock(mutex);
    if (!open) started_when_full = started;
    open = true;
    opened.notify_all();
  };
  const ScriptedServer server(Nxdomain);
  RunToEnd(OptionsFor(&server), TargetsOf({"10.7.0.0/16"}), &sink, hooks);
  ASSERT_GT(batches.size(), RowWriter::kMaxQueued);
  EXPECT_GE(
      started_when_full,
      std::accumulate(batches.begin(), batches.begin() + RowWriter::kMaxQueued,
                      size_t{0}));
  EXPECT_GT(started_when_full, 0u);
  EXPECT_LT(started_when_full, 24u * RowWriter::kBatchRows);
}

}  // namespace
}  // namespace scanner
