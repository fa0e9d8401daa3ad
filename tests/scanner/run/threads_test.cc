// Scans by several engines: every target has one row, no limit is exceeded by
// all together, what one finds out or is told reaches all, and whoever watches
// sees one scan.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "scanner/progress/row_writer.h"
#include "scanner/targets/target_order.h"
#include "tests/scanner/engine/scan_rig.h"
#include "tests/support/scripted_replies.h"

namespace scanner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing_support::Asked;
using testing_support::CollectingSink;
using testing_support::Once;
using testing_support::PtrReply;
using testing_support::RcodeReply;
using testing_support::Replies;
using testing_support::ScriptedServer;
using Clock = std::chrono::steady_clock;
namespace rcode = testing_support::rcode;
namespace rr = testing_support::rr;

Replies Nxdomain(const Asked& asked) {
  return Once(RcodeReply(asked, rcode::kNxdomain));
}

ScanOptions ThreadedOptions(const ScriptedServer& server, uint32_t threads) {
  ScanOptions options = OptionsFor({&server});
  options.threads = threads;
  options.forward_cache_octets = 16 << 20;
  return options;
}

// 16 addresses in each of so many /24, so that no shard of a few is empty.
ScanTargets ScatteredTargets(int blocks) {
  std::vector<std::string> prefixes;
  prefixes.reserve(static_cast<size_t>(blocks));
  for (int i = 0; i < blocks; ++i) {
    prefixes.push_back(absl::StrCat("10.7.", i, ".64/28"));
  }
  return TargetsOf(prefixes);
}

TEST(ThreadsTest, EveryTargetHasOneRowWhateverTheNumberOfThreads) {
  const ScriptedServer server(Nxdomain);
  const std::vector<std::string> kSets[] = {
      {"192.0.2.1"},
      {"192.0.2.0/30", "198.51.100.7"},
      {"10.7.0.3-10.7.9.250", "2001:db8::17", "2001:db8:0:1::/125"},
      {"10.7.0.0/19"},
  };
  for (const std::vector<std::string>& set : kSets) {
    const ScanTargets targets = TargetsOf(set);
    for (const uint32_t threads : {1u, 2u, 3u, 8u}) {
      SCOPED_TRACE(absl::StrCat(set[0], " by ", threads));
      ScanOptions options = ThreadedOptions(server, threads);
      options.seed = threads;
      CollectingSink sink;
      const ScanReport report = RunToEnd(options, targets, &sink);
      EXPECT_EQ(absl::uint128(report.stats.targets), targets.targets.size());
      EXPECT_EQ(report.stats.packets(), report.stats.targets);
      EXPECT_EQ(report.servers[0].sent, report.stats.targets);
      EXPECT_EQ(report.servers[0].accepted, report.stats.targets);
      EXPECT_LE(report.engines, threads);
    }
  }
}

TEST(ThreadsTest, AsManyEnginesAsTheTargetsNeed) {
  const ScriptedServer server(Nxdomain);
  const ScanOptions options = ThreadedOptions(server, 8);
  CollectingSink one;
  EXPECT_EQ(RunToEnd(options, TargetsOf({"192.0.2.1"}), &one).engines, 1u);
  CollectingSink many;
  EXPECT_EQ(RunToEnd(options, TargetsOf({"10.7.0.0/18"}), &many).engines, 8u);
}

// The n-th packet comes no sooner than the rate allows, counted from the start:
// a delay anywhere only makes it later.
class PacketClock {
 public:
  Replies operator()(const Asked& asked) {
    const std::chrono::duration<double> since = Clock::now() - start_;
    ++packets_;
    ahead_ = std::max(ahead_, packets_ - kMostQps * since.count());
    return Nxdomain(asked);
  }
  double ahead() const { return ahead_; }

  static constexpr double kQps = 400;

 private:
  static constexpr double kMostQps = 1.02 * kQps;
  const Clock::time_point start_ = Clock::now();
  double packets_ = 0;
  double ahead_ = 0;
};

TEST(ThreadsTest, RatesHoldForAllEnginesTogether) {
  for (const bool of_resolver : {false, true}) {
    SCOPED_TRACE(of_resolver);
    PacketClock clock;
    const ScriptedServer server(std::ref(clock));
    ScanOptions options = ThreadedOptions(server, 4);
    if (of_resolver) options.resolver_rate_qps = PacketClock::kQps;
    if (!of_resolver) options.rate_qps = PacketClock::kQps;
    CollectingSink sink;
    const ScanReport report = RunToEnd(options, ScatteredTargets(40), &sink);
    EXPECT_EQ(report.engines, 4u);
    // 20 ms of the rate at once, as one engine may.
    EXPECT_LE(clock.ahead(), PacketClock::kQps / 50);
  }
}

TEST(ThreadsTest, ABudgetHoldsForAllEnginesTogether) {
  const ScriptedServer server(Nxdomain);
  ScanOptions options = ThreadedOptions(server, 3);
  options.max_queries = 100;
  CollectingSink sink;
  RunToEnd(options, ScatteredTargets(32), &sink);
  EXPECT_EQ(server.asked(), 100u);
}

TEST(ThreadsTest, NoMoreLookupsAreOpenThanAllowed) {
  const ScriptedServer server([](const Asked& asked) {
    return Once(RcodeReply(asked, rcode::kNxdomain), 1);
  });
  ScanOptions options = ThreadedOptions(server, 3);
  options.max_in_flight = 7;
  size_t most = 0;
  ScanHooks hooks;
  hooks.progress_interval = absl::ZeroDuration();
  hooks.progress = [&](const Progress& progress) {
    most = std::max(most, progress.open);
  };
  CollectingSink sink;
  RunToEnd(options, ScatteredTargets(32), &sink, hooks);
  EXPECT_GE(most, 4u);
  EXPECT_LE(most, 7u);
}

TEST(ThreadsTest, ProgressIsThatOfAllAndToldByTheCaller) {
  const ScriptedServer server(Nxdomain);
  ScanOptions options = ThreadedOptions(server, 3);
  options.rate_qps = 600;
  uint64_t rows = 0;
  int reports = 0;
  ScanHooks hooks;
  hooks.progress_interval = absl::Milliseconds(20);
  hooks.progress =
      [&, caller = std::this_thread::get_id()](const Progress& progress) {
        ++reports;
        EXPECT_EQ(std::this_thread::get_id(), caller);
        EXPECT_EQ(progress.stats->targets, 512u);
        EXPECT_GE(progress.stats->rows, rows);
        EXPECT_EQ(progress.stats->started,
                  progress.stats->rows + progress.open + progress.deferred);
        rows = progress.stats->rows;
      };
  CollectingSink sink;
  RunToEnd(options, ScatteredTargets(32), &sink, hooks);
  EXPECT_GT(reports, 5);
  EXPECT_GT(rows, 256u);
}

// Returns once nothing is asked any more: the number of queries so far.
size_t AwaitSilence(const ScriptedServer& server) {
  size_t asked = 0;
  do {
    asked = server.asked();
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
  } while (server.asked() != asked);
  return asked;
}

// Within the hour no report of progress is due: an engine that goes on was
// woken by the writer.
TEST(ThreadsTest, RoomInTheOutputWakesEveryEngine) {
  std::atomic<size_t> asked_when_full = 0;
  const ScriptedServer server(Nxdomain);
  CollectingSink sink([&](size_t n) {
    if (n == 1) asked_when_full = AwaitSilence(server);
    return absl::OkStatus();
  });
  ScanHooks hooks;
  hooks.progress_interval = absl::Hours(1);
  RunToEnd(ThreadedOptions(server, 4), TargetsOf({"10.7.0.0/16"}), &sink,
           hooks);
  EXPECT_GT(asked_when_full, 0u);
  EXPECT_LT(asked_when_full, 24 * RowWriter::kBatchRows);
}

// All wait for the late pass when the first write fails.
TEST(ThreadsTest, AFailedWriteWakesEveryEngine) {
  const ScriptedServer server([](const Asked& asked) {
    return Once(RcodeReply(
        asked, asked.name[0] == '7' ? rcode::kRefused : rcode::kNxdomain));
  });
  CollectingSink sink([&](size_t n) {
    if (n == 1) AwaitSilence(server);
    return absl::DataLossError("disk full");
  });
  ScanOptions options = ThreadedOptions(server, 4);
  options.late_passes = 1;
  options.late_pause = absl::Hours(1);
  ScanHooks hooks;
  hooks.progress_interval = absl::Hours(1);
  const auto report = RunScan(options, ScatteredTargets(32), &sink, hooks);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->output.message(), "disk full");
  EXPECT_EQ(report->stop_reason, StopReason::kNone);
  EXPECT_THAT(report->stats.BrokenIdentities(), IsEmpty());
}

TEST(ThreadsTest, ExclusionsReadAgainReachEveryEngine) {
  const ScriptedServer server(Nxdomain);
  ScanOptions options = ThreadedOptions(server, 3);
  options.rate_qps = 300;
  const ScanTargets targets = ScatteredTargets(200);
  ScanHooks hooks;
  int raised = 0;
  hooks.progress_interval = absl::Milliseconds(20);
  hooks.progress = [&](const Progress&) {
    if (raised++ == 0) std::raise(SIGHUP);
  };
  hooks.reload_exclusions = [&] { return std::optional(targets.targets); };
  CollectingSink sink;
  const ScanReport report = RunToEnd(options, targets, &sink, hooks);
  EXPECT_EQ(report.engines, 3u);
  EXPECT_LT(server.asked(), 800u) << "one that asks on asks a thousand";
  const auto excluded = std::count_if(
      sink.rows().begin(), sink.rows().end(),
      [](const auto& row) { return row.second.cause == "excluded"; });
  EXPECT_GT(excluded, 2400);
}

// What is asked of one engine's shard exists once and is denied ever after: its
// own canaries, so that this engine alone finds the server lying.
TEST(ThreadsTest, TheFirstEngineThatGivesUpEndsTheScan) {
  const ScanTargets targets = ScatteredTargets(250);
  TargetOrder first_shard(&targets.targets, 0, 0, 3);
  std::set<std::string> names;
  while (const auto item = first_shard.Next()) {
    names.insert(ReverseOf(item->address.ToString()));
  }
  const ScriptedServer server([&](const Asked& asked) {
    const bool exists =
        asked.nth == 1 && asked.type == rr::kPtr && names.contains(asked.name);
    return exists ? Once(PtrReply(asked, {"host.example.com"}))
                  : Nxdomain(asked);
  });
  ScanOptions options = ThreadedOptions(server, 3);
  options.ptr_only = true;
  options.canaries = true;
  options.rate_qps = 300;
  options.max_outage = absl::ZeroDuration();
  CollectingSink sink;
  const auto report = RunScan(options, targets, &sink, {});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->stop_reason, StopReason::kLying);
  EXPECT_THAT(report->stats.BrokenIdentities(), IsEmpty());
  EXPECT_GT(report->stats.not_started(), 1000u);
  EXPECT_LT(report->elapsed, absl::Seconds(12)) << "13 s at this rate";
  EXPECT_TRUE(report->servers[0].lying);
}

TEST(ThreadsTest, AWarningIsSaidOnce) {
  const ScriptedServer server([](const Asked& asked) {
    if (asked.type == rr::kPtr) {
      return Once(PtrReply(asked, {"ad.example.net"}));
    }
    return Once(testing_support::AReply(asked, {"192.0.2.9"}));
  });
  ScanOptions options = ThreadedOptions(server, 3);
  options.canaries = true;
  std::vector<std::string> warnings;
  ScanHooks hooks;
  hooks.warn = [&,
                caller = std::this_thread::get_id()](const std::string& line) {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    warnings.push_back(line);
  };
  CollectingSink sink;
  const ScanReport report =
      RunToEnd(options, ScatteredTargets(32), &sink, hooks);
  EXPECT_EQ(report.engines, 3u);
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("names that cannot exist")));
  EXPECT_TRUE(report.servers[0].rewriting);
}

}  // namespace
}  // namespace scanner
