#include "scanner/verdict/row_names.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scanner/review/review_rows.h"

namespace scanner {
namespace {

// VERDICTS.md 1: first of confirmed, else first of K that differs, else first
// of K, else first of N.
TEST(RowNamesTest, JudgedNameIsTheContractsJ) {
  const struct {
    const char* label;
    RowText row;
    const char* judged;
  } cases[] = {
      {"no PTR", {.status = "no_ptr"}, ""},
      {"not known", {.status = "reverse_timeout", .cause = "timeout"}, ""},
      {"confirmed before an earlier one that differs",
       {.ptr = "a.example.net b.example.net",
        .confirmed = "b.example.net",
        .forward = "a.example.net=differs:192.0.2.9 "
                   "b.example.net=confirmed:192.0.2.1"},
       "b.example.net"},
      {"the first that differs before an earlier one that has none",
       {.status = "mismatch",
        .ptr = "a.example.net b.example.net c.example.net",
        .forward = "a.example.net=nxdomain b.example.net=differs:192.0.2.9 "
                   "c.example.net=differs:192.0.2.8"},
       "b.example.net"},
      {"the first of K: an unusable name before it is not asked",
       {.status = "no_forward",
        .ptr = "10.example.test a.example.net b.example.net",
        .forward = "a.example.net=nodata b.example.net=nxdomain"},
       "a.example.net"},
      {"a failed one is of K too",
       {.status = "forward_error",
        .ptr = "a.example.net",
        .forward = "a.example.net=servfail",
        .cause = "servfail"},
       "a.example.net"},
      {"the expected name that was asked too is none of N",
       {.status = "mismatch",
        .ptr = "b.example.net",
        .forward = "a.example.net=differs:192.0.2.7 "
                   "b.example.net=differs:192.0.2.9",
        .expected = "a.example.net"},
       "b.example.net"},
      {"of unusable names the first",
       {.status = "bad_name", .ptr = "localhost router"},
       "localhost"},
      {"asked for nothing: the first usable one",
       {.status = "unconfirmed", .ptr = "A.Example.NET b.example.net"},
       "a.example.net"},
  };
  for (const auto& c : cases) {
    io::RowBatch batch;
    const auto judged = JudgedNameOf(AddRow(c.row, &batch));
    EXPECT_EQ(judged ? judged->ToText() : "", c.judged) << c.label;
  }
}

TEST(RowNamesTest, AskedNamesAreThoseOfN) {
  io::RowBatch batch;
  std::vector<std::string> asked;
  ForEachAskedName(AddRow({.status = "no_forward",
                           .ptr = "a.example.net b.example.net localhost",
                           .forward = "a.example.net=nodata "
                                      "b.example.net=nodata "
                                      "c.example.net=confirmed:192.0.2.1"},
                          &batch),
                   [&asked](const io::ForwardItem& item) {
                     asked.push_back(item.name.ToText());
                   });
  EXPECT_THAT(asked, testing::ElementsAre("a.example.net", "b.example.net"));
}

}  // namespace
}  // namespace scanner
