#include "io/formats/csv_sink.h"

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "io/formats/carried_text.h"
#include "io/formats/row_text.h"
#include "tests/io/hostile_rows.h"
#include "tests/io/temp_folder.h"

namespace io {
namespace {

using testing_support::HostileRows;
using testing_support::NameText;
using Record = std::vector<std::string>;

constexpr char kHeader[] =
    "ip,status,cause,flags,ptr,confirmed,forward,ttl_s,rcode,zone,zone_mname,"
    "zone_rname,server,queries,rtt_us,time,label,expected";

// A reader of its own, after the grammar of RFC 4180 section 2 with LF for
// CRLF. Any departure from it is a failure.
std::vector<Record> ParseCsv(absl::string_view text) {
  std::vector<Record> records;
  size_t at = 0;
  while (at < text.size()) {
    Record record;
    char end = ',';
    while (end == ',') {
      std::string field;
      if (text[at] == '"') {
        for (++at; text.substr(at, 2) == "\"\"" || text.at(at) != '"'; ++at) {
          if (text[at] == '"') ++at;
          field += text.at(at);
        }
        ++at;
      } else {
        while (text.at(at) != ',' && text.at(at) != '\n') {
          EXPECT_NE(text[at], '"');
          EXPECT_NE(text[at], '\r');
          field += text[at++];
        }
      }
      end = text.at(at++);
      EXPECT_TRUE(end == ',' || end == '\n');
      record.push_back(field);
    }
    records.push_back(record);
  }
  return records;
}

TEST(RowTextTest, PutsNumbersOfEveryLength) {
  std::vector<uint32_t> numbers = {UINT32_MAX};
  for (uint32_t power = 1; power < 1'000'000'000; power *= 10) {
    for (const uint32_t factor : {1u, 2u, 7u}) {
      numbers.insert(numbers.end(),
                     {power * factor - 1, power * factor, power * factor + 1});
    }
  }
  for (uint32_t i = 0; i < 10'100; ++i) numbers.push_back(i);
  for (const uint32_t number : numbers) {
    char text[16];
    EXPECT_EQ(std::string(text, PutNumber(number, text)), absl::StrCat(number));
  }
}

// Each text is that of its own server, whatever came before.
TEST(RowTextTest, RemembersTheLastServerOnly) {
  ServerTexts texts;
  for (const char* server :
       {"192.0.2.1:53", "192.0.2.1:53", "192.0.2.1:5353", "[2001:db8::1]:53",
        "[2001:db8::1]:5353", "192.0.2.1:53", "192.0.2.2:53"}) {
    const Endpoint endpoint = *Endpoint::Parse(server);
    char text[64];
    EXPECT_EQ(std::string(text, texts.Put(endpoint, text)),
              endpoint.ToString());
  }
}

std::string Text(const std::optional<dnswire::NameView>& name) {
  return name ? NameText(*name) : "";
}

std::string Text(const std::optional<uint32_t>& number) {
  return number ? std::to_string(*number) : "";
}

std::string Text(dnswire::NameListView names) {
  std::vector<std::string> texts;
  for (const dnswire::NameView name : names) texts.push_back(NameText(name));
  return absl::StrJoin(texts, " ");
}

std::string Text(std::span<const ForwardItem> items) {
  std::vector<std::string> texts;
  for (const ForwardItem& item : items) {
    std::vector<std::string> addresses;
    for (const auto& a : item.addresses) addresses.push_back(a.ToString());
    texts.push_back(absl::StrCat(
        NameText(item.name), "=", testing_support::OutcomeText(item),
        addresses.empty() ? "" : ":", absl::StrJoin(addresses, ",")));
  }
  return absl::StrJoin(texts, " ");
}

// The row's fields, reckoned from OUTPUT.md 1.
Record FieldsOf(const Row& row) {
  return {
      row.ip.ToString(),
      std::string{StatusName(row.status)},
      std::string{CauseName(row.cause)},
      absl::StrJoin(testing_support::FlagTexts(row.flags), " "),
      Text(row.ptr),
      Text(row.confirmed),
      Text(row.forward),
      Text(row.ttl_s),
      row.rcode ? dnswire::RcodeName(*row.rcode) : "",
      Text(row.zone),
      Text(row.zone_mname),
      Text(row.zone_rname),
      row.server ? testing_support::ServerText(*row.server) : "",
      std::to_string(row.queries),
      Text(row.rtt_us),
      testing_support::TimeText(row.time_us),
      testing_support::CarriedTextOf(row.label),
      row.expected == "-" ? "-" : testing_support::CarriedTextOf(row.expected)};
}

bool IsPrintableAscii(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= ' ' && c <= '~'; });
}

void ExpectSafe(const Record& record) {
  ASSERT_EQ(record.size(), 18u);
  for (size_t i = 0; i < record.size(); ++i) {
    const std::string& field = record[i];
    const bool carried = i >= 16;
    EXPECT_TRUE(carried ? IsValidUtf8(field) : IsPrintableAscii(field));
    for (const char c : field) {
      EXPECT_TRUE(c < 0 || (c >= ' ' && c != '\x7f')) << field;
    }
    if (i == 17 && field == "-") continue;
    const bool formula = !field.empty() && absl::string_view("=+-@").find(
                                               field[0]) != std::string::npos;
    EXPECT_FALSE(formula) << field;
  }
}

Row PassRow() {
  static const auto* const name =
      new dnswire::Name(*dnswire::Name::Parse("mail.example.com"));
  static const auto* const names = [] {
    auto* list = new dnswire::NameList;
    list->Add(*name);
    return list;
  }();
  static const dnswire::IpAddress address = dnswire::IpAddress::V4(0xc000020a);
  static const ForwardItem item = {.name = name->view(),
                                   .outcome = ForwardOutcome::kConfirmed,
                                   .addresses = {&address, 1}};
  Row row;
  row.ip = address;
  row.status = Status::kPass;
  row.ptr_known = true;
  row.ptr = *names;
  row.confirmed = *names;
  row.forward = {&item, 1};
  row.ttl_s = 3600;
  row.rcode = uint16_t{0};
  row.server = Endpoint{.address = dnswire::IpAddress::V4(0x7f000001)};
  row.queries = 2;
  row.rtt_us = 1234;
  row.time_us = 1'000'000'000'000'001;
  return row;
}

std::string RowText(const Row& row) {
  std::string text;
  CsvSink::AppendRow(row, &text);
  return text;
}

TEST(CsvSinkTest, HeaderIsTheListOfColumns) {
  std::string text = "kept ";
  CsvSink::AppendHeader(&text);
  EXPECT_EQ(text, absl::StrCat("kept ", kHeader, "\n"));
  EXPECT_EQ(absl::StrJoin(Columns(), ",",
                          [](std::string* out, const Column& column) {
                            absl::StrAppend(out, column.name);
                          }),
            kHeader);
}

TEST(CsvSinkTest, WritesAPassRow) {
  EXPECT_EQ(RowText(PassRow()),
            "192.0.2.10,pass,,,mail.example.com,mail.example.com,"
            "mail.example.com=confirmed:192.0.2.10,3600,NOERROR,,,,127.0.0.1,2,"
            "1234,2001-09-09T01:46:40.000001Z,,\n");
}

TEST(CsvSinkTest, LeavesEmptyWhatIsNotKnown) {
  Row row;
  row.ip = dnswire::IpAddress::V6(1);
  row.status = Status::kReverseTimeout;
  row.cause = Cause::kTimeout;
  row.queries = 7;
  EXPECT_EQ(RowText(row),
            "::1,reverse_timeout,timeout,,,,,,,,,,,7,,"
            "1970-01-01T00:00:00.000000Z,,\n");
}

TEST(CsvSinkTest, QuotesForwardOnlyWhenItHoldsAComma) {
  const dnswire::IpAddress addresses[] = {dnswire::IpAddress::V4(1),
                                          dnswire::IpAddress::V4(2)};
  const dnswire::Name name = *dnswire::Name::Parse("a.b");
  const ForwardItem items[] = {
      {.name = name, .outcome = ForwardOutcome::kNxdomain},
      {.name = name, .cause = Cause::kServfail},
      {.name = name,
       .outcome = ForwardOutcome::kDiffers,
       .addresses = addresses}};
  Row row = PassRow();
  row.forward = items;
  EXPECT_THAT(
      RowText(row),
      testing::HasSubstr(
          ",\"a.b=nxdomain a.b=servfail a.b=differs:0.0.0.1,0.0.0.2\","));
  row.forward = std::span(items).first(2);
  EXPECT_THAT(RowText(row), testing::HasSubstr(",a.b=nxdomain a.b=servfail,"));
}

struct ServerCase {
  const char* address;
  uint16_t port;
  const char* expected;
};
constexpr ServerCase kServers[] = {
    {"127.0.0.1", 53, "127.0.0.1"},
    {"127.0.0.1", 5353, "127.0.0.1:5353"},
    {"2001:db8::1", 53, "2001:db8::1"},
    {"2001:db8::1", 65535, "[2001:db8::1]:65535"},
};

TEST(CsvSinkTest, NamesTheServersPortUnlessItIs53) {
  for (const auto& [address, port, expected] : kServers) {
    Row row = PassRow();
    row.server =
        Endpoint{.address = *dnswire::IpAddress::Parse(address), .port = port};
    EXPECT_EQ(ParseCsv(RowText(row))[0][12], expected);
    EXPECT_EQ(row.server->ToString(), expected);  // the two writers agree
  }
}

struct TimeCase {
  int64_t time_us;
  const char* expected;
};
constexpr TimeCase kTimes[] = {
    {0, "1970-01-01T00:00:00.000000Z"},
    {-1, "1969-12-31T23:59:59.999999Z"},
    {999'999, "1970-01-01T00:00:00.999999Z"},
    {1'000'000, "1970-01-01T00:00:01.000000Z"},
    {951'827'696'000'010, "2000-02-29T12:34:56.000010Z"},
    {253'402'300'799'999'999, "9999-12-31T23:59:59.999999Z"},
    {253'402'300'800'000'000, "9999-12-31T23:59:59.999999Z"},
    {-62'167'219'200'000'000, "0000-01-01T00:00:00.000000Z"},
    {-62'167'219'200'000'001, "0000-01-01T00:00:00.000000Z"},
    {INT64_MAX, "9999-12-31T23:59:59.999999Z"},
    {INT64_MIN, "0000-01-01T00:00:00.000000Z"},
    {1, "1970-01-01T00:00:00.000001Z"},
};

TEST(CsvSinkTest, WritesTimesInUtcWithMicroseconds) {
  for (const auto& [time_us, expected] : kTimes) {
    Row row = PassRow();
    row.time_us = time_us;
    EXPECT_EQ(ParseCsv(RowText(row))[0][15], expected) << time_us;
  }
}

struct TextCase {
  const char* text;
  const char* label;     // the field as it stands in the file
  const char* expected;  // the same as column `expected`
};
constexpr TextCase kTexts[] = {
    {"", "", ""},
    {"a b", "a b", "a b"},
    {"a,b", "\"a,b\"", "\"a,b\""},
    {"\"", "\"\"\"\"", "\"\"\"\""},
    {"a\"b\"\"", "\"a\"\"b\"\"\"\"\"", "\"a\"\"b\"\"\"\"\""},
    {"-", "\\045", "-"},
    {"--", "\\045-", "\\045-"},
    {"=1,2", "\"\\0611,2\"", "\"\\0611,2\""},
    {"line\nbreak", "line\\010break", "line\\010break"},
    {"*.example.net", "*.example.net", "*.example.net"},
    {"caf\xc3\xa9", "caf\xc3\xa9", "caf\xc3\xa9"},
};

TEST(CsvSinkTest, QuotesCarriedTextByRfc4180) {
  for (const auto& [text, label, expected] : kTexts) {
    Row row = PassRow();
    row.label = text;
    row.expected = text;
    EXPECT_THAT(RowText(row), testing::EndsWith(absl::StrCat("Z,", label, ",",
                                                             expected, "\n")));
  }
}

TEST(CsvSinkTest, HostileRowsReadBackAsTheyWere) {
  const testing_support::TempFolder folder;
  auto file = OutputFile::Open(folder.Path("rows.csv"));
  ASSERT_TRUE(file.ok()) << file.status();
  CsvSink sink(*std::move(file));
  HostileRows source(7);
  const std::vector<Row> rows = source.Make(5000);
  ASSERT_TRUE(sink.Write(rows).ok());
  ASSERT_TRUE(sink.Finish().ok());

  const auto records =
      ParseCsv(testing_support::ReadFileOctets(folder.Path("rows.csv")));
  ASSERT_EQ(records.size(), rows.size() + 1);
  EXPECT_EQ(absl::StrJoin(records[0], ","), kHeader);
  for (size_t i = 0; i < rows.size(); ++i) {
    ASSERT_EQ(records[i + 1], FieldsOf(rows[i])) << i;
    ExpectSafe(records[i + 1]);
    ASSERT_FALSE(testing::Test::HasFailure());
  }
}

TEST(CsvSinkTest, LongestNamesAndListsFit) {
  for (const uint8_t octet : {uint8_t{0xff}, uint8_t{'"'}}) {
    const testing_support::LongestRows longest(octet);
    for (const Row& row : longest.rows()) {
      EXPECT_TRUE(ParseCsv(RowText(row))[0] == FieldsOf(row));
    }
  }
}

TEST(CsvSinkTest, AFileWithoutRowsHasAHeader) {
  const testing_support::TempFolder folder;
  auto file = OutputFile::Open(folder.Path("rows.csv"));
  ASSERT_TRUE(file.ok()) << file.status();
  CsvSink sink(*std::move(file));
  EXPECT_TRUE(sink.Finish().ok());
  EXPECT_EQ(testing_support::ReadFileOctets(folder.Path("rows.csv")),
            absl::StrCat(kHeader, "\n"));
}

TEST(CsvSinkTest, AFullDiskIsReportedByEveryLaterCall) {
  auto file = OutputFile::Open("/dev/full");
  ASSERT_TRUE(file.ok()) << file.status();
  CsvSink sink(*std::move(file));
  const absl::Status status = sink.Flush();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  const Row row = PassRow();
  EXPECT_EQ(sink.Write({&row, 1}), status);
  EXPECT_EQ(sink.Finish(), status);
}

}  // namespace
}  // namespace io
