// Bad content of files that options name, and options that may not name one:
// one clear line that names the culprit, and the right exit code.
#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/io/temp_folder.h"
#include "tests/tools/usage_rig.h"

namespace tools {
namespace {

using testing::HasSubstr;
using testing_support::ProgramResult;
using testing_support::RunProgram;
using testing_support::TempFolder;

TEST(TargetFileTest, FaultNamesFileAndLine) {
  const TempFolder folder;
  const std::string list = folder.Path("list.txt");
  testing_support::WriteFileOctets(list,
                                   "# ours\n192.0.2.0/25\n\n192.0.2.10/24\n");
  const ProgramResult result = Ptrsweep({"scan", "-t", list});
  EXPECT_EQ(result.exit_code, 2);
  ExpectOneLine(result.err, "list.txt:4: ");
}

TEST(TargetFileTest, EmptyListIsNoTarget) {
  const ProgramResult result =
      Ptrsweep({"scan", "-"}, {.in = "# nothing yet\n"});
  EXPECT_EQ(result.exit_code, 2);
  ExpectOneLine(result.err, "no target");
}

// A known address is one, and of the prefixes.
TEST(KnownFileTest, FaultNamesTheFileAndTheAddress) {
  const TempFolder folder;
  const std::string known = folder.Path("known.txt");
  const struct {
    const char* text;
    const char* culprit;
  } kBad[] = {
      {"2001:db8::1\n2001:db8:1::1\n",
       "known.txt: 2001:db8:1::1 lies in no prefix that is walked"},
      {"192.0.2.1\n", "known.txt: 192.0.2.1 lies in no prefix"},
      {"2001:db8::/127\n", "known.txt: 2001:db8::/127 is not a single address"},
      {"host.example.net\n", "known.txt:1: "},
  };
  for (const auto& bad : kBad) {
    testing_support::WriteFileOctets(known, bad.text);
    const ProgramResult result =
        Ptrsweep({"walk", "--dry-run", "--known", known, "2001:db8::/48"});
    EXPECT_EQ(result.exit_code, 2) << bad.text;
    ExpectOneLine(result.err, bad.culprit);
  }
}

TEST(LabelFileTest, FaultNamesFileAndLine) {
  const TempFolder folder;
  const std::string labels = folder.Path("labels.csv");
  testing_support::WriteFileOctets(labels, "target,label\n192.0.2.0/33,acme\n");
  const ProgramResult result = Ptrsweep({"scan", "--labels", labels});
  EXPECT_EQ(result.exit_code, 2);
  ExpectOneLine(result.err, "labels.csv:2: ");
}

// A value is blamed where it stands, whatever reads it.
TEST(ConfigTest, WrongValuesNameTheVariableOrThePlaceInTheFile) {
  const TempFolder folder;
  const std::string file = folder.Path("night.toml");
  const struct {
    const char* toml;
    const char* culprit;
  } kBad[] = {
      {"max-in-flight = 64.0", ":1:17: max-in-flight: '64.0' is not a whole"},
      {"threads = 65", ":1:11: threads: '65' is not a whole"},
      {"rate = -5", ":1:8: rate: '\\0455' is not a number"},
      {"rate = nan", ":1:8: rate: 'nan' is not a number"},
      {"late-pause = '5x'", ":1:14: late-pause: '5x' is not a time"},
      {"resolver = ['::1', 'dns']", ":1:20: resolver: 'dns' is not an address"},
      {"exclude = [\n '192.0.2.9/24']", ":2:2: exclude: 192.0.2.9/24 has host"},
      {"fail-on = 'mismtch'", ":1:11: fail-on: \"mismtch\" is no status"},
      {"source-ports = '9-8'", ":1:16: source-ports: '9-8'"},
      {"profile = 'web'", ":1:11: profile: 'web'"},
      {"canary = ['x']", ":1:11: canary: 'x'"},
      {"max_names = 1", ":1:1: no option 'max_names'; did you mean max-names?"},
  };
  for (const auto& bad : kBad) {
    testing_support::WriteFileOctets(file, bad.toml);
    const ProgramResult result =
        Ptrsweep({"scan", "--dry-run", "--config", file, "192.0.2.1"});
    EXPECT_EQ(result.exit_code, 2) << bad.toml;
    ExpectOneLine(result.err, absl::StrCat("night.toml", bad.culprit));
  }
  const ProgramResult variable =
      RunProgram({"/usr/bin/env", "PTRSWEEP_THREADS=010", kPtrsweep, "scan",
                  "-r", "::1", "192.0.2.1"});
  EXPECT_EQ(variable.exit_code, 2);
  ExpectOneLine(variable.err, "PTRSWEEP_THREADS: '010' is not a whole number");
}

TEST(ConfigTest, AFileThatCannotBeReadExitsWithFour) {
  const ProgramResult result =
      Ptrsweep({"targets", "--config", "/nonexistent/c.toml", "192.0.2.1"});
  EXPECT_EQ(result.exit_code, 4);
  ExpectOneLine(result.err, "/nonexistent/c.toml: No such file or directory");
}

// One file for both commands; paths are relative to the working directory.
TEST(ConfigTest, TargetsReadsItsOptionsOfAScansFile) {
  const TempFolder folder;
  testing_support::WriteFileOctets(folder.Path("never.txt"), "192.0.2.1\n");
  testing_support::WriteFileOctets(
      folder.Path("night.toml"),
      "rate = 500\noutput = 'x.csv'\nexclude-file = ['never.txt']\n");
  const ProgramResult result =
      RunProgram({"/bin/bash", "-c",
                  absl::StrCat("cd ", folder.Path(""), " && exec ", kPtrsweep,
                               " targets --config night.toml 192.0.2.0/31")});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "192.0.2.0\n");
}

// What is wrong with a zone to be transferred is told before anything is sent.
class AxfrUsageTest : public testing::Test {
 protected:
  // `options` follow --axfr FILE, which has `list`.
  ProgramResult Scan(const std::string& list,
                     const std::vector<std::string>& options = {}) {
    testing_support::WriteFileOctets(list_, list);
    std::vector<std::string> arguments = {
        "scan", "-r", "192.0.2.53", "198.18.0.0/24", "--axfr", list_};
    arguments.push_back("--dry-run");
    arguments.insert(arguments.end(), options.begin(), options.end());
    return Ptrsweep(arguments);
  }

  void ExpectUsage(const ProgramResult& result, const std::string& culprit) {
    EXPECT_EQ(result.exit_code, 2) << culprit;
    EXPECT_EQ(result.out, "");
    ExpectOneLine(result.err, culprit);
  }

  std::string WriteKeys(mode_t mode) {
    std::string path = folder_.Path("keys");
    testing_support::WriteFileOctets(
        path, "transfer-key hmac-sha256 cGxlYXNlIHVzZSBhIHJhbmRvbSBvbmU=\n");
    chmod(path.c_str(), mode);
    return path;
  }

  const TempFolder folder_;
  const std::string list_ = folder_.Path("axfr.txt");
};

TEST_F(AxfrUsageTest, BlamesTheLineOfTheList) {
  ExpectUsage(Scan("\nexample.com 192.0.2.1\n"),
              "axfr.txt:2: example.com is no prefix's reverse zone");
  ExpectUsage(Scan("198.18.0.0/16 192.0.2.1 transfer-key\n"),
              "axfr.txt:1: key transfer-key needs --tsig-keys");
  const std::string keys = WriteKeys(0600);
  ExpectUsage(Scan("198.18.0.0/16 192.0.2.1 other\n", {"--tsig-keys", keys}),
              absl::StrCat("axfr.txt:1: key other is not in ", keys));
  ExpectUsage(Scan("198.18.0.0/17 192.0.2.1\n"), "axfr.txt:1: ");
}

TEST_F(AxfrUsageTest, BlamesAKeyFileThatOthersMayRead) {
  const ProgramResult result = Scan("198.18.0.0/16 192.0.2.1 transfer-key\n",
                                    {"--tsig-keys", WriteKeys(0640)});
  EXPECT_NE(result.exit_code, 0);
  ExpectOneLine(result.err, "--tsig-keys: ");
  EXPECT_THAT(result.err, HasSubstr("640"));
}

TEST_F(AxfrUsageTest, BlamesFilesThatCannotBeRead) {
  const ProgramResult list = Ptrsweep(
      {"scan", "-r", "::1", "192.0.2.1", "--axfr", "/nonexistent/axfr.txt"});
  EXPECT_EQ(list.exit_code, 4);
  ExpectOneLine(list.err, "/nonexistent/axfr.txt: No such file or directory");
  const ProgramResult keys =
      Scan("198.18.0.0/16 192.0.2.1\n", {"--tsig-keys", "/nonexistent/keys"});
  EXPECT_EQ(keys.exit_code, 4);
  ExpectOneLine(keys.err, "/nonexistent/keys: No such file or directory");
}

TEST_F(AxfrUsageTest, BlamesOptionsThatNeedAList) {
  for (const char* option : {"--tsig-keys=x", "--axfr-max=64KiB"}) {
    ExpectUsage(Ptrsweep({"scan", "-r", "::1", "192.0.2.1", option}),
                ": needs --axfr");
  }
  for (const char* size : {"64K", "65535", "5GiB", "-1"}) {
    ExpectUsage(
        Scan("198.18.0.0/16 192.0.2.1\n", {absl::StrCat("--axfr-max=", size)}),
        "is not a size from 64KiB to 4GiB");
  }
}

TEST_F(AxfrUsageTest, DryRunNamesTheZonesThatHoldTargets) {
  const ProgramResult result = Scan(
      "198.18.0.0/16 192.0.2.1,[2001:db8::1]:5353\n10.0.0.0/8 192.0.2.1\n"
      "0.18.198.in-addr.arpa\n");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err,
              HasSubstr("transfer  18.198.in-addr.arpa from 192.0.2.1, else "
                        "[2001:db8::1]:5353\n"
                        "transfer  0.18.198.in-addr.arpa from its name "
                        "servers\n"));
  EXPECT_THAT(result.err, testing::Not(HasSubstr("10.in-addr.arpa")));
}

// Which is written in many ways, also as what is a file for a while only.
TEST(WrittenFilesTest, NoTwoOptionsMayMeanTheSameFile) {
  const TempFolder folder;
  std::filesystem::create_directory_symlink(folder.Path(""),
                                            folder.Path("link"));
  const struct {
    std::string output, findings, status_file;
    const char* culprit;  // empty: none
  } kCases[] = {
      {"rows.csv", "./rows.csv", "", "--findings: './rows.csv'"},
      {"./rows.csv", folder.Path("rows.csv"), "", "--output './rows.csv'"},
      {folder.Path("link/rows.csv"), "rows.csv", "", "/rows.csv is written"},
      {"rows.csv", ".rows.csv.inprogress", "", "--findings: '.rows.csv.in"},
      {".a.csv.inprogress", "a.csv", "", "--findings: 'a.csv'"},
      {"rows.csv", "rows.csv.journal", "", "--findings: 'rows.csv.journal'"},
      {"rows.csv", ".rows.csv.journal.new", "", ".rows.csv.journal.new is"},
      {"rows.csv", "rows.csv.zones.csv", "", "rows.csv.zones.csv is written"},
      {"rows.csv", ".rows.csv.zones.csv.inprogress", "", "--output 'rows.csv'"},
      {"a.parquet.csv", "a.parquet", "", ".a.parquet.csv.inprogress is"},
      {"rows.csv", "", "rows.findings.csv",
       "--status-file: 'rows.findings.csv' is not a file of its own"},
      {"rows.csv", "f.csv", "./f.csv", "is written for --findings 'f.csv'"},
      {"rows.csv", "-", "rows.csv", "--status-file: 'rows.csv'"},
      {"-", "f.csv", ".f.csv.inprogress", "--status-file: '.f.csv.inprogress'"},
      {"rows.csv", "f.csv", "status", ""},
      {"rows.csv", "link.csv", "rows.status", ""},
      {"a.csv", "a.parquet", "", ""},
      {"/dev/null", "/dev/null", "/dev/null", ""},
  };
  for (const auto& each : kCases) {
    SCOPED_TRACE(
        absl::StrCat(each.output, " ", each.findings, " ", each.status_file));
    std::vector<std::string> command = {
        "/usr/bin/env",  "-C", folder.Path(""), kPtrsweep, "walk", "--dry-run",
        "2001:db8::/32", "-o", each.output};
    if (!each.findings.empty()) {
      command.insert(command.end(), {"--findings", each.findings});
    }
    if (!each.status_file.empty()) {
      command.insert(command.end(), {"--status-file", each.status_file});
    }
    const ProgramResult result = RunProgram(command);
    EXPECT_EQ(result.exit_code, *each.culprit == '\0' ? 0 : 2) << result.err;
    if (*each.culprit != '\0') ExpectOneLine(result.err, each.culprit);
  }
}

}  // namespace
}  // namespace tools
