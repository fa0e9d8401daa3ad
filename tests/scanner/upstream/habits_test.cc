#include "scanner/upstream/habits.h"

#include <gtest/gtest.h>

namespace scanner {
namespace {

TEST(EdnsHabitTest, TwoQuestionsThatWorkedWithoutOptEndItForTheRun) {
  EdnsHabit habit;
  habit.OnPlainWorked();
  EXPECT_FALSE(habit.no_edns());
  habit.OnPlainWorked();
  EXPECT_TRUE(habit.no_edns());
  EXPECT_FALSE(habit.opt_seen());
  habit.OnOptSeen();
  EXPECT_TRUE(habit.opt_seen());
}

TEST(CaseHabitTest, ThreeOfTheFirstSixteenResponsesEndIt) {
  CaseHabit habit(true);
  for (int i = 0; i < 13; ++i) habit.OnResponse(true);
  habit.OnResponse(false);
  habit.OnResponse(false);
  EXPECT_TRUE(habit.randomize());
  habit.OnResponse(false);  // the sixteenth
  EXPECT_FALSE(habit.randomize());
  EXPECT_TRUE(habit.no_0x20());
}

TEST(CaseHabitTest, AfterSixteenResponsesItStays) {
  CaseHabit habit(true);
  for (int i = 0; i < 14; ++i) habit.OnResponse(true);
  for (int i = 0; i < 9; ++i) habit.OnResponse(false);
  EXPECT_TRUE(habit.randomize());
  EXPECT_FALSE(habit.no_0x20());
}

}  // namespace
}  // namespace scanner
