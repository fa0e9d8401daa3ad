// Bad options, as a user meets them: one clear line that names the culprit, the
// right exit code, and no half file under the final name; and what --help says.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/io/temp_folder.h"
#include "tests/tools/usage_rig.h"

namespace tools {
namespace {

using testing::HasSubstr;
using testing_support::ProgramResult;

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

}  // namespace
}  // namespace tools
