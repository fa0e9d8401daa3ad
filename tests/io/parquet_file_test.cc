// ParquetSink and ParquetReader on each other. Readers of other makers:
// tests/parquet_readers.
#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/io/hostile_rows.h"
#include "tests/io/parquet_support.h"
#include "tests/io/temp_folder.h"

namespace io {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Pair;
using testing_support::HostileRows;
using testing_support::ReadFileOctets;
using testing_support::ReadParquet;
using testing_support::RowText;
using testing_support::RowTexts;
using testing_support::TempFolder;
using testing_support::WriteFileOctets;
using testing_support::WriteParquet;

// By family-less value: IPv4 as ::ffff:a.b.c.d.
absl::uint128 KeyOf(const Row& row) {
  return row.ip.is_v4() ? absl::MakeUint128(0, 0xffff00000000 | row.ip.v4())
                        : row.ip.value();
}

std::vector<Row> Sorted(std::vector<Row> rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return KeyOf(a) < KeyOf(b);
  });
  return rows;
}

void ExpectSame(const std::vector<std::string>& read,
                const std::vector<Row>& rows) {
  ASSERT_EQ(read.size(), rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    ASSERT_EQ(read[i], RowText(rows[i])) << i;
  }
}

// The rows come back sorted by address, value by value.
void ExpectReadsBack(const std::vector<Row>& rows) {
  const TempFolder folder;
  WriteParquet(folder.Path("rows.parquet"), rows);
  std::vector<std::string> texts;
  const absl::Status status = ReadParquet(folder.Path("rows.parquet"), &texts);
  ASSERT_TRUE(status.ok()) << status;
  ExpectSame(texts, Sorted(rows));
}

// 0.0.0.0 and up, all else null or empty.
std::vector<Row> Rows(uint32_t count) {
  std::vector<Row> rows(count);
  for (uint32_t i = 0; i < count; ++i) {
    rows[i].ip = dnswire::IpAddress::V4(i);
    rows[i].time_us = i;
  }
  return rows;
}

TEST(ParquetFileTest, AFileWithoutRowsReadsBack) { ExpectReadsBack({}); }

TEST(ParquetFileTest, ARowWithoutValuesReadsBack) { ExpectReadsBack(Rows(1)); }

TEST(ParquetFileTest, EmptyListsAreNotNull) {
  std::vector<Row> rows = Rows(2);
  rows[1].ptr_known = true;
  const TempFolder folder;
  WriteParquet(folder.Path("rows"), rows);
  std::vector<std::string> texts;
  ASSERT_TRUE(ReadParquet(folder.Path("rows"), &texts).ok());
  EXPECT_THAT(texts[0],
              HasSubstr(R"("ptr":null,"confirmed":null,"forward":null)"));
  EXPECT_THAT(texts[1], HasSubstr(R"("ptr":[],"confirmed":[],"forward":[])"));
}

TEST(ParquetFileTest, HostileRowsReadBackAsTheyWere) {
  HostileRows source(7);
  ExpectReadsBack(source.Make(25'000));  // two pages
}

TEST(ParquetFileTest, LongestNamesAndListsReadBack) {
  for (const uint8_t octet : {uint8_t{0xff}, uint8_t{'"'}}) {
    const testing_support::LongestRows longest(octet);
    ExpectReadsBack(longest.rows());
  }
}

TEST(ParquetFileTest, ARowGroupEndsAfter131072Rows) {
  for (const uint32_t count : {131'071u, 131'072u, 131'073u, 262'145u}) {
    std::vector<Row> rows = Rows(count);
    std::reverse(rows.begin(), rows.end());
    const TempFolder folder;
    WriteParquet(folder.Path("rows"), rows);
    std::vector<std::string> texts;
    ASSERT_TRUE(ReadParquet(folder.Path("rows"), &texts).ok());
    for (size_t at = 0; at < count; at += 131'072) {  // sorted within each
      std::reverse(rows.begin() + static_cast<std::ptrdiff_t>(at),
                   rows.begin() + static_cast<std::ptrdiff_t>(
                                      std::min<size_t>(count, at + 131'072)));
    }
    ExpectSame(texts, rows);
  }
}

TEST(ParquetFileTest, ARowGroupEndsAt64MiB) {
  const std::string label(1 << 20, 'x');
  std::vector<Row> rows = Rows(130);
  for (Row& row : rows) row.label = label;
  std::reverse(rows.begin(), rows.end());
  const TempFolder folder;
  WriteParquet(folder.Path("rows"), rows);
  std::vector<std::string> texts;
  ASSERT_TRUE(ReadParquet(folder.Path("rows"), &texts).ok());
  ASSERT_EQ(texts.size(), 130u);
  // 64 of the last addresses come first, in order.
  EXPECT_THAT(texts[0], HasSubstr(R"("ip":"0.0.0.66")"));
  EXPECT_THAT(texts[63], HasSubstr(R"("ip":"0.0.0.129")"));
  EXPECT_THAT(texts[64], HasSubstr(R"("ip":"0.0.0.2")"));
}

// Labels of 100 octets, each three times: 1 MiB is full after 10,082 of them.
TEST(ParquetFileTest, ADictionaryThatGrowsTooLargeFallsBackToPlain) {
  std::vector<std::string> labels(40'000);
  std::vector<Row> rows = Rows(40'000);
  for (size_t i = 0; i < rows.size(); ++i) {
    labels[i] = absl::StrCat(i / 3, std::string(95, 'x'));
    rows[i].label = labels[i];
  }
  ExpectReadsBack(rows);
}

TEST(ParquetFileTest, ChunksAfterAFallBackHaveDictionariesAgain) {
  std::vector<std::string> labels(131'072);
  std::vector<Row> rows = Rows(150'000);
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i < labels.size()) labels[i] = absl::StrCat("label", i);
    rows[i].label = labels[i < labels.size() ? i : 0];
  }
  ExpectReadsBack(rows);
}

TEST(ParquetFileTest, MetadataTellsOfTheRun) {
  const TempFolder folder;
  WriteParquet(folder.Path("rows"), {},
               {.tool_version = "1.2.3",
                .seed = 42,
                .shard = 1,
                .shards = 4,
                .resolvers = {"192.0.2.1", "[2001:db8::1]:5353"},
                .start_us = 1'000'000'000'000'001});
  const auto reader = ParquetReader::Open(folder.Path("rows"));
  ASSERT_TRUE(reader.ok()) << reader.status();
  const KeyValues& found = (*reader)->metadata();
  EXPECT_THAT(found, Contains(Pair("ptrsweep.schema_version", "1")));
  EXPECT_THAT(found, Contains(Pair("ptrsweep.tool_version", "1.2.3")));
  EXPECT_THAT(found, Contains(Pair("ptrsweep.seed", "42")));
  EXPECT_THAT(found, Contains(Pair("ptrsweep.shard", "1/4")));
  EXPECT_THAT(found, Contains(Pair("ptrsweep.resolvers",
                                   "192.0.2.1 [2001:db8::1]:5353")));
  EXPECT_THAT(found,
              Contains(Pair("ptrsweep.start", "2001-09-09T01:46:40.000001Z")));
  EXPECT_EQ(found.size(), 7u);  // no digests; an end
}

// ---- damage

TEST(ParquetFileTest, NoPrefixOfAFileIsTakenForOne) {
  const TempFolder folder;
  HostileRows source(3);
  WriteParquet(folder.Path("rows"), source.Make(20));
  const std::string octets = ReadFileOctets(folder.Path("rows"));
  for (size_t size = 0; size < octets.size(); ++size) {
    WriteFileOctets(folder.Path("cut"), octets.substr(0, size));
    std::vector<std::string> texts;
    const absl::Status status = ReadParquet(folder.Path("cut"), &texts);
    ASSERT_FALSE(status.ok()) << size;
    ASSERT_THAT(std::string(status.message()), HasSubstr("/cut: "));
  }
}

// What can be flipped without an error is what the reader does not use:
// statistics, metadata, sizes before compression.
TEST(ParquetFileTest, NoFlippedBitGivesOtherRows) {
  const TempFolder folder;
  HostileRows source(5);
  const std::vector<Row> rows = Sorted(source.Make(8));
  const std::vector<std::string> expected = RowTexts(rows);
  WriteParquet(folder.Path("rows"), rows);
  std::string octets = ReadFileOctets(folder.Path("rows"));
  for (size_t bit = 0; bit < 8 * octets.size(); ++bit) {
    octets[bit / 8] = static_cast<char>(octets[bit / 8] ^ 1 << bit % 8);
    WriteFileOctets(folder.Path("bad"), octets);
    octets[bit / 8] = static_cast<char>(octets[bit / 8] ^ 1 << bit % 8);
    std::vector<std::string> texts;
    if (!ReadParquet(folder.Path("bad"), &texts).ok()) continue;
    ASSERT_TRUE(texts == expected) << "bit " << bit << " of " << octets.size();
  }
}

TEST(ParquetFileTest, AFlippedOctetInAPageIsNamed) {
  const TempFolder folder;
  HostileRows source(5);
  WriteParquet(folder.Path("rows"), source.Make(2'000));
  std::string octets = ReadFileOctets(folder.Path("rows"));
  octets[1'000] = static_cast<char>(octets[1'000] ^ 0x10);
  WriteFileOctets(folder.Path("rows"), octets);
  std::vector<std::string> texts;
  const absl::Status status = ReadParquet(folder.Path("rows"), &texts);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("/rows: row group 0: column ip_key: a page's checksum "
                        "is wrong"));
}

TEST(ParquetFileTest, OtherFilesAreRefused) {
  const TempFolder folder;
  const std::string path = folder.Path("file");
  std::vector<std::string> texts;
  for (const char* text : {"", "PAR1", "ip,status,cause\n192.0.2.1,pass,\n",
                           "PAR1PAR1PAR1", "PAR1\xff\xff\xff\xffPAR1"}) {
    WriteFileOctets(path, text);
    EXPECT_FALSE(ReadParquet(path, &texts).ok()) << text;
  }
  EXPECT_THAT(std::string(ReadParquet(folder.Path("none"), &texts).message()),
              HasSubstr("/none: No such file"));
  EXPECT_THAT(std::string(ReadParquet("/dev/null", &texts).message()),
              HasSubstr("not a regular file"));
}

TEST(ParquetSinkTest, AFullDiskIsReportedByEveryLaterCall) {
  auto file = OutputFile::Open("/dev/full");
  ASSERT_TRUE(file.ok()) << file.status();
  ParquetSink sink(*std::move(file), {});
  const absl::Status status = sink.Flush();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(sink.Finish(), status);
}

}  // namespace
}  // namespace io
