// A dataset's names, manifests and what its journal remembers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "io/dataset/dataset_state.h"
#include "io/dataset/layout.h"
#include "io/dataset/manifest.h"
#include "io/dataset/success.h"
#include "tests/io/temp_folder.h"

namespace io {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using testing_support::ReadFileOctets;
using testing_support::TempFolder;
using testing_support::WriteFileOctets;

TEST(DatasetLayoutTest, DatesAreDaysThatExist) {
  EXPECT_EQ(DateText(absl::FromUnixSeconds(1795651199)), "2026-11-25");
  EXPECT_EQ(DateText(absl::FromUnixSeconds(1795651200)), "2026-11-26");
  for (const char* date : {"2026-11-25", "2024-02-29", "1970-01-01"}) {
    EXPECT_TRUE(IsDate(date)) << date;
  }
  for (const char* text :
       {"", "2026-11-2", "2026-11-251", "2026-02-29", "2026-13-01",
        "2026-00-10", "2026-11-00", "2026-1-25", " 2026-11-25", "2026-11-25 ",
        "2026/11/25", "20261125", "2026-11-25T00:00:00", "+026-11-25",
        "../../etc"}) {
    EXPECT_FALSE(IsDate(text)) << text;
  }
}

TEST(DatasetLayoutTest, NumbersAreAsLongAsTheLastOne) {
  struct Case {
    uint64_t shard;
    uint64_t shards;
    const char* name;
  };
  const Case kCases[] = {
      {0, 1, "shard=00"},        {9, 10, "shard=09"},
      {99, 100, "shard=99"},     {0, 101, "shard=000"},
      {7, 65536, "shard=00007"}, {65535, 65536, "shard=65535"}};
  for (const Case& c : kCases) EXPECT_EQ(ShardName(c.shard, c.shards), c.name);
}

TEST(DatasetLayoutTest, PartNamesAreReadBackAndNoOthers) {
  for (const size_t part : {size_t{0}, size_t{7}, size_t{99'999},
                            size_t{100'000}, size_t{1'000'000'000}}) {
    EXPECT_EQ(ParsePartName(PartName(part)), part) << part;
  }
  EXPECT_EQ(PartName(7), "part-00007.parquet");
  EXPECT_EQ(PartName(100'000), "part-100000.parquet");
  for (const char* name :
       {"part-0.parquet", "part-000000.parquet", "part-.parquet",
        "part-00000.parquet.inprogress", ".part-00000.parquet",
        "part-00000.PARQUET", "part--0001.parquet", "part-0000x.parquet",
        "../part-00000.parquet", "part-99999999999999999999.parquet"}) {
    EXPECT_FALSE(ParsePartName(name)) << name;
  }
}

TEST(DatasetLayoutTest, AShardKnowsItsPlace) {
  const ShardFolder folder("set/", "2026-11-25", 3, 12);
  EXPECT_EQ(folder.path(), "set/date=2026-11-25/shard=03");
  EXPECT_EQ(folder.SuccessPath(), "set/date=2026-11-25/_SUCCESS");
  EXPECT_EQ(folder.ManifestPath(), folder.path() + "/_manifest.json");
  EXPECT_EQ(folder.JournalPath(), folder.path() + "/.journal");
  EXPECT_EQ(folder.Part(0).TemporaryPath(),
            folder.path() + "/.part-00000.parquet.inprogress");
}

TEST(DatasetLayoutTest, MakesItsFoldersButNotWhatTheyLieIn) {
  const TempFolder temp;
  const ShardFolder folder(temp.Path("set"), "2026-11-25", 0, 2);
  EXPECT_TRUE(folder.Make().ok());
  EXPECT_TRUE(folder.Make().ok()) << "again";
  EXPECT_TRUE(std::filesystem::is_directory(folder.path()));
  const ShardFolder deeper(temp.Path("no/set"), "2026-11-25", 0, 2);
  EXPECT_THAT(std::string(deeper.Make().message()),
              HasSubstr("no/set: No such file or directory"));
}

TEST(DatasetLayoutTest, RemovesPartsFromANumberOnAndNothingElse) {
  const TempFolder temp;
  const ShardFolder folder(temp.Path("set"), "2026-11-25", 0, 1);
  ASSERT_TRUE(folder.Make().ok());
  for (const char* name :
       {"part-00000.parquet", "part-00001.parquet", "part-00002.parquet",
        ".part-00002.parquet.inprogress", ".part-00003.parquet.inprogress",
        ".journal", "_manifest.json", "notes.parquet", ".part-00004.parquet"}) {
    WriteFileOctets(JoinPath(folder.path(), name), "12345");
  }
  EXPECT_EQ(folder.AllOctets(), 20u);
  EXPECT_EQ(folder.PartOctets(4), std::nullopt);
  ASSERT_TRUE(folder.RemoveParts(2).ok());
  std::vector<std::string> names;
  ASSERT_TRUE(ListFolder(folder.path(), &names).ok());
  EXPECT_THAT(names, ElementsAre(".journal", ".part-00004.parquet",
                                 "_manifest.json", "notes.parquet",
                                 "part-00000.parquet", "part-00001.parquet"));
  EXPECT_EQ(folder.AllOctets(), 10u);
}

Digest DigestOfText(absl::string_view text) {
  Sha256 sha;
  sha.Add(text);
  return sha.Finish();
}

ShardManifest SomeManifest() {
  return {
      .run = {.schema_version = 1,
              .targets_digest = HexText(DigestOfText("targets")),
              .options_digest = HexText(DigestOfText("options")),
              .seed = UINT64_MAX,
              .shards = 12,
              .all_targets = 4000},
      .tool_version = "9.8.7",
      .shard = 3,
      .targets = 300,
      .start = "2026-11-25T22:00:00.000000Z",
      .end = "2026-11-25T22:10:00.000000Z",
      .parts = {{.rows = 200, .octets = 5000, .sha256 = DigestOfText("a")},
                {.rows = 100, .octets = 2500, .sha256 = DigestOfText("b")}}};
}

TEST(ManifestTest, IsReadBack) {
  const ShardManifest manifest = SomeManifest();
  const auto read = ParseManifest(FormatManifest(manifest));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->run, manifest.run);
  EXPECT_EQ(FormatManifest(*read), FormatManifest(manifest));
  EXPECT_EQ(read->parts[1].sha256, DigestOfText("b"));
  ShardManifest empty = manifest;
  empty.parts.clear();
  EXPECT_EQ(ParseManifest(FormatManifest(empty))->rows(), 0u);
}

TEST(ManifestTest, IsWhatOtherProgramsExpect) {
  const auto object = nlohmann::json::parse(FormatManifest(SomeManifest()));
  EXPECT_EQ(object["format"], "ptrsweep shard manifest");
  EXPECT_EQ(object["version"], 1);
  EXPECT_EQ(object["seed"], "18446744073709551615");
  EXPECT_EQ(object["rows"], 300);
  EXPECT_EQ(object["parts"][1]["name"], "part-00001.parquet");
  EXPECT_EQ(object["parts"][1]["sha256"], HexText(DigestOfText("b")));
}

TEST(ManifestTest, IsWrittenWholeOrNotAtAll) {
  const TempFolder temp;
  const std::string path = temp.Path("_manifest.json");
  EXPECT_TRUE(absl::IsNotFound(ReadManifest(path).status()));
  ASSERT_TRUE(WriteManifest(path, SomeManifest()).ok());
  EXPECT_THAT(temp.Names(), ElementsAre("_manifest.json"));
  EXPECT_EQ(ReadFileOctets(path), FormatManifest(SomeManifest()));
  EXPECT_TRUE(ReadManifest(path).ok());
  WriteFileOctets(path, "[]");
  EXPECT_THAT(std::string(ReadManifest(path).status().message()),
              testing::EndsWith("_manifest.json is damaged: it is no JSON "
                                "object"));
  std::filesystem::remove(path);
  std::filesystem::create_directory(path);
  EXPECT_FALSE(ReadManifest(path).ok());
}

struct BadManifest {
  const char* label;
  const char* from;
  const char* to;
  const char* says;
};

TEST(ManifestTest, WhatIsDamagedIsNamed) {
  const BadManifest kBad[] = {
      {"another format", "shard manifest", "manifest", "is no manifest of"},
      {"newer", "\"version\": 1", "\"version\": 2",
       "is of version 2, this program knows 1 only"},
      {"no version", "\"version\"", "\"v\"", "version is missing"},
      {"number in text", "\"shards\": 12", "\"shards\": \"12\"", "shards is "},
      {"negative", "\"shards\": 12", "\"shards\": -12", "shards is "},
      {"fraction", "\"shards\": 12", "\"shards\": 12.0", "shards is "},
      {"too large", "\"shards\": 12", "\"shards\": 4294967296", "shards is "},
      {"beyond the last", "\"shard\": 3", "\"shard\": 12", "shard is "},
      {"bare seed", "\"18446744073709551615\"", "5", "seed is "},
      {"octal seed", "\"18446744073709551615\"", "\"05\"", "seed is "},
      {"seed of 65 bits", "18446744073709551615", "18446744073709551616",
       "seed is "},
      {"null", "\"9.8.7\"", "null", "tool_version is "},
      {"rows", "\"rows\": 300", "\"rows\": 299",
       "it says 299 rows, its parts have 300"},
      {"no list", "\"parts\": [", "\"parts\": 5, \"x\": [", "parts is "},
      {"part of text", "\"parts\": [", "\"parts\": [\"a\",", "part 0 is "},
      {"part twice", "part-00001", "part-00000", "part 1 is "},
      {"part elsewhere", "part-00001", "../part-00001", "part 1 is "},
      {"empty part", "\"rows\": 100", "\"rows\": 0", "part 1 is "},
      {"huge part", "\"rows\": 100", "\"rows\": 4611686018427387904",
       "part 1 is "},
      {"octets", "\"octets\": 2500", "\"octets\": null", "part 1 is "},
      {"tail", "}\n", "} x", "it is no JSON object"},
  };
  for (const BadManifest& bad : kBad) {
    std::string text = FormatManifest(SomeManifest());
    const size_t at = text.rfind(bad.from);
    ASSERT_NE(at, std::string::npos) << bad.label;
    text.replace(at, std::string(bad.from).size(), bad.to);
    const auto read = ParseManifest(text);
    EXPECT_FALSE(read.ok()) << bad.label;
    if (read.ok()) continue;
    EXPECT_THAT(std::string(read.status().message()), HasSubstr(bad.says))
        << bad.label;
  }
}

TEST(ManifestTest, DigestsAreSixtyFourHexadecimalDigits) {
  const std::string good = HexText(DigestOfText("targets"));
  for (const std::string& bad :
       {std::string(), good.substr(1), good + "0", "G" + good.substr(1),
        absl::StrReplaceAll(good, {{"a", "A"}})}) {
    if (bad == good) continue;
    ShardManifest manifest = SomeManifest();
    manifest.run.targets_digest = bad;
    EXPECT_FALSE(ParseManifest(FormatManifest(manifest)).ok()) << bad;
  }
}

// Nothing that is cut off or changed somewhere makes it fall over.
TEST(ManifestTest, SurvivesBeingCutAndChangedAnywhere) {
  const std::string text = FormatManifest(SomeManifest());
  for (size_t i = 0; i + 2 < text.size(); ++i) {
    EXPECT_FALSE(ParseManifest(text.substr(0, i)).ok()) << i;
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 0x80);
    EXPECT_FALSE(ParseManifest(changed).ok()) << i;
  }
  EXPECT_FALSE(ParseManifest(std::string(100'000, '[')).ok());
  EXPECT_FALSE(ParseManifest(std::string("{\"format\":\0}", 12)).ok());
}

TEST(SuccessTest, SaysWhatWasProved) {
  const TempFolder temp;
  DatasetSummary summary = {.run = SomeManifest().run};
  ShardManifest later = SomeManifest();
  later.start = "2026-11-25T22:00:01.000000Z";
  later.end = "2026-11-25T23:10:00.000000Z";
  AddShard(later, &summary);
  AddShard(SomeManifest(), &summary);
  ASSERT_TRUE(WriteSuccess(temp.Path("_SUCCESS"), summary, "1.2.3").ok());
  const auto object =
      nlohmann::json::parse(ReadFileOctets(temp.Path("_SUCCESS")));
  EXPECT_EQ(object["rows"], 600);
  EXPECT_EQ(object["parts"], 4);
  EXPECT_EQ(object["octets"], 15'000);
  EXPECT_EQ(object["shards"], 12);
  EXPECT_EQ(object["tool_version"], "1.2.3");
  EXPECT_EQ(object["start"], SomeManifest().start);
  EXPECT_EQ(object["end"], later.end);
  EXPECT_EQ(object["targets_digest"], summary.run.targets_digest);
}

TEST(DatasetStateTest, IsReadBackAsItGrew) {
  DatasetState state(77);
  const std::string empty(state.octets());
  state.Grow("head");
  const std::string begun(state.octets());
  state.Grow("head");
  EXPECT_EQ(state.octets(), begun) << "nothing came to it";
  state.Grow("head and group");
  state.Close({.rows = 5, .octets = 50, .sha256 = DigestOfText("a")});
  const std::string closed(state.octets());
  state.Grow("next");
  EXPECT_THAT(std::string(state.octets()), StartsWith(closed));

  EXPECT_EQ(DatasetState::Parse(empty, 0)->start_us(), 77);
  EXPECT_EQ(DatasetState::Parse(begun, 4)->part_state(), "head");
  auto read = DatasetState::Parse(state.octets(), 54);
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_EQ(read->parts().size(), 1u);
  EXPECT_EQ(read->parts()[0].sha256, DigestOfText("a"));
  EXPECT_EQ(read->part_state(), "next");
  EXPECT_EQ(read->part_octets(), 4u);
  EXPECT_EQ(read->closed_octets(), 50u);
  read->Grow("next and group");
  EXPECT_EQ(DatasetState::Parse(read->octets(), 64)->part_state(),
            "next and group");
  read->Close({.rows = 1, .octets = 9});
  const auto both = DatasetState::Parse(read->octets(), 59);
  ASSERT_TRUE(both.ok()) << both.status();
  EXPECT_EQ(both->parts().size(), 2u);
}

TEST(DatasetStateTest, RefusesWhatIsNone) {
  DatasetState state(77);
  state.Grow("head");
  state.Close({.rows = 5, .octets = 50, .sha256 = DigestOfText("a")});
  state.Grow("next");
  const std::string octets(state.octets());
  EXPECT_FALSE(DatasetState::Parse(octets, 49).ok()) << "fewer than closed";
  EXPECT_FALSE(DatasetState::Parse(octets, 50).ok()) << "open, but no octets";
  for (size_t i = 0; i < octets.size(); ++i) {
    const auto cut = DatasetState::Parse(octets.substr(0, i), 54);
    const bool before_close = i == sizeof(uint64_t) + 1 + 4 + 4;  // "head"
    EXPECT_EQ(cut.ok(), before_close) << i;
  }
  DatasetState closed(1);
  closed.Close({.rows = 5, .octets = 50});
  EXPECT_FALSE(DatasetState::Parse(closed.octets(), 60).ok()) << "no state";
  EXPECT_TRUE(DatasetState::Parse(closed.octets(), 50).ok());
  closed.Close({.rows = 5, .octets = UINT64_MAX - 10});
  EXPECT_FALSE(DatasetState::Parse(closed.octets(), 50).ok()) << "overflow";
  EXPECT_FALSE(DatasetState::Parse(std::string(8, '\0') + "x", 0).ok());
}

}  // namespace
}  // namespace io
