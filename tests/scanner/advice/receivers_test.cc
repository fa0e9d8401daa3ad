// VERDICTS.md 9.1, each cell of its table.
#include "scanner/advice/receivers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scanner/advice/row_builder.h"

namespace scanner {
namespace {

using io::Flag;
using io::Status;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<absl::string_view> OutcomesOf(const io::Row& row) {
  std::vector<absl::string_view> outcomes;
  for (const Prediction& prediction : PredictReceivers(row)) {
    outcomes.push_back(prediction.outcome);
  }
  return outcomes;
}

io::Row RowOf(Status status, std::initializer_list<Flag> flags = {}) {
  io::Row row = {.status = status};
  for (const Flag flag : flags) row.flags.Add(flag);
  return row;
}

TEST(ReceiversTest, EachIsNamed) {
  std::vector<absl::string_view> names;
  for (const Prediction& of : PredictReceivers(RowOf(Status::kPass))) {
    names.push_back(of.receiver);
  }
  EXPECT_THAT(names,
              ElementsAre("Postfix reject_unknown_reverse_client_hostname",
                          "Postfix reject_unknown_client_hostname",
                          "Exim verify = reverse_host_lookup",
                          "Gmail sender guidelines"));
}

TEST(ReceiversTest, EachStatusAsTheTableHasIt) {
  const auto rejected =
      ElementsAre("ok", "rejects 4.7.25", "fails", "rejects 550 5.7.25");
  const auto without =
      ElementsAre("rejects 4.7.1", "rejects", "fails", "rejects 550 5.7.25");
  const auto unknown = ElementsAre("450", "450", "defers", "defers, likely");
  EXPECT_THAT(OutcomesOf(RowOf(Status::kPass)),
              ElementsAre("ok", "ok", "ok", "ok"));
  EXPECT_THAT(OutcomesOf(RowOf(Status::kMismatch)), rejected);
  EXPECT_THAT(OutcomesOf(RowOf(Status::kNoForward)), rejected);
  EXPECT_THAT(OutcomesOf(RowOf(Status::kNoPtr)), without);
  EXPECT_THAT(OutcomesOf(RowOf(Status::kUndelegated)), without);
  EXPECT_THAT(OutcomesOf(RowOf(Status::kReverseTimeout)), unknown);
  EXPECT_THAT(OutcomesOf(RowOf(Status::kReverseError)), unknown);
  EXPECT_THAT(OutcomesOf(RowOf(Status::kForwardError)),
              ElementsAre("ok", "450", "defers", "defers, likely"));
  EXPECT_THAT(OutcomesOf(RowOf(Status::kSkipped)), IsEmpty());
  EXPECT_THAT(OutcomesOf(RowOf(Status::kUnconfirmed)), IsEmpty());
}

TEST(ReceiversTest, APassMayFailForAName) {
  constexpr absl::string_view kRandom =
      "ok or not, at random: one of its names does not lead back";
  EXPECT_THAT(OutcomesOf(RowOf(Status::kPass, {Flag::kForwardPartial})),
              ElementsAre(kRandom, kRandom, "ok", "ok"));
  EXPECT_THAT(OutcomesOf(RowOf(Status::kPass, {Flag::kForwardIncomplete})),
              ElementsAre("ok", "ok",
                          "ok, but may defer: looking up a name failed", "ok"));
  EXPECT_THAT(
      OutcomesOf(RowOf(Status::kPass, {Flag::kUnderscore})),
      ElementsAre("ok", "ok", "ok, but may fail: the name has an underscore",
                  "ok"));
}

TEST(ReceiversTest, PostfixTakesSomeBadNamesForNames) {
  const auto taken = ElementsAre("ok", "rejects", "fails", "rejects, likely");
  const auto refused =
      ElementsAre("rejects 4.7.1", "rejects", "fails", "rejects, likely");
  for (const Flag flag :
       {Flag::kLocalhost, Flag::kMissingDot, Flag::kSelfPtr, Flag::kArpaName,
        Flag::kSingleLabel, Flag::kInternalTld}) {
    EXPECT_THAT(OutcomesOf(RowOf(Status::kBadName, {flag})), taken)
        << io::FlagName(flag);
  }
  for (const Flag flag : {Flag::kRootName, Flag::kIllegalChars,
                          Flag::kIpLiteral, Flag::kNumericName}) {
    EXPECT_THAT(OutcomesOf(RowOf(Status::kBadName, {flag})), refused)
        << io::FlagName(flag);
  }
}

TEST(ReceiversTest, BouncesAsTheyAreWorded) {
  for (const Status status : {Status::kNoPtr, Status::kUndelegated}) {
    EXPECT_THAT(BounceTexts(status),
                ElementsAre("cannot find your reverse hostname",
                            "does not have a PTR record", "IP not found in DNS",
                            "Failed reverse DNS lookup"));
  }
  for (const Status status : {Status::kMismatch, Status::kNoForward}) {
    EXPECT_THAT(BounceTexts(status),
                ElementsAre("cannot find your hostname",
                            "forward DNS entry does not match the sending IP"));
  }
  EXPECT_THAT(BounceTexts(Status::kPass), IsEmpty());
}

TEST(ReceiversTest, NotesSayWhatNoTableHas) {
  std::string notes;
  for (const absl::string_view note : ReceiverNotes()) {
    absl::StrAppend(&notes, note, "\n");
  }
  for (const char* word : {"450", "uses one PTR", "RFC 7372", "IPv6 senders",
                           "Yahoo", "From:", "RFC 5321", "not a guarantee"}) {
    EXPECT_THAT(notes, testing::HasSubstr(word));
  }
}

}  // namespace
}  // namespace scanner
