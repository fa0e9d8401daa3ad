// --dry-run of scans and walks: what would be asked, and nothing is sent.
#include <algorithm>
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

}  // namespace
}  // namespace tools
