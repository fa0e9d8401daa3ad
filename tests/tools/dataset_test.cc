// `ptrsweep scan --dataset`: where a shard's files lie, and that it is whole
// however often it was killed. Row groups have 16 rows in scan_crasher, parts
// 20.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "io/dataset/dataset_state.h"
#include "io/dataset/layout.h"
#include "io/dataset/manifest.h"
#include "io/files/journal_format.h"
#include "tests/io/temp_folder.h"
#include "tests/tools/dataset_rig.h"
#include "tests/tools/resume_fixture.h"
#include "tools/dataset/shard_proof.h"

namespace tools {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::kDatasetDate;
using testing_support::kKilled;
using testing_support::NoNames;
using testing_support::ProgramResult;
using testing_support::ReadFileOctets;
using testing_support::ScriptedServer;
using testing_support::TempFolder;
using testing_support::WriteFileOctets;

namespace fs = std::filesystem;

class DatasetTest : public testing::Test {
 protected:
  static constexpr int kShard = 1;

  // `plan`: scan_crasher's; "": ptrsweep itself.
  ProgramResult Scan(const std::string& plan,
                     const std::vector<std::string>& more) {
    std::vector<std::string> program = {PTRSWEEP_BINARY};
    if (!plan.empty()) program = {SCAN_CRASHER, plan};
    return testing_support::ScanShard(program, server_, root_, kShard, more);
  }
  ProgramResult ScanDated(const std::string& plan,
                          std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--run-date", kDatasetDate});
    return Scan(plan, more);
  }
  std::string Shard() const {
    return testing_support::ShardFolderOf(root_, kShard);
  }
  std::string Path(const std::string& name) const {
    return absl::StrCat(Shard(), "/", name);
  }
  std::vector<std::string> Names() const { return NamesIn(Shard()); }
  static std::vector<std::string> NamesIn(const std::string& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) {
      names.push_back(entry.path().filename());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  // Its manifest and whole parts, and nothing else.
  void ExpectWhole(uint64_t part_rows = 20) const {
    const auto manifest = io::ReadManifest(Path("_manifest.json"));
    ASSERT_TRUE(manifest.ok()) << manifest.status();
    EXPECT_GT(manifest->targets, 60u);
    EXPECT_EQ(manifest->rows(), manifest->targets);
    EXPECT_LT(manifest->start, manifest->end);
    std::vector<std::string> names = {"_manifest.json"};
    for (size_t i = 0; i < manifest->parts.size(); ++i) {
      names.push_back(io::PartName(i));
      if (i + 1 < manifest->parts.size()) {
        EXPECT_EQ(manifest->parts[i].rows, part_rows);
      }
    }
    EXPECT_EQ(Names(), names);
    const absl::Status proof = ProveShard(Shard(), *manifest);
    EXPECT_TRUE(proof.ok()) << proof;
  }
  // Killed at its Nth call, and gone on with. False: it was not killed.
  bool SurvivesKillAt(const std::string& plan) {
    fs::remove_all(root_);
    const ProgramResult first = ScanDated(plan, {"--rate", "1500"});
    if (first.exit_code == 0) return false;
    EXPECT_EQ(first.exit_code, kKilled) << plan << ": " << first.err;
    const ProgramResult second = ScanDated("", {"--resume"});
    EXPECT_EQ(second.exit_code, 0) << plan << ": " << second.err;
    ExpectWhole();
    return true;
  }
  int KillAtEvery(const std::string& how, int first, int stride) {
    int kills = 0;
    for (int call = first; !HasFailure(); call += stride) {
      if (!SurvivesKillAt(absl::StrCat(how, ":", call))) break;
      ++kills;
    }
    return kills;
  }
  // So that a part is closed and the next one has a row group, all recorded.
  void Begin(const std::string& date) {
    for (int time_ms = 150; time_ms < 300; time_ms += 10) {
      fs::remove_all(root_);
      const ProgramResult stopped =
          Scan("", {"--rate", "400", "--part-rows", "40", "--run-date", date,
                    "--max-time", absl::StrCat(time_ms, "ms")});
      ASSERT_EQ(stopped.exit_code, 75) << stopped.err;
      const io::ShardFolder folder(root_, date, kShard,
                                   testing_support::kDatasetShards);
      const auto content = io::ParseJournal(
          ReadFileOctets(folder.JournalPath()), folder.AllOctets());
      ASSERT_TRUE(content.ok()) << content.status();
      const auto state =
          io::DatasetState::Parse(content->sink, content->last.data_octets);
      ASSERT_TRUE(state.ok()) << state.status();
      open_part_ = state->parts().size();
      if (open_part_ > 0 && state->part_octets() > 0) return;
    }
    FAIL() << "never in the midst of a part";
  }
  // "part-00001.parquet" after Begin().
  std::string OpenPart() const { return io::PartName(open_part_); }

  const ScriptedServer server_{NoNames};
  const TempFolder folder_;
  const std::string root_ = folder_.Path("set");
  size_t open_part_ = 0;
};

TEST_F(DatasetTest, AShardIsAFolderOfPartsAndAManifest) {
  const std::string before = io::DateText(absl::Now());
  const ProgramResult result = Scan("", {});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "");
  const std::string after = io::DateText(absl::Now());
  EXPECT_THAT(NamesIn(root_),
              ElementsAre(testing::AnyOf("date=" + before, "date=" + after)));
  fs::rename(root_ + "/" + NamesIn(root_)[0], root_ + "/date=2026-11-25");
  ExpectWhole();
}

TEST_F(DatasetTest, SurvivesBeingKilledAtCallsOfEveryKind) {
  EXPECT_GT(KillAtEvery("kill", 1, 9), 10);
}

TEST_F(DatasetTest, SurvivesTornWrites) {
  EXPECT_GT(KillAtEvery("tear", 5, 13), 5);
}

TEST_F(DatasetTest, NightlySurvivesBeingKilledAtEveryCall) {
  EXPECT_GT(KillAtEvery("kill", 1, 1), 100);
  EXPECT_GT(KillAtEvery("tear", 1, 1), 100);
}

TEST_F(DatasetTest, ManyKillsInOneScanAndPartsOfOtherSizes) {
  std::mt19937 random(5);
  uint32_t kills = 0;
  int exit_code = kKilled;
  // Later each time: on a slow machine more of the calls are records.
  for (; exit_code == kKilled && kills < 100; ++kills) {
    const uint64_t call = 130 + random() % 250 + uint64_t{10} * kills;
    exit_code = ScanDated(absl::StrCat("kill:", call),
                          {"10.1.0.0/21", "--resume", "--rate", "2000",
                           "--part-rows", absl::StrCat(10 + random() % 40)})
                    .exit_code;
  }
  EXPECT_EQ(exit_code, 0);
  EXPECT_GT(kills, 2U);
  const auto manifest = io::ReadManifest(Path("_manifest.json"));
  ASSERT_TRUE(manifest.ok()) << manifest.status();
  EXPECT_EQ(manifest->rows(), manifest->targets);
  const absl::Status proof = ProveShard(Shard(), *manifest);
  EXPECT_TRUE(proof.ok()) << proof;
}

TEST_F(DatasetTest, AClosedPartIsKeptAndOnlyTheRestIsAskedAgain) {
  Begin(kDatasetDate);
  const std::string part = ReadFileOctets(Path("part-00000.parquet"));
  const ProgramResult resumed =
      ScanDated("", {"--resume", "--part-rows", "40"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_TRUE(ReadFileOctets(Path("part-00000.parquet")) == part);
  ExpectWhole(40);
}

// A part whose closing was not recorded is opened again.
TEST_F(DatasetTest, APartThatHasItsNameTooEarlyLosesItAgain) {
  Begin(kDatasetDate);
  fs::rename(Path(absl::StrCat(".", OpenPart(), ".inprogress")),
             Path(OpenPart()));
  WriteFileOctets(Path(io::PartName(open_part_ + 1)), "begun later");
  WriteFileOctets(Path(".part-00009.parquet.inprogress"), "and later");
  const ProgramResult resumed =
      ScanDated("", {"--resume", "--part-rows", "40"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  ExpectWhole(40);
}

TEST_F(DatasetTest, AResumedRunKeepsItsDate) {
  Begin("2020-02-29");
  const ProgramResult resumed = Scan("", {"--resume", "--part-rows", "40"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_THAT(NamesIn(root_), ElementsAre("date=2020-02-29"));
  fs::rename(root_ + "/date=2020-02-29", root_ + "/date=2026-11-25");
  ExpectWhole(40);
}

TEST_F(DatasetTest, OfTwoUnfinishedRunsOneMustBeNamed) {
  Begin("2020-02-29");
  fs::copy(root_ + "/date=2020-02-29", root_ + "/date=2020-03-01",
           fs::copy_options::recursive);
  const ProgramResult refused = Scan("", {"--resume"});
  EXPECT_EQ(refused.exit_code, 4);
  EXPECT_THAT(refused.err, HasSubstr("of 2020-02-29, 2020-03-01: say which"));
  EXPECT_EQ(Scan("", {"--resume", "--run-date", "2020-03-01"}).exit_code, 0);
  EXPECT_EQ(Scan("", {"--resume"}).exit_code, 0) << "now it is one";
}

TEST_F(DatasetTest, AnUnfinishedShardIsNotWrittenOver) {
  Begin(kDatasetDate);
  const auto names = Names();
  const ProgramResult refused = ScanDated("");
  EXPECT_EQ(refused.exit_code, 4);
  EXPECT_THAT(refused.err,
              AllOf(HasSubstr("shard=01/.journal is of a run that was not"),
                    HasSubstr("--resume goes on")));
  const ProgramResult other = ScanDated("", {"--resume", "--seed", "9"});
  EXPECT_EQ(other.exit_code, 4);
  EXPECT_THAT(other.err, HasSubstr("other targets, labels or --seed"));
  EXPECT_EQ(Names(), names);
  fs::resize_file(Path("part-00000.parquet"),
                  fs::file_size(Path("part-00000.parquet")) + 1);
  const ProgramResult longer = ScanDated("", {"--resume"});
  EXPECT_EQ(longer.exit_code, 4);
  EXPECT_THAT(longer.err, HasSubstr("part-00000.parquet is not there with"));
  EXPECT_EQ(Names(), names);
}

TEST_F(DatasetTest, AFinishedShardIsReplacedOrByResumeLeftAlone) {
  ASSERT_EQ(ScanDated("").exit_code, 0);
  const std::string manifest = ReadFileOctets(Path("_manifest.json"));
  WriteFileOctets(Path("../_SUCCESS"), "{}\n");
  EXPECT_EQ(ScanDated("", {"--resume"}).exit_code, 0);
  EXPECT_EQ(ReadFileOctets(Path("_manifest.json")), manifest);
  const ProgramResult other = ScanDated("", {"--resume", "--ptr-only"});
  EXPECT_EQ(other.exit_code, 4);
  EXPECT_THAT(other.err, AllOf(HasSubstr("other targets, options or"),
                               HasSubstr("without --resume")));
  fs::remove(Path("../_SUCCESS"));
  fs::remove(Path("part-00001.parquet"));
  const ProgramResult damaged = ScanDated("", {"--resume"});
  EXPECT_EQ(damaged.exit_code, 4);
  EXPECT_THAT(damaged.err, HasSubstr("part-00001.parquet is not as its "));
  WriteFileOctets(Path("part-00099.parquet"), "of an earlier run");
  EXPECT_EQ(ScanDated("").exit_code, 0);
  EXPECT_NE(ReadFileOctets(Path("_manifest.json")), manifest);
  ExpectWhole();
}

// All is on the disk but the manifest, or but the journal's end.
TEST_F(DatasetTest, AShardThatIsWholeOnlyGetsItsManifest) {
  int finished = 0;
  for (int call = 1; call < 20; ++call) {
    fs::remove_all(root_);
    const std::string plan = absl::StrCat("fail:rename:", call, ":5");
    const ProgramResult failed = ScanDated(plan);
    if (failed.exit_code == 0) break;
    EXPECT_EQ(failed.exit_code, 4) << plan;
    EXPECT_EQ(std::count(failed.err.begin(), failed.err.end(), '\n'), 1);
    EXPECT_EQ(ScanDated("", {"--resume"}).exit_code, 0) << plan;
    ExpectWhole();
    ++finished;
  }
  EXPECT_GE(finished, 4);
}

// Shards that have no target are shards all the same.
TEST_F(DatasetTest, AnEmptyShardHasAManifestWithoutParts) {
  int empty = 0;
  for (const char* shard : {"0", "1"}) {
    const ProgramResult result = testing_support::RunProgram(
        {PTRSWEEP_BINARY, "scan", "--resolver",
         absl::StrCat("127.0.0.1:", server_.port()), "--dataset", root_,
         "--shards", "2", "--shard", shard, "--run-date", kDatasetDate, "-q",
         "--no-canary", "192.0.2.0/28"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    const auto manifest =
        io::ReadManifest(absl::StrCat(testing_support::DateFolderOf(root_),
                                      "/shard=0", shard, "/_manifest.json"));
    ASSERT_TRUE(manifest.ok()) << manifest.status();
    if (manifest->parts.empty()) ++empty;
  }
  EXPECT_EQ(empty, 1);
  EXPECT_EQ(testing_support::RunProgram({PTRSWEEP_BINARY, "finalize",
                                         testing_support::DateFolderOf(root_)})
                .exit_code,
            0);
}

TEST(DatasetOptionTest, WhatDoesNotGoTogetherIsRefused) {
  struct Case {
    std::vector<std::string> arguments;
    std::string says;
  };
  const Case kCases[] = {
      {{"--run-date", "2026-11-25"}, "--run-date: of which dataset?"},
      {{"--part-rows", "5"}, "--part-rows: of which dataset?"},
      {{"--dataset", ""}, "--dataset: of which dataset?"},
      {{"--dataset", "d", "-o", "x.parquet"},
       "--dataset: rows go to a dataset or to --output"},
      {{"--dataset", "d", "-f", "csv"}, "--format: 'csv' is not a dataset's"},
      {{"--dataset", "d", "--part-rows", "0"},
       "--part-rows: '0' is not a whole"},
      {{"--dataset", "d", "--run-date", "2026-02-29"},
       "--run-date: '2026-02-29' is not a day (YYYY-MM-DD)"},
      {{"--dataset", "d", "--run-date", "today"}, "'today' is not a day"},
  };
  for (const Case& c : kCases) {
    std::vector<std::string> command = {PTRSWEEP_BINARY, "scan", "192.0.2.1",
                                        "--resolver", "127.0.0.1:9"};
    command.insert(command.end(), c.arguments.begin(), c.arguments.end());
    const ProgramResult result = testing_support::RunProgram(command);
    EXPECT_EQ(result.exit_code, 2) << c.says;
    EXPECT_THAT(result.err, HasSubstr(c.says));
  }
}

}  // namespace
}  // namespace tools
