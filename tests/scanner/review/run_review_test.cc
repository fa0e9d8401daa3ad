#include "scanner/review/run_review.h"

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/scanner/review/review_rows.h"

namespace scanner {
namespace {

// A run whose rows come in an order by chance.
class TestRun {
 public:
  void Add(const RowText& row) { rows_.push_back(row); }
  // `count` rows 192.0.2.`first`, ...; `make(last octet)`.
  void AddMany(int first, int count, const std::function<RowText(int)>& make) {
    for (int i = first; i < first + count; ++i) Add(make(i));
  }
  void Finish() {
    std::shuffle(rows_.begin(), rows_.end(), std::mt19937(7));
    for (const RowText& row : rows_) {
      io::RowBatch batch;
      review_.Add(AddRow(row, &batch));
    }
    repeated_ = review_.Finish();
  }

  std::string Flags(const std::string& ip) const {
    const auto* entry = review_.Find(*dnswire::IpAddress::Parse(ip));
    return entry == nullptr ? "no row" : ReviewFlagsText(entry->reviewed);
  }
  std::string Flags(int last) const {
    return Flags(absl::StrCat("192.0.2.", last));
  }
  const RunReview& review() const { return review_; }
  std::string repeated() const {
    return repeated_ ? repeated_->ToString() : "";
  }

 private:
  std::vector<RowText> rows_;
  RunReview review_;
  std::optional<dnswire::IpAddress> repeated_;
};

std::string Numbered(absl::string_view before, int number,
                     absl::string_view after) {
  return absl::StrCat(before, number, after);
}

RowText Unique(int last) {
  const std::string letters = {static_cast<char>('a' + last / 26),
                               static_cast<char>('a' + last % 26)};
  return PassOf(last, absl::StrCat("w", letters, ".example.net"));
}

RowText Templated(int last) {
  return PassOf(last, Numbered("h", last, ".example.net"));
}

// Does not lead back.
RowText Mismatch(int last, const std::string& name,
                 const std::string& address = "203.0.113.1") {
  return {.ip = absl::StrCat("192.0.2.", last),
          .status = "mismatch",
          .ptr = name,
          .forward = absl::StrCat(name, "=differs:", address)};
}

// VERDICTS.md 5.4: m >= max(16, 10 % of the rows with a usable J).
TEST(RunReviewTest, TemplateNeedsSixteenRows) {
  for (const int rows : {15, 16}) {
    TestRun run;
    run.AddMany(1, rows, Templated);
    run.Finish();
    EXPECT_EQ(run.Flags(1), rows == 16 ? "generic_template" : "") << rows;
    EXPECT_EQ(run.Flags(15), rows == 16 ? "generic_template" : "") << rows;
  }
}

TEST(RunReviewTest, TemplateNeedsATenthOfTheRowsWithAUsableName) {
  for (const int others : {180, 181}) {
    TestRun run;
    run.AddMany(1, 20, Templated);
    run.AddMany(21, others, Unique);
    // Without a usable name: they do not count.
    run.AddMany(240, 10, [](int last) -> RowText {
      return {.ip = absl::StrCat("192.0.2.", last),
              .status = "bad_name",
              .ptr = Numbered("router", last, "")};
    });
    run.Finish();
    EXPECT_EQ(run.Flags(7), others == 180 ? "generic_template" : "") << others;
    EXPECT_EQ(run.Flags(21), "");
  }
}

TEST(RunReviewTest, TemplateOfOtherNumbersNeedsSixtyFourRowsOrAPoolWord) {
  const auto other_number = [](absl::string_view after) {
    return [after](int last) {
      return PassOf(last, Numbered("h", last + 300, after));
    };
  };
  for (const int rows : {63, 64}) {
    TestRun run;
    run.AddMany(1, rows, other_number(".example.net"));
    run.Finish();
    EXPECT_EQ(run.Flags(1), rows == 64 ? "generic_template" : "") << rows;
  }
  for (const char* word : {"dyn", "dsl", "unused"}) {
    TestRun run;
    const std::string after = absl::StrCat(".", word, ".example.net");
    run.AddMany(1, 16, other_number(after));
    run.Finish();
    EXPECT_EQ(run.Flags(1), "generic_template") << word;
  }
  TestRun stationary;
  stationary.AddMany(1, 63, other_number(".static.example.net"));
  stationary.Finish();
  EXPECT_EQ(stationary.Flags(1), "");
}

TEST(RunReviewTest, TemplateIsOfOneBlockAndOneSkeleton) {
  TestRun run;
  run.AddMany(1, 15, Templated);
  run.AddMany(16, 15, [](int last) {
    return PassOf(last, Numbered("x", last, ".example.net"));
  });
  run.AddMany(1, 15, [](int last) {
    RowText row = Templated(last);
    row.ip = absl::StrCat("192.0.3.", last);
    row.ptr = row.confirmed = Numbered("h", last, ".example.org");
    return row;
  });
  run.Finish();
  EXPECT_EQ(run.Flags(1), "");
  EXPECT_EQ(run.Flags(16), "");
  EXPECT_EQ(run.Flags("192.0.3.1"), "");
}

TEST(RunReviewTest, TemplateIsNotSaidOfWhatIsGenericAlready) {
  TestRun run;
  run.AddMany(1, 8, Templated);
  run.AddMany(9, 8, [](int last) {
    RowText row = Templated(last);
    row.flags = "generic";
    return row;
  });
  run.Finish();
  EXPECT_EQ(run.Flags(1), "generic_template") << "all sixteen count";
  EXPECT_EQ(run.Flags(9), "");
}

TEST(RunReviewTest, TemplateIsOfUsableNames) {
  TestRun run;
  run.AddMany(1, 16, [](int last) -> RowText {
    return {.ip = absl::StrCat("192.0.2.", last),
            .status = "bad_name",
            .ptr = Numbered("h", last, ".site.corp")};
  });
  run.Finish();
  EXPECT_EQ(run.Flags(1), "");
}

TEST(RunReviewTest, TemplateIsOfIpv4AndNeverOfMailHosts) {
  TestRun run;
  for (int i = 1; i < 100; ++i) {
    const std::string name = Numbered("h", i, ".example.net");
    run.Add({.ip = Numbered("2001:db8::", i, ""),
             .ptr = name,
             .confirmed = name,
             .forward = name + "=confirmed:" + Numbered("2001:db8::", i, "")});
  }
  run.AddMany(1, 99, [](int last) {
    return PassOf(last, Numbered("mx", last, ".example.org"));
  });
  run.Finish();
  EXPECT_EQ(run.Flags("2001:db8::1"), "");
  EXPECT_EQ(run.Flags(1), "");
}

TEST(RunReviewTest, PlaceholderNeedsSixteenRows) {
  for (const int rows : {15, 16}) {
    TestRun run;
    run.AddMany(1, rows,
                [](int last) { return Mismatch(last, "none.example.net"); });
    run.Finish();
    EXPECT_EQ(run.Flags(3), rows == 16 ? "duplicate_name(16) shared_placeholder"
                                       : "duplicate_name(15)");
  }
}

TEST(RunReviewTest, PlaceholderNeedsAFourthOfTheRowsWithAPtr) {
  for (const int others : {48, 49}) {
    TestRun run;
    run.AddMany(1, 16,
                [](int last) { return Mismatch(last, "none.example.net"); });
    run.AddMany(17, others, Unique);
    run.AddMany(100, 50, [](int last) -> RowText {  // do not count
      return {.ip = absl::StrCat("192.0.2.", last), .status = "no_ptr"};
    });
    run.Finish();
    EXPECT_EQ(run.Flags(1), others == 48
                                ? "duplicate_name(16) shared_placeholder"
                                : "duplicate_name(16)");
  }
}

TEST(RunReviewTest, PlaceholderLeadsBackNowhere) {
  TestRun run;
  run.AddMany(1, 20,
              [](int last) { return Mismatch(last, "none.example.net"); });
  run.Add(PassOf(21, "none.example.net"));
  run.Finish();
  EXPECT_EQ(run.Flags(1), "duplicate_name(21)");
}

TEST(RunReviewTest, PlaceholderMayBeAnUnusableNameToo) {
  TestRun run;
  run.AddMany(1, 16, [](int last) -> RowText {
    return {.ip = absl::StrCat("192.0.2.", last),
            .status = "bad_name",
            .ptr = "localhost"};
  });
  run.Finish();
  EXPECT_EQ(run.Flags(1), "duplicate_name(16) shared_placeholder");
}

TEST(RunReviewTest, PlaceholderIsOfOneBlock) {
  TestRun run;
  for (int i = 1; i <= 15; ++i) {
    run.Add(Mismatch(i, "none.example.net"));
    RowText other = Mismatch(i, "none.example.net");
    other.ip = absl::StrCat("192.0.3.", i);
    run.Add(other);
  }
  run.Finish();
  EXPECT_EQ(run.Flags(1), "duplicate_name(30)");
}

TEST(RunReviewTest, PlaceholderIsOfIpv4) {
  TestRun run;
  for (int i = 1; i <= 300; ++i) {
    RowText row = Mismatch(1, "none.example.net");
    row.ip = absl::StrCat("2001:db8::", i);
    run.Add(row);
  }
  run.Finish();
  EXPECT_EQ(run.Flags("2001:db8::1"), "duplicate_name(300)");
}

TEST(RunReviewTest, DuplicateNamesAreThoseOfTheRun) {
  TestRun run;
  run.Add(PassOf(1, "A.example.net"));
  RowText far = PassOf(1, "a.example.net");
  far.ip = "2001:db8::1";
  far.forward = "a.example.net=confirmed:2001:db8::1";
  run.Add(far);
  run.Add(PassOf(2, "b.example.net"));
  run.Add({.ip = "192.0.2.3", .status = "no_ptr"});
  run.Add({.ip = "192.0.2.4", .status = "no_ptr"});
  // Only the judged name counts: c, not a.
  run.Add({.ip = "192.0.2.5",
           .ptr = "a.example.net c.example.net",
           .confirmed = "c.example.net",
           .forward = "a.example.net=differs:192.0.2.9 "
                      "c.example.net=confirmed:192.0.2.5"});
  run.Finish();
  EXPECT_EQ(run.Flags(1), "duplicate_name(2)");
  EXPECT_EQ(run.Flags("2001:db8::1"), "duplicate_name(2)");
  for (const int last : {2, 3, 4, 5}) EXPECT_EQ(run.Flags(last), "") << last;
}

TEST(RunReviewTest, DuplicateNameIsInfoOnlyIfAllPass) {
  const auto severity = [](const RowText& second, Profile profile) {
    TestRun run;
    run.Add(PassOf(1, "a.example.net"));
    run.Add(second);
    run.Finish();
    return ReviewSeverity(run.review().entries()[0].reviewed, profile);
  };
  const RowText pass = PassOf(2, "a.example.net");
  const RowText mismatch = Mismatch(2, "a.example.net");
  EXPECT_EQ(severity(pass, Profile::kMail), Severity::kInfo);
  EXPECT_EQ(severity(mismatch, Profile::kMail), Severity::kWarn);
  EXPECT_EQ(severity(mismatch, Profile::kHosting), Severity::kWarn);
  EXPECT_EQ(severity(mismatch, Profile::kInfra), Severity::kInfo);
  EXPECT_EQ(severity(Unique(2), Profile::kMail), Severity::kOk);
}

TEST(RunReviewTest, SeveritiesOfTheOtherFlags) {
  const auto severity = [](ReviewFlag flag, Profile profile) {
    Reviewed reviewed;
    reviewed.flags.Add(flag);
    return ReviewSeverity(reviewed, profile);
  };
  for (const auto flag :
       {ReviewFlag::kGenericTemplate, ReviewFlag::kSharedPlaceholder}) {
    EXPECT_EQ(severity(flag, Profile::kMail), Severity::kWarn);
    EXPECT_EQ(severity(flag, Profile::kInfra), Severity::kInfo);
  }
  EXPECT_EQ(severity(ReviewFlag::kForwardInScan, Profile::kMail),
            Severity::kInfo);
}

TEST(RunReviewTest, ForwardInScanIsAMismatchThatLeadsToAnotherTarget) {
  TestRun run;
  run.Add(Mismatch(1, "b.example.net", "203.0.113.1,192.0.2.2"));  // swapped
  run.Add(Mismatch(2, "a.example.net", "192.0.2.1"));
  run.Add(Mismatch(3, "c.example.net", "192.0.2.77"));  // no target
  // Not of K: the expected name.
  run.Add({.ip = "192.0.2.4",
           .status = "mismatch",
           .ptr = "d.example.net",
           .forward = "d.example.net=differs:203.0.113.1 "
                      "e.example.net=differs:192.0.2.1",
           .expected = "e.example.net"});
  // Not a mismatch.
  RowText partial = PassOf(5, "f.example.net");
  partial.ptr = "f.example.net g.example.net";
  partial.forward += " g.example.net=differs:192.0.2.1";
  run.Add(partial);
  // A mapped address is no target.
  run.Add({.ip = "2001:db8::1",
           .status = "mismatch",
           .ptr = "h.example.net",
           .forward = "h.example.net=differs:::ffff:192.0.2.1"});
  run.Finish();
  EXPECT_EQ(run.Flags(1), "forward_in_scan");
  EXPECT_EQ(run.Flags(2), "forward_in_scan");
  for (const int last : {3, 4, 5}) EXPECT_EQ(run.Flags(last), "") << last;
  EXPECT_EQ(run.Flags("2001:db8::1"), "");
}

TEST(RunReviewTest, AnAddressThatComesTwiceIsToldOfAndCountsOnce) {
  TestRun run;
  run.Add(PassOf(1, "a.example.net"));
  run.Add(PassOf(1, "a.example.net"));
  run.Add(PassOf(2, "b.example.net"));
  run.Finish();
  EXPECT_EQ(run.repeated(), "192.0.2.1");
  EXPECT_EQ(run.review().entries().size(), 2u);
  EXPECT_EQ(run.Flags(1), "") << "not another target";
  TestRun once;
  once.Add(PassOf(1, "a.example.net"));
  once.Finish();
  EXPECT_EQ(once.repeated(), "");
  EXPECT_EQ(once.Flags(2), "no row");
}

TEST(RunReviewTest, EntriesAscendAndKnowTheirRow) {
  RunReview review;
  const char* const ips[] = {"192.0.2.9", "2001:db8::1", "192.0.2.1"};
  for (const char* ip : ips) {
    io::RowBatch batch;
    review.Add(AddRow({.ip = ip, .status = "no_ptr"}, &batch));
  }
  review.Finish();
  ASSERT_EQ(review.entries().size(), 3u);
  EXPECT_EQ(review.entries()[0].ip.ToString(), "192.0.2.1");
  EXPECT_EQ(review.entries()[2].ip.ToString(), "2001:db8::1");
  for (const auto& entry : review.entries()) {
    EXPECT_EQ(entry.ip.ToString(), ips[entry.row]);
  }
}

}  // namespace
}  // namespace scanner
