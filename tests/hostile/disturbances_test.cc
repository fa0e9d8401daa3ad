#include "tests/support/disturbances.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "tests/support/packet_builder.h"
#include "tests/support/scripted_replies.h"

namespace testing_support {
namespace {

using Seconds = Disturbances::Seconds;

// A disturber under a clock of its own.
class DisturberTest : public testing::Test {
 protected:
  // "-": not disturbed, "silent", "tc", or the rcode.
  static std::string Ask(Disturber* disturber, double seconds,
                         Transport transport = Transport::kUdp) {
    const Octets query =
        PacketBuilder().Question("3.2.1.10.in-addr.arpa", rr::kPtr).Build();
    const auto now =
        Disturber::TimePoint() +
        std::chrono::duration_cast<std::chrono::nanoseconds>(Seconds(seconds));
    Octets reply;
    if (!disturber->Deal(query, transport, now, &reply)) return "-";
    if (reply.empty()) return "silent";
    if ((reply[2] & 0x02) != 0) return "tc";
    return std::to_string(reply[3] & 0xf) + (reply[7] > 0 ? " data" : "");
  }

  // How many of `count` queries, evenly over a second, are let through.
  static int Passed(Disturber* disturber, int count, double from) {
    int passed = 0;
    for (int i = 0; i < count; ++i) {
      if (Ask(disturber, from + static_cast<double>(i) / count) == "-") {
        ++passed;
      }
    }
    return passed;
  }
};

TEST_F(DisturberTest, NothingIsDisturbedByDefault) {
  Disturber disturber({});
  EXPECT_EQ(Ask(&disturber, 0), "-");
}

TEST_F(DisturberTest, PeriodsCountFromTheFirstQuery) {
  Disturber disturber({.lying = {Seconds(1), Seconds(1)},
                       .silent = {Seconds(3), Seconds(1)},
                       .refusing = {Seconds(5), Seconds(1)}});
  constexpr double kStart = 1000;
  EXPECT_EQ(Ask(&disturber, kStart), "-");
  EXPECT_EQ(Ask(&disturber, kStart + 1.5), "3");
  EXPECT_EQ(Ask(&disturber, kStart + 2.5), "-");
  EXPECT_EQ(Ask(&disturber, kStart + 3.5), "silent");
  EXPECT_EQ(Ask(&disturber, kStart + 3.5, Transport::kTcp), "silent");
  EXPECT_EQ(Ask(&disturber, kStart + 4.5), "-");
  EXPECT_EQ(Ask(&disturber, kStart + 5.5), "5");
  EXPECT_EQ(Ask(&disturber, kStart + 6.5), "-");
}

TEST_F(DisturberTest, LiesAreOfFourKinds) {
  const auto told = [](Lie lie) {
    Disturber disturber({.lying = {Seconds(0), Seconds(9)}, .lie = lie});
    return Ask(&disturber, 0);
  };
  EXPECT_EQ(told(Lie::kNxdomain), "3");
  EXPECT_EQ(told(Lie::kNodata), "0");
  EXPECT_EQ(told(Lie::kRewrite), "0 data");
  EXPECT_EQ(told(Lie::kStranger), "0 data");
}

TEST_F(DisturberTest, LimitLetsItsRateThroughWhateverIsAsked) {
  Disturber disturber({.limit_qps = 100, .limit_by = LimitBy::kRefused});
  EXPECT_EQ(Passed(&disturber, 1000, 0), 104);
  EXPECT_EQ(Passed(&disturber, 1000, 1), 100);
  EXPECT_EQ(Passed(&disturber, 50, 2), 50);
}

TEST_F(DisturberTest, LimitIsByDropTruncationOrRefusalAndNotForTcp) {
  const auto beyond = [](LimitBy by, Transport transport) {
    Disturber disturber({.limit_qps = 1, .limit_by = by});
    Ask(&disturber, 0);
    Ask(&disturber, 0);
    return Ask(&disturber, 0, transport);
  };
  EXPECT_EQ(beyond(LimitBy::kDrop, Transport::kUdp), "silent");
  EXPECT_EQ(beyond(LimitBy::kTruncation, Transport::kUdp), "tc");
  EXPECT_EQ(beyond(LimitBy::kRefused, Transport::kUdp), "5");
  EXPECT_EQ(beyond(LimitBy::kRefused, Transport::kTcp), "-");
}

}  // namespace
}  // namespace testing_support
