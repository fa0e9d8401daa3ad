// Bad input, as a user meets it: one clear line that names the culprit, the
// right exit code, and no half file under the final name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/io/temp_folder.h"
#include "tests/support/program.h"

namespace tools {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using testing_support::ProgramResult;
using testing_support::RunProgram;
using testing_support::TempFolder;

constexpr char kPtrsweep[] = PTRSWEEP_BINARY;

ProgramResult Ptrsweep(std::vector<std::string> arguments,
                       const testing_support::ProgramOptions& options = {}) {
  arguments.insert(arguments.begin(), kPtrsweep);
  return RunProgram(arguments, options);
}

void ExpectOneLine(const std::string& text, const std::string& culprit) {
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
  EXPECT_THAT(text, StartsWith("ptrsweep: "));
  EXPECT_THAT(text, HasSubstr(culprit));
}

struct BadUsage {
  const char* label;
  std::vector<std::string> arguments;
  int exit_code;
  const char* culprit;  // in the message
};

class BadUsageTest : public testing::TestWithParam<BadUsage> {};

TEST_P(BadUsageTest, GivesOneLineThatNamesTheCulprit) {
  const BadUsage& bad = GetParam();
  const ProgramResult result = Ptrsweep(bad.arguments);
  EXPECT_EQ(result.exit_code, bad.exit_code);
  EXPECT_EQ(result.out, "");
  ExpectOneLine(result.err, bad.culprit);
}

const BadUsage kBadUsages[] = {
    {"NoCommand", {}, 2, "subcommand"},
    {"UnknownCommand", {"scam", "192.0.2.0/24"}, 2, "'scam'"},
    {"UnknownOption",
     {"scan", "--resolvr", "::1", "192.0.2.0/24"},
     2,
     "--resolvr"},
    {"NoTarget", {"scan"}, 2, "no target"},
    {"NoTargetToList", {"targets"}, 2, "no target"},
    {"NoOffload",
     {"scan", "--offload", "gro", "192.0.2.0/24"},
     2,
     "--offload: 'gro' is not auto, gso or none"},
    {"CompareWithoutResolvers",
     {"scan", "--iterative", "--compare-resolvers", "192.0.2.0/24"},
     2,
     "--compare-resolvers compares what resolvers say, and --iterative asks "
     "none"},
    {"CompareOneResolver",
     {"scan", "-r", "127.0.0.1", "-r", "127.0.0.1:53", "--compare-resolvers",
      "192.0.2.0/24"},
     2,
     "--compare-resolvers needs two resolvers"},
    {"CompareWhatIsPruned",
     {"scan", "-r", "127.0.0.1,127.0.0.2", "--compare-resolvers", "--prune",
      "verify", "192.0.2.0/24"},
     2,
     "--compare-resolvers asks every address of every resolver: not with "
     "--prune"},
    {"DualStackWithoutNames",
     {"scan", "--ptr-only", "--dual-stack", "192.0.2.0/24"},
     2,
     "--dual-stack is about names, and --ptr-only asks none"},
    {"BothFamiliesWithoutNames",
     {"scan", "--ptr-only", "--both-families", "192.0.2.0/24"},
     2,
     "--both-families is about names, and --ptr-only asks none"},
    {"WalkHasNoDualStack",
     {"walk", "--dual-stack", "2001:db8::/48"},
     2,
     "--dual-stack"},
    {"DiffOfOneRun", {"diff", "a.csv"}, 2, "new"},
    {"DiffFormat", {"diff", "a", "b", "-f", "html"}, 2, "--format: 'html'"},
    {"DiffParquet", {"diff", "a", "b", "-o", "c.parquet"}, 2, "not parquet"},
    {"DiffProfile", {"diff", "a", "b", "--profile", "x"}, 2, "--profile: 'x'"},
    {"DiffFailOn",
     {"diff", "a", "b", "--fail-on", "fixed,new_problems"},
     2,
     "did you mean \"new_problem\"?"},
    {"DiffFailOnSame", {"diff", "a", "b", "--fail-on", "same"}, 2, "\"same\""},
    {"ZonesWithoutPrefix", {"zones"}, 2, "no target"},
    {"ZonesPruneWord",
     {"zones", "--prune", "maybe", "192.0.2.0/24"},
     2,
     "--prune: 'maybe' is not verify, trust or off"},
    {"ZonesFailOnWord",
     {"zones", "--fail-on", "lane", "192.0.2.0/24"},
     2,
     "did you mean \"lame\"?"},
    {"ZonesFailOnStatus",
     {"zones", "--fail-on", "no_ptr", "192.0.2.0/24"},
     2,
     "--fail-on"},
    {"ZonesMyNs",
     {"zones", "--my-ns", "a..b", "192.0.2.0/24"},
     2,
     "--my-ns: 'a..b' is not a domain name"},
    {"AuthorityRateOfHostBits",
     {"zones", "--authority-rate", "192.0.2.1/24=5", "192.0.2.0/24"},
     2,
     "did you mean 192.0.2.0/24?"},
    {"AuthorityRateWithoutNumber",
     {"zones", "--authority-rate", "192.0.2.1=fast", "192.0.2.0/24"},
     2,
     "--authority-rate: 'fast' is not a number of packets a second"},
    {"AuthorityRateOfNoAddress",
     {"zones", "--authority-rate", "ns1=5", "192.0.2.0/24"},
     2,
     "--authority-rate: \"ns1\""},
    {"AuthorityRateTwice",
     {"zones", "--authority-rate", "192.0.2.1=5,192.0.2.1/32=6",
      "192.0.2.0/24"},
     2,
     "'192.0.2.1/32=6' is not the first rate for these servers"},
    {"AuthorityStartTwice",
     {"zones", "--authority-rate", "5,6", "192.0.2.0/24"},
     2,
     "'6' is not ADDRESS[/LENGTH]=QPS"},
    {"ZonesNoProviders",
     {"zones", "--providers", "/nowhere/providers.tsv", "192.0.2.0/24"},
     4,
     "/nowhere/providers.tsv"},
    {"ZonesHasNoResolver",
     {"zones", "--resolver", "127.0.0.1", "192.0.2.0/24"},
     2,
     "--resolver"},
    {"ZonesHostBits", {"zones", "192.0.2.10/24"}, 2, "did you mean"},
    {"ZonesNoHints",
     {"zones", "--root-hints", "/nowhere/hints", "192.0.2.0/24"},
     4,
     "/nowhere/hints"},
    {"WalkWithoutPrefix", {"walk"}, 2, "no target"},
    {"WalkOfIpv4",
     {"walk", "192.0.2.0/24"},
     2,
     "192.0.2.0/24: a walk is of IPv6 prefixes; IPv4 addresses are asked one "
     "by one: ptrsweep scan 192.0.2.0/24"},
    {"WalkOfARange",
     {"walk", "2001:db8::1-2001:db8::3"},
     2,
     "2001:db8::1-2001:db8::3: a walk is of prefixes"},
    {"WalkOfAShortPrefix",
     {"walk", "2000::/15"},
     2,
     "2000::/15: shorter than /16, which may take weeks; --i-mean-it"},
    {"WalkOfNothingLeft",
     {"walk", "2001:db8::/32", "-x", "2001:db8::/32"},
     2,
     "no target"},
    {"WalkThroughAResolver",
     {"walk", "-r", "127.0.0.1", "2001:db8::/32"},
     2,
     "--resolver: a walk asks the authorities themselves"},
    {"WalkHasNoCanary",
     {"walk", "--canary", "192.0.2.1=a.example", "2001:db8::/32"},
     2,
     "--canary"},
    {"WalkFailOnWord",
     {"walk", "--fail-on", "lane", "2001:db8::/32"},
     2,
     "did you mean \"lame\"?"},
    {"WalkZoneBudget",
     {"walk", "--zone-budget", "0", "2001:db8::/32"},
     2,
     "--zone-budget: '0' is not a whole number from 1"},
    {"WalkBrokenBudget",
     {"walk", "--broken-budget", "4294967296", "2001:db8::/32"},
     2,
     "--broken-budget: '4294967296'"},
    {"WalkNoKnownFile",
     {"walk", "--known", "/nowhere/known", "2001:db8::/32"},
     4,
     "/nowhere/known: No such file or directory"},
    {"WalkFindingsOnStdout",
     {"walk", "--findings", "-", "2001:db8::/32"},
     2,
     "is not a file; stdout is for rows"},
    {"WalkFindingsInTheRows",
     {"walk", "-o", "/tmp/./x.csv", "--findings", "/tmp/./x.csv",
      "2001:db8::/32"},
     2,
     "--findings: '/tmp/./x.csv' is not a file of its own"},
    {"WalkFindingsInTheJournal",
     {"walk", "-o", "/tmp/x.csv", "--findings", "/tmp/x.csv.journal",
      "2001:db8::/32"},
     2,
     "is not a file of its own"},
    {"WalkFindingsFormat",
     {"walk", "-f", "xml", "--findings", "f.csv", "2001:db8::/32"},
     2,
     "--format: 'xml'"},
    {"NotAnAddress", {"scan", "192.0.2.256"}, 2, "192.0.2.256"},
    {"HostName", {"scan", "www.example.com"}, 2, "www.example.com"},
    {"PrefixTooLong", {"scan", "192.0.2.0/33"}, 2, "192.0.2.0/33"},
    {"HostBits", {"scan", "192.0.2.10/24"}, 2, "did you mean 192.0.2.0/24?"},
    {"ReversedRange", {"scan", "192.0.2.9-192.0.2.1"}, 2, "192.0.2.9"},
    {"WideIpv6",
     {"scan", "2001:db8::/48"},
     2,
     "2001:db8::/48: too many IPv6 addresses to ask one by one, at most 65536 "
     "(a /112) a target; those that have names are found by: ptrsweep walk "
     "2001:db8::/48"},
    {"WideIpv6Range",
     {"scan", "2001:db8::-2001:db8::1:1"},
     2,
     "2001:db8::-2001:db8::1:1: too many IPv6 addresses"},
    {"WideIpv6ToList", {"targets", "2001:db8::/111"}, 2, "ptrsweep walk"},
    {"TooManyTargets",
     {"scan", "--max-targets", "100", "192.0.2.0/24"},
     2,
     "--max-targets"},
    {"AllExcluded",
     {"scan", "192.0.2.0/24", "-x", "192.0.0.0/16"},
     2,
     "no target"},
    {"BadExclusion", {"scan", "192.0.2.0/24", "-x", "192.0.2"}, 2, "192.0.2"},
    {"NoTargetFile",
     {"scan", "-t", "/nonexistent/list"},
     4,
     "/nonexistent/list: No such file or directory"},
    {"TargetFolder", {"scan", "-t", "/"}, 4, "/: "},
    {"NoLabelFile",
     {"scan", "--labels", "/nonexistent/l.csv"},
     4,
     "/nonexistent/l.csv"},
    {"BadResolver",
     {"scan", "-r", "dns.example.com", "192.0.2.1"},
     2,
     "--resolver: 'dns.example.com'"},
    {"BadPort",
     {"scan", "-r", "127.0.0.1:65536", "192.0.2.1"},
     2,
     "127.0.0.1:65536"},
    {"OctalLookingNumber",
     {"scan", "-r", "::1", "--max-names", "010", "192.0.2.1"},
     2,
     "--max-names: '010'"},
    {"OverflowingNumber",
     {"scan", "-r", "::1", "--sockets", "18446744073709551617", "192.0.2.1"},
     2,
     "--sockets"},
    {"NoThread",
     {"scan", "-r", "::1", "--threads", "0", "192.0.2.1"},
     2,
     "--threads: '0' is not a whole number from 1 to 64"},
    {"TooManyThreads",
     {"scan", "-r", "::1", "--threads", "65", "192.0.2.1"},
     2,
     "--threads: '65'"},
    {"NanRate",
     {"scan", "-r", "::1", "--rate", "nan", "192.0.2.1"},
     2,
     "--rate: 'nan'"},
    {"BadPause",
     {"scan", "-r", "::1", "--late-pause", "5x", "192.0.2.1"},
     2,
     "--late-pause: '5x'"},
    {"BadPorts",
     {"scan", "-r", "::1", "--source-ports", "9-8", "192.0.2.1"},
     2,
     "--source-ports: '9-8'"},
    {"IterativeAndResolver",
     {"scan", "-r", "::1", "--iterative", "192.0.2.1"},
     2,
     "--resolver and --iterative exclude each other"},
    {"IterativeAndCanary",
     {"scan", "--iterative", "--canary", "192.0.2.1=a.example", "192.0.2.1"},
     2,
     "--canary and --iterative exclude each other"},
    {"BadTransport",
     {"scan", "--iterative", "--transport", "5", "192.0.2.1"},
     2,
     "--transport: '5' is not auto, 4 or 6"},
    {"BadPrune",
     {"scan", "--iterative", "--prune", "maybe", "192.0.2.1"},
     2,
     "--prune: 'maybe' is not verify, trust or off"},
    {"BadPruneThroughAResolver",
     {"scan", "-r", "::1", "--prune", "maybe", "192.0.2.1"},
     2,
     "--prune: 'maybe' is not verify, trust or off"},
    {"BadZoneRate",
     {"scan", "--iterative", "--zone-rate", "many", "192.0.2.1"},
     2,
     "--zone-rate: 'many'"},
    {"SinceThroughAResolver",
     {"scan", "-r", "::1", "--since", "rows.csv", "192.0.2.1"},
     2,
     "--since: --since needs --iterative"},
    {"PreviousOfAFile",
     {"scan", "--iterative", "--since", "previous", "192.0.2.1"},
     2,
     "--since: 'previous' needs --dataset"},
    {"SinceOfNothing",
     {"scan", "--iterative", "--since", "/nowhere/rows.csv", "192.0.2.1"},
     4,
     "/nowhere/rows.csv.zones.csv"},
    {"BadSinceAge",
     {"scan", "--iterative", "--since-max-age", "old", "192.0.2.1"},
     2,
     "--since-max-age: 'old'"},
    {"BadFormat",
     {"scan", "-r", "::1", "-f", "xml", "192.0.2.1"},
     2,
     "--format: 'xml'"},
    {"BadProfile",
     {"scan", "-r", "::1", "--profile", "web", "192.0.2.1"},
     2,
     "--profile: 'web'"},
    {"BadFailOn",
     {"scan", "-r", "::1", "--fail-on", "mismtch", "192.0.2.1"},
     2,
     "did you mean \"mismatch\"?"},
    {"BadPercent",
     {"scan", "-r", "::1", "--max-unknown", "101", "192.0.2.1"},
     2,
     "--max-unknown: '101'"},
    {"MaxTimeIsNone",
     {"scan", "-r", "::1", "--max-time", "5x", "192.0.2.1"},
     2,
     "--max-time: '5x'"},
    {"RecordEveryIsZero",
     {"scan", "-r", "::1", "--record-every", "0s", "192.0.2.1"},
     2,
     "--record-every: '0s'"},
    {"OutputFolderMissing",
     {"scan", "-r", "::1", "-o", "/nonexistent/rows.csv", "192.0.2.1"},
     4,
     "/nonexistent/rows.csv.journal: No such file or directory"},
    {"OutputIsFolder", {"scan", "-r", "::1", "-o", "/", "192.0.2.1"}, 4, "/"},
};

INSTANTIATE_TEST_SUITE_P(
    Table, BadUsageTest, testing::ValuesIn(kBadUsages),
    [](const testing::TestParamInfo<BadUsage>& param_info) {
      return param_info.param.label;
    });

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
    const std::string path = folder_.Path("keys");
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

class HelpTest : public testing::TestWithParam<const char*> {};

TEST_P(HelpTest, FitsEightyColumnsAndGroupsByPurpose) {
  const ProgramResult result = Ptrsweep({GetParam(), "--help"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
  for (const char* group :
       {"Targets:", "How to ask:", "How fast:", "Output:", "Exit codes:"}) {
    EXPECT_THAT(result.out, HasSubstr(group));
  }
  size_t start = 0;
  for (size_t end; (end = result.out.find('\n', start)) != std::string::npos;
       start = end + 1) {
    EXPECT_LE(end - start, 80u) << result.out.substr(start, end - start);
  }
}

INSTANTIATE_TEST_SUITE_P(Commands, HelpTest,
                         testing::Values("scan", "zones", "walk"),
                         [](const auto& param) { return param.param; });

TEST(TargetsTest, PrintsEachAddressOnceLessTheExclusions) {
  const ProgramResult result =
      Ptrsweep({"targets", "192.0.2.0/29", "192.0.2.4/30", "-x",
                "192.0.2.2-192.0.2.3", "2001:db8::1"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
  std::vector<std::string> lines;
  for (size_t start = 0, end;
       (end = result.out.find('\n', start)) != std::string::npos;
       start = end + 1) {
    lines.push_back(result.out.substr(start, end - start));
  }
  EXPECT_THAT(lines, testing::UnorderedElementsAre(
                         "192.0.2.0", "192.0.2.1", "192.0.2.4", "192.0.2.5",
                         "192.0.2.6", "192.0.2.7", "2001:db8::1"));
}

TEST(TargetsTest, SeedDecidesTheOrder) {
  const auto order = [](const char* seed) {
    return Ptrsweep({"targets", "192.0.2.0/24", "--seed", seed}).out;
  };
  EXPECT_EQ(order("7"), order("7"));
  EXPECT_NE(order("7"), order("8"));
}

TEST(DryRunTest, SaysWhatWouldBeAskedAndSendsNothing) {
  const ProgramResult result =
      Ptrsweep({"scan", "--dry-run", "-r", "192.0.2.53", "198.18.0.0/16"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, HasSubstr("65,536 addresses"));
  EXPECT_THAT(result.err, HasSubstr("192.0.2.53: 100 packets/s"));
  EXPECT_THAT(result.err, HasSubstr("at least 21 m 50 s"));
}

// What is asked beside counts too: of IPv4 addresses with --dual-stack the AAAA
// and a PTR, with --compare-resolvers a PTR for each resolver.
TEST(DryRunTest, CountsWhatOptionsAskBeside) {
  const struct {
    std::vector<std::string> options;
    const char* packets;
  } cases[] = {
      {{}, "about 1,024 packets"},
      {{"--both-families"}, "about 1,024 packets"},
      {{"--dual-stack"}, "about 1,536 packets"},
      {{"--compare-resolvers"}, "about 2,048 packets"},
      {{"--compare-resolvers", "--dual-stack"}, "about 2,560 packets"},
      {{"--compare-resolvers", "--ptr-only"}, "about 1,536 packets"},
  };
  for (const auto& c : cases) {
    std::vector<std::string> arguments = {
        "scan",         "--dry-run",     "-r", "127.0.0.1,127.0.0.2,127.0.0.3",
        "192.0.2.0/24", "2001:db8::/120"};
    arguments.insert(arguments.end(), c.options.begin(), c.options.end());
    const ProgramResult result = Ptrsweep(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_THAT(result.err, HasSubstr(c.packets));
  }
}

// Whose answer is judged is a matter of order, so the order is the user's.
TEST(DryRunTest, ComparedResolversStandInTheOrderGiven) {
  const auto plan = [](const char* option) {
    return Ptrsweep({"scan", "--dry-run", "-r",
                     "127.0.0.3,127.0.0.1,127.0.0.3,127.0.0.2", option,
                     "192.0.2.1"})
        .err;
  };
  const auto places = [](const std::string& text) {
    return std::vector<size_t>{text.find("resolver  127.0.0.3"),
                               text.find("resolver  127.0.0.1"),
                               text.find("resolver  127.0.0.2")};
  };
  const std::vector<size_t> given = places(plan("--compare-resolvers"));
  EXPECT_TRUE(std::is_sorted(given.begin(), given.end()));
  EXPECT_NE(given[2], std::string::npos);
  const std::vector<size_t> sorted = places(plan("--quiet"));
  EXPECT_GT(sorted[0], sorted[2]);
}

ProgramResult DryWalk(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"walk", "--dry-run"});
  return Ptrsweep(arguments);
}

TEST(DryWalkTest, NamesThePrefixesOfWholeNibbles) {
  const ProgramResult result =
      DryWalk({"2001:db8::/47", "2001:db8:8::/48", "2001:db8:8:1::/64",
               "--zone-budget", "5000"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err,
            "3 prefixes to walk, 0 known addresses\n"
            "prefix    2001:db8::/48\n"
            "prefix    2001:db8:1::/48\n"
            "prefix    2001:db8:8::/48\n"
            "servers   authorities, from the root down: 100 packets/s each, up "
            "to 1000 if nothing is lost\n"
            "budget    5,000 questions a zone, packets of all: no limit\n");
}

TEST(DryWalkTest, WalksShortPrefixesIfThatIsMeant) {
  const ProgramResult result = DryWalk({"2000::/3", "--i-mean-it"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("2 prefixes to walk"));
}

// What an environment has for scans does not keep one from walking.
TEST(DryWalkTest, HeedsNoOptionsOfScans) {
  const ProgramResult result = RunProgram(
      {"/usr/bin/env", "PTRSWEEP_RESOLVER=192.0.2.53",
       "PTRSWEEP_CANARY=192.0.2.1=a.example", "PTRSWEEP_DATASET=/nowhere",
       "PTRSWEEP_SINCE=previous", "PTRSWEEP_PRUNE=off",
       "PTRSWEEP_RESOLVER_RATE=5", "PTRSWEEP_THREADS=4", kPtrsweep, "walk",
       "--dry-run", "2001:db8::/32"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
}

TEST(DryWalkTest, SaysWhatIsTransferred) {
  const TempFolder folder;
  const std::string list = folder.Path("axfr.txt");
  testing_support::WriteFileOctets(
      list,
      "a.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa 192.0.2.53\n"
      "b.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa\n"
      "9.b.d.0.1.0.0.2.ip6.arpa\n");
  const ProgramResult result =
      DryWalk({"2001:db8::/32", "--axfr", list, "-x", "2001:db8:b::/48"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err,
              HasSubstr("transfer  a.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa from "
                        "192.0.2.53\n"));
  EXPECT_THAT(result.err, Not(HasSubstr("transfer  b.")));
  EXPECT_THAT(result.err, Not(HasSubstr("transfer  9.")));
}

TEST(DryWalkTest, CountsKnownAddressesThatAreNotExcluded) {
  const TempFolder folder;
  const std::string known = folder.Path("known.txt");
  testing_support::WriteFileOctets(
      known, "# ours\n2001:db8::1\n2001:db8::2\n2001:db8::1\n2001:db8::9\n");
  const ProgramResult result =
      DryWalk({"2001:db8::/32", "--known", known, "-x", "2001:db8::8/125"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("1 prefix to walk, 2 known addresses\n"));
}

TEST(DryWalkTest, SaysWhereFindingsGo) {
  const TempFolder folder;
  const std::string rows = folder.Path("rows.csv");
  EXPECT_THAT(DryWalk({"2001:db8::/32", "-o", rows}).err,
              HasSubstr(absl::StrCat("findings  ", folder.Path(""),
                                     "rows.findings.csv\n")));
  EXPECT_THAT(DryWalk({"2001:db8::/32", "-o", rows, "--findings", "-"}).err,
              HasSubstr("findings  standard output\n"));
  EXPECT_THAT(DryWalk({"2001:db8::/32", "-o", "/dev/null"}).err,
              testing::Not(HasSubstr("findings")));
  EXPECT_TRUE(folder.Names().empty());
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
