// --metrics: what is counted, the text, and that a run writes it.
#include "tools/report/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/io/temp_folder.h"
#include "tests/scanner/review/review_rows.h"
#include "tests/support/program.h"
#include "tests/support/scripted_replies.h"
#include "tests/support/scripted_server.h"
#include "tools/report/row_tally.h"

namespace tools {
namespace {

using scanner::Profile;
using scanner::RowText;
using testing::HasSubstr;
using testing::Not;
using testing_support::Asked;
using testing_support::Once;
using testing_support::ProgramResult;
using testing_support::Replies;
using testing_support::RunProgram;
using testing_support::ScriptedServer;
using testing_support::TempFolder;

void Add(const RowText& row, RowTally* tally) {
  io::RowBatch batch;
  tally->Add(scanner::AddRow(row, &batch));
}

RowText NoPtr(const std::string& ip, const std::string& label = "") {
  return {.ip = ip, .status = "no_ptr", .cause = "nxdomain", .label = label};
}

// "PREFIX" of each, with all its rows.
std::vector<std::string> PrefixesOf(const RowTally& tally) {
  std::vector<std::string> texts;
  for (const auto& [prefix, counts] : tally.Prefixes()) {
    uint64_t rows = 0;
    for (const uint64_t count : counts) rows += count;
    texts.push_back(absl::StrCat(prefix.ToString(), " ", rows));
  }
  return texts;
}

TEST(RowTallyTest, CountsByStatusSeverityPrefixAndLabel) {
  RowTally tally(Profile::kMail);
  Add(NoPtr("192.0.2.7", "a"), &tally);
  Add(NoPtr("192.0.3.7", "b"), &tally);
  Add(NoPtr("2001:db8::1", "a"), &tally);
  Add({.ip = "192.0.2.8", .status = "reverse_timeout", .cause = "timeout"},
      &tally);
  Add(scanner::PassOf(9, "a.example.net"), &tally);
  EXPECT_EQ(tally.rows(), 5u);
  EXPECT_EQ(tally.unknown(), 1u);
  EXPECT_EQ(tally.Count(scanner::Severity::kCrit), 3u);
  EXPECT_EQ(tally.Count(scanner::Severity::kWarn), 1u);
  EXPECT_EQ(tally.Count(scanner::Severity::kOk), 1u);
  EXPECT_THAT(PrefixesOf(tally),
              testing::ElementsAre("192.0.2.0/24 3", "192.0.3.0/24 1",
                                   "2001:db8::/64 1"));
  ASSERT_EQ(tally.labels().size(), 2u);
  const auto no_ptr = static_cast<size_t>(io::Status::kNoPtr);
  EXPECT_EQ(tally.labels().find("a")->second[no_ptr], 2u);
}

TEST(RowTallyTest, ManyPrefixesBecomeShorterInAnyOrder) {
  std::vector<RowText> rows;
  for (int i = 0; i < 20; ++i) {
    rows.push_back(NoPtr(absl::StrCat("10.", i % 5, ".", i, ".1")));
    rows.push_back(NoPtr(absl::StrCat("2001:db8:0:", i, "::1")));
  }
  for (unsigned seed = 0; seed < 4; ++seed) {
    std::shuffle(rows.begin(), rows.end(), std::mt19937(seed));
    RowTally tally(Profile::kMail, 5);
    for (const RowText& row : rows) Add(row, &tally);
    EXPECT_THAT(PrefixesOf(tally),
                testing::ElementsAre("10.0.0.0/16 4", "10.1.0.0/16 4",
                                     "10.2.0.0/16 4", "10.3.0.0/16 4",
                                     "10.4.0.0/16 4", "2001:db8::/48 20"));
  }
  RowTally one(Profile::kMail, 1);
  Add(NoPtr("10.0.0.1"), &one);
  Add(NoPtr("200.0.0.1"), &one);
  EXPECT_THAT(PrefixesOf(one), testing::ElementsAre("0.0.0.0/0 2"));
}

TEST(RowTallyTest, TheWorstAreKeptInOrder) {
  RowTally tally(Profile::kMail);
  const RowText warn = {
      .ip = "192.0.2.1", .status = "reverse_timeout", .cause = "timeout"};
  Add(warn, &tally);
  for (const int last : {9, 3, 5, 2}) {
    Add(NoPtr(absl::StrCat("192.0.2.", last)), &tally);
  }
  ASSERT_EQ(tally.worst().size(), 3u);
  EXPECT_EQ(tally.worst()[0].ip.ToString(), "192.0.2.2");
  EXPECT_EQ(tally.worst()[1].ip.ToString(), "192.0.2.3");
  EXPECT_EQ(tally.worst()[2].ip.ToString(), "192.0.2.5");
}

// What the strict reader says of a text: its samples, or "refused: ...".
std::string Read(const std::string& text) {
  const TempFolder folder;
  const std::string path = folder.Path("m.prom");
  testing_support::WriteFileOctets(path, text);
  const ProgramResult result = RunProgram(
      {"/usr/bin/env", "python3",
       absl::StrCat(PTRSWEEP_SOURCE_DIR, "/tests/tools/exposition.py"), path});
  return result.exit_code == 0 ? result.out : "refused: " + result.err;
}

TEST(ExpositionTest, TheReaderRefusesWhatPrometheusWould) {
  const std::string head = "# HELP a Text.\n# TYPE a gauge\n";
  EXPECT_EQ(Read(head + "a 1\n"), "a{} 1\n");
  EXPECT_EQ(Read(head + "a{y=\"\\\\\\\"\",x=\"2\"} 1.5\n"),
            "a{x=2,y=\\\"} 1.5\n");
  for (const char* text : {"a 1",
                           "a\n",
                           "a x\n",
                           "a NaN\n",
                           "a{} 1\n",
                           "a{x=1} 1\n",
                           "a{x=\"1\",} 1\n",
                           "a{x=\"\\d\"} 1\n",
                           "a{x=\"\"\"} 1\n",
                           "a{x=\"1\",x=\"1\"} 1\n",
                           "a{__x=\"1\"} 1\n",
                           "a{x-y=\"1\"} 1\n",
                           "a 1\na 1\n",
                           "a{x=\"1\"} 1\na{x=\"1\"} 2\n",
                           "b 1\n",
                           "-a 1\n",
                           "\n",
                           "# HELP a Again.\na 1\n",
                           "# TYPE a gauge\na 1\n",
                           "# note\na 1\n",
                           "a  1\n",
                           "a 1\r\n",
                           "# HELP b Text.\n# TYPE b x\nb 1\n",
                           ""}) {
    EXPECT_THAT(Read(head + text), testing::StartsWith("refused: ")) << text;
  }
}

TEST(MetricsTest, TextIsReadBackAsItWasMeant) {
  RowTally tally(Profile::kMail);
  Add(NoPtr("192.0.2.7", "say \"a\\092b\", ok"), &tally);
  Add(NoPtr("2001:db8::1", "\xc3\xa9"), &tally);
  scanner::Stats stats;
  stats.targets = 3;
  stats.udp_tries = 7;
  const std::string samples =
      Read(FormatMetrics({.stats = stats,
                          .tally = &tally,
                          .complete = true,
                          .exit_code = 1,
                          .elapsed = absl::Milliseconds(1500),
                          .end = absl::FromUnixMillis(1234567890125)}));
  for (const char* sample :
       {"ptrsweep_complete{} 1\n", "ptrsweep_exit_code{} 1\n",
        "ptrsweep_end_timestamp_seconds{} 1234567890.125\n",
        "ptrsweep_duration_seconds{} 1.500\n", "ptrsweep_targets{} 3\n",
        "ptrsweep_rows{} 2\n", "ptrsweep_unknown_rows{} 0\n",
        "ptrsweep_packets{} 7\n",
        "ptrsweep_status_addresses{status=no_ptr} 2\n",
        "ptrsweep_status_addresses{status=pass} 0\n",
        "ptrsweep_severity_addresses{severity=crit} 2\n",
        "ptrsweep_addresses{prefix=192.0.2.0/24,status=no_ptr} 1\n",
        "ptrsweep_addresses{prefix=2001:db8::/64,status=no_ptr} 1\n",
        "ptrsweep_label_addresses{label=say \"a\\092b\", ok,status=no_ptr} 1\n",
        "ptrsweep_label_addresses{label=\xc3\xa9,status=no_ptr} 1\n"}) {
    EXPECT_THAT(samples, HasSubstr(sample));
  }
  EXPECT_THAT(samples, Not(HasSubstr("192.0.2.7")));
  EXPECT_THAT(samples, Not(HasSubstr("prefix=192.0.2.0/24,status=pass")));
}

TEST(MetricsTest, ShardsOfOneHostAreSeriesOfTheirOwn) {
  const scanner::Stats stats;
  const std::string samples = Read(FormatMetrics(
      {.stats = stats, .shard = {.index = 2, .count = 3}, .walks = true}));
  EXPECT_THAT(samples, HasSubstr("ptrsweep_rows{shard=2} 0\n"));
  EXPECT_THAT(samples,
              HasSubstr("ptrsweep_status_addresses{shard=2,status=pass} 0\n"));
  EXPECT_THAT(samples, Not(HasSubstr("ptrsweep_targets")));
  EXPECT_THAT(samples, Not(HasSubstr("severity")));
}

Replies NoNames(const Asked& asked) {
  return Once(
      testing_support::NegativeReply(asked, testing_support::rcode::kNxdomain,
                                     asked.type == 12 ? "in-addr.arpa" : "."));
}

class MetricsRunTest : public testing::Test {
 protected:
  ProgramResult Scan(std::vector<std::string> arguments,
                     const std::string& command = "scan") {
    arguments.insert(arguments.begin(),
                     {PTRSWEEP_BINARY, command, "--resolver",
                      absl::StrCat("127.0.0.1:", server_.port()), "--metrics",
                      path_, "--no-canary"});
    return RunProgram(arguments);
  }
  std::string Metrics() const {
    return Read(testing_support::ReadFileOctets(path_));
  }
  // The sum over all prefixes.
  uint64_t AddressesInPrefixes() const {
    uint64_t sum = 0;
    for (const std::string& line :
         std::vector<std::string>(absl::StrSplit(Metrics(), '\n'))) {
      if (!absl::StartsWith(line, "ptrsweep_addresses{")) continue;
      uint64_t count = 0;
      EXPECT_TRUE(absl::SimpleAtoi(line.substr(line.rfind(' ') + 1), &count));
      sum += count;
    }
    return sum;
  }
  size_t Files() const {
    const std::filesystem::directory_iterator files(folder_.Path(""));
    return static_cast<size_t>(std::distance(begin(files), end(files)));
  }

  const TempFolder folder_;
  const std::string path_ = folder_.Path("night.prom");
  const ScriptedServer server_{NoNames};
};

TEST_F(MetricsRunTest, AScanAndACheckWriteThemAtTheirEnd) {
  for (const char* command : {"scan", "check"}) {
    Scan({"9.9.8.0/23"}, command);
    const std::string samples = Metrics();
    EXPECT_THAT(samples, HasSubstr("ptrsweep_complete{} 1\n"));
    EXPECT_THAT(samples, HasSubstr("ptrsweep_targets{} 512\n"));
    EXPECT_EQ(AddressesInPrefixes(), 512u);
    EXPECT_EQ(Files(), 1u) << "no temporary file is left";
    std::filesystem::remove(path_);
  }
}

TEST_F(MetricsRunTest, ExitCodesAreTold) {
  EXPECT_EQ(Scan({"9.9.9.9", "--fail-on", "crit"}).exit_code, 1);
  EXPECT_THAT(Metrics(), HasSubstr("ptrsweep_exit_code{} 1\n"));
}

TEST_F(MetricsRunTest, AResumedScanCountsTheRowsOfAllItsRuns) {
  for (const char* name : {"rows.csv", "rows.parquet"}) {
    const std::string rows = folder_.Path(name);
    const ProgramResult stopped =
        Scan({"9.9.0.0/20", "-o", rows, "--rate", "1000", "--max-time", "1s"});
    EXPECT_EQ(stopped.exit_code, 75) << stopped.err;
    EXPECT_THAT(Metrics(), HasSubstr("ptrsweep_complete{} 0\n"));
    const ProgramResult again = Scan({"9.9.0.0/20", "-o", rows, "--rate",
                                      "1000", "--max-time", "1s", "--resume"});
    EXPECT_EQ(again.exit_code, 75) << again.err;
    EXPECT_EQ(AddressesInPrefixes(), 0u) << "not all rows were seen";
    const ProgramResult done = Scan({"9.9.0.0/20", "-o", rows, "--resume"});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    EXPECT_THAT(Metrics(), HasSubstr("ptrsweep_complete{} 1\n"));
    EXPECT_EQ(AddressesInPrefixes(), 4096u);
  }
}

TEST_F(MetricsRunTest, AResumedShardCountsItsParts) {
  const std::string dataset = folder_.Path("d");
  std::filesystem::create_directory(dataset);
  const std::vector<std::string> shard = {
      "9.9.0.0/20", "--dataset", dataset, "--shards", "2", "--shard", "1"};
  std::vector<std::string> stopped = shard;
  stopped.insert(stopped.end(), {"--rate", "1000", "--max-time", "1s"});
  EXPECT_EQ(Scan(stopped).exit_code, 75);
  std::vector<std::string> resumed = shard;
  resumed.push_back("--resume");
  for (int i = 0; i < 2; ++i) {  // the second finds it finished
    std::filesystem::remove(path_);
    const ProgramResult done = Scan(resumed);
    EXPECT_EQ(done.exit_code, 0) << done.err;
    EXPECT_THAT(Metrics(), HasSubstr("ptrsweep_complete{shard=1} 1\n"));
    const uint64_t rows = AddressesInPrefixes();
    EXPECT_GT(rows, 1024u);
    for (const char* name : {"rows", "targets"}) {
      EXPECT_THAT(Metrics(), HasSubstr(absl::StrCat("ptrsweep_", name,
                                                    "{shard=1} ", rows, "\n")));
    }
  }
}

TEST_F(MetricsRunTest, WhatCannotBeWrittenShowsBeforeTheScan) {
  const ProgramResult folder =
      RunProgram({PTRSWEEP_BINARY, "scan", "9.9.9.9", "--resolver",
                  absl::StrCat("127.0.0.1:", server_.port()), "--metrics",
                  folder_.Path("none/night.prom")});
  EXPECT_EQ(folder.exit_code, 4);
  EXPECT_EQ(folder.out, "");
  EXPECT_THAT(folder.err, HasSubstr("none/night.prom"));
  const ProgramResult same = Scan({"9.9.9.9", "-o", path_});
  EXPECT_EQ(same.exit_code, 2);
  EXPECT_THAT(same.err, HasSubstr("--metrics: '"));
  EXPECT_THAT(same.err, HasSubstr("a file of its own"));
  EXPECT_EQ(Scan({"9.9.9.9", "--status-file", path_}).exit_code, 2);
  const ProgramResult out =
      RunProgram({PTRSWEEP_BINARY, "scan", "9.9.9.9", "--metrics", "-"});
  EXPECT_EQ(out.exit_code, 2);
  EXPECT_EQ(Files(), 0u);
}

TEST_F(MetricsRunTest, ARunThatDoesNotBeginLeavesTheOldOnes) {
  testing_support::WriteFileOctets(path_, "old");
  EXPECT_EQ(Scan({"9.9.9.9", "-o", folder_.Path("none/rows.csv")}).exit_code,
            4);
  EXPECT_EQ(testing_support::ReadFileOctets(path_), "old");
  EXPECT_EQ(Files(), 1u);
}

}  // namespace
}  // namespace tools
