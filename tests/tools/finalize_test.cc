// `ptrsweep finalize`: a dataset that is whole is proved, and every way in
// which it is not is told, with what to do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "io/dataset/layout.h"
#include "io/parquet/parquet_reader.h"
#include "tests/io/temp_folder.h"
#include "tests/tools/dataset_rig.h"
#include "tests/tools/resume_fixture.h"

namespace tools {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing_support::kDatasetShards;
using testing_support::kDatasetTargets;
using testing_support::ProgramResult;
using testing_support::ReadFileOctets;
using testing_support::RewriteManifest;
using testing_support::RewritePart;
using testing_support::ScriptedServer;
using testing_support::TempFolder;
using testing_support::WriteFileOctets;

namespace fs = std::filesystem;

ProgramResult Finalize(const std::string& folder) {
  return testing_support::RunProgram({PTRSWEEP_BINARY, "finalize", folder});
}

// Each test has a copy of one dataset.
class FinalizeTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    made_ = std::make_unique<TempFolder>();
    server_ = std::make_unique<ScriptedServer>(testing_support::NoNames);
    for (int shard = 0; shard < kDatasetShards; ++shard) {
      const ProgramResult scan = testing_support::ScanShard(
          {PTRSWEEP_BINARY}, *server_, made_->Path("set"), shard,
          {"--run-date", testing_support::kDatasetDate});
      ASSERT_EQ(scan.exit_code, 0) << scan.err;
    }
  }
  static void TearDownTestSuite() {
    made_.reset();
    server_.reset();
  }

  void SetUp() override { StartAgain(); }
  void StartAgain() {
    fs::remove_all(root_);
    fs::copy(made_->Path("set"), root_, fs::copy_options::recursive);
  }

  std::string Date() const { return testing_support::DateFolderOf(root_); }
  std::string Shard(int shard) const {
    return testing_support::ShardFolderOf(root_, shard);
  }
  std::string Part(int shard, size_t part) const {
    return absl::StrCat(Shard(shard), "/", io::PartName(part));
  }
  std::string Manifest(int shard) const {
    return Shard(shard) + "/_manifest.json";
  }
  std::string Success() const { return Date() + "/_SUCCESS"; }

  static std::unique_ptr<ScriptedServer> server_;
  static std::unique_ptr<TempFolder> made_;
  const TempFolder folder_;
  const std::string root_ = folder_.Path("set");
};

std::unique_ptr<ScriptedServer> FinalizeTest::server_;
std::unique_ptr<TempFolder> FinalizeTest::made_;

TEST_F(FinalizeTest, ProvesWhatIsWholeAndSaysWhatItProved) {
  size_t parts = 0;
  for (int shard = 0; shard < kDatasetShards; ++shard) {
    for (const auto& entry : fs::directory_iterator(Shard(shard))) {
      const std::string name = entry.path().filename();
      if (name == "_manifest.json") continue;
      EXPECT_TRUE(io::ParsePartName(name)) << name;
      ++parts;
    }
  }
  EXPECT_GT(parts, kDatasetTargets / 20);
  const ProgramResult result = Finalize(Date());
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, HasSubstr(absl::StrCat(" is whole: 384 rows in ",
                                                 parts, " parts of 4 shards")));
  const auto success = nlohmann::json::parse(ReadFileOctets(Success()));
  EXPECT_EQ(success["format"], "ptrsweep dataset");
  EXPECT_EQ(success["rows"], kDatasetTargets);
  EXPECT_EQ(success["all_targets"], kDatasetTargets);
  EXPECT_EQ(success["shards"], kDatasetShards);
  EXPECT_EQ(success["parts"], parts);
  EXPECT_EQ(success["seed"], "0");
  EXPECT_EQ(Finalize(Date() + "/").exit_code, 0) << "again";
}

struct Damage {
  std::string label;
  std::function<void()> change;
  int exit_code;
  std::vector<std::string> says;
};

class DamageTest : public FinalizeTest {
 protected:
  // Each alone, with a _SUCCESS that is then no longer true.
  void Expect(const std::vector<Damage>& damages) {
    for (const Damage& damage : damages) {
      SCOPED_TRACE(damage.label);
      StartAgain();
      WriteFileOctets(Success(), "{}\n");
      damage.change();
      const ProgramResult result = Finalize(Date());
      EXPECT_EQ(result.exit_code, damage.exit_code) << result.err;
      for (const std::string& text : damage.says) {
        EXPECT_THAT(result.err, HasSubstr(text));
      }
      EXPECT_THAT(result.err, HasSubstr("_SUCCESS was not true"));
      EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 2)
          << result.err;
      EXPECT_FALSE(fs::exists(Success()));
    }
  }
};

TEST_F(DamageTest, ShardsThatAreNotThereOrNotFinished) {
  Expect({
      {"one is missing",
       [this] { fs::remove_all(Shard(2)); },
       3,
       {"date=2026-11-25: no shard 2 of 4: ",
        "(--shard I --run-date 2026-11-25)"}},
      {"several",
       [this] {
         fs::remove_all(Shard(0));
         fs::remove_all(Shard(2));
         fs::remove_all(Shard(3));
       },
       3,
       {"no shards 0,2-3 of 4: still to be run"}},
      {"no manifest",
       [this] { fs::remove(Manifest(1)); },
       3,
       {"not finished: shard 1: go on (--shard I --run-date 2026-11-25 "
        "--resume)"}},
      {"a journal",
       [this] { WriteFileOctets(Shard(3) + "/.journal", "x"); },
       3,
       {"not finished: shard 3: "}},
      {"nothing at all",
       [this] {
         for (int i = 0; i < kDatasetShards; ++i) fs::remove_all(Shard(i));
       },
       3,
       {"no shard at all"}},
  });
}

TEST_F(DamageTest, ManifestsThatAreNotOfTheRun) {
  const auto again = [](int shard) {
    return absl::StrCat("run it again, without --resume (--shard ", shard,
                        " --run-date 2026-11-25)");
  };
  const auto change = [this](int shard, auto edit) {
    return [this, shard, edit] { RewriteManifest(Shard(shard), edit); };
  };
  Expect({
      {"seed",
       change(0, [](auto* m) { m->run.seed = 7; }),
       4,
       {"shard=00/_manifest.json is of another run than the others (seed 7, "
        "not 0): ",
        again(0)}},
      {"targets",
       change(1, [](auto* m) { m->run.targets_digest = std::string(64, '0'); }),
       4,
       {"(other targets or labels)", again(1)}},
      {"options",
       change(2, [](auto* m) { m->run.options_digest = std::string(64, '0'); }),
       4,
       {"(other options or resolvers)", again(2)}},
      {"N",
       change(3, [](auto* m) { m->run.shards = 8; }),
       4,
       {"(of 8 shards, not 4)", again(3)}},
      {"whole",
       change(3, [](auto* m) { ++m->run.all_targets; }),
       4,
       {"(other targets or labels)", again(3)}},
      {"index",
       change(3, [](auto* m) { m->shard = 2; }),
       4,
       {"shard=03/_manifest.json is of shard 2", again(3)}},
  });
}

TEST_F(DamageTest, ManifestsThatAreDamaged) {
  const auto again = [](int shard) {
    return absl::StrCat("run it again, without --resume (--shard ", shard,
                        " --run-date 2026-11-25)");
  };
  const auto change_all = [this](auto edit) {
    return [this, edit] {
      for (int i = 0; i < kDatasetShards; ++i) RewriteManifest(Shard(i), edit);
    };
  };
  Expect({
      {"rows",
       [this] { RewriteManifest(Shard(2), [](auto* m) { ++m->targets; }); },
       4,
       {" targets: ", again(2)}},
      {"no JSON",
       [this] { WriteFileOctets(Manifest(1), "{"); },
       4,
       {"shard=01/_manifest.json is damaged: it is no JSON", again(1)}},
      {"a shard of another number of shards",
       [this] { fs::rename(Shard(1), Date() + "/shard=001"); },
       4,
       {"shard=001/_manifest.json is of shard 1", again(1)}},
      {"no shard",
       [this] { fs::create_directory(Date() + "/shard=x"); },
       4,
       {"shard=x is no shard of a dataset: remove it"}},
      {"schema",
       change_all([](auto* m) { m->run.schema_version = 9; }),
       4,
       {"has rows of schema 9: use the ptrsweep that wrote them"}},
      {"sum",
       change_all([](auto* m) { ++m->run.all_targets; }),
       4,
       {"has 384 rows, the run has 385 targets"}},
  });
}

TEST_F(DamageTest, PartsThatAreNotWhatWasWritten) {
  const std::string again = "run it again, without --resume (--shard 2";
  Expect({
      {"missing",
       [this] { fs::remove(Part(2, 1)); },
       4,
       {"cannot read ", "shard=02/part-00001.parquet: No such file", again}},
      {"truncated",
       [this] { fs::resize_file(Part(2, 0), fs::file_size(Part(2, 0)) - 1); },
       4,
       {"shard=02/part-00000.parquet has ", " octets, its manifest says ",
        again}},
      {"a flipped bit",
       [this] {
         std::string octets = ReadFileOctets(Part(2, 1));
         octets[octets.size() / 2] ^= 1;
         WriteFileOctets(Part(2, 1), octets);
       },
       4,
       {"shard=02/part-00001.parquet is not what was written (sha256)", again}},
      {"no Parquet, but that was written",
       [this] {
         const std::string octets(1000, 'x');
         WriteFileOctets(Part(2, 1), octets);
         RewriteManifest(Shard(2), [&octets](io::ShardManifest* manifest) {
           io::Sha256 digest;
           digest.Add(octets);
           manifest->parts[1].octets = octets.size();
           manifest->parts[1].sha256 = digest.Finish();
         });
       },
       4,
       {"shard=02/part-00001.parquet: not a Parquet file", again}},
      {"too many",
       [this] { fs::copy_file(Part(2, 0), Part(2, 9)); },
       4,
       {"shard=02/part-00009.parquet is in no manifest: remove it"}},
      {"one beside the shards",
       [this] { fs::copy_file(Part(2, 0), Date() + "/all.parquet"); },
       4,
       {"date=2026-11-25/all.parquet is in no manifest: remove it"}},
      {"one below them",
       [this] {
         fs::create_directories(Shard(2) + "/.old/a");
         fs::copy_file(Part(2, 0), Shard(2) + "/.old/a/part-00000.parquet");
       },
       4,
       {"shard=02/.old/a/part-00000.parquet is in no manifest: remove it"}},
  });
}

TEST_F(DamageTest, RowsThatShouldNotBeThere) {
  const std::string again = "run it again, without --resume (--shard 2";
  const auto first = [this](int shard) {
    std::vector<absl::uint128> keys;
    EXPECT_TRUE(*(*io::ParquetReader::Open(Part(shard, 0)))->NextKeys(&keys));
    return dnswire::IpAddress::V6(keys[0]).Unmapped();
  };
  const auto own = first(2);
  const auto foreign = first(3);
  Expect({
      {"twice in a part",
       [&] {
         RewritePart(Shard(2), 0, [&](auto* rows) { rows->back().ip = own; });
       },
       4,
       {absl::StrCat("shard=02: ", own.ToString(), " has more than one row"),
        again}},
      {"twice in two",
       [&] {
         RewritePart(Shard(2), 1, [&](auto* rows) { rows->back().ip = own; });
       },
       4,
       {absl::StrCat("shard=02: ", own.ToString(), " has more than one row"),
        again}},
      {"of another shard",
       [&] {
         RewritePart(Shard(2), 1,
                     [&](auto* rows) { rows->back().ip = foreign; });
       },
       4,
       {absl::StrCat("shard=02/part-00001.parquet: ", foreign.ToString(),
                     " belongs to shard 3, not to 2"),
        again}},
      {"fewer than the manifest says",
       [this] {
         RewritePart(Shard(2), 0, [](auto* rows) { rows->pop_back(); });
         RewriteManifest(Shard(2), [](auto* m) { ++m->parts[0].rows; });
       },
       4,
       {"shard=02/part-00000.parquet has 19 rows, its manifest says 20",
        again}},
      {"of another run",
       [this] {
         RewritePart(
             Shard(2), 0, [](auto*) {}, 7);
       },
       4,
       {"shard=02/part-00000.parquet is of another run: its ptrsweep.seed is "
        "not 0",
        again}},
  });
}

TEST_F(FinalizeTest, AllFaultsOfAStepAreToldTheWorstGivesTheCode) {
  fs::remove_all(Shard(0));
  fs::remove(Manifest(1));
  const ProgramResult incomplete = Finalize(Date());
  EXPECT_EQ(incomplete.exit_code, 3);
  EXPECT_THAT(incomplete.err, AllOf(HasSubstr("no shard 0 of 4: "),
                                    HasSubstr("not finished: shard 1: ")));
  WriteFileOctets(Manifest(2), "{}");
  const ProgramResult damaged = Finalize(Date());
  EXPECT_EQ(damaged.exit_code, 4);
  EXPECT_THAT(damaged.err, AllOf(HasSubstr("no shard 0 of 4: "),
                                 HasSubstr("not finished: shard 1: "),
                                 HasSubstr("is no manifest of ptrsweep")));
}

TEST_F(FinalizeTest, OtherFoldersAreRefused) {
  const ProgramResult root = Finalize(root_);
  EXPECT_EQ(root.exit_code, 2);
  EXPECT_THAT(root.err, HasSubstr("has no shards but dates: name one of them"));
  EXPECT_THAT(root.err, HasSubstr(Date()));
  const ProgramResult none = Finalize(root_ + "/no");
  EXPECT_EQ(none.exit_code, 4);
  EXPECT_THAT(none.err, HasSubstr("set/no: No such file"));
  EXPECT_EQ(
      testing_support::RunProgram({PTRSWEEP_BINARY, "finalize"}).exit_code, 2);
}

TEST_F(FinalizeTest, AProvedDatasetIsNotScannedAgainByMistake) {
  ASSERT_EQ(Finalize(Date()).exit_code, 0);
  const std::string manifest = ReadFileOctets(Manifest(1));
  const std::vector<std::string> date = {"--run-date",
                                         testing_support::kDatasetDate};
  const ProgramResult refused =
      testing_support::ScanShard({PTRSWEEP_BINARY}, *server_, root_, 1, date);
  EXPECT_EQ(refused.exit_code, 4);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("is finished (_SUCCESS)"),
                                 HasSubstr("another --run-date")));
  EXPECT_EQ(ReadFileOctets(Manifest(1)), manifest);
  fs::remove(Success());
  const ProgramResult scan =
      testing_support::ScanShard({PTRSWEEP_BINARY}, *server_, root_, 1, date);
  EXPECT_EQ(scan.exit_code, 0) << scan.err;
  EXPECT_NE(ReadFileOctets(Manifest(1)), manifest);
  EXPECT_EQ(Finalize(Date()).exit_code, 0);
}

}  // namespace
}  // namespace tools
