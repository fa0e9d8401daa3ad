// The outage rule of WIRE.md section 5 with the real binary: a server that
// falls silent in the middle of a scan makes it wait, one that never answers
// makes it say so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "tests/accuracy/truth_scan.h"
#include "tests/hostile/output_reader.h"
#include "tests/support/program.h"
#include "tests/support/sockets.h"
#include "tests/support/truth_server.h"

namespace testing_support {
namespace {

using testing::HasSubstr;
using Clock = std::chrono::steady_clock;

// Decides which queries are answered: none from the 5,000th on until six
// probes have come. The first comes after five seconds of silence, the others
// one a second, so that is about ten seconds; three without answer make an
// outage.
class Silence {
 public:
  bool Admit(std::span<const uint8_t> query) {
    constexpr int kFrom = 5000;
    constexpr int kProbes = 6;
    if (probes_ == kProbes) return true;
    const bool fresh = known_.emplace(query.begin() + 12, query.end()).second;
    if (++queries_ < kFrom) return true;
    if (queries_ == kFrom) began_ = Clock::now();
    const auto now = Clock::now();
    if (IsProbe(query)) {
      if (++probes_ == 3) outage_ = now + std::chrono::seconds(1);
    } else if (fresh && now > outage_) {
      ++started_in_outage_;
    }
    seconds_ = std::chrono::duration<double>(now - began_).count();
    return probes_ == kProbes;
  }

  double seconds() const { return seconds_; }
  // Questions that were new a second after the third probe.
  int started_in_outage() const { return started_in_outage_; }

 private:
  // The name servers of the root.
  static bool IsProbe(std::span<const uint8_t> query) {
    return query.size() >= 17 && query[12] == 0 && query[14] == 2;
  }

  std::set<std::vector<uint8_t>> known_;
  int queries_ = 0;
  int probes_ = 0;
  int started_in_outage_ = 0;
  Clock::time_point began_;
  Clock::time_point outage_ = Clock::time_point::max();
  double seconds_ = 0;
};

TEST(OutageTest, AServerThatIsSilentForAWhileMakesNoRowUnknown) {
  const Truth truth(11);
  Silence silence;
  auto server = TruthServer::Start(
      truth, {.admit = [&silence](auto query, const SocketAddress*) {
        return silence.Admit(query);
      }});
  const TruthScan scan =
      ScanTruth(truth, server->address(),
                {.addresses = 8192, .arguments = {"--rate", "2500"}});
  server.reset();  // its thread, which asks `silence`
  EXPECT_EQ(scan.result.exit_code, kExitComplete) << scan.result.err;
  EXPECT_EQ(scan.counts.wrong, 0u) << scan.examples;
  EXPECT_EQ(scan.counts.unknown, 0u);
  EXPECT_EQ(scan.counters.at("outages"), 1u);
  std::printf("silent for %.1f s\n", silence.seconds());
  EXPECT_LT(silence.seconds(), 15);
  // Denials are vouched for again as soon as the server is back.
  EXPECT_LT(scan.seconds, 30);
  EXPECT_EQ(silence.started_in_outage(), 0);
  EXPECT_THAT(scan.result.err, HasSubstr("all resolvers fell silent 1 times"));
}

// Its port is taken, but nobody reads.
TEST(OutageTest, AServerThatNeverAnswersIsNamedAndTheExitCodeTells) {
  const auto mute = BindPair(SocketAddress::Loopback(0));
  const TruthScan scan = ScanTruth(Truth(11), mute->address, {.addresses = 16});
  EXPECT_EQ(scan.result.exit_code, kExitIncomplete);
  EXPECT_EQ(scan.counts.unknown, 16u);
  EXPECT_THAT(scan.result.err,
              HasSubstr(mute->address.ToString() + " never answered"));
}

TEST(OutageTest, AServerThatNeverAnswersIsGivenUpAfterTenThousandTries) {
  const auto mute = BindPair(SocketAddress::Loopback(0));
  const ProgramResult result =
      RunProgram({PTRSWEEP_BINARY, "scan", "--include-special", "--verbose",
                  "--resolver-window", "4096", "--resolver",
                  mute->address.ToString(), "10.0.0.0/17"});
  EXPECT_EQ(result.exit_code, kExitIncomplete);
  EXPECT_THAT(result.err,
              HasSubstr(mute->address.ToString() + " never answered"));
  EXPECT_THAT(result.err,
              HasSubstr("no resolver ever answered; 32768 addresses"));
  const auto counters = hostile::ReadCounters(result.err);
  EXPECT_GE(counters.at("udp_tries"), 10000u);
  EXPECT_LT(counters.at("udp_tries"), 20000u);
}

}  // namespace
}  // namespace testing_support
