// --fail-on of a walk.
#include "scanner/walk/walk_fail_condition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace scanner {
namespace {

using io::Status;
using testing::HasSubstr;
using enum FindingKind;

io::Row RowOf(Status status) {
  io::Row row;
  row.status = status;
  return row;
}

TEST(WalkFailConditionTest, TakesKindsOfFindingsAndWhatRowsHave) {
  const auto condition =
      WalkFailCondition::Parse("lame,mismatch,excluded,wildcard");
  ASSERT_TRUE(condition.ok()) << condition.status();
  for (size_t i = 0; i < kFindingKindCount; ++i) {
    const auto kind = static_cast<FindingKind>(i);
    EXPECT_EQ(condition->Fails(kind),
              kind == kLame || kind == kExcluded || kind == kWildcard)
        << FindingKindName(kind);
  }
  EXPECT_TRUE(
      condition->rows().Fails(RowOf(Status::kMismatch), Profile::kMail));
  EXPECT_FALSE(condition->rows().Fails(RowOf(Status::kNoPtr), Profile::kMail));
}

TEST(WalkFailConditionTest, AWordThatIsBothMeansBoth) {
  const auto condition = WalkFailCondition::Parse("undelegated");
  ASSERT_TRUE(condition.ok());
  EXPECT_TRUE(condition->Fails(kUndelegated));
  EXPECT_TRUE(
      condition->rows().Fails(RowOf(Status::kUndelegated), Profile::kMail));
}

TEST(WalkFailConditionTest, NothingFailsWithoutOne) {
  const WalkFailCondition none;
  EXPECT_FALSE(none.Fails(kLame));
  EXPECT_FALSE(none.rows().Fails(RowOf(Status::kMismatch), Profile::kMail));
}

TEST(WalkFailConditionTest, AnUnknownWordIsNamedWithTheNearest) {
  const struct {
    const char* list;
    const char* meant;
  } cases[] = {{"lame,lane", "did you mean \"lame\"?"},
               {"mismtch", "did you mean \"mismatch\"?"},
               {"wildcard_dens", "did you mean \"wildcard_dense\"?"},
               {"crti", "did you mean \"crit\"?"},
               {"", "\"\" is no kind of finding"}};
  for (const auto& c : cases) {
    const auto condition = WalkFailCondition::Parse(c.list);
    ASSERT_FALSE(condition.ok()) << c.list;
    EXPECT_THAT(std::string(condition.status().message()), HasSubstr(c.meant));
  }
}

}  // namespace
}  // namespace scanner
