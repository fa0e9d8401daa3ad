#include "tools/report/label_tally.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "io/files/target_reader.h"

namespace tools {
namespace {

using testing::HasSubstr;
using testing::Not;

scanner::LabelTable TableOf(const std::string& csv) {
  const auto file = io::ParseLabelFile(csv, "labels.csv");
  EXPECT_TRUE(file.ok()) << file.status();
  return scanner::LabelTable(*file);
}

scanner::TargetSet TargetsOf(const std::vector<std::string>& texts) {
  std::vector<dnswire::IpRange> ranges;
  ranges.reserve(texts.size());
  for (const std::string& text : texts) {
    ranges.push_back(*io::ParseTarget(text));
  }
  return scanner::TargetSet(ranges, {});
}

io::Row RowOf(absl::string_view label, io::Status status) {
  io::Row row;
  row.status = status;
  row.label = label;
  return row;
}

constexpr char kFile[] =
    "target,label,expected\n"
    "192.0.2.0/25,acme,\n"
    "192.0.2.128/25,initech,\n"
    "198.51.100.0/24,acme,\n"
    "203.0.113.0/25,globex,\n"
    "203.0.113.128/25,umbrella,\n"
    "192.0.2.7,,a.example.com\n";

TEST(LabelTallyTest, CountsRowsBySeverityTheWorstLabelFirst) {
  const scanner::LabelTable labels = TableOf(kFile);
  LabelTally tally(labels, scanner::Profile::kMail);
  tally.Add(std::vector<io::Row>{
      RowOf("acme", io::Status::kPass), RowOf("acme", io::Status::kPass),
      RowOf("acme", io::Status::kReverseTimeout),
      RowOf("initech", io::Status::kNoPtr), RowOf("", io::Status::kMismatch)});
  tally.Add(std::vector<io::Row>{RowOf("acme", io::Status::kPass)});
  EXPECT_EQ(tally.Table(TargetsOf({"192.0.2.0/24", "203.0.113.7"}), 20),
            "labels    2 of 4 have rows\n"
            "  label                            rows       crit       warn    "
            "unknown\n"
            "  initech                             1          1          0    "
            "      0\n"
            "  acme                                4          0          1    "
            "      1\n"
            "  (no label)                          1          1          0    "
            "      0\n"
            "  no row here: globex\n"
            "  not scanned, no target lies there: umbrella\n");
  EXPECT_EQ(tally.Words(6),
            "initech 1 (1 crit), acme 4 (1 warn, 1 unknown); "
            "no host: globex, umbrella");
}

// Of a hosting network the addresses with a customer count for more.
TEST(LabelTallyTest, SeverityIsThatOfTheProfile) {
  const scanner::LabelTable labels = TableOf(kFile);
  LabelTally tally(labels, scanner::Profile::kInfra);
  tally.Add(std::vector<io::Row>{RowOf("acme", io::Status::kNoPtr)});
  EXPECT_EQ(tally.Words(6),
            "acme 1 (1 warn); no host: globex, initech, umbrella");
}

TEST(LabelTallyTest, ALabelWithOneTargetInsideIsScanned) {
  const scanner::LabelTable labels = TableOf(kFile);
  const LabelTally tally(labels, scanner::Profile::kMail);
  const std::string text = tally.Table(TargetsOf({"198.51.100.9"}), 20);
  EXPECT_THAT(text, HasSubstr("  no row here: acme\n"));
  EXPECT_THAT(text, HasSubstr("there: globex, initech, umbrella\n"));
}

TEST(LabelTallyTest, WithoutLabelsThereIsNothingToSay) {
  const scanner::LabelTable none;
  const scanner::LabelTable expected_only =
      TableOf("target,expected\n192.0.2.7,a.example.com\n");
  for (const scanner::LabelTable* labels : {&none, &expected_only}) {
    LabelTally tally(*labels, scanner::Profile::kMail);
    tally.Add(std::vector<io::Row>{RowOf("", io::Status::kPass)});
    EXPECT_EQ(tally.Table(TargetsOf({"192.0.2.0/24"}), 20), "");
    EXPECT_EQ(tally.Words(6), "");
  }
}

TEST(LabelTallyTest, ManyLabelsAreCutAndLongOnesToo) {
  std::string csv = "target,label\n";
  std::vector<io::Row> rows;
  std::vector<std::string> names;
  for (int i = 10; i < 35; ++i) names.push_back("l" + std::to_string(i));
  names.push_back(std::string(50, 'z'));
  for (size_t i = 0; i < names.size(); ++i) {
    csv += "192.0.2." + std::to_string(i) + "," + names[i] + "\n";
    rows.push_back(RowOf(names[i], io::Status::kPass));
  }
  const scanner::LabelTable labels = TableOf(csv);
  LabelTally tally(labels, scanner::Profile::kMail);
  EXPECT_THAT(tally.Table(TargetsOf({"203.0.113.0"}), 20),
              HasSubstr("l29 and 6 more\n"));
  tally.Add(rows);
  const auto targets = TargetsOf({"192.0.2.0/24"});
  const std::string cut = tally.Table(targets, 20);
  EXPECT_THAT(cut, HasSubstr("\n  l29 "));
  EXPECT_THAT(cut, Not(HasSubstr("l30")));
  EXPECT_THAT(cut, HasSubstr("  (6 more, --verbose shows all)\n"));
  const std::string all = tally.Table(targets, 0);
  EXPECT_THAT(all, HasSubstr("\n  l34 "));
  EXPECT_THAT(all, Not(HasSubstr("more")));
  EXPECT_THAT(all, HasSubstr(std::string(40, 'z') + "..."));
  EXPECT_THAT(all, Not(HasSubstr(std::string(41, 'z'))));
  EXPECT_EQ(tally.Words(2), "l10 1, l11 1, 24 more");
}

// A label is whatever the file says; the terminal gets none of it raw.
TEST(LabelTallyTest, ShowsLabelsHarmless) {
  const scanner::LabelTable labels =
      TableOf("target,label\n192.0.2.1,\"\x1b[2Jx\"\n");
  LabelTally tally(labels, scanner::Profile::kMail);
  const auto targets = TargetsOf({"192.0.2.1"});
  EXPECT_THAT(tally.Table(targets, 20), HasSubstr("no row here: \\027[2Jx"));
  tally.Add(std::vector<io::Row>{RowOf("\x1b[2Jx", io::Status::kPass)});
  EXPECT_THAT(tally.Table(targets, 20), HasSubstr("\n  \\027[2Jx "));
  EXPECT_EQ(tally.Words(6), "\\027[2Jx 1");
}

}  // namespace
}  // namespace tools
