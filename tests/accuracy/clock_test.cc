// G10 of WIRE.md section 12: a scan that is stopped for a while in the middle
// (SIGSTOP, as a suspended machine would) gives the same rows. What came in
// meanwhile is read before any deadline is looked at.
//
// Deadlines are of CLOCK_MONOTONIC, so steps of the wall clock touch nothing
// but the column `time`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/accuracy/truth_scan.h"
#include "tests/support/relay.h"
#include "tests/support/truth_server.h"

namespace testing_support {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr uint32_t kAddresses = 8192;
// About half of the queries of that.
constexpr uint64_t kStopAfter = 8000;

struct Case {
  std::string label;
  std::vector<std::string> arguments;
  int delay_ms;  // each way
};

// A hundred questions open at a time, and thousands.
const Case kPaced = {"Paced", {"--rate", "2500"}, 20};
const Case kWide = {"Wide", {"--resolver-window", "4096"}, 200};

void ScanWithStop(const Case& tested, seconds stop) {
  const Truth truth(10);
  const auto server = TruthServer::Start(truth);
  const Impairment slow = {.delay_ms = static_cast<double>(tested.delay_ms)};
  const auto relay =
      Relay::Start({.to = server->address(),
                    .weather = {.to_server = slow, .from_server = slow},
                    .tcp = true});
  uint64_t answered_at_stop = 0;
  const auto stop_for_a_while = [&](int pid) {
    while (server->udp_answered() < kStopAfter) {
      std::this_thread::sleep_for(milliseconds(1));
    }
    kill(pid, SIGSTOP);
    answered_at_stop = server->udp_answered();
    std::this_thread::sleep_for(stop);
    kill(pid, SIGCONT);
  };
  const TruthScan scan = ScanTruth(truth, relay->address(),
                                   {.addresses = kAddresses,
                                    .arguments = tested.arguments,
                                    .running = stop_for_a_while});
  EXPECT_EQ(scan.result.exit_code, kExitComplete) << scan.result.err;
  EXPECT_EQ(scan.counts.wrong, 0u) << scan.examples;
  EXPECT_EQ(scan.counts.unknown, 0u);
  // It was in the middle of the scan.
  EXPECT_LT(answered_at_stop, server->udp_answered() * 3 / 4);
  EXPECT_GT(scan.seconds, static_cast<double>(stop.count()));
  // No answer that waited was taken for lost, no question asked twice.
  EXPECT_THAT(scan.result.err, testing::HasSubstr(" answered, 0 timed out"));
  EXPECT_EQ(scan.counters.at("udp_superseded"), 0u);
  EXPECT_EQ(scan.counters.at("local_drops"), 0u);
  EXPECT_EQ(scan.counters.at("outages"), 0u);
  EXPECT_EQ(scan.counters.at("spoof_alarms"), 0u);
}

class ClockTest : public testing::TestWithParam<Case> {};

TEST_P(ClockTest, RowsAreTheSameAfterAStopOfTenSeconds) {
  ScanWithStop(GetParam(), seconds(10));
}

class ClockNightlyTest : public testing::TestWithParam<Case> {};

TEST_P(ClockNightlyTest, RowsAreTheSameAfterAStopOfHalfAMinute) {
  ScanWithStop(GetParam(), seconds(30));
}

const auto kLabel = [](const auto& tested) { return tested.param.label; };
INSTANTIATE_TEST_SUITE_P(Stop, ClockTest, testing::Values(kPaced, kWide),
                         kLabel);
INSTANTIATE_TEST_SUITE_P(Stop, ClockNightlyTest, testing::Values(kPaced, kWide),
                         kLabel);

}  // namespace
}  // namespace testing_support
