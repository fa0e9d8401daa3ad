// G9 of WIRE.md section 12: the real binary under a flood of forged replies
// from its server's own address and port. None is accepted, the alarm is
// raised, the scan ends in good order.
#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/accuracy/forger.h"
#include "tests/accuracy/truth_scan.h"

namespace testing_support {
namespace {

// A minute, or ten, of about two packets an address.
struct Size {
  uint32_t addresses;
  uint32_t rate_qps;
};
constexpr Size kOneMinute = {.addresses = 65536, .rate_qps = 2200};
constexpr Size kTenMinutes = {.addresses = 262144, .rate_qps = 880};

void PrintCounts(const ForgerCounts& counts) {
  const auto rate = static_cast<uint64_t>(static_cast<double>(counts.sent()) /
                                          counts.seconds);
  std::puts(absl::StrCat("forged ", counts.sent(), ", ", rate, "/s: wrong id ",
                         counts.wrong_id, ", question ", counts.wrong_question,
                         ", source ", counts.wrong_source, ", port ",
                         counts.wrong_port, "; at open questions ",
                         counts.to_open, "; unsent ", counts.unsent, ", lucky ",
                         counts.lucky)
                .c_str());
}

void ScanUnderForgery(const Size& size, bool tcp) {
  const Truth truth(9);
  const auto forger = Forger::Start(truth, {.tcp = tcp});
  const TruthScan scan = ScanTruth(
      truth, forger->address(),
      {.addresses = size.addresses,
       .arguments = {"--rate", std::to_string(size.rate_qps)},
       .limit = std::chrono::seconds(4 * size.addresses / size.rate_qps)});
  const ForgerCounts forged = forger->Stop();
  PrintCounts(forged);
  EXPECT_EQ(scan.result.exit_code, kExitComplete) << scan.result.err;
  EXPECT_LE(scan.counts.wrong, forged.lucky) << scan.examples;
  if (forged.lucky == 0) {
    EXPECT_EQ(scan.result.out.find(kForgedName), std::string::npos);
    EXPECT_EQ(scan.result.out.find(kForgedAddress), std::string::npos);
  }
  EXPECT_GE(scan.counters.at("spoof_alarms"), 1u);
  EXPECT_GT(forged.to_open, 0u);
  EXPECT_GT(static_cast<double>(forged.sent()), 25000 * forged.seconds);
  if (tcp) {
    EXPECT_GT(scan.counters.at("tcp_accepted"), size.addresses / 2);
  } else {
    EXPECT_NE(scan.result.err.find("tcp_refused"), std::string::npos);
    EXPECT_EQ(scan.counters.at("tcp_accepted"), 0u);
    EXPECT_GT(forged.mixed_case, size.addresses);
  }
}

TEST(SpoofTest, NoForgeryIsAcceptedInAMinuteAndTheAlarmMovesTheScanToTcp) {
  ScanUnderForgery(kOneMinute, /*tcp=*/true);
}

TEST(SpoofTest, NoForgeryIsAcceptedInAMinuteWhereTcpIsRefused) {
  ScanUnderForgery(kOneMinute, /*tcp=*/false);
}

TEST(SpoofNightlyTest, NoForgeryIsAcceptedInTenMinutesOverTcp) {
  ScanUnderForgery(kTenMinutes, /*tcp=*/true);
}

TEST(SpoofNightlyTest, NoForgeryIsAcceptedInTenMinutesWhereTcpIsRefused) {
  ScanUnderForgery(kTenMinutes, /*tcp=*/false);
}

}  // namespace
}  // namespace testing_support
