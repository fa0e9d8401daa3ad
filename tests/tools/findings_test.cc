// Findings of a walk as rows of each format, and in files that are gone on
// with.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "io/files/csv_reader.h"
#include "tests/io/temp_folder.h"
#include "tools/report/finding_file.h"
#include "tools/report/finding_rows.h"
#include "tools/report/walk_summary.h"

namespace tools {
namespace {

using scanner::Finding;
using scanner::FindingKind;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using testing_support::ReadFileOctets;
using testing_support::TempFolder;

Finding LameFinding() {
  return {.prefix = *dnswire::IpPrefix::Parse("2001:db8:a004::/48"),
          .kind = FindingKind::kLame,
          .zone = "4.0.0.a.8.b.d.0.1.0.0.2.ip6.arpa",
          .cause = io::Cause::kRefused,
          .servers = {"ns3.example.net/127.0.53.3=refused",
                      "ns9.example.net=unresolvable"},
          .depth = 12,
          .count = 1,
          .example = "ns3.example.net",
          .detail = "says \"no\", twice",
          .queries = 3,
          .time_us = 1'000'000};
}

Finding EmptyFinding() {
  return {.prefix = *dnswire::IpPrefix::Parse("2001:db8::/32"),
          .kind = FindingKind::kEmpty};
}

constexpr char kHeader[] =
    "prefix,kind,zone,cause,servers,depth,count,example,detail,queries,time\n";
constexpr char kLameLine[] =
    "2001:db8:a004::/48,lame,4.0.0.a.8.b.d.0.1.0.0.2.ip6.arpa,refused,"
    "ns3.example.net/127.0.53.3=refused ns9.example.net=unresolvable,12,1,"
    "ns3.example.net,\"says \"\"no\"\", twice\",3,1970-01-01T00:00:01.000000Z"
    "\n";
constexpr char kEmptyLine[] =
    "2001:db8::/32,empty,,,,0,0,,,0,1970-01-01T00:00:00.000000Z\n";

TEST(FindingRowsTest, NdjsonHasListsAndNulls) {
  std::string text;
  for (const Finding& finding : {LameFinding(), EmptyFinding()}) {
    AppendNdjsonLine(FindingColumns(), FindingCells(finding), &text);
  }
  EXPECT_EQ(
      text,
      R"({"prefix":"2001:db8:a004::/48","kind":"lame",)"
      R"("zone":"4.0.0.a.8.b.d.0.1.0.0.2.ip6.arpa","cause":"refused",)"
      R"("servers":["ns3.example.net/127.0.53.3=refused",)"
      R"("ns9.example.net=unresolvable"],"depth":12,"count":1,)"
      R"("example":"ns3.example.net","detail":"says \"no\", twice",)"
      R"("queries":3,"time":"1970-01-01T00:00:01.000000Z"})"
      "\n"
      R"({"prefix":"2001:db8::/32","kind":"empty","zone":null,"cause":null,)"
      R"("servers":[],"depth":0,"count":0,"example":null,"detail":null,)"
      R"("queries":0,"time":"1970-01-01T00:00:00.000000Z"})"
      "\n");
}

TEST(FindingRowsTest, ThePageListsEveryColumnAndKind) {
  const std::string page = ReadFileOctets(PTRSWEEP_SOURCE_DIR "/tools/WALK.md");
  std::string columns = "| column | content |\n|---|---|\n";
  for (const io::Column& column : FindingColumns()) {
    absl::StrAppend(&columns, "| `", column.name, "` | ", column.doc, " |\n");
  }
  EXPECT_THAT(page, HasSubstr(columns));
  std::string kinds = "| kind | means |\n|---|---|\n";
  for (size_t i = 0; i < scanner::kFindingKindCount; ++i) {
    const auto kind = static_cast<FindingKind>(i);
    absl::StrAppend(&kinds, "| `", FindingKindName(kind), "` | ",
                    FindingMeaning(kind), " |\n");
  }
  EXPECT_THAT(page, HasSubstr(kinds));
  const size_t at = page.find("Names may be missing, and nobody says so");
  ASSERT_NE(at, std::string::npos);
  const std::string incomplete = page.substr(at, page.find('.', at) - at);
  for (size_t i = 0; i < scanner::kFindingKindCount; ++i) {
    const auto kind = static_cast<FindingKind>(i);
    const std::string name = absl::StrCat("`", FindingKindName(kind), "`");
    EXPECT_EQ(incomplete.find(name) != std::string::npos, IsIncomplete(kind))
        << name;
  }
}

TEST(TableCellsTest, LinesOfCsvAreReadBack) {
  for (const Finding& finding : {LameFinding(), EmptyFinding()}) {
    const std::vector<Cell> cells = FindingCells(finding);
    std::string line;
    AppendCsvLine(cells, &line);
    std::vector<std::string> fields;
    ASSERT_TRUE(*io::CsvReader(line).Next(&fields));
    EXPECT_EQ(ParseCells(FindingColumns(), fields), cells);
    fields.pop_back();
    EXPECT_EQ(ParseCells(FindingColumns(), fields), std::nullopt);
    fields.push_back("yesterday");
    EXPECT_EQ(ParseCells(FindingColumns(), fields), std::nullopt);
  }
}

TEST(FindingFileTest, StandsBesideTheRows) {
  EXPECT_EQ(FindingsPathOf("night/rows.csv", Format::kCsv),
            "night/rows.findings.csv");
  EXPECT_EQ(FindingsPathOf("rows.jsonl", Format::kNdjson),
            "rows.findings.jsonl");
  EXPECT_EQ(FindingsPathOf("rows.parquet", Format::kParquet),
            "rows.findings.parquet");
  EXPECT_EQ(FindingsPathOf("rows", Format::kNdjson), "rows.findings.ndjson");
  EXPECT_EQ(FindingsPathOf("a.csv/rows", Format::kParquet),
            "a.csv/rows.findings.parquet");
}

TEST(FindingFileTest, UnfinishedOnesAreUnderAnotherName) {
  EXPECT_EQ(UnfinishedFindings("a/f.csv", Format::kCsv), "a/.f.csv.inprogress");
  EXPECT_EQ(UnfinishedFindings("f.parquet", Format::kParquet),
            ".f.parquet.csv.inprogress");
  EXPECT_EQ(UnfinishedFindings("-", Format::kCsv), "-");
}

// However they are named, and wherever the folder is.
TEST(FindingFileTest, APlaceIsKnownByNameBesideTheRows) {
  const TempFolder folder;
  const TempFolder elsewhere;
  const std::string rows = folder.Path("rows.csv");
  const auto place = [&](const std::string& path, Format format) {
    return FindingsPlace(path, format, rows).value();
  };
  EXPECT_EQ(place(folder.Path("f.csv"), Format::kCsv), "f.csv as CSV");
  EXPECT_EQ(place(folder.Path("./f.csv"), Format::kNdjson), "f.csv as NDJSON");
  EXPECT_EQ(place(elsewhere.Path("./f"), Format::kParquet),
            absl::StrCat(elsewhere.Path("f"), " as Parquet"));
  EXPECT_EQ(place("-", Format::kCsv), place("/dev/null", Format::kCsv));
  EXPECT_EQ(FindingsPlace(folder.Path("f"), Format::kCsv, "-").value(),
            absl::StrCat(folder.Path("f"), " as CSV"));
}

class FindingFileFormatTest : public testing::Test {
 protected:
  // Writes `findings`, one by one, and finishes.
  static void WriteAll(scanner::FindingSink* sink,
                       const std::vector<Finding>& findings) {
    for (const Finding& finding : findings) {
      ASSERT_TRUE(sink->Write({&finding, 1}).ok());
    }
    ASSERT_TRUE(sink->Finish().ok());
  }

  std::string Written(const std::string& name, Format format,
                      const std::vector<Finding>& findings) {
    auto sink = OpenFindings(folder_.Path(name), format);
    EXPECT_TRUE(sink.ok()) << sink.status();
    WriteAll(sink->get(), findings);
    return ReadFileOctets(folder_.Path(name));
  }

  // A walk that is killed: two findings of which the first counts.
  uint64_t Interrupted(const std::string& name, Format format) {
    auto sink = OpenFindings(folder_.Path(name), format);
    EXPECT_TRUE(sink.ok()) << sink.status();
    const Finding first = LameFinding();
    EXPECT_TRUE((*sink)->Write({&first, 1}).ok());
    const auto octets = (*sink)->Sync();
    EXPECT_TRUE(octets.ok()) << octets.status();
    EXPECT_TRUE((*sink)->Write({&first, 1}).ok());
    EXPECT_TRUE((*sink)->Sync().ok());
    return *octets;
  }

  const TempFolder folder_;
};

TEST_F(FindingFileFormatTest, HasItsNameOnlyWhenItIsWhole) {
  const uint64_t octets = Interrupted("f.csv", Format::kCsv);
  EXPECT_THAT(folder_.Names(), ElementsAre(".f.csv.inprogress"));
  EXPECT_EQ(octets, absl::StrCat(kHeader, kLameLine).size());
  EXPECT_EQ(Written("f.csv", Format::kCsv, {EmptyFinding()}),
            absl::StrCat(kHeader, kEmptyLine));
  EXPECT_THAT(folder_.Names(), ElementsAre("f.csv"));
  EXPECT_EQ(Written("none.csv", Format::kCsv, {}), kHeader);
}

TEST_F(FindingFileFormatTest, LinesAreGoneOnWithBehindWhatCounts) {
  for (const Format format : {Format::kCsv, Format::kNdjson}) {
    const uint64_t octets = Interrupted("f", format);
    auto sink = ContinueFindings(folder_.Path("f"), format, octets);
    ASSERT_TRUE(sink.ok()) << sink.status();
    WriteAll(sink->get(), {EmptyFinding()});
    EXPECT_EQ(ReadFileOctets(folder_.Path("f")),
              Written("whole", format, {LameFinding(), EmptyFinding()}));
  }
}

// The octets before the footer, which has the times of the run.
std::string PagesOf(const std::string& parquet) {
  EXPECT_THAT(parquet, StartsWith("PAR1"));
  EXPECT_THAT(parquet, EndsWith("PAR1"));
  size_t footer = 0;
  for (size_t i = 0; i < 4; ++i) {
    const auto octet = static_cast<uint8_t>(parquet[parquet.size() - 8 + i]);
    footer |= size_t{octet} << (8 * i);
  }
  return parquet.substr(0, parquet.size() - 8 - footer);
}

TEST_F(FindingFileFormatTest, ParquetIsMadeOfLinesAtTheEnd) {
  const uint64_t octets = Interrupted("f.parquet", Format::kParquet);
  EXPECT_THAT(folder_.Names(), ElementsAre(".f.parquet.csv.inprogress"));
  auto sink =
      ContinueFindings(folder_.Path("f.parquet"), Format::kParquet, octets);
  ASSERT_TRUE(sink.ok()) << sink.status();
  WriteAll(sink->get(), {EmptyFinding()});
  EXPECT_THAT(folder_.Names(), ElementsAre("f.parquet"));
  io::OutputPlace place = *io::FindOutput(folder_.Path("table"));
  io::ParquetTable table(*io::OutputFile::Open(place), FindingColumns());
  for (const Finding& finding : {LameFinding(), EmptyFinding()}) {
    ASSERT_TRUE(AddCells(FindingCells(finding), &table).ok());
  }
  ASSERT_TRUE(table.Finish({}, "0").ok());
  EXPECT_EQ(PagesOf(ReadFileOctets(folder_.Path("f.parquet"))),
            PagesOf(ReadFileOctets(folder_.Path("table"))));
}

TEST_F(FindingFileFormatTest, WhatIsMissingIsNotGoneOnWith) {
  for (const Format format : {Format::kCsv, Format::kParquet}) {
    const std::string path = folder_.Path("f");
    const uint64_t octets = Interrupted("f", format);
    const auto longer = ContinueFindings(path, format, 10 * octets);
    EXPECT_EQ(longer.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(longer.status().message()),
                HasSubstr("inprogress is shorter than the journal says"));
    const auto absent = ContinueFindings(folder_.Path("g"), format, octets);
    EXPECT_EQ(absent.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(absent.status().message()),
                HasSubstr("is not there"));
  }
}

// Killed before its file had its name, and after.
TEST_F(FindingFileFormatTest, AWalkThatHadWrittenAllIsOnlyFinished) {
  for (const Format format : {Format::kCsv, Format::kParquet}) {
    const std::string path = folder_.Path("f");
    const uint64_t octets = Interrupted("f", format);
    ASSERT_TRUE(FinishFindings(path, format, octets).ok());
    EXPECT_THAT(folder_.Names(), ElementsAre("f"));
    const std::string written = ReadFileOctets(path);
    EXPECT_THAT(written, HasSubstr("ns3.example.net/127.0.53.3=refused"));
    ASSERT_TRUE(FinishFindings(path, format, octets).ok());
    EXPECT_EQ(ReadFileOctets(path), written);
    std::filesystem::remove(path);
  }
}

TEST_F(FindingFileFormatTest, WhatHasNoNameIsWrittenAtOnce) {
  for (const Format format :
       {Format::kCsv, Format::kNdjson, Format::kParquet}) {
    for (const bool again : {false, true}) {
      auto sink = again ? ContinueFindings("/dev/null", format, 1000)
                        : OpenFindings("/dev/null", format);
      ASSERT_TRUE(sink.ok()) << sink.status();
      const Finding finding = LameFinding();
      EXPECT_TRUE((*sink)->Write({&finding, 1}).ok());
      EXPECT_TRUE((*sink)->Sync().ok());
      EXPECT_TRUE((*sink)->Finish().ok());
    }
  }
  EXPECT_THAT(folder_.Names(), IsEmpty());
}

TEST_F(FindingFileFormatTest, AFullDiskIsTold) {
  auto sink = OpenFindings("/dev/full", Format::kCsv);
  ASSERT_TRUE(sink.ok());
  const Finding finding = LameFinding();
  EXPECT_TRUE((*sink)->Write({&finding, 1}).ok());
  EXPECT_THAT(std::string((*sink)->Sync().status().message()),
              HasSubstr("/dev/full"));
}

}  // namespace
}  // namespace tools
