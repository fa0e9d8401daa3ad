// `world check`: what it accepts and what it finds.
#include "tests/world/check.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

namespace world {
namespace {

constexpr char kTruth[] = R"({"targets": [
  {"prefix": "192.0.2.0/31", "rows": [
    {"ip": "192.0.2.0", "status": "pass", "flags": ["generic"],
     "forward": [{"name": "a.example", "outcome": "confirmed"},
                 {"name": "b.example", "outcome": "nxdomain"}]},
    {"ip": "192.0.2.1", "status": "reverse_error", "cause": "servfail",
     "forward": null,
     "allowed": [{"status": "reverse_timeout", "cause": "timeout"}]}]},
  {"prefix": "192.0.2.4/32", "rows": [
    {"ip": "192.0.2.4", "status": "no_ptr", "forward": []}]}]})";

constexpr char kPass[] =
    R"({"ip":"192.0.2.0","status":"pass","flags":["generic"],)"
    R"("forward":[{"name":"b.example","outcome":"nxdomain"},)"
    R"({"name":"a.example","outcome":"confirmed"}],"queries":3})";
constexpr char kFailed[] =
    R"({"ip":"192.0.2.1","status":"reverse_timeout","cause":"timeout",)"
    R"("forward":null})";
constexpr char kNoPtr[] =
    R"({"ip":"192.0.2.4","status":"no_ptr","forward":[]})";

CheckResult CheckLines(const std::vector<std::string>& lines,
                       const std::vector<std::string>& targets = {}) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  std::istringstream rows(text);
  return CheckRows(rows, RowJson::parse(kTruth), targets);
}

TEST(WorldCheckTest, AcceptsTheTruthInAnyOrderOfRowsAndForwardNames) {
  const CheckResult result = CheckLines({kNoPtr, kFailed, kPass});
  EXPECT_TRUE(result.differences.empty());
  EXPECT_EQ(result.equal, 3U);
}

TEST(WorldCheckTest, LooksAtTheTargetsNamedOnly) {
  const CheckResult result = CheckLines({kNoPtr}, {"192.0.2.4/32"});
  EXPECT_TRUE(result.differences.empty());
  EXPECT_EQ(result.equal, 1U);
}

// Rows that were inferred.
constexpr char kPrunableTruth[] = R"({"targets": [
  {"prefix": "10.30.0.0/31", "prunable": true, "rows": [
    {"ip": "10.30.0.0", "status": "no_ptr", "cause": "nxdomain",
     "flags": ["edge_address"]},
    {"ip": "10.30.0.1", "status": "no_ptr", "cause": "nodata",
     "flags": []}]},
  {"prefix": "10.31.0.0/32", "prunable": false, "rows": [
    {"ip": "10.31.0.0", "status": "no_ptr", "cause": "nxdomain",
     "flags": []}]}]})";

std::string PrunedRow(const std::string& ip, const std::string& cause,
                      const std::string& flags) {
  return R"({"ip":")" + ip + R"(","status":"no_ptr","cause":")" + cause +
         R"(","flags":[)" + flags + "]}\n";
}

TEST(WorldCheckTest, AcceptsInferredDenialsWhereTheTruthAllowsThem) {
  std::istringstream rows(
      PrunedRow("10.30.0.0", "nxdomain", R"("edge_address","pruned")") +
      PrunedRow("10.30.0.1", "nodata", R"("pruned")") +
      PrunedRow("10.31.0.0", "nxdomain", R"("pruned")"));
  const CheckResult result =
      CheckRows(rows, RowJson::parse(kPrunableTruth), {});
  EXPECT_EQ(result.equal, 1U);
  EXPECT_EQ(result.pruned, 1U);
  EXPECT_EQ(result.wrong, 2U);
  ASSERT_EQ(result.differences.size(), 2U);
  EXPECT_EQ(result.differences[0],
            R"(10.30.0.1: flags: truth [], row ["pruned"])");
  EXPECT_EQ(result.differences[1],
            R"(10.31.0.0: flags: truth [], row ["pruned"])");
}

struct WrongCase {
  const char* label;
  std::vector<std::string> lines;
  const char* difference;
};

TEST(WorldCheckTest, FindsEachKindOfDifference) {
  const std::string wrong_status =
      R"({"ip":"192.0.2.4","status":"undelegated","forward":[]})";
  const std::string mixed_alternatives =
      R"({"ip":"192.0.2.1","status":"reverse_timeout","cause":"servfail",)"
      R"("forward":null})";
  const std::string no_field = R"({"ip":"192.0.2.4","status":"no_ptr"})";
  const WrongCase cases[] = {
      {"missing row", {kPass, kFailed}, "192.0.2.4: no row"},
      {"second row",
       {kPass, kFailed, kNoPtr, kNoPtr},
       "192.0.2.4: a second row"},
      {"no target",
       {kPass, kFailed, kNoPtr, R"({"ip":"192.0.2.9"})"},
       "192.0.2.9: not a target"},
      {"torn line",
       {kPass, kFailed, kNoPtr, R"({"ip":"192.0)"},
       R"(no row: {"ip":"192.0)"},
      {"other status",
       {kPass, kFailed, wrong_status},
       R"(192.0.2.4: status: truth "no_ptr", row "undelegated")"},
      {"half an alternative",
       {kPass, mixed_alternatives, kNoPtr},
       R"(192.0.2.1: status: truth "reverse_error", row "reverse_timeout")"},
      {"field left out",
       {kPass, kFailed, no_field},
       "192.0.2.4: forward: not in the row"},
  };
  for (const WrongCase& wrong : cases) {
    const CheckResult result = CheckLines(wrong.lines);
    ASSERT_EQ(result.differences.size(), 1U) << wrong.label;
    EXPECT_EQ(result.differences[0], wrong.difference) << wrong.label;
    EXPECT_EQ(result.wrong + result.missing + result.extra, 1U) << wrong.label;
  }
}

}  // namespace
}  // namespace world
