// VERDICTS.md 5.6 (d): generic names in a set that was labelled by hand before
// the classifier saw it (tests/README.md tells how it was made). Nothing is
// tuned to it: half b was looked at once, when half a had been.
#include <cmath>
#include <cstdio>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "scanner/verdict/generic_name.h"
#include "tests/scanner/verdict/evidence_builder.h"

namespace scanner {
namespace {

using io::Flag;

struct Labelled {
  char half = 0;         // 'a' or 'b'
  bool generic = false;  // by hand
  std::string address;
  std::string name;
};

std::vector<Labelled> ReadSet() {
  std::ifstream file(PTRSWEEP_SOURCE_DIR
                     "/tests/scanner/verdict/held_out_names.tsv");
  std::vector<Labelled> set;
  std::string line;
  std::getline(file, line);
  EXPECT_EQ(line, "half\tlabel\taddress\tname");
  while (std::getline(file, line)) {
    const std::vector<std::string> cells = absl::StrSplit(line, '\t');
    if (cells.size() != 4) {
      ADD_FAILURE() << line;
      continue;
    }
    EXPECT_TRUE(cells[1] == "generic" || cells[1] == "other") << line;
    set.push_back({.half = cells[0][0],
                   .generic = cells[1] == "generic",
                   .address = cells[2],
                   .name = cells[3]});
  }
  return set;
}

// The 95 % lower bound of a share (Wilson's score interval).
double LowerBound(int hits, int of) {
  if (of == 0) return 0;
  constexpr double kZ = 1.959964;
  const double n = of;
  const double p = hits / n;
  const double centre = p + kZ * kZ / (2 * n);
  const double spread = kZ * std::sqrt(p * (1 - p) / n + kZ * kZ / (4 * n * n));
  return (centre - spread) / (1 + kZ * kZ / n);
}

struct Score {
  int true_positives = 0;
  int false_positives = 0;
  int missed = 0;
  std::string wrong;  // names, a line each

  int predicted() const { return true_positives + false_positives; }
  int positives() const { return true_positives + missed; }
  double Precision() const { return 1.0 * true_positives / predicted(); }
  double Recall() const { return 1.0 * true_positives / positives(); }
};

// Each line of 5.6 predicts what those before it do, and more.
bool IsPredicted(io::FlagSet flags, int line) {
  return (flags.Has(Flag::kGeneric) && !flags.Has(Flag::kMailName)) ||
         (line >= 2 && flags.Has(Flag::kDynamicName)) ||
         (line >= 3 && flags.Has(Flag::kAccessName));
}

Score ScoreOf(const std::vector<Labelled>& set, char half, int line) {
  Score score;
  for (const Labelled& labelled : set) {
    if (half != '*' && labelled.half != half) continue;
    const GenericVerdict verdict =
        ClassifyName(AddressOf(labelled.address), NameOf(labelled.name));
    const bool predicted = IsPredicted(verdict.flags, line);
    score.true_positives += predicted && labelled.generic;
    score.false_positives += predicted && !labelled.generic;
    score.missed += !predicted && labelled.generic;
    if (predicted != labelled.generic) {
      absl::StrAppend(&score.wrong, predicted ? "  false " : "  missed ",
                      labelled.address, " ", labelled.name, " ",
                      FlagText(verdict.flags), "\n");
    }
  }
  return score;
}

Score PrintedScoreOf(const std::vector<Labelled>& set, char half, int line) {
  Score score = ScoreOf(set, half, line);
  std::printf(
      "half %c line %d: precision %.4f (%d of %d, at least %.4f) recall %.4f "
      "(%d of %d, at least %.4f)\n",
      half, line, score.Precision(), score.true_positives, score.predicted(),
      LowerBound(score.true_positives, score.predicted()), score.Recall(),
      score.true_positives, score.positives(),
      LowerBound(score.true_positives, score.positives()));
  if (line == 3) std::printf("%s", score.wrong.c_str());
  return score;
}

class HeldOutTest : public ::testing::TestWithParam<char> {};

TEST_P(HeldOutTest, GenericAndRecallMeetTheBounds) {
  const std::vector<Labelled> set = ReadSet();
  const Score generic = PrintedScoreOf(set, GetParam(), 1);
  PrintedScoreOf(set, GetParam(), 2);
  const Score all = PrintedScoreOf(set, GetParam(), 3);
  EXPECT_GE(generic.Precision(), 0.98);
  EXPECT_GE(generic.Recall(), 0.60);
  EXPECT_GE(all.Recall(), 0.70);
}

INSTANTIATE_TEST_SUITE_P(Halves, HeldOutTest, ::testing::Values('a', 'b', '*'),
                         [](const auto& made) -> std::string {
                           if (made.param == '*') return "both";
                           return std::string(1, made.param);
                         });

// The bound of 0.98 is missed by lines 2 and 3: a word such as dhcp, mobile or
// bras makes dynamic_name and access_name (5.3) of servers and routers too.
// What tests/README.md says of it is what is measured here.
TEST(HeldOutSetTest, PrecisionOfWordsAloneIsAsReported) {
  const std::vector<Labelled> set = ReadSet();
  const Score dynamic = ScoreOf(set, '*', 2);
  const Score access = ScoreOf(set, '*', 3);
  EXPECT_EQ(dynamic.true_positives, 288);
  EXPECT_EQ(dynamic.false_positives, 14);
  EXPECT_EQ(access.true_positives, 316);
  EXPECT_EQ(access.false_positives, 26);
}

TEST(HeldOutSetTest, IsWhatItIsSaidToBe) {
  const std::vector<Labelled> set = ReadSet();
  std::set<std::string> names;
  int generic = 0;
  for (const Labelled& labelled : set) {
    EXPECT_TRUE(names.insert(labelled.name + " " + labelled.address).second);
    generic += labelled.generic;
  }
  EXPECT_EQ(set.size(), 753U);
  EXPECT_EQ(generic, 346);
}

// Checked by hand: 90 of 100 is at least 0.8256, 0 of 10 at least 0.
TEST(HeldOutSetTest, LowerBoundIsWilsons) {
  EXPECT_NEAR(LowerBound(90, 100), 0.8256, 0.0001);
  EXPECT_NEAR(LowerBound(0, 10), 0, 0.0001);
  EXPECT_NEAR(LowerBound(10, 10), 0.7225, 0.0001);
}

}  // namespace
}  // namespace scanner
