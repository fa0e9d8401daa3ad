// Rows of `zones` as files and as a table.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "io/files/target_reader.h"
#include "tests/scanner/audit/audit_builder.h"
#include "tools/report/zone_rows.h"
#include "tools/report/zone_table.h"

namespace tools {
namespace {

using scanner::ServerOf;
using scanner::ServerResult;
using scanner::ZoneRow;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

ZoneRow DegradedRow() {
  scanner::ZoneEvidence zone = scanner::ZoneWith(
      {ServerOf(1, ServerResult::kOk), ServerOf(2, ServerResult::kTimeout)});
  zone.soa = scanner::SoaOf(zone.zone, "ns1.example.net", "dns.example.net");
  return {.prefix = *dnswire::IpPrefix::Parse("192.0.2.0/24"),
          .evidence = zone,
          .judgement = scanner::JudgeZone(zone),
          .provider = {.name = "Example, Inc", .where = "say \"please\""},
          .blocks = 1,
          .queries = 12,
          .time_us = 1'000'000};
}

ZoneRow UnknownRow() {
  const scanner::ZoneEvidence failed = {
      .kind = scanner::ZoneEvidence::Kind::kFailed,
      .parent = "10.in-addr.arpa",
      .cause = io::Cause::kServfail};
  return {.prefix = *dnswire::IpPrefix::Parse("10.0.0.0/24"),
          .evidence = failed,
          .judgement = scanner::JudgeZone(failed)};
}

TEST(ZoneRowsTest, CsvQuotesWhatNeedsIt) {
  std::string text;
  AppendCsvHeader(ZoneColumns(), &text);
  AppendCsvLine(ZoneCells(DegradedRow()), &text);
  AppendCsvLine(ZoneCells(UnknownRow()), &text);
  EXPECT_EQ(text,
            "prefix,zone,parent,verdict,cause,ns_total,ns_ok,ns,serial_min,"
            "serial_max,mname,rname,provider,where,blocks,flags,queries,time\n"
            "192.0.2.0/24,2.0.192.in-addr.arpa,192.in-addr.arpa,degraded,,2,1,"
            "ns1.example.net/192.0.2.1=ok ns2.example.net/192.0.2.2=timeout,1,"
            "1,ns1.example.net,dns.example.net,\"Example, Inc\","
            "\"say \"\"please\"\"\",1,,12,1970-01-01T00:00:01.000000Z\n"
            "10.0.0.0/24,,10.in-addr.arpa,unknown,servfail,0,0,,,,,,,,0,,0,"
            "1970-01-01T00:00:00.000000Z\n");
}

TEST(ZoneRowsTest, NdjsonHasListsAndNulls) {
  std::string text;
  AppendNdjsonLine(ZoneColumns(), ZoneCells(DegradedRow()), &text);
  EXPECT_EQ(
      text,
      R"({"prefix":"192.0.2.0/24","zone":"2.0.192.in-addr.arpa",)"
      R"("parent":"192.in-addr.arpa","verdict":"degraded","cause":null,)"
      R"("ns_total":2,"ns_ok":1,"ns":["ns1.example.net/192.0.2.1=ok",)"
      R"("ns2.example.net/192.0.2.2=timeout"],"serial_min":1,"serial_max":1,)"
      R"("mname":"ns1.example.net","rname":"dns.example.net",)"
      R"("provider":"Example, Inc","where":"say \"please\"","blocks":1,)"
      R"("flags":[],"queries":12,"time":"1970-01-01T00:00:01.000000Z"})"
      "\n");
  text.clear();
  AppendNdjsonLine(ZoneColumns(), ZoneCells(UnknownRow()), &text);
  EXPECT_THAT(text, HasSubstr(R"("zone":null,"parent":"10.in-addr.arpa")"));
  EXPECT_THAT(text, HasSubstr(R"("serial_min":null)"));
}

TEST(ZoneRowsTest, ThePageListsEveryColumnAndVerdictAndFlag) {
  const auto page =
      io::ReadWholeFile(PTRSWEEP_SOURCE_DIR "/tools/AUTHORITIES.md");
  ASSERT_TRUE(page.ok());
  std::string columns = "| column | content |\n|---|---|\n";
  for (const io::Column& column : ZoneColumns()) {
    absl::StrAppend(&columns, "| `", column.name, "` | ", column.doc, " |\n");
  }
  EXPECT_THAT(*page, HasSubstr(columns));
  for (size_t i = 0; i < scanner::kZoneVerdictCount; ++i) {
    EXPECT_THAT(*page,
                HasSubstr(absl::StrCat(
                    "| `", ZoneVerdictName(scanner::ZoneVerdict(i)), "` |")));
  }
  for (size_t i = 0; i < scanner::kZoneFlagCount; ++i) {
    EXPECT_THAT(*page, HasSubstr(absl::StrCat(
                           "`", ZoneFlagName(scanner::ZoneFlag(i)), "`")));
  }
}

TEST(ZoneTableTest, SaysOfEachProblemWhatToDoAndWhoCan) {
  const std::vector<ZoneRow> rows = {DegradedRow(), UnknownRow()};
  const std::string text = FormatZoneTable(rows, 1234);
  EXPECT_THAT(text, StartsWith("verdict             zone                  "
                               "prefix        servers  flags\n"));
  EXPECT_THAT(text, HasSubstr("degraded            2.0.192.in-addr.arpa  "
                              "192.0.2.0/24  1/2      -\n"));
  EXPECT_THAT(text, HasSubstr("    seen   ns1.example.net/192.0.2.1=ok, "
                              "ns2.example.net/192.0.2.2=timeout\n"
                              "    fix    Repair or remove ns2.example.net.\n"
                              "    who    Example, Inc: say \"please\"\n"));
  EXPECT_THAT(text, HasSubstr("unknown (servfail)  ?  "));
  EXPECT_THAT(text,
              HasSubstr("2 rows: 1 degraded, 1 unknown; 1,234 packets\n"));
}

TEST(ZoneTableTest, AHealthyZoneIsOneLine) {
  ZoneRow row = DegradedRow();
  row.evidence.servers[1] = ServerOf(2, ServerResult::kOk);
  row.judgement = scanner::JudgeZone(row.evidence);
  const std::string text = FormatZoneTable({&row, 1}, 1);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
  EXPECT_THAT(text, Not(HasSubstr("  fix ")));
}

}  // namespace
}  // namespace tools
