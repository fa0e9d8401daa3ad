// Shards: who has what, and that all of them together have everything once.
#include "tools/options/shard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "dnswire/ip_address.h"
#include "tests/io/temp_folder.h"
#include "tests/support/program.h"

namespace tools {
namespace {

using dnswire::IpAddress;
using testing::HasSubstr;
using testing_support::ProgramResult;
using testing_support::RunProgram;

ProgramResult Ptrsweep(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), PTRSWEEP_BINARY);
  return RunProgram(arguments);
}

struct ShardCase {
  const char* label;
  const char* shard;
  const char* shards;
  std::vector<const char*> environment;
  const char* found;  // "i of n", or the error
};

std::string Choose(const ShardCase& c) {
  OptionText shard;
  OptionText shards("1");
  if (c.shard != nullptr) shard = OptionText(c.shard, "--shard");
  if (c.shards != nullptr) shards = OptionText(c.shards, "--shards");
  std::vector<const char*> environment = c.environment;
  environment.push_back(nullptr);
  const auto chosen = ChooseShard(shard, shards, environment.data());
  if (!chosen.ok()) return std::string(chosen.status().message());
  return absl::StrCat(chosen->index, " of ", chosen->count);
}

TEST(ShardTest, IsChosenByNumberOrByTheBatchSystem) {
  const ShardCase kCases[] = {
      {"neither", nullptr, nullptr, {}, "0 of 1"},
      {"first", "0", "3", {}, "0 of 3"},
      {"last", "2", "3", {}, "2 of 3"},
      {"most", "65535", "65536", {}, "65535 of 65536"},
      {"past the last",
       "3",
       "3",
       {},
       "--shard: '3' is not a shard from 0 to 2"},
      {"octal", "01", "3", {}, "--shard: '01' is not a shard from 0 to 2"},
      {"none", "0", "0", {}, "--shards: '0' is not a whole number from 1"},
      {"too many", "0", "65537", {}, "--shards: '65537' is not a whole"},
      {"which", nullptr, "3", {}, "--shards: which of the 3 is this?"},
      {"of how many", "1", nullptr, {}, "--shard: one of how many?"},
      {"Slurm", "auto", "3", {"SLURM_ARRAY_TASK_ID=2"}, "2 of 3"},
      {"Kubernetes", "auto", "3", {"JOB_COMPLETION_INDEX=1"}, "1 of 3"},
      {"AWS", "auto", "3", {"AWS_BATCH_JOB_ARRAY_INDEX=0"}, "0 of 3"},
      {"nobody",
       "auto",
       "3",
       {},
       "--shard: auto, but none of SLURM_ARRAY_TASK"},
      {"empty",
       "auto",
       "3",
       {"SLURM_ARRAY_TASK_ID="},
       "--shard: auto, but none"},
      {"agree",
       "auto",
       "3",
       {"SLURM_ARRAY_TASK_ID=2", "AWS_BATCH_JOB_ARRAY_INDEX=2"},
       "2 of 3"},
      {"disagree",
       "auto",
       "3",
       {"SLURM_ARRAY_TASK_ID=2", "AWS_BATCH_JOB_ARRAY_INDEX=1"},
       "--shard: SLURM_ARRAY_TASK_ID is 2, but AWS_BATCH_JOB_ARRAY_INDEX is 1"},
      {"counted from 1",
       "auto",
       "3",
       {"SLURM_ARRAY_TASK_ID=3"},
       "SLURM_ARRAY_TASK_ID: '3' is not a shard from 0 to 2"},
      {"number wins", "1", "3", {"SLURM_ARRAY_TASK_ID=2"}, "1 of 3"},
  };
  for (const ShardCase& c : kCases) {
    EXPECT_THAT(Choose(c), testing::StartsWith(c.found)) << c.label;
  }
}

// Prefixes of both families, some of them excluded again.
std::vector<std::string> RandomTargets(uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<std::string> arguments = {"targets", "--include-special",
                                        absl::StrCat("--seed=", seed)};
  for (int i = 0; i < 8; ++i) {
    const std::string v4 = absl::StrCat("10.0.", random() % 8, ".");
    const std::string v6 = absl::StrCat("2001:db8:0:", random() % 8, "::");
    arguments.push_back(v4 + "0/25");
    arguments.push_back(absl::StrCat(v4, random() % 256));
    arguments.push_back(v6 + "/121");
    arguments.push_back(absl::StrCat(v6, random() % 100, ":0/124"));
    arguments.push_back(
        absl::StrCat("--exclude=", v4, 8 * (random() % 32), "/29"));
    arguments.push_back(absl::StrCat("--exclude=", v6, random() % 100));
  }
  return arguments;
}

std::vector<std::string> Lines(const ProgramResult& result) {
  EXPECT_EQ(result.exit_code, 0) << result.err;
  return absl::StrSplit(result.out, '\n', absl::SkipEmpty());
}

// The block that stays together: an IPv4 /24, an IPv6 /64.
std::string BlockOf(const std::string& text) {
  const IpAddress address = *IpAddress::Parse(text);
  const int length = address.is_v4() ? 24 : 64;
  return dnswire::IpPrefix::Covering(address, length).first().ToString();
}

TEST(ShardTest, TogetherTheCommandsPrintEveryTargetOnceAndKeepBlocksWhole) {
  for (uint32_t seed = 1; seed <= 6; ++seed) {
    const auto arguments = RandomTargets(seed);
    const auto whole = Lines(Ptrsweep(arguments));
    ASSERT_GT(whole.size(), 500u);
    const uint32_t shards = 1 + seed;
    std::multiset<std::string> together;
    std::map<std::string, uint32_t> shard_of_block;
    for (uint32_t shard = 0; shard < shards; ++shard) {
      auto own = arguments;
      own.push_back(absl::StrCat("--shards=", shards));
      own.push_back(absl::StrCat("--shard=", shard));
      for (const std::string& address : Lines(Ptrsweep(own))) {
        together.insert(address);
        ASSERT_EQ(shard_of_block.emplace(BlockOf(address), shard).first->second,
                  shard)
            << address;
      }
    }
    EXPECT_EQ(together, std::multiset<std::string>(whole.begin(), whole.end()));
    EXPECT_GT(shard_of_block.size(), 8u);
  }
}

TEST(ShardTest, DryRunNamesTheShardAndCountsItsTargetsOnly) {
  const std::vector<std::string> arguments = {
      "scan",       "--dry-run",       "--resolver=127.0.0.1",
      "--shards=3", "--total-rate=90", "10.0.0.0/16"};
  uint64_t sum = 0;
  for (const std::string shard : {"0", "1", "2"}) {
    auto own = arguments;
    own.push_back("--shard=" + shard);
    const size_t count =
        Lines(Ptrsweep({"targets", "--shards=3", "--shard=" + shard,
                        "--include-special", "10.0.0.0/16"}))
            .size();
    EXPECT_EQ(count % 256, 0u);
    sum += count;
    const ProgramResult plan = Ptrsweep(own);
    std::string number = absl::StrCat(count);
    number.insert(number.size() - 3, ",");
    EXPECT_THAT(plan.err, HasSubstr(absl::StrCat("shard ", shard,
                                                 " (of 0 to 2): ", number,
                                                 " of 65,536 addresses")));
    EXPECT_THAT(plan.err, HasSubstr(" at 30 packets/s"));
  }
  EXPECT_EQ(sum, 65536u);
}

TEST(ShardTest, TheLowerOfRateAndPartOfTheTotalCounts) {
  const auto plan = [](const std::string& rate) {
    return Ptrsweep({"scan", "--dry-run", "--resolver=127.0.0.1", "--shards=4",
                     "--shard=1", "--total-rate=200", rate, "10.0.0.0/16"})
        .err;
  };
  EXPECT_THAT(plan("--rate=0"), HasSubstr(" at 50 packets/s"));
  EXPECT_THAT(plan("--rate=20"), HasSubstr(" at 20 packets/s"));
  EXPECT_THAT(plan("--rate=60"), HasSubstr(" at 50 packets/s"));
}

// A block is in one shard: the others have nothing to do, and that is well.
TEST(ShardTest, AnEmptyShardIsComplete) {
  int empty = 0;
  for (const char* shard : {"0", "1", "2"}) {
    const auto own = Lines(
        Ptrsweep({"targets", "--shards=3", "--shard", shard, "192.0.2.0/24"}));
    if (!own.empty()) continue;
    ++empty;
    const ProgramResult scan =
        Ptrsweep({"scan", "--resolver=127.0.0.1:9", "--shards=3", "--shard",
                  shard, "192.0.2.0/24"});
    EXPECT_EQ(scan.exit_code, 0) << scan.err;
    EXPECT_THAT(scan.err, HasSubstr("(of 0 to 2): 0 of 0 addresses judged"));
  }
  EXPECT_EQ(empty, 2);
}

// The indented lines of SHARDS.md from the one that begins with `first` on.
std::string BlockOfPage(const std::string& first) {
  const std::string page =
      testing_support::ReadFileOctets(PTRSWEEP_SOURCE_DIR "/tools/SHARDS.md");
  const size_t begin = page.find("    " + first);
  EXPECT_NE(begin, std::string::npos) << first;
  const std::string block =
      page.substr(begin, page.find("\n\n", begin) - begin);
  return absl::StrReplaceAll(block + "\n", {{"\n    ", "\n"}}).substr(4);
}

TEST(ShardPageTest, ItsConfigurationAndPlanAreReal) {
  const testing_support::TempFolder folder;
  testing_support::WriteFileOctets(folder.Path("night.toml"),
                                   BlockOfPage("# night.toml"));
  testing_support::WriteFileOctets(folder.Path("ours.txt"), "10.0.0.0/8\n");
  testing_support::WriteFileOctets(folder.Path("never.txt"), "");
  const std::string shown = BlockOfPage("$ ptrsweep");
  const size_t end = shown.find('\n');
  const std::string arguments = shown.substr(11, end - 11);
  const ProgramResult plan =
      RunProgram({"/bin/bash", "-c",
                  absl::StrCat("cd ", folder.Path(""),
                               " && exec " PTRSWEEP_BINARY " ", arguments)});
  EXPECT_EQ(plan.exit_code, 0);
  EXPECT_EQ(plan.err, shown.substr(end + 1));
}

}  // namespace
}  // namespace tools
