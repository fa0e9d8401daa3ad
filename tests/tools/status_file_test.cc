// --status-file: lines that are whole, complete and true.
#include "tools/report/status_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "io/formats/status.h"
#include "tests/io/temp_folder.h"

namespace tools {
namespace {

using nlohmann::json;
using testing_support::ReadFileOctets;
using testing_support::TempFolder;

scanner::Stats SomeStats() {
  scanner::Stats stats;
  stats.targets = 1000;
  stats.rows = 400;
  stats.unknown_rows = 100;
  stats.rows_by_status[static_cast<size_t>(io::Status::kNoPtr)] = 300;
  stats.udp_tries = 12345678901;
  return stats;
}

std::vector<json> LinesOf(const std::string& path) {
  std::vector<json> lines;
  for (const std::string& line : std::vector<std::string>(
           absl::StrSplit(ReadFileOctets(path), '\n', absl::SkipEmpty()))) {
    lines.push_back(json::parse(line));
  }
  return lines;
}

TEST(StatusFileTest, ALineHasTheKeysAndEveryCounter) {
  const scanner::Stats stats = SomeStats();
  const std::string text =
      FormatStatus({.shard = {.index = 1, .count = 3},
                    .progress = {.stats = &stats,
                                 .elapsed = absl::Milliseconds(1500),
                                 .open = 7,
                                 .deferred = 9},
                    .rate = 266.66},
                   absl::FromUnixMillis(1'500));
  EXPECT_THAT(text, testing::EndsWith("}\n"));
  json line = json::parse(text);
  EXPECT_EQ(line["counters"].size(), scanner::Counters().size());
  EXPECT_EQ(line["counters"]["udp_tries"], 12345678901);
  EXPECT_EQ(line["statuses"].size(), io::kStatusCount);
  EXPECT_EQ(line["statuses"]["no_ptr"], 300);
  EXPECT_EQ(line["outcomes"].size(), scanner::kOutcomeCount);
  for (const char* group : {"counters", "statuses", "outcomes"}) {
    line.erase(group);
  }
  EXPECT_EQ(line, json::parse(R"({"time":"1970-01-01T00:00:01.500Z",
      "state":"running","exit_code":null,"shard":1,"shards":3,
      "elapsed_s":1.5,"targets":1000,"rows":400,"rate":266.7,
      "unknown_share":0.25,"open":7,"deferred":9})"));
}

TEST(StatusFileTest, ThePageHasEveryKey) {
  const std::string page =
      ReadFileOctets(PTRSWEEP_SOURCE_DIR "/tools/NIGHTLY.md");
  const scanner::Stats stats;
  const json line = json::parse(
      FormatStatus({.progress = {.stats = &stats}}, absl::UnixEpoch()));
  for (const auto& [key, value] : line.items()) {
    EXPECT_THAT(page, testing::HasSubstr("`" + key + "`"));
  }
}

TEST(StatusFileTest, ALineASecondWithTheRateSinceTheOneBefore) {
  const TempFolder folder;
  const std::string path = folder.Path("status");
  testing_support::WriteFileOctets(path, "{\"state\":\"an older run\"}\n");
  auto file = StatusFile::Open(path, Shard());
  ASSERT_TRUE(file.ok());
  scanner::Stats stats = SomeStats();
  for (int64_t ms = 0; ms <= 2500; ms += 250) {
    stats.rows = static_cast<uint64_t>(ms * ms / 10000);
    ASSERT_TRUE((*file)
                    ->Show({.stats = &stats, .elapsed = absl::Milliseconds(ms)})
                    .ok());
    if (ms == 1250) (*file)->Stopping();
  }
  ASSERT_TRUE(
      (*file)->Finish({.stats = &stats, .elapsed = absl::Seconds(5)}, 3).ok());
  const auto lines = LinesOf(path);
  ASSERT_EQ(lines.size(), 5u);
  EXPECT_EQ(lines[0]["state"], "an older run");
  EXPECT_EQ(lines[1]["rate"], 0);
  EXPECT_EQ(lines[2]["rate"], 100);
  EXPECT_EQ(lines[2]["state"], "running");
  EXPECT_EQ(lines[3]["rate"], 300);
  EXPECT_EQ(lines[3]["state"], "stopping");
  EXPECT_EQ(lines[4]["rate"], 125);
  EXPECT_EQ(lines[4]["state"], "done");
  EXPECT_EQ(lines[4]["exit_code"], 3);
}

TEST(StatusFileTest, AnErrorIsToldOnceAndNamesTheFile) {
  EXPECT_EQ(StatusFile::Open("/nonexistent/s", Shard()).status().message(),
            "/nonexistent/s: No such file or directory");
  auto file = StatusFile::Open("/dev/full", Shard());
  ASSERT_TRUE(file.ok());
  const scanner::Stats stats;
  EXPECT_EQ((*file)->Show({.stats = &stats}).message(),
            "/dev/full: No space left on device");
  EXPECT_TRUE((*file)->Finish({.stats = &stats}, 4).ok());
}

}  // namespace
}  // namespace tools
