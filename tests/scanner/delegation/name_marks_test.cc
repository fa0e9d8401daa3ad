#include "scanner/delegation/name_marks.h"

#include <gtest/gtest.h>

namespace scanner {
namespace {

using io::kSecond;

TEST(NameMarksTest, AMarkLastsUntilItsEnd) {
  NameMarks marks(1 << 16);
  EXPECT_EQ(marks.Find(7, 0), NameMark::kNone);
  marks.Set(7, NameMark::kTransparent, 10 * kSecond);
  EXPECT_EQ(marks.Find(7, 10 * kSecond - 1), NameMark::kTransparent);
  EXPECT_EQ(marks.Find(7, 10 * kSecond), NameMark::kNone);
  EXPECT_EQ(marks.Find(8, 0), NameMark::kNone);
}

TEST(NameMarksTest, TheNewerMarkOfANameIsTheOneThatCounts) {
  NameMarks marks(1 << 16);
  marks.Set(7, NameMark::kFailed, 10 * kSecond);
  marks.Set(7, NameMark::kAbsent, 5 * kSecond);
  EXPECT_EQ(marks.Find(7, kSecond), NameMark::kAbsent);
  EXPECT_EQ(marks.Find(7, 6 * kSecond), NameMark::kNone);
}

// Smallest table: one place. What ends first makes room.
TEST(NameMarksTest, FourMarksOfOnePlaceAndThenTheFirstToEndGoes) {
  NameMarks marks(1);
  for (uint64_t hash = 1; hash <= 4; ++hash) {
    marks.Set(hash, NameMark::kTransparent,
              static_cast<io::TimeNs>(10 + (hash * 3) % 4) * kSecond);
  }
  // They end at 13, 12, 11 and 10 s.
  marks.Set(5, NameMark::kAbsent, 20 * kSecond);
  EXPECT_EQ(marks.Find(4, 0), NameMark::kNone);
  for (uint64_t hash = 1; hash <= 3; ++hash) {
    EXPECT_EQ(marks.Find(hash, 0), NameMark::kTransparent) << hash;
  }
  EXPECT_EQ(marks.Find(5, 0), NameMark::kAbsent);
}

}  // namespace
}  // namespace scanner
