// Text formats read back: what was written is written again.
#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_replace.h"
#include "io/formats/csv_row_reader.h"
#include "io/formats/csv_sink.h"
#include "io/formats/ndjson_row_reader.h"
#include "tests/io/hostile_rows.h"
#include "tests/io/parquet_support.h"
#include "tests/io/temp_folder.h"

namespace io {
namespace {

using testing::HasSubstr;
using testing_support::HostileRows;
using testing_support::ReadTexts;
using testing_support::RowText;
using testing_support::TempFolder;
using testing_support::WriteFileOctets;

// CSV tells by the status whether a name is known where there is none.
std::vector<Row> ConsistentRows(size_t count) {
  static HostileRows source(9);  // rows borrow from it
  std::vector<Row> rows = source.Make(count);
  for (Row& row : rows) {
    if (!row.ptr_known) row.status = Status::kReverseTimeout;
    const bool has_names =
        !row.ptr.empty() || !row.confirmed.empty() || !row.forward.empty();
    if (row.ptr_known && !has_names && row.status <= Status::kReverseError) {
      row.status = Status::kPass;
    }
  }
  return rows;
}

std::string CsvOf(const std::vector<Row>& rows) {
  std::string text;
  CsvSink::AppendHeader(&text);
  for (const Row& row : rows) CsvSink::AppendRow(row, &text);
  return text;
}

std::string NdjsonOf(const std::vector<Row>& rows) {
  std::string text;
  for (const Row& row : rows) text += RowText(row);
  return text;
}

// What a reader makes of a file with this text.
template <typename Reader>
absl::Status ReadText(const std::string& text, std::vector<std::string>* rows) {
  const TempFolder folder;
  WriteFileOctets(folder.Path("rows"), text);
  auto file = InputFile::Open(folder.Path("rows"));
  if (!file.ok()) return file.status();
  Reader reader(*std::move(file));
  return ReadTexts(&reader, rows);
}

template <typename Reader>
std::string ErrorOf(const std::string& text) {
  std::vector<std::string> rows;
  return std::string(ReadText<Reader>(text, &rows).message());
}

TEST(CsvRowReaderTest, HostileRowsReadBackAsTheyWere) {
  const std::vector<Row> rows = ConsistentRows(3'000);
  std::vector<std::string> read;
  const absl::Status status = ReadText<CsvRowReader>(CsvOf(rows), &read);
  ASSERT_TRUE(status.ok()) << status;
  ASSERT_TRUE(read == testing_support::RowTexts(rows));
}

TEST(NdjsonRowReaderTest, HostileRowsReadBackAsTheyWere) {
  HostileRows source(4);
  const std::vector<Row> rows = source.Make(3'000);
  std::vector<std::string> read;
  const absl::Status status = ReadText<NdjsonRowReader>(NdjsonOf(rows), &read);
  ASSERT_TRUE(status.ok()) << status;
  ASSERT_TRUE(read == testing_support::RowTexts(rows));
}

// As other programs may write it: keys in another order, blanks, escapes.
TEST(NdjsonRowReaderTest, OtherWriters) {
  const std::string item =
      R"({"name":"a.example.net","outcome":"differs","addresses":["::1"]})";
  const std::string names = R"("ptr":["a.example.net"],"confirmed":[])";
  std::string text = NdjsonOf({Row()});
  text = absl::StrReplaceAll(text,
                             {{R"("ptr":null,"confirmed":null,"forward":null)",
                               names + R"(,"forward":[)" + item + "]"}});
  std::vector<std::string> expected;
  ASSERT_TRUE(ReadText<NdjsonRowReader>(text, &expected).ok());
  const std::string other = absl::StrReplaceAll(
      text,
      {{item,
        R"({"addresses" : [ "::1" ], "outcome":"\u0064iffers", "name":"a.example.net"})"},
       {"{\"ip\":\"0.0.0.0\",", "{ "},
       {",\"expected\":null}", ",\"expected\":null,\t\"ip\":\"0.0.0.0\" } "}});
  ASSERT_NE(other, text);
  std::vector<std::string> read;
  const absl::Status status = ReadText<NdjsonRowReader>(other, &read);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(read, expected);
}

struct FaultCase {
  const char* from;
  const char* to;
  const char* error;
};

TEST(CsvRowReaderTest, FaultsNameFileLineAndColumn) {
  Row row;
  row.time_us = 1;
  const std::string text = CsvOf({row, row});
  const FaultCase cases[] = {
      {"ip,status", "ip,state", "rows:1: this is not the header"},
      {"0.0.0.0,", "0.0.0.256,", "rows:2: column ip has a value"},
      {"0.0.0.0,", ",", "rows:2: column ip has a value"},
      {",skipped,", ",Skipped,", "rows:2: column status has a value"},
      {"Z,,\n", "Z,\n", "rows:2: there are not 18 fields"},
      {".000001Z", ".00001Z", "rows:2: column time has a value"},
      {"Z,,\n", "Z,\\,\n", "rows:2: column label has a value"},
      {"Z,,\n", "Z,\",\n", "rows:2: a quote is not closed"},
  };
  for (const auto& [from, to, error] : cases) {
    EXPECT_THAT(ErrorOf<CsvRowReader>(absl::StrReplaceAll(text, {{from, to}})),
                HasSubstr(error))
        << to;
  }
  EXPECT_EQ(ErrorOf<CsvRowReader>(text), "");
  EXPECT_THAT(ErrorOf<CsvRowReader>(text.substr(0, text.size() - 1)),
              HasSubstr("rows:3: the line has no end"));
}

TEST(NdjsonRowReaderTest, FaultsNameFileLineAndColumn) {
  const std::string text = NdjsonOf({Row(), Row()});
  const FaultCase cases[] = {
      {"\"ip\":\"0.0.0.0\",", "", "rows:1: column ip is missing"},
      {",\"expected\":null", "", "rows:1: column expected is missing"},
      {"\"ip\":", "\"IP\":", "rows:1: this is not one of ptrsweep's rows"},
      {"\"label\":null", "\"cause\":null", "rows:1: this is not one of"},
      {"null}", "null}}", "rows:1: this is not one of ptrsweep's rows"},
      {"\"0.0.0.0\"", "null", "rows:1: column ip has a value"},
      {"\"0.0.0.0\"", "0", "rows:1: column ip has a value"},
      {"\"queries\":0", "\"queries\":-1", "rows:1: column queries has a value"},
      {"\"queries\":0", "\"queries\":4294967296", "column queries has a value"},
      {"\"flags\":[]", "\"flags\":[\"x\"]", "column flags has a value"},
      {"\"flags\":[]", "\"flags\":null", "column flags has a value"},
      {"\"forward\":null", "\"forward\":[{}]", "column forward has a value"},
      {"{", "{\"more\":1,", "rows:1: this is not one of ptrsweep's rows"},
      {"\"forward\":null",
       "\"forward\":[{\"name\":\"a\",\"outcome\":\"nodata\"}]",
       "column forward has a value"},
      {"{", "[", "rows:1: this is not one of ptrsweep's rows"},
  };
  for (const auto& [from, to, error] : cases) {
    EXPECT_THAT(
        ErrorOf<NdjsonRowReader>(absl::StrReplaceAll(text, {{from, to}})),
        HasSubstr(error))
        << to;
  }
  EXPECT_EQ(ErrorOf<NdjsonRowReader>(text), "");
}

}  // namespace
}  // namespace io
