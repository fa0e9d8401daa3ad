// `world check --walk`: what it accepts and what it finds.
#include "tests/world/walk/check_walk.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

namespace world {
namespace {

constexpr char kTruth[] = R"({"cases": [{"name": "other"}, {
  "name": "one", "prefix": "2001:db8::/32",
  "hosts": [{"ip": "2001:db8::1", "status": "pass", "flags": []},
            {"ip": "2001:db8::2", "status": "no_forward", "flags": []},
            {"ip": "2001:db8:1::3", "status": "pass", "flags": []}],
  "may_miss": ["2001:db8:1::3"], "complete": false,
  "findings": [
    {"prefix": "2001:db8:1::/48", "kind": "ent_broken", "zone": "1.arpa"},
    {"prefix": "2001:db8:2::/48", "kind": "lame", "zone": "2.arpa",
     "causes": ["refused", "servfail"]},
    {"prefix": "2001:db8:2::/48", "kind": "cut", "zone": "arpa",
     "optional": true},
    {"prefix": "2001:db8:3::/48", "kind": "synthesized", "zone": "3.arpa",
     "count": 3},
    {"prefix": "2001:db8:4::/48", "kind": "redirect", "optional": true,
     "repeats": true}]}]})";

const std::vector<std::string> kRows = {
    R"({"ip":"2001:db8::2","status":"no_forward","flags":[],"queries":2})",
    R"({"ip":"2001:db8::1","status":"pass","flags":[],"queries":2})"};

const std::vector<std::string> kFindings = {
    R"({"prefix":"2001:db8:1::/48","kind":"ent_broken","zone":"1.arpa"})",
    R"({"prefix":"2001:db8:2::/48","kind":"lame","zone":"2.arpa",)"
    R"("cause":"servfail","count":9})",
    R"({"prefix":"2001:db8:3::/48","kind":"synthesized","zone":"3.arpa",)"
    R"("count":3,"cause":null})"};

std::string Lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

WalkCheckResult Check(const std::vector<std::string>& rows,
                      const std::vector<std::string>& findings) {
  const RowJson truth = RowJson::parse(kTruth);
  std::istringstream row_lines(Lines(rows));
  std::istringstream finding_lines(Lines(findings));
  return CheckWalk(row_lines, finding_lines, *FindWalkCase(truth, "one"));
}

// `list` with one more, or with `line` in the place of one of them; "" takes
// it out.
std::vector<std::string> With(std::vector<std::string> list,
                              const std::string& line) {
  list.push_back(line);
  return list;
}
std::vector<std::string> With(std::vector<std::string> list, size_t at,
                              const std::string& line) {
  list[at] = line;
  if (line.empty()) list.erase(list.begin() + static_cast<ptrdiff_t>(at));
  return list;
}

TEST(WalkCheckTest, AcceptsTheTruthInAnyOrder) {
  const WalkCheckResult result = Check(kRows, kFindings);
  EXPECT_TRUE(result.differences.empty());
  EXPECT_EQ(result.hosts, 2U);
  EXPECT_EQ(result.missed, 1U);
  EXPECT_EQ(result.findings, 3U);
}

TEST(WalkCheckTest, AcceptsWhatMayBeThereAndWhatMayRepeat) {
  std::vector<std::string> findings = kFindings;
  findings.insert(
      findings.end(),
      {R"({"prefix":"2001:db8:2::/48","kind":"cut","zone":"arpa"})",
       R"({"prefix":"2001:db8:4::/48","kind":"redirect","zone":"a"})",
       R"({"prefix":"2001:db8:4::/48","kind":"redirect","zone":"b"})"});
  const WalkCheckResult result =
      Check(With(kRows, R"({"ip":"2001:db8:1::3","status":"pass","flags":[]})"),
            findings);
  EXPECT_TRUE(result.differences.empty());
  EXPECT_EQ(result.hosts, 3U);
  EXPECT_EQ(result.missed, 0U);
}

struct WrongCase {
  std::vector<std::string> rows;
  std::vector<std::string> findings;
  const char* difference;
};

TEST(WalkCheckTest, FindsEachKindOfDifference) {
  const WrongCase cases[] = {
      {With(kRows, 0, ""), kFindings, "2001:db8::2: no row"},
      {With(kRows, kRows[0]), kFindings, "2001:db8::2: a second row"},
      {With(kRows, R"({"ip":"2001:db8::9","status":"pass","flags":[]})"),
       kFindings, "2001:db8::9: not a target"},
      {With(kRows, 1, R"({"ip":"2001:db8::1","status":"mismatch","flags":[]})"),
       kFindings, R"(2001:db8::1: status: truth "pass", row "mismatch")"},
      {With(kRows, R"({"ip":"2001:db8:1::3","status":"no_ptr","flags":[]})"),
       kFindings, R"(2001:db8:1::3: status: truth "pass", row "no_ptr")"},
      {kRows, With(kFindings, 0, ""),
       "ent_broken 2001:db8:1::/48: no such finding"},
      {kRows, With(kFindings, kFindings[0]),
       "ent_broken 2001:db8:1::/48: a second time"},
      {kRows, With(kFindings, R"({"prefix":"2001:db8:9::/48","kind":"empty"})"),
       "empty 2001:db8:9::/48: not in the truth"},
      {kRows, With(kFindings, R"({"prefix":"2001:db8:1::/48","kind":"empty"})"),
       "empty 2001:db8:1::/48: not in the truth"},
      {kRows, With(kFindings, R"({"prefix":"2001:db8:9::/48","kind":"cut"})"),
       "cut 2001:db8:9::/48: no zone begins there"},
      {kRows,
       With(kFindings, R"({"prefix":"2001:db8:a::/48","kind":"unknown",)"
                       R"("cause":"timeout"})"),
       R"(unknown 2001:db8:a::/48: not walked, cause "timeout")"},
      {kRows, With(kFindings, R"({"prefix":"2001:d)"),
       R"(no finding: {"prefix":"2001:d)"},
      {kRows,
       With(kFindings, 0,
            R"({"prefix":"2001:db8:1::/48","kind":"ent_broken","zone":"x"})"),
       R"(ent_broken 2001:db8:1::/48: zone: truth "1.arpa", finding "x")"},
      {kRows,
       With(kFindings, 1,
            R"({"prefix":"2001:db8:2::/48","kind":"lame","zone":"2.arpa"})"),
       R"(lame 2001:db8:2::/48: cause: truth one of ["refused","servfail"], )"
       R"(finding nothing)"},
      {kRows,
       With(kFindings, 2,
            R"({"prefix":"2001:db8:3::/48","kind":"synthesized",)"
            R"("zone":"3.arpa","count":4})"),
       "synthesized 2001:db8:3::/48: count: truth 3, finding 4"},
  };
  for (const WrongCase& wrong : cases) {
    const WalkCheckResult result = Check(wrong.rows, wrong.findings);
    ASSERT_EQ(result.differences.size(), 1U) << wrong.difference;
    EXPECT_EQ(result.differences[0], wrong.difference);
  }
}

TEST(WalkCheckTest, KnowsItsCases) {
  const RowJson truth = RowJson::parse(kTruth);
  EXPECT_EQ(FindWalkCase(truth, "two"), nullptr);
  EXPECT_EQ((*FindWalkCase(truth, "one"))["prefix"], "2001:db8::/32");
}

}  // namespace
}  // namespace world
