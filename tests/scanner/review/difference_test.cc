#include "scanner/review/difference.h"

#include <optional>
#include <string>

#include "gtest/gtest.h"
#include "tests/scanner/review/review_rows.h"

namespace scanner {
namespace {

std::optional<ComparedRow> Compared(const std::optional<RowText>& text,
                                    Profile profile) {
  if (!text) return std::nullopt;
  io::RowBatch batch;
  return CompareBy(AddRow(*text, &batch), profile);
}

std::string ChangeBetween(const std::optional<RowText>& older,
                          const std::optional<RowText>& newer,
                          Profile profile = Profile::kMail) {
  const auto a = Compared(older, profile);
  const auto b = Compared(newer, profile);
  return std::string(
      ChangeName(ChangeOf(a ? &*a : nullptr, b ? &*b : nullptr)));
}

const RowText kPass = PassOf(1, "a.example.net");
const RowText kNoPtr = {.status = "no_ptr", .cause = "nxdomain"};
const RowText kTimeout = {.status = "reverse_timeout", .cause = "timeout"};
const RowText kMismatch = {.status = "mismatch",
                           .ptr = "a.example.net",
                           .forward = "a.example.net=differs:192.0.2.9"};

RowText With(RowText row, std::string RowText::*field,
             const std::string& value) {
  row.*field = value;
  return row;
}

TEST(DifferenceTest, KindsInTheContractsOrder) {
  const struct {
    const char* label;
    std::optional<RowText> older;
    std::optional<RowText> newer;
    const char* change;
  } cases[] = {
      {"new", std::nullopt, kPass, "appeared"},
      {"new and unknown", std::nullopt, kTimeout, "appeared"},
      {"gone", kPass, std::nullopt, "disappeared"},
      {"equal", kPass, kPass, "same"},
      {"pass and no PTR", kPass, kNoPtr, "new_problem"},
      {"no PTR and pass", kNoPtr, kPass, "fixed"},
      {"crit and crit", kNoPtr, kMismatch, "changed_status"},
      {"ok and info", kPass,
       RowText{.status = "unconfirmed", .ptr = "a.example.net"},
       "changed_status"},
      {"info and ok", RowText{.status = "unconfirmed", .ptr = "a.example.net"},
       kPass, "fixed"},
      {"crit and info", kNoPtr,
       RowText{.status = "unconfirmed", .ptr = "a.example.net"}, "fixed"},
      {"another name", kPass, PassOf(1, "b.example.net"), "changed_name"},
      {"one name more", kPass,
       With(kPass, &RowText::ptr, "a.example.net b.example.net"),
       "changed_name"},
      {"letter case is no change", kPass,
       With(kPass, &RowText::ptr, "A.example.net"), "same"},
      {"another address", kMismatch,
       With(kMismatch, &RowText::forward, "a.example.net=differs:192.0.2.8"),
       "changed_forward"},
      {"one more", kPass,
       With(kPass, &RowText::forward,
            "a.example.net=confirmed:192.0.2.1,192.0.2.8"),
       "changed_forward"},
      {"a flag", kPass, With(kPass, &RowText::flags, "ttl_high"),
       "changed_flags"},
      {"only how it was come by", kPass,
       With(kPass, &RowText::flags, "reused pruned"), "same"},
      {"only what an option gives", kPass,
       With(kPass, &RowText::flags,
            "resolver_disagree other_family_only aaaa_unconfirmed"),
       "same"},
      {"a cause is none of the kinds", kNoPtr,
       With(kNoPtr, &RowText::cause, "nodata"), "same"},
      {"a label is none", kPass, With(kPass, &RowText::label, "x"), "same"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(ChangeBetween(c.older, c.newer), c.change) << c.label;
  }
}

// The same addresses, given by other names or in another order.
TEST(DifferenceTest, AddressesAreASet) {
  const RowText two = {.ptr = "a.example.net b.example.net",
                       .confirmed = "a.example.net",
                       .forward =
                           "a.example.net=confirmed:192.0.2.1 "
                           "b.example.net=differs:192.0.2.2"};
  const RowText swapped = With(two, &RowText::forward,
                               "a.example.net=confirmed:192.0.2.1,192.0.2.2 "
                               "b.example.net=differs:192.0.2.2");
  const RowText fewer =
      With(two, &RowText::forward,
           "a.example.net=confirmed:192.0.2.1 b.example.net=nxdomain");
  EXPECT_EQ(ChangeBetween(two, swapped), "same");
  EXPECT_EQ(ChangeBetween(two, fewer), "changed_forward");
}

// Every indefinite status, and every cause of skipped, on either side.
TEST(DifferenceTest, WhatIsNotKnownIsNeverAChange) {
  const RowText unknown[] = {
      kTimeout,
      {.status = "reverse_error", .cause = "servfail"},
      {.status = "forward_error",
       .ptr = "b.example.net",
       .forward = "b.example.net=servfail",
       .cause = "servfail"},
      {.status = "skipped", .cause = "special_use"},
      {.status = "skipped", .cause = "excluded"},
      {.status = "skipped", .cause = "budget"},
      {.status = "skipped", .cause = "breaker"},
  };
  for (const RowText& row : unknown) {
    for (const RowText& other : {kPass, kNoPtr, kTimeout}) {
      EXPECT_EQ(ChangeBetween(row, other), "unknown") << row.status;
      EXPECT_EQ(ChangeBetween(other, row), "unknown") << row.status;
    }
  }
  EXPECT_FALSE(IsChange(Change::kUnknown));
  EXPECT_FALSE(IsChange(Change::kSame));
  EXPECT_TRUE(IsChange(Change::kAppeared));
}

TEST(DifferenceTest, SeverityIsThatOfTheStatusByProfile) {
  const RowText flagged = With(kPass, &RowText::flags, "multiple_ptr");
  EXPECT_EQ(ChangeBetween(kPass, flagged), "changed_flags") << "warn by a flag";
  EXPECT_EQ(ChangeBetween(kPass, kNoPtr, Profile::kHosting), "changed_status");
  EXPECT_EQ(ChangeBetween(kNoPtr, kPass, Profile::kHosting), "fixed");
  EXPECT_EQ(ChangeBetween(kPass, kNoPtr, Profile::kInfra), "new_problem");
  const RowText edge = With(kNoPtr, &RowText::flags, "edge_address");
  EXPECT_EQ(ChangeBetween(kPass, edge), "changed_status") << "info";
  const RowText labelled = With(kMismatch, &RowText::label, "x");
  EXPECT_EQ(ChangeBetween(kMismatch, labelled, Profile::kHosting),
            "new_problem")
      << "warn and crit";
  EXPECT_EQ(ChangeBetween(labelled, kMismatch, Profile::kHosting), "same")
      << "crit and warn";
}

TEST(DifferenceTest, FlagsOfTheRunAreCompared) {
  ComparedRow older = *Compared(kPass, Profile::kMail);
  ComparedRow newer = older;
  newer.review_flags.Add(ReviewFlag::kSharedPlaceholder);
  EXPECT_EQ(ChangeOf(&older, &newer), Change::kChangedFlags);
  older.review_flags = newer.review_flags;
  EXPECT_EQ(ChangeOf(&older, &newer), Change::kSame);
}

TEST(DifferenceTest, NamesOfKindsAreReadBack) {
  for (size_t i = 0; i < kChangeCount; ++i) {
    const auto change = static_cast<Change>(i);
    EXPECT_EQ(ParseChange(ChangeName(change)), change);
  }
  EXPECT_EQ(ParseChange("changed"), std::nullopt);
}

}  // namespace
}  // namespace scanner
