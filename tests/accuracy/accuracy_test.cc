// The goals of WIRE.md section 12, G1 and G2: the real binary against a server
// that knows the truth, through a network that loses, doubles, reorders and
// damages datagrams. No row is wrong, whatever the network does; how many stay
// unknown is bounded.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/program.h"
#include "tests/support/relay.h"
#include "tests/support/truth_check.h"
#include "tests/support/truth_server.h"

namespace testing_support {
namespace {

constexpr uint32_t kTargetsPerRun = 65536;
constexpr uint32_t kFirstTarget = 0x0a000000;  // 10.0.0.0
constexpr int kExitComplete = 0;
constexpr int kExitIncomplete = 3;

struct Conditions {
  Weather weather;
  bool tcp = true;
  uint64_t seed = 1;  // of truth, network and order
  uint32_t first = kFirstTarget;
};

struct Outcome {
  TruthCounts counts;
  RelayReport network;
};

// One scan of a /16. What must hold of every scan is expected here: a row for
// each address and no other, and the exit code that its unknown rows ask for.
Outcome Scan(const Conditions& conditions) {
  const Truth truth(conditions.seed);
  const auto server = TruthServer::Start(truth);
  const auto relay = Relay::Start({.to = server->address(),
                                   .seed = conditions.seed,
                                   .weather = conditions.weather,
                                   .tcp = conditions.tcp});
  const auto start = std::chrono::steady_clock::now();
  // A wide window and a short pause: timeouts overlap instead of adding up.
  const ProgramResult result = RunProgram(
      {PTRSWEEP_BINARY, "scan", "--resolver", relay->address().ToString(),
       "--format", "ndjson", "--include-special", "--late-pause", "250ms",
       "--resolver-window", "8192", "--seed", std::to_string(conditions.seed),
       FormatIpv4(conditions.first) + "/16"},
      {.limit = std::chrono::seconds(240)});
  const std::chrono::duration<double> seconds =
      std::chrono::steady_clock::now() - start;
  relay->Stop();
  TruthCheck check(truth, conditions.first, kTargetsPerRun);
  check.AddRows(result.out);
  const TruthCounts& counts = check.counts();
  std::printf("%s in %.1f s; %s\n", check.Format().c_str(), seconds.count(),
              FormatReport(relay->counters()).c_str());
  EXPECT_EQ(counts.rows, kTargetsPerRun);
  EXPECT_EQ(counts.repeated + counts.foreign + check.missing(), 0u)
      << check.examples();
  EXPECT_EQ(counts.false_missing, 0u) << check.examples();
  EXPECT_EQ(counts.false_pass, 0u) << check.examples();
  const bool too_unknown = 20 * counts.unknown > counts.rows;
  EXPECT_EQ(result.exit_code, too_unknown ? kExitIncomplete : kExitComplete)
      << result.err;
  return {counts, relay->counters()};
}

Weather BothWays(const Impairment& impairment) {
  return {.to_server = impairment, .from_server = impairment};
}

class AccuracyTest : public testing::TestWithParam<int> {};

// G1.
TEST_P(AccuracyTest, NoRowIsWrongAtALossOfPerCent) {
  const Outcome outcome =
      Scan({.weather = BothWays({.loss = static_cast<double>(GetParam()),
                                 .duplicate = 5,
                                 .reorder = 5,
                                 .jitter_ms = 3})});
  EXPECT_EQ(outcome.counts.wrong, 0u);
}

INSTANTIATE_TEST_SUITE_P(Grid, AccuracyTest,
                         testing::Values(0, 1, 5, 10, 20, 30),
                         testing::PrintToStringParamName());

// G1. That a flipped bit makes another name or address out of one cannot be
// seen; but it may not make anything missing, or pass.
class AccuracyDamageTest : public testing::TestWithParam<bool> {};

TEST_P(AccuracyDamageTest, NothingIsMissingOrPassesFalselyWithFlippedBits) {
  const Outcome outcome =
      Scan({.weather = BothWays({.corrupt = 1}), .tcp = GetParam()});
  // Near misses may move the questions to TCP, which is not damaged.
  const uint64_t damaged = outcome.network.from_server.corrupted;
  EXPECT_GT(damaged, GetParam() ? 50u : 1000u);
  EXPECT_LE(outcome.counts.wrong, damaged);
}

INSTANTIATE_TEST_SUITE_P(Tcp, AccuracyDamageTest, testing::Bool(),
                         [](const auto& tcp) {
                           return tcp.param ? "Served" : "Refused";
                         });

struct UnknownGoal {
  int loss_per_cent;
  uint64_t max_unknown;  // of 16 runs
};

class AccuracyNightlyTest : public testing::TestWithParam<UnknownGoal> {};

// G2.
TEST_P(AccuracyNightlyTest, UnknownRowsWithoutTcpAreFew) {
  uint64_t unknown = 0;
  uint64_t rows = 0;
  for (uint32_t run = 0; run < 16; ++run) {
    const auto loss = static_cast<double>(GetParam().loss_per_cent);
    const Outcome outcome =
        Scan({.weather = BothWays({.loss = loss}),
              .tcp = false,
              .seed = 100 + run,
              .first = kFirstTarget + run * kTargetsPerRun});
    EXPECT_EQ(outcome.counts.wrong, 0u);
    unknown += outcome.counts.unknown;
    rows += outcome.counts.rows;
  }
  std::printf("G2: %llu of %llu rows unknown at %d %% loss each way\n",
              static_cast<unsigned long long>(unknown),
              static_cast<unsigned long long>(rows), GetParam().loss_per_cent);
  EXPECT_EQ(rows, 16u * kTargetsPerRun);
  EXPECT_LE(unknown, GetParam().max_unknown);
}

INSTANTIATE_TEST_SUITE_P(
    Goals, AccuracyNightlyTest,
    testing::Values(UnknownGoal{1, 0}, UnknownGoal{5, 10},
                    UnknownGoal{20, 16 * kTargetsPerRun / 100}),
    [](const auto& goal) { return std::to_string(goal.param.loss_per_cent); });

}  // namespace
}  // namespace testing_support
