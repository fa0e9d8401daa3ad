#include "tools/report/summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/report/progress.h"

namespace tools {
namespace {

using testing::HasSubstr;
using testing::Not;

scanner::ScanReport Report() {
  scanner::ScanReport report;
  report.stats.targets = 1200;
  report.stats.started = 1100;
  report.stats.rows = 1099;
  report.stats.abandoned = 1;
  report.stats.rows_by_status[static_cast<size_t>(io::Status::kPass)] = 1000;
  report.stats.rows_by_status[static_cast<size_t>(io::Status::kMismatch)] = 99;
  report.stats.udp_tries = 2200;
  report.elapsed = absl::Seconds(2);
  return report;
}

TEST(SummaryTest, CountsAddUpToTheTargets) {
  const std::string text = FormatSummary(Report(), Shard(), /*verbose=*/false);
  EXPECT_THAT(text, HasSubstr("1,099 of 1,200 addresses judged in 2.0 s"));
  EXPECT_THAT(text, HasSubstr("  pass                      1,000"));
  EXPECT_THAT(text, HasSubstr("  mismatch                     99"));
  EXPECT_THAT(text, HasSubstr("  (no row yet)                101"));
  EXPECT_THAT(text, HasSubstr("  targets                   1,200"));
  EXPECT_THAT(text, HasSubstr("2.00 per address"));
  EXPECT_THAT(text, Not(HasSubstr("udp_accepted")));
}

TEST(SummaryTest, ProblemsComeBeforeWhatIsWell) {
  const std::string text = FormatSummary(Report(), Shard(), /*verbose=*/false);
  EXPECT_LT(text.find("mismatch"), text.find("pass"));
}

TEST(SummaryTest, VerboseShowsEveryCounter) {
  scanner::ScanReport report = Report();
  report.engines = 3;
  const std::string text = FormatSummary(report, Shard(), /*verbose=*/true);
  EXPECT_THAT(text, HasSubstr("threads   3\n"));
  EXPECT_THAT(text, HasSubstr("offload   none: datagrams sent and taken one"));
  EXPECT_THAT(text, HasSubstr("udp_accepted"));
  EXPECT_THAT(text, HasSubstr("chain_too_long"));
}

TEST(SummaryTest, VerboseTellsWhatTheKernelDidForUs) {
  scanner::ScanReport report = Report();
  report.offload = {.segment = true, .coalesce = true};
  EXPECT_THAT(FormatSummary(report, Shard(), /*verbose=*/true),
              HasSubstr("offload   datagrams sent and taken in runs\n"));
  report.offload = {.segment = true};
  EXPECT_THAT(FormatSummary(report, Shard(), /*verbose=*/true),
              HasSubstr("sent in runs, taken one by one\n"));
  report.offload = {.coalesce = true};
  EXPECT_THAT(FormatSummary(report, Shard(), /*verbose=*/true),
              HasSubstr("sent one by one, taken in runs\n"));
  EXPECT_THAT(FormatSummary(report, Shard(), /*verbose=*/false),
              Not(HasSubstr("offload")));
}

TEST(SummaryTest, TellsOfTransfersIfThereWereAny) {
  scanner::ScanReport report = Report();
  EXPECT_THAT(FormatSummary(report, Shard(), /*verbose=*/false),
              Not(HasSubstr("transfer")));
  report.transfers = {
      {.transferred = true, .records = 65000, .octets = 2000000},
      {.transferred = true, .records = 500, .octets = 20000}};
  report.stats.transferred = 1024;
  std::string text = FormatSummary(report, Shard(), /*verbose=*/false);
  EXPECT_THAT(text, HasSubstr("transfers 2 zones, 65,500 records, 2,020,000 "
                              "octets; 1,024 rows answered from them\n"));
  EXPECT_THAT(text, Not(HasSubstr("could not be transferred")));
  report.transfers.push_back({});
  text = FormatSummary(report, Shard(), /*verbose=*/false);
  EXPECT_THAT(text, HasSubstr("warning   1 of 3 zones could not be "
                              "transferred, and were asked\n"));
}

TEST(SummaryTest, WarnsOfLocalDropsAndOfResolversThatNeverAnswered) {
  scanner::ScanReport report = Report();
  report.stats.local_drops = 3;
  report.servers = {{.endpoint = *io::Endpoint::Parse("192.0.2.53"),
                     .sent = 2200,
                     .expired = 2200}};
  const std::string text = FormatSummary(report, Shard(), /*verbose=*/false);
  EXPECT_THAT(text, HasSubstr("3 answers lost here"));
  EXPECT_THAT(text, HasSubstr("192.0.2.53 never answered"));
}

TEST(ProgressTest, ShowsShareRateAndTimeLeft) {
  scanner::Stats stats;
  stats.targets = 65536;
  stats.rows = 16384;
  stats.unknown_rows = 164;
  const std::string line = FormatProgress(
      {.stats = &stats, .elapsed = absl::Seconds(4), .deferred = 12});
  EXPECT_EQ(line,
            "16,384 of 65,536 rows  25.0 %  4,096 rows/s  unknown 1.00 %"
            "  to ask again 12  eta 12 s");
}

TEST(ProgressTest, AWalkDoesNotKnowHowMuchThereIs) {
  scanner::Stats stats;
  stats.targets = 1000;
  stats.rows = 999;
  stats.unknown_rows = 10;
  stats.udp_tries = 40000;
  EXPECT_EQ(FormatWalkProgress(
                {.stats = &stats, .elapsed = absl::Seconds(4), .deferred = 12}),
            "999 hosts  40,000 packets  10,000 packets/s  unknown 1.00 %"
            "  to ask again 12");
}

TEST(ProgressTest, FormatsNumbersAndTimes) {
  EXPECT_EQ(WithCommas(0), "0");
  EXPECT_EQ(WithCommas(999), "999");
  EXPECT_EQ(WithCommas(1000), "1,000");
  EXPECT_EQ(WithCommas(1234567), "1,234,567");
  EXPECT_EQ(FormatElapsed(absl::Milliseconds(400)), "0.4 s");
  EXPECT_EQ(FormatElapsed(absl::Seconds(59)), "59 s");
  EXPECT_EQ(FormatElapsed(absl::Seconds(185)), "3 m 05 s");
  EXPECT_EQ(FormatElapsed(absl::Seconds(7800)), "2 h 10 m");
}

}  // namespace
}  // namespace tools
