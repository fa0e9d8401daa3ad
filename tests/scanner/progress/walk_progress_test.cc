#include "scanner/progress/walk_progress.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace scanner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Rows of ::1, ::2 and so on are told by their last group.
class WalkProgressTest : public testing::Test {
 protected:
  void Add(std::initializer_list<uint64_t> hosts, const std::string& state) {
    OutputBatch batch = {.walk_state = state};
    for (const uint64_t host : hosts) {
      batch.rows.Append({.ip = dnswire::IpAddress::V6(host)});
    }
    progress_.Add(batch);
  }
  void Record() {
    io::JournalRecord record;
    progress_.PutChanges(&record);
    Append(record);
  }
  void RecordAll() {
    io::JournalRecord record;
    progress_.PutAll(&record);
    content_ = {};
    Append(record);
  }
  void Append(const io::JournalRecord& record) {
    content_.has_record = true;
    content_.last = record;
    content_.changes.push_back(record.changes);
  }
  // What whoever resumes now is told: the state, and the hosts.
  std::string State() { return TakenUp().resumed().state; }
  std::vector<uint64_t> Again() {
    std::vector<uint64_t> hosts;
    const WalkProgress taken_up = TakenUp();
    for (const dnswire::IpAddress& address : taken_up.resumed().again) {
      EXPECT_FALSE(address.is_v4());
      hosts.push_back(absl::Uint128Low64(address.value()));
    }
    return hosts;
  }
  WalkProgress TakenUp() {
    WalkProgress progress;
    EXPECT_TRUE(progress.TakeUp(content_));
    return progress;
  }

  WalkProgress progress_;
  io::JournalContent content_;
};

TEST_F(WalkProgressTest, TheStateIsThatOfTheLastBatch) {
  Add({1}, "one");
  EXPECT_TRUE(progress_.has_state());
  Add({2}, "");
  EXPECT_FALSE(progress_.has_state());
  Add({}, std::string("t\0o", 3));
  EXPECT_TRUE(progress_.has_state());
  progress_.Finish(2);
  Record();
  EXPECT_EQ(State(), std::string("t\0o", 3));
  EXPECT_THAT(Again(), IsEmpty());
}

TEST_F(WalkProgressTest, AddressesOfRowsThatAreNotOnTheDiskAreAskedAgain) {
  Add({1, 2, 3}, "a");
  Record();
  EXPECT_THAT(Again(), ElementsAre(1, 2, 3));
  Add({4}, "b");
  progress_.Finish(2);
  Record();
  EXPECT_THAT(Again(), ElementsAre(3, 4));
  Record();
  EXPECT_THAT(Again(), ElementsAre(3, 4));
  Add({5, 6}, "c");
  progress_.Finish(3);  // one of them was in no record yet
  Record();
  EXPECT_THAT(Again(), ElementsAre(6));
  progress_.Finish(1);
  Add({7}, "d");
  Record();
  EXPECT_THAT(Again(), ElementsAre(7));
}

TEST_F(WalkProgressTest, ARecordOfAllNeedsNoneBeforeIt) {
  Add({1, 2, 3}, "a");
  Record();
  progress_.Finish(1);
  Add({4}, "b");
  RecordAll();
  EXPECT_THAT(Again(), ElementsAre(2, 3, 4));
  Add({5}, "c");
  progress_.Finish(2);
  Record();
  EXPECT_THAT(Again(), ElementsAre(4, 5));
}

// They are the walk's again, and its states speak of them.
TEST_F(WalkProgressTest, WhatWasTakenUpIsGoneWithTheFirstRecordOfTheNewRun) {
  Add({1, 2}, "a");
  Record();
  progress_ = TakenUp();
  Add({2}, "b");
  Record();
  EXPECT_EQ(State(), "b");
  EXPECT_THAT(Again(), ElementsAre(2));
  progress_ = TakenUp();
  Add({9}, "c");
  RecordAll();
  EXPECT_THAT(Again(), ElementsAre(9));
}

TEST_F(WalkProgressTest, KnowsHowLongTheFindingsWere) {
  Add({}, "a");
  progress_.SetFindingsOctets(1234567890123);
  Record();
  EXPECT_EQ(WalkProgress::FindingsOctets(content_.last), 1234567890123u);
  EXPECT_EQ(WalkProgress::FindingsOctets({.progress = "something else"}), 0u);
}

TEST_F(WalkProgressTest, KnowsWhereFindingsGo) {
  progress_.SetFindingsPlace("f.csv as CSV");
  Add({1}, "state");
  Record();
  EXPECT_EQ(WalkProgress::FindingsPlace(content_.last), "f.csv as CSV");
  EXPECT_EQ(State(), "state");
  EXPECT_EQ(WalkProgress::FindingsPlace({.progress = "something else"}), "");
}

TEST_F(WalkProgressTest, ACompleteRecordNeedsNoState) {
  Record();
  EXPECT_FALSE(WalkProgress().TakeUp(content_));
  content_.last.complete = true;
  EXPECT_TRUE(WalkProgress().TakeUp(content_));
}

TEST_F(WalkProgressTest, RefusesWhatItHasNotWritten) {
  Add({1, 2}, "state");
  Record();
  const io::JournalContent good = content_;
  const auto refuses = [](const io::JournalContent& content) {
    return !WalkProgress().TakeUp(content);
  };
  ASSERT_FALSE(refuses(good));
  for (size_t size = 0; size < good.last.progress.size(); ++size) {
    io::JournalContent cut = good;
    cut.last.progress.resize(size);
    EXPECT_TRUE(refuses(cut)) << size;
  }
  for (size_t size = 0; size < good.changes[0].size(); ++size) {
    io::JournalContent cut = good;
    cut.changes[0].resize(size);
    EXPECT_TRUE(refuses(cut)) << size;
  }
  io::JournalContent longer = good;
  longer.last.progress.push_back('\0');
  EXPECT_TRUE(refuses(longer));
  longer = good;
  longer.changes[0].push_back('\0');
  EXPECT_TRUE(refuses(longer));
  io::JournalContent more_gone = good;
  more_gone.changes[0][0] = 1;  // of none
  EXPECT_TRUE(refuses(more_gone));
}

}  // namespace
}  // namespace scanner
