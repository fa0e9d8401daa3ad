#include "tools/page/text_table.h"

#include <gtest/gtest.h>

#include <string>

namespace tools {
namespace {

TEST(TextTableTest, BreaksTheWidestCellsToFit) {
  TextTable table({{"Name"}, {"Rows", true}, {"Meaning", false, 6}});
  table.Add({"no_ptr", "1,234", "no record of that type is there"});
  EXPECT_EQ(table.Format(80),
            "Name     Rows  Meaning\n"
            "no_ptr  1,234  no record of that type is there\n");
  EXPECT_EQ(table.Format(32),
            "Name     Rows  Meaning\n"
            "no_ptr  1,234  no record of that\n"
            "               type is there\n");
}

TEST(TextTableTest, LongWordsAreBrokenAndTheRestIsDots) {
  TextTable table({{"N", false, 4}, {"R", true}});
  table.Add({"abcdefghijklmnopqrstuvwxyz", "7"});
  EXPECT_EQ(table.Format(7),
            "N     R\n"
            "abcd  7\n"
            "efgh\n"
            "ijkl\n"
            "...\n");
}

TEST(TextTableTest, LettersOfSeveralOctetsAreOneColumn) {
  TextTable table({{"N", false, 2}, {"R", true}});
  table.Add({"M\xc3\xbcller", "1"});
  table.Add({"abcdef", "2"});
  EXPECT_EQ(table.Format(80), "N       R\nM\xc3\xbcller  1\nabcdef  2\n");
  EXPECT_EQ(table.Format(6), "N    R\nM\xc3\xbcl  1\nler\nabc  2\ndef\n");
}

TEST(WrapTextTest, KeepsWordsWholeAndParagraphsApart) {
  EXPECT_EQ(WrapText("one two three\nfour", 9, "  "),
            "  one two\n  three\n  four\n");
  EXPECT_EQ(WrapText("abcdefghijkl m", 6, ""), "abcdefghijkl\nm\n");
}

}  // namespace
}  // namespace tools
