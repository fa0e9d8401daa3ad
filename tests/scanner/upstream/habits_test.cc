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

TEST(LimitingHabitTest, TheThirdEmptyTruncationInASecondMovesToTcp) {
  LimitingHabit habit;
  habit.OnEmptyTruncation(0);
  habit.OnEmptyTruncation(io::kSecond / 2);
  EXPECT_FALSE(habit.IsOn(io::kSecond / 2));
  habit.OnEmptyTruncation(io::kSecond);
  EXPECT_TRUE(habit.IsOn(io::kSecond));
  EXPECT_TRUE(habit.IsOn(60 * io::kSecond));
  EXPECT_FALSE(habit.IsOn(61 * io::kSecond));
}

TEST(LimitingHabitTest, RareOnesDoNot) {
  LimitingHabit habit;
  for (io::TimeNs now = 0; now < 20 * io::kSecond;
       now += 6 * io::kSecond / 10) {
    habit.OnEmptyTruncation(now);
    EXPECT_FALSE(habit.IsOn(now));
  }
}

TEST(LimitingHabitTest, NotWhereTcpIsRefused) {
  LimitingHabit habit;
  for (int i = 0; i < 3; ++i) habit.OnEmptyTruncation(i);
  EXPECT_TRUE(habit.IsOn(3));
  habit.OnTcpRefused();
  EXPECT_FALSE(habit.IsOn(3));
  for (int i = 0; i < 3; ++i) habit.OnEmptyTruncation(i);
  EXPECT_FALSE(habit.IsOn(3));
}

}  // namespace
}  // namespace scanner
