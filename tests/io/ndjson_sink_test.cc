#include "io/formats/ndjson_sink.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/io/hostile_rows.h"
#include "tests/io/temp_folder.h"

namespace io {
namespace {

using nlohmann::ordered_json;
using testing_support::HostileRows;
using testing_support::NameText;

ordered_json Json(const std::optional<dnswire::NameView>& name) {
  return name ? ordered_json(NameText(*name)) : ordered_json();
}

ordered_json Json(const std::optional<uint32_t>& number) {
  return number ? ordered_json(*number) : ordered_json();
}

ordered_json Json(const Row& row, dnswire::NameListView names) {
  if (!row.ptr_known) return {};
  ordered_json list = ordered_json::array();
  for (const dnswire::NameView name : names) list.push_back(NameText(name));
  return list;
}

ordered_json ForwardJson(const Row& row) {
  if (!row.ptr_known) return {};
  ordered_json list = ordered_json::array();
  for (const ForwardItem& item : row.forward) {
    ordered_json addresses = ordered_json::array();
    for (const auto& a : item.addresses) addresses.push_back(a.ToString());
    ordered_json object;
    object["name"] = NameText(item.name);
    object["outcome"] = testing_support::OutcomeText(item);
    object["addresses"] = addresses;
    list.push_back(object);
  }
  return list;
}

ordered_json CarriedJson(absl::string_view text) {
  if (text.empty()) return {};
  return testing_support::CarriedTextOf(text);
}

// The row's object, reckoned from OUTPUT.md 1.
ordered_json ObjectOf(const Row& row) {
  ordered_json object;
  object["ip"] = row.ip.ToString();
  object["status"] = std::string{StatusName(row.status)};
  object["cause"] = row.cause == Cause::kNone
                        ? ordered_json()
                        : ordered_json(std::string{CauseName(row.cause)});
  object["flags"] = testing_support::FlagTexts(row.flags);
  object["ptr"] = Json(row, row.ptr);
  object["confirmed"] = Json(row, row.confirmed);
  object["forward"] = ForwardJson(row);
  object["ttl_s"] = Json(row.ttl_s);
  object["rcode"] =
      row.rcode ? ordered_json(dnswire::RcodeName(*row.rcode)) : ordered_json();
  object["zone"] = Json(row.zone);
  object["zone_mname"] = Json(row.zone_mname);
  object["zone_rname"] = Json(row.zone_rname);
  object["server"] =
      row.server ? ordered_json(testing_support::ServerText(*row.server))
                 : ordered_json();
  object["queries"] = row.queries;
  object["rtt_us"] = Json(row.rtt_us);
  object["time"] = testing_support::TimeText(row.time_us);
  object["label"] = CarriedJson(row.label);
  object["expected"] =
      row.expected == "-" ? ordered_json("-") : CarriedJson(row.expected);
  return object;
}

std::string RowText(const Row& row) {
  std::string text;
  NdjsonSink::AppendRow(row, &text);
  return text;
}

// No text begins like a formula, but the lone "-" of expected.
void ExpectNoFormula(const ordered_json& object) {
  for (const auto& [key, value] : object.items()) {
    if (!value.is_string() || value == "-") continue;
    const std::string text = value.get<std::string>();
    EXPECT_TRUE(text.empty() ||
                std::string("=+-@").find(text[0]) == std::string::npos)
        << key << " " << text;
  }
}

TEST(NdjsonSinkTest, WritesAPassRow) {
  const dnswire::Name name = *dnswire::Name::Parse("a.example.com");
  std::vector<uint8_t> packed = {static_cast<uint8_t>(name.size())};
  const auto wire = name.view().wire();
  packed.insert(packed.end(), wire.begin(), wire.end());
  const dnswire::IpAddress address = dnswire::IpAddress::V4(0xc000020a);
  const ForwardItem item = {.name = name,
                            .outcome = ForwardOutcome::kConfirmed,
                            .addresses = {&address, 1}};
  Row row;
  row.ip = address;
  row.status = Status::kPass;
  row.flags.Add(Flag::kTtlHigh);
  row.flags.Add(Flag::kGeneric);
  row.ptr_known = true;
  row.ptr = {packed, 1};
  row.confirmed = {packed, 1};
  row.forward = {&item, 1};
  row.ttl_s = 90000;
  row.rcode = uint16_t{0};
  row.zone = name.view().parent();
  row.server = Endpoint{.address = address, .port = 5300};
  row.queries = 2;
  row.rtt_us = 1234;
  row.expected = "-";
  EXPECT_EQ(
      RowText(row),
      R"({"ip":"192.0.2.10","status":"pass","cause":null,)"
      R"("flags":["generic","ttl_high"],"ptr":["a.example.com"],)"
      R"("confirmed":["a.example.com"],"forward":[{"name":"a.example.com",)"
      R"("outcome":"confirmed","addresses":["192.0.2.10"]}],"ttl_s":90000,)"
      R"("rcode":"NOERROR","zone":"example.com","zone_mname":null,)"
      R"("zone_rname":null,"server":"192.0.2.10:5300","queries":2,)"
      R"("rtt_us":1234,"time":"1970-01-01T00:00:00.000000Z","label":null,)"
      R"("expected":"-"})"
      "\n");
}

TEST(NdjsonSinkTest, TellsNothingThereFromNotKnown) {
  Row row;
  row.ptr_known = true;
  const ordered_json none = ordered_json::parse(RowText(row));
  row.ptr_known = false;
  const ordered_json unknown = ordered_json::parse(RowText(row));
  for (const char* const key : {"ptr", "confirmed", "forward"}) {
    EXPECT_EQ(none[key], ordered_json::array()) << key;
    EXPECT_TRUE(unknown[key].is_null()) << key;
  }
}

TEST(NdjsonSinkTest, KeysAreTheColumnsInTheirOrder) {
  const ordered_json object = ordered_json::parse(RowText(Row()));
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  std::vector<std::string> columns;
  for (const Column& column : Columns()) {
    columns.emplace_back(column.name);
  }
  EXPECT_EQ(keys, columns);
}

TEST(NdjsonSinkTest, EscapesQuotesAndBackslashes) {
  const std::vector<uint8_t> wire = {3, '\\', '"', 'a', 0};
  Row row;
  row.zone = dnswire::NameView::FromValidWire(wire);
  row.label = "\"\\\"";
  EXPECT_THAT(RowText(row), testing::HasSubstr(R"("zone":"\\092\\034a")"));
  EXPECT_THAT(RowText(row), testing::HasSubstr(R"("label":"\"\\092\"")"));
}

TEST(NdjsonSinkTest, HostileRowsReadBackAsTheyWere) {
  const testing_support::TempFolder folder;
  auto file = OutputFile::Open(folder.Path("rows.ndjson"));
  ASSERT_TRUE(file.ok()) << file.status();
  NdjsonSink sink(*std::move(file));
  HostileRows source(8);
  const std::vector<Row> rows = source.Make(5000);
  ASSERT_TRUE(sink.Write(rows).ok());
  ASSERT_TRUE(sink.Finish().ok());

  std::istringstream lines(
      testing_support::ReadFileOctets(folder.Path("rows.ndjson")));
  std::string line;
  for (size_t i = 0; i < rows.size(); ++i) {
    ASSERT_TRUE(std::getline(lines, line)) << i;
    // Without exceptions: what is not JSON in UTF-8 becomes "discarded".
    const auto object = ordered_json::parse(line, nullptr, false);
    ASSERT_EQ(object.dump(), ObjectOf(rows[i]).dump()) << i;
    ExpectNoFormula(object);
    for (const char c : line) ASSERT_TRUE(c < 0 || (c >= ' ' && c <= '~'));
  }
  EXPECT_FALSE(std::getline(lines, line));
}

TEST(NdjsonSinkTest, LongestNamesAndListsFit) {
  const testing_support::LongestRows longest('\\');
  for (const Row& row : longest.rows()) {
    const auto object = ordered_json::parse(RowText(row), nullptr, false);
    EXPECT_TRUE(object == ObjectOf(row));
  }
}

TEST(NdjsonSinkTest, AFileWithoutRowsIsEmpty) {
  const testing_support::TempFolder folder;
  auto file = OutputFile::Open(folder.Path("rows.ndjson"));
  ASSERT_TRUE(file.ok()) << file.status();
  NdjsonSink sink(*std::move(file));
  EXPECT_TRUE(sink.Finish().ok());
  EXPECT_EQ(folder.Names(), std::vector<std::string>{"rows.ndjson"});
  EXPECT_EQ(testing_support::ReadFileOctets(folder.Path("rows.ndjson")), "");
}

TEST(NdjsonSinkTest, AFullDiskIsReportedByEveryLaterCall) {
  auto file = OutputFile::Open("/dev/full");
  ASSERT_TRUE(file.ok()) << file.status();
  NdjsonSink sink(*std::move(file));
  const Row row;
  ASSERT_TRUE(sink.Write({&row, 1}).ok());  // still in the buffer
  const absl::Status status = sink.Flush();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(sink.Write({&row, 1}), status);
  EXPECT_EQ(sink.Finish(), status);
}

}  // namespace
}  // namespace io
