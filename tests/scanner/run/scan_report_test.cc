#include "scanner/run/scan_report.h"

#include <gtest/gtest.h>

namespace scanner {
namespace {

ServerReport ReportWith(uint64_t packets, int round_trip_ms) {
  return {.endpoint = *io::Endpoint::Parse("192.0.2.53"),
          .sent = packets,
          .accepted = packets,
          .expired = packets,
          .late = packets,
          .round_trip = absl::Milliseconds(round_trip_ms),
          .rate_qps = 10,
          .window = 7,
          .cuts = packets,
          .suspensions = packets,
          .near_misses = packets};
}

TEST(ServerReportTest, CountersRateAndWindowAreSummed) {
  ServerReport all = ReportWith(100, 0);
  all.Merge(ReportWith(1, 0));
  EXPECT_EQ(all.sent, 101u);
  EXPECT_EQ(all.accepted, 101u);
  EXPECT_EQ(all.expired, 101u);
  EXPECT_EQ(all.late, 101u);
  EXPECT_EQ(all.cuts, 101u);
  EXPECT_EQ(all.suspensions, 101u);
  EXPECT_EQ(all.near_misses, 101u);
  EXPECT_EQ(all.rate_qps, 20);
  EXPECT_EQ(all.window, 14u);
}

TEST(ServerReportTest, NoLimitOfOneEngineIsNoLimit) {
  ServerReport free = ReportWith(1, 0);
  free.rate_qps = 0;
  ServerReport all = ReportWith(1, 0);
  all.Merge(free);
  all.Merge(ReportWith(1, 0));
  EXPECT_EQ(all.rate_qps, 0);
}

TEST(ServerReportTest, RoundTripAndLossAreMeansOfThoseWhoKnow) {
  ServerReport all = ReportWith(100, 10);
  all.loss = 0.5;
  all.Merge(ReportWith(300, 30));
  EXPECT_EQ(all.round_trip, absl::Milliseconds(25));
  EXPECT_DOUBLE_EQ(all.loss, 0.125);
  all.Merge(ReportWith(0, 0));  // never asked it
  EXPECT_EQ(all.round_trip, absl::Milliseconds(25));
  ServerReport unknown = ReportWith(0, 0);
  unknown.Merge(ReportWith(0, 0));
  EXPECT_EQ(unknown.round_trip, absl::ZeroDuration());
}

TEST(ServerReportTest, AMarkOfOneEngineIsAMarkOfAll) {
  for (bool ServerReport::*const mark :
       {&ServerReport::no_edns, &ServerReport::no_0x20, &ServerReport::cookies,
        &ServerReport::tcp_refused, &ServerReport::rewriting,
        &ServerReport::lying}) {
    ServerReport marked = ReportWith(1, 0);
    marked.*mark = true;
    ServerReport all = ReportWith(1, 0);
    all.Merge(ReportWith(1, 0));
    EXPECT_FALSE(all.*mark);
    all.Merge(marked);
    all.Merge(ReportWith(1, 0));
    EXPECT_TRUE(all.*mark);
  }
}

TEST(ServerReportTest, ServersAreMergedOneByOne) {
  const auto at = [](const char* address, uint64_t sent) {
    ServerReport report = ReportWith(sent, 1);
    report.endpoint.address = *dnswire::IpAddress::Parse(address);
    return report;
  };
  std::vector<ServerReport> all;
  MergeServers({at("192.0.2.1", 1), at("192.0.2.2", 2)}, &all);
  // Authorities: each engine has got to know others.
  MergeServers({at("192.0.2.2", 20), at("192.0.2.3", 30), at("192.0.2.1", 10)},
               &all);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].sent, 11u);
  EXPECT_EQ(all[1].sent, 22u);
  EXPECT_EQ(all[2].sent, 30u);
}

TEST(MergeStatsTest, AnOutageThatAllMetIsOne) {
  Stats all;
  MergeStats({.rows = 3, .outages = 1}, &all);
  MergeStats({.rows = 4, .outages = 2}, &all);
  MergeStats({.rows = 5, .outages = 1}, &all);
  EXPECT_EQ(all.rows, 12u);
  EXPECT_EQ(all.outages, 2u);
}

}  // namespace
}  // namespace scanner
