// `ptrsweep report` as a user runs it.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "io/formats/csv_sink.h"
#include "tests/io/parquet_support.h"
#include "tests/io/temp_folder.h"
#include "tests/report/row_maker.h"
#include "tests/support/program.h"

namespace tools {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using testing_support::ProgramResult;
using testing_support::TempFolder;
using testing_support::WriteFileOctets;

constexpr const char* kFolder = PTRSWEEP_SOURCE_DIR "/tests/report/";

ProgramResult Report(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {PTRSWEEP_BINARY, "report"});
  return testing_support::RunProgram(arguments, {});
}

// Blocks of the made-up network, in a Parquet file.
class ReportCommandTest : public testing::Test {
 protected:
  std::string Rows(const std::string& name, int blocks) {
    testing_support::RowMaker maker;
    io::RowBatch batch;
    for (int i = 0; i < blocks; ++i) maker.AppendBlock(&batch);
    const auto rows = batch.rows();
    testing_support::WriteParquet(Path(name), {rows.begin(), rows.end()});
    return Path(name);
  }
  std::string Path(const std::string& name) { return folder_.Path(name); }

 private:
  TempFolder folder_;
};

std::string DataOf(const std::string& page) {
  const std::string start = "<script type=\"application/json\" id=\"data\">";
  const size_t begin = page.find(start) + start.size();
  return page.substr(begin, page.find("</script>", begin) - begin);
}

// Of the same rows; when they were made is cut out.
std::string TextOf(const std::vector<std::string>& files) {
  std::vector<std::string> arguments = files;
  arguments.insert(arguments.end(), {"-f", "text"});
  const ProgramResult result = Report(arguments);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  return result.out.substr(result.out.find("SUMMARY"));
}

TEST_F(ReportCommandTest, TheTextShowsTheSameOfEveryFormat) {
  const std::string parquet = Rows("rows.parquet", 2);
  for (const char* format : {"csv", "ndjson"}) {
    const std::string path = Path(absl::StrCat("rows.", format));
    EXPECT_EQ(testing_support::RunProgram(
                  {PTRSWEEP_BINARY, "cat", parquet, "-o", path}, {})
                  .exit_code,
              0);
    EXPECT_EQ(TextOf({path}), TextOf({parquet}));
  }
}

TEST_F(ReportCommandTest, TheTextHasEverySectionAndNoControlCharacters) {
  const ProgramResult result =
      Report({Rows("rows", 1), "-f", "text", "--labels",
              absl::StrCat(kFolder, "labels.csv"), "--zones",
              absl::StrCat(kFolder, "zones.csv"), "--findings",
              absl::StrCat(kFolder, "findings.csv")});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  for (const char* words :
       {"Reverse DNS report: 256 rows of ", "profile mail",
        "mismatch           16   6.2 %", "all               256",
        "Severity: crit 80 (31.2 %)", "Unknown: 36 (14.1 %).",
        "  16 F F F F F F F F F F F F F F F F\n", "WHO ACTS",
        "T reverse_timeout timeout (zones: lame): 8 rows in 10.16.0.0/24",
        "PREFIXES", "LABELS\n", "</script><script>", "zone_single_ns",
        "LABELS WHOSE TARGET HAS NO ROW", "2001:db8:1::/48 lame in ",
        "TICKET FOR 0.16.10.in-addr.arpa"}) {
    EXPECT_THAT(result.out, HasSubstr(words));
  }
  for (const char octet : result.out) {
    EXPECT_TRUE(octet == '\n' || static_cast<unsigned char>(octet) >= 0x20);
  }
}

TEST_F(ReportCommandTest, ThePageIsOneFileWhoseDataCannotEndItsScript) {
  const std::string page = Path("page.html");
  ASSERT_EQ(Report({Rows("rows", 1), "-o", page}).exit_code, 0);
  const std::string html = testing_support::ReadFileOctets(page);
  EXPECT_THAT(html, StartsWith("<!DOCTYPE html>\n"));
  EXPECT_THAT(html, HasSubstr("content=\"default-src 'none'; style-src "
                              "'sha256-"));
  for (const char* absent : {"http:", "https:", "<img", "src=", "@import",
                             "url(", "innerHTML", "unsafe-"}) {
    // The label that is an attack is there as text.
    const std::string own = html.substr(0, html.find("<noscript>")) +
                            html.substr(html.rfind("<script>"));
    EXPECT_THAT(own, Not(HasSubstr(absent))) << absent;
  }
  const std::string data = DataOf(html);
  EXPECT_EQ(data.find_first_of("<>&"), std::string::npos);
  const auto json = nlohmann::json::parse(data);
  EXPECT_EQ(json["labels"][1][0], testing_support::kHostileLabel);
  EXPECT_EQ(json["total"][6], 136);  // pass
  EXPECT_EQ(json["v4"]["count"], 1);
}

TEST_F(ReportCommandTest, FormatFollowsTheOutputsName) {
  const std::string rows = Rows("rows", 1);
  EXPECT_THAT(Report({rows}).out, StartsWith("<!DOCTYPE html>"));
  EXPECT_EQ(Report({rows, "-o", Path("a.txt")}).exit_code, 0);
  EXPECT_THAT(testing_support::ReadFileOctets(Path("a.txt")),
              StartsWith("Reverse DNS report"));
  EXPECT_EQ(Report({rows, "-o", Path("b.txt"), "-f", "html"}).exit_code, 0);
  EXPECT_THAT(testing_support::ReadFileOctets(Path("b.txt")),
              StartsWith("<!DOCTYPE html>"));
}

TEST_F(ReportCommandTest, AFewTicketsAreShownWhole) {
  io::Row row;
  row.ip = *dnswire::IpAddress::Parse("192.0.2.7");
  row.status = io::Status::kNoPtr;
  row.ptr_known = true;
  testing_support::WriteParquet(Path("one"), {row});
  EXPECT_THAT(TextOf({Path("one")}),
              HasSubstr("\nTICKET FOR the zone of 192.0.2.0/24\n"
                        "Subject: Reverse DNS (PTR) for 1 address in "));
}

TEST_F(ReportCommandTest, ManyTicketsAreListed) {
  const std::string text = TextOf({Rows("rows", 1)});
  EXPECT_THAT(text, HasSubstr("\nTICKETS\nZone "));
  EXPECT_THAT(text, Not(HasSubstr("TICKET FOR")));
}

TEST_F(ReportCommandTest, SeveralFilesAreOneReport) {
  const std::string one = Rows("one", 1);
  EXPECT_THAT(TextOf({one, one}), HasSubstr("all               512"));
  const ProgramResult twice = Report({one, one, "-f", "text"});
  EXPECT_THAT(twice.out, HasSubstr("10.16.0.0 has more than one row"));
}

TEST_F(ReportCommandTest, ManyBlocksAreAMapInLetters) {
  const std::string text = TextOf({Rows("rows", 64)});
  EXPECT_THAT(text, HasSubstr("10.16.0.0/18, a square is a /24\n"));
}

TEST_F(ReportCommandTest, NoRowsAreAReportToo) {
  WriteFileOctets(Path("empty.ndjson"), "");
  const ProgramResult text = Report({Path("empty.ndjson"), "-f", "text"});
  EXPECT_EQ(text.exit_code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("Reverse DNS report: 0 rows of"));
  EXPECT_THAT(Report({Path("empty.ndjson")}).out, HasSubstr("</html>"));
}

TEST_F(ReportCommandTest, ProvidersAndOwnNameServersSayWhere) {
  const std::string rows = Rows("rows", 1);
  WriteFileOctets(Path("providers"),
                  "suffix\tprovider\twhere\nns1.example.net\tAcme\tthe desk\n");
  EXPECT_THAT(TextOf({rows, "--providers", Path("providers")}),
              HasSubstr("Acme: the desk"));
  EXPECT_THAT(TextOf({rows, "--my-ns", "example.net"}), HasSubstr("you"));
}

TEST_F(ReportCommandTest, ErrorsNameTheCulprit) {
  const std::string rows = Rows("rows", 1);
  struct Case {
    std::vector<std::string> arguments;
    int exit_code;
    const char* words;
  };
  WriteFileOctets(Path("bad.csv"), "prefix,zone\n");
  WriteFileOctets(Path("bad.ndjson"), "{\"prefix\":\"10.0.0.0/8\"}\n");
  WriteFileOctets(Path("ctrl.csv"),
                  absl::StrCat(testing_support::ReadFileOctets(
                                   absl::StrCat(kFolder, "findings.csv")),
                               "2001:db8::/48,lame,\x1b[2J,,,1,1,,,1,"
                               "2026-11-18T11:06:40.000000Z\n"));
  const Case cases[] = {
      {{Path("none")}, 4, "none: "},
      {{rows, "-f", "pdf"}, 2, "--format: 'pdf' is not a format of reports"},
      {{rows, "--profile", "web"}, 2, "--profile: 'web' is not a profile"},
      {{rows, "--my-ns", "."}, 2, "--my-ns"},
      {{rows, "--zones", Path("bad.csv")}, 4, "bad.csv:1: column parent"},
      {{rows, "--zones", Path("bad.ndjson")}, 4, "bad.ndjson:1: not a row"},
      {{rows, "--zones", rows}, 2, "reads this table as CSV or NDJSON"},
      {{rows, "--findings", Path("ctrl.csv")}, 4, "ctrl.csv:3: not a row"},
      {{rows, "--labels", Path("none")}, 4, "none: "},
      {{rows, "-o", Path("no/page.html")}, 4, "no/page.html"},
      {{}, 2, "file"},
  };
  for (const Case& c : cases) {
    const ProgramResult result = Report(c.arguments);
    EXPECT_EQ(result.exit_code, c.exit_code) << c.words << result.err;
    EXPECT_THAT(result.err, HasSubstr(c.words));
  }
}

}  // namespace
}  // namespace tools
