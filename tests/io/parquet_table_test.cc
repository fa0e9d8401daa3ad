// Tables of other columns than a scan's rows.
#include "io/parquet/parquet_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "io/files/target_reader.h"
#include "io/parquet/parquet_column_reader.h"
#include "tests/io/temp_folder.h"

namespace io {
namespace {

using testing::ElementsAre;
using testing_support::TempFolder;
using enum ColumnType;

constexpr Column kColumns[] = {
    {"name", kText, "", false},
    {"note", kText, ""},
    {"tags", kTextList, "", false},
    {"maybe", kTextList, ""},
    {"count", kInt, ""},
    {"time", kTimestamp, "", false},
};

std::unique_ptr<OutputFile> Open(const std::string& path) {
  auto file = OutputFile::Open(path);
  EXPECT_TRUE(file.ok()) << file.status();
  return *std::move(file);
}

std::string Octets(const std::string& path) {
  auto octets = ReadWholeFile(path);
  EXPECT_TRUE(octets.ok()) << octets.status();
  return *std::move(octets);
}

ParquetFooter FooterOf(const std::string& octets,
                       std::span<const Column> columns = kColumns) {
  const std::string tail = octets.substr(octets.size() - 8);
  EXPECT_EQ(tail.substr(4), kParquetMagic);
  const size_t length =
      static_cast<uint8_t>(tail[0]) + 256u * static_cast<uint8_t>(tail[1]);
  auto footer = ReadFooter(MakeTableSchema(columns),
                           octets.substr(octets.size() - 8 - length, length));
  EXPECT_TRUE(footer.ok()) << footer.status();
  return *std::move(footer);
}

// "-": null; a list in brackets; rows behind one another.
std::string ColumnText(const std::string& octets, const ParquetRowGroup& group,
                       size_t leaf) {
  const ParquetLeaf shape = MakeTableSchema(kColumns).leaves[leaf];
  const ParquetChunk& chunk = group.chunks[leaf];
  PageDecompressor decompressor;
  PageRoom room;
  ParquetColumnReader reader(shape, &decompressor, &room);
  reader.Start(octets.substr(static_cast<size_t>(chunk.offset),
                             static_cast<size_t>(chunk.octets)),
               chunk.has_dictionary, chunk.values);
  std::string text;
  while (reader.Next()) {
    if (reader.repetition() == 0)
      absl::StrAppend(&text, text.empty() ? "" : " ");
    if (!reader.has_value()) {
      absl::StrAppend(&text, reader.definition() == 0 && kColumns[leaf].nullable
                                 ? "-"
                                 : "[]");
    } else if (shape.type == ParquetType::kInt64) {
      absl::StrAppend(&text, reader.number());
    } else {
      absl::StrAppend(&text, reader.repetition() > 0 ? "+" : "",
                      reader.value());
    }
  }
  EXPECT_EQ(reader.error(), "");
  EXPECT_TRUE(reader.AtEnd());
  return text;
}

TEST(ParquetTableTest, EveryKindOfColumnIsReadBack) {
  const TempFolder folder;
  const std::string path = folder.Path("table.parquet");
  ParquetTable table(Open(path), kColumns);
  table.AddText("a");
  table.AddNull();
  table.AddTexts({});
  table.AddNull();
  table.AddNumber(-7);
  table.AddNumber(1'000'000);
  EXPECT_TRUE(table.EndRow().ok());
  table.AddText("b");
  table.AddText("said");
  table.AddTexts(std::vector<std::string>{"x", "y"});
  table.AddTexts({});
  table.AddNull();
  table.AddNumber(2'000'000);
  EXPECT_TRUE(table.EndRow().ok());
  EXPECT_TRUE(table.Finish({{"key", "value"}}, "9.8.7").ok());

  const std::string octets = Octets(path);
  const ParquetFooter footer = FooterOf(octets);
  EXPECT_EQ(footer.rows, 2);
  EXPECT_THAT(footer.metadata, ElementsAre(testing::Pair("key", "value")));
  ASSERT_EQ(footer.groups.size(), 1u);
  std::vector<std::string> columns;
  for (size_t leaf = 0; leaf < std::size(kColumns); ++leaf) {
    columns.push_back(ColumnText(octets, footer.groups[0], leaf));
  }
  EXPECT_THAT(columns, ElementsAre("a b", "- said", "[] x+y", "- []", "-7 -",
                                   "1000000 2000000"));
}

TEST(ParquetTableTest, AFullRowGroupEndsAndTheNextBegins) {
  constexpr Column kOne[] = {{"n", kInt, "", false}};
  const TempFolder folder;
  const std::string path = folder.Path("table.parquet");
  ParquetTable table(Open(path), kOne);
  for (int64_t i = 0; i <= kRowGroupRows; ++i) {
    table.AddNumber(i);
    ASSERT_TRUE(table.EndRow().ok());
  }
  EXPECT_TRUE(table.Finish({}, "9.8.7").ok());
  const ParquetFooter footer = FooterOf(Octets(path), kOne);
  ASSERT_EQ(footer.groups.size(), 2u);
  EXPECT_EQ(footer.groups[0].rows, kRowGroupRows);
  EXPECT_EQ(footer.groups[1].rows, 1);
  EXPECT_EQ(
      footer.groups[1].chunks[0].offset,
      footer.groups[0].chunks[0].offset + footer.groups[0].chunks[0].octets);
}

TEST(ParquetTableTest, TheFileHasItsNameOnlyWhenItIsWhole) {
  const TempFolder folder;
  const std::string path = folder.Path("table.parquet");
  {
    ParquetTable table(Open(path), kColumns);
    EXPECT_FALSE(ReadWholeFile(path).ok());
  }
  EXPECT_FALSE(ReadWholeFile(path).ok());
  ParquetTable table(Open(path), kColumns);
  EXPECT_TRUE(table.Finish({}, "9.8.7").ok());
  EXPECT_EQ(FooterOf(Octets(path)).rows, 0);
}

TEST(ParquetTableTest, AFullDiskIsToldOf) {
  ParquetTable table(Open("/dev/full"), kColumns);
  const absl::Status status = table.Finish({}, "9.8.7");
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("/dev/full"));
}

}  // namespace
}  // namespace io
