// What a walk says at its end.
#include "tools/report/walk_summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "io/files/target_reader.h"

namespace tools {
namespace {

using scanner::Finding;
using scanner::FindingKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using enum scanner::FindingKind;

Finding FindingOf(FindingKind kind, const char* prefix = "2001:db8:a004::/48") {
  return {.prefix = *dnswire::IpPrefix::Parse(prefix),
          .kind = kind,
          .zone = "4.0.0.a.8.b.d.0.1.0.0.2.ip6.arpa",
          .servers = {"ns3.example.net/127.0.53.3=refused"}};
}

scanner::ScanReport Report() {
  scanner::ScanReport report;
  report.stats.rows = 1230;
  report.stats.unknown_rows = 30;
  report.stats.rows_by_status[static_cast<size_t>(io::Status::kPass)] = 1200;
  report.stats
      .rows_by_status[static_cast<size_t>(io::Status::kReverseTimeout)] = 30;
  report.elapsed = absl::Seconds(12);
  report.complete = true;
  report.walk = {.hosts = 1230, .expanded = 766, .zones = 4, .questions = 9876};
  return report;
}

std::vector<std::string> LinesOf(const FindingTally& findings,
                                 const scanner::ScanReport& report = Report(),
                                 const std::string& file = "r.findings.csv",
                                 bool resumed = false) {
  std::vector<std::string> lines =
      absl::StrSplit(FormatWalkSummary({.report = report,
                                        .findings = findings,
                                        .file = file,
                                        .resumed = resumed}),
                     '\n');
  EXPECT_EQ(lines.back(), "");
  lines.pop_back();
  for (const std::string& line : lines) EXPECT_LE(line.size(), 80u) << line;
  return lines;
}

TEST(WalkSummaryTextTest, SaysHowMuchWasFoundAtWhatCost) {
  EXPECT_THAT(
      LinesOf({}),
      ElementsAre("1,230 hosts found in 12 s, 9,876 questions, 0 packets",
                  "walked    766 prefixes expanded in 4 zones",
                  "rows      1,200 pass, 30 reverse_timeout",
                  "unknown   1.50 % of rows, prefixes and zones",
                  "findings  r.findings.csv"));
}

TEST(WalkSummaryTextTest, CountsHostsByLabelInTwoLines) {
  const auto text = [](const std::string& labels) {
    return FormatWalkSummary(
        {.report = Report(), .findings = {}, .labels = labels});
  };
  EXPECT_THAT(
      text("acme 1,200 (3 crit), initech 30; no host: umbrella, globex, "
           "hooli, stark"),
      HasSubstr("\nlabels    acme 1,200 (3 crit), initech 30; no host: "
                "umbrella, globex, hooli,\n          stark\nunknown"));
  const std::string many = std::string(40, 'a') + " 1, " +
                           std::string(40, 'b') + " 1, " +
                           std::string(40, 'c') + " 1";
  EXPECT_THAT(text(many), HasSubstr("\nlabels    aaa"));
  EXPECT_THAT(text(many), HasSubstr("\n          bbb"));
  EXPECT_THAT(text(many), HasSubstr("b 1, ...\nunknown"));
  EXPECT_THAT(text(""), Not(HasSubstr("labels")));
}

TEST(WalkSummaryTextTest, SaysWhatWasTransferred) {
  scanner::ScanReport report = Report();
  report.stats.transferred = 1200;
  report.transfers.resize(3);
  report.transfers[0] = {
      .transferred = true, .records = 12345678, .octets = 1234567890};
  EXPECT_THAT(
      LinesOf({}, report),
      testing::IsSupersetOf(
          {"transfers 1 zones, 12,345,678 records, 1,234,567,890 octets; 1,200 "
           "rows answered",
           "          from them",
           "warning   2 of 3 zones could not be transferred, and were "
           "asked"}));
}

TEST(WalkSummaryTextTest, SaysWhatWasLeft) {
  scanner::ScanReport report = Report();
  report.walk.zones_unentered = 1;
  report.walk.unexpanded = 1000;
  report.walk.skipped = 20;
  report.walk.nameless = 5;
  report.walk.unknown = 2;
  const std::string text = FormatWalkSummary(
      {.report = report, .findings = {}, .shard = {}, .file = ""});
  EXPECT_THAT(text,
              HasSubstr("walked    766 prefixes expanded in 4 zones; 1 zone "
                        "not entered; 1,000 prefixes\n          left; 20 "
                        "skipped in wildcards; 5 names without a PTR; 2 names "
                        "without\n          an answer\n"));
  EXPECT_THAT(text, HasSubstr("findings  (--findings FILE has each of them)"));
}

TEST(WalkSummaryTextTest, CallsNoFileFinishedThatIsNot) {
  for (const bool failed : {false, true}) {
    scanner::ScanReport report = Report();
    report.complete = failed;
    if (failed) report.output = absl::DataLossError("no space");
    EXPECT_EQ(LinesOf({}, report, ".f.csv.inprogress").back(),
              "findings  .f.csv.inprogress, unfinished");
    EXPECT_EQ(LinesOf({}, report, "").back(),
              "findings  (--findings FILE has each of them)");
  }
}

TEST(WalkSummaryTextTest, GroupsFindingsAndSaysWhatToDoAboutTheFirst) {
  FindingTally findings;
  std::vector<Finding> cuts(64, FindingOf(kCut));
  findings.Add(cuts);
  const Finding lame[] = {FindingOf(kLame),
                          FindingOf(kLame, "2001:db8:a006::/48")};
  findings.Add(lame);
  const Finding empty = FindingOf(kEmpty);
  findings.Add({&empty, 1});
  const auto lines = LinesOf(findings, Report(), "r.findings.csv", true);
  EXPECT_EQ(lines[1], "          (time and packets since the walk went on)");
  EXPECT_EQ(lines[5], "findings  r.findings.csv; since the walk went on:");
  EXPECT_THAT(
      std::vector<std::string>(lines.begin() + 6, lines.end()),
      ElementsAre(
          "  lame                2  delegated to servers that do not serve the "
          "zone",
          "    fix   e.g. ns3.example.net does not serve "
          "4.0.0.a.8.b.d.0.1.0.0.2.ip6.arpa:",
          "          load it there or change the delegation in the zone above.",
          "  empty               1  a zone, or part of one, without names",
          "    fix   If 2001:db8:a004::/48 has hosts, add their PTR records to",
          "          4.0.0.a.8.b.d.0.1.0.0.2.ip6.arpa.", "  besides 64 cut"));
}

// All kinds at once: each that has something to mend has its line, and of what
// to do as much as fits.
TEST(WalkSummaryTextTest, HasSomeTwentyLinesHoweverMuchWasFound) {
  FindingTally findings;
  size_t widest = 0;
  for (size_t i = 0; i < scanner::kFindingKindCount; ++i) {
    const std::vector<Finding> many(1'234'567 / 1000,
                                    FindingOf(static_cast<FindingKind>(i)));
    findings.Add(many);
    widest = std::max(widest, FindingMeaning(FindingKind(i)).size());
  }
  EXPECT_LE(widest, 80u - 25u);
  const auto lines = LinesOf(findings);
  EXPECT_THAT(lines, SizeIs(24));
  FindingTally few;
  for (const FindingKind kind : {kWildcard, kEntBroken, kLame, kUnreachable,
                                 kNoServers, kUndelegated, kEmpty}) {
    const Finding finding = FindingOf(kind);
    few.Add({&finding, 1});
  }
  EXPECT_THAT(LinesOf(few),
              SizeIs(testing::AllOf(testing::Ge(22u), testing::Le(24u))));
}

// What is told of in one line asks for nothing; all else does.
TEST(WalkSummaryTextTest, EachKindHasAFixOrIsBesides) {
  for (size_t i = 0; i < scanner::kFindingKindCount; ++i) {
    const auto kind = static_cast<FindingKind>(i);
    const Finding finding = FindingOf(kind);
    FindingTally findings;
    findings.Add({&finding, 1});
    const auto lines = LinesOf(findings);
    const bool besides =
        lines.back() == absl::StrCat("  besides 1 ", FindingKindName(kind));
    EXPECT_EQ(besides, FixText(finding).empty()) << FindingKindName(kind);
    EXPECT_EQ(lines.size() == 6, besides) << FindingKindName(kind);
  }
}

TEST(FindingTallyTest, KeepsTheFirstOfAKind) {
  FindingTally findings;
  EXPECT_EQ(findings.count(kLame), 0u);
  const Finding two[] = {FindingOf(kLame),
                         FindingOf(kLame, "2001:db8:a006::/48")};
  findings.Add(two);
  EXPECT_EQ(findings.count(kLame), 2u);
  EXPECT_EQ(findings.first(kLame).prefix.ToString(), "2001:db8:a004::/48");
  EXPECT_EQ(findings.count(kCut), 0u);
}

}  // namespace
}  // namespace tools
