#include "scanner/progress/scan_journal.h"

#include <gmock/gmock.h>

#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "tests/io/temp_folder.h"

namespace scanner {
namespace {

using testing_support::TempFolder;

const dnswire::IpAddress kAnyAddress = dnswire::IpAddress::V4(0xc0000201);

// Says of itself what a test wants.
class ToldSink : public io::RowSink {
 public:
  absl::Status Write(std::span<const io::Row>) override {
    return absl::OkStatus();
  }
  absl::Status Flush() override { return absl::OkStatus(); }
  absl::Status Finish() override { return absl::OkStatus(); }
  absl::StatusOr<io::SyncedRows> Sync() override {
    if (!status.ok()) return status;
    return synced;
  }

  io::SyncedRows synced;
  absl::Status status;
};

class ScanJournalTest : public testing::Test {
 protected:
  ScanJournal Create() {
    ScanJournal journal(io::Journal::Create(path_, {}).value());
    journal.BeginRun({{.shard = 0, .shards = 1}});
    return journal;
  }
  io::JournalContent Read(uint64_t data_octets) {
    return io::Journal::Open(path_, data_octets).value().content;
  }
  ScanJournal TakenUp(uint64_t data_octets) {
    auto opened = io::Journal::Open(path_, data_octets).value();
    ScanJournal journal(std::move(opened.journal));
    EXPECT_TRUE(journal.TakeUp(opened.content).ok());
    return journal;
  }
  // Targets that have their rows as soon as they are started.
  void AddRows(ScanJournal* journal,
               std::vector<ProgressMap::Position> positions,
               io::Status status = io::Status::kPass) {
    io::Row row;
    row.status = status;
    const std::vector<io::Row> rows(positions.size(), row);
    std::vector<uint64_t> numbers(positions.size());
    std::iota(numbers.begin(), numbers.end(), next_number_);
    next_number_ += numbers.size();
    journal->Add(rows, {.started = std::move(positions),
                        .finished = std::move(numbers)});
  }

  const TempFolder folder_;
  const std::string path_ = folder_.Path("out.journal");
  ToldSink sink_;
  uint64_t next_number_ = 0;
};

TEST_F(ScanJournalTest, IsTakenUpAsItWasRecorded) {
  {
    ScanJournal journal = Create();
    AddRows(&journal, {3, 4});
    AddRows(&journal, {5}, io::Status::kReverseTimeout);
    journal.Add(
        {},
        {.started = {6, 7},
         .put_off = {{.number = 3,
                      .deferred = {.position = 6, .target = kAnyAddress}}}});
    EXPECT_TRUE(journal.has_news());
    journal.Note();
    sink_.synced = {.octets = 99, .rows = 3, .state = "state"};
    ASSERT_TRUE(journal.Record(&sink_, false).ok());
    EXPECT_FALSE(journal.has_news());
  }
  EXPECT_EQ(Read(99).last.sink, "state");
  const ScanJournal journal = TakenUp(99);
  EXPECT_EQ(journal.earlier().rows, 3u);
  EXPECT_EQ(journal.earlier().unknown, 1u);
  EXPECT_TRUE(journal.noted());
  EXPECT_TRUE(journal.resumed().IsTaken(5, kAnyAddress));
  EXPECT_TRUE(journal.resumed().IsTaken(6, kAnyAddress));
  EXPECT_FALSE(journal.resumed().IsTaken(7, kAnyAddress));
  EXPECT_EQ(journal.resumed().deferred().size(), 1u);
  Stats stats;
  journal.earlier().AddTo(&stats);
  EXPECT_EQ(stats.targets, 3u);
  EXPECT_EQ(stats.not_started(), 0u);
  EXPECT_EQ(
      stats.rows_by_status[static_cast<size_t>(io::Status::kReverseTimeout)],
      1u);
}

// Rows of addresses from the late list, among others.
TEST_F(ScanJournalTest, ALateRowEndsWhatWasPutOff) {
  {
    ScanJournal journal = Create();
    ProgressEvents events = {.started = {1, 2, 3, 4}};
    events.put_off = {
        {.number = 0, .deferred = {.position = 1, .target = kAnyAddress}},
        {.number = 2, .deferred = {.position = 3, .target = kAnyAddress}}};
    journal.Add({}, events);
    const std::vector<io::Row> rows(3);
    journal.Add(rows,
                {.finished = {ProgressEvents::kLate, 1, ProgressEvents::kLate},
                 .late = {3, 1}});
    sink_.synced = {.octets = 10, .rows = 2};
    ASSERT_TRUE(journal.Record(&sink_, false).ok());
  }
  const ScanJournal journal = TakenUp(10);
  ASSERT_EQ(journal.resumed().deferred().size(), 1u);
  EXPECT_EQ(journal.resumed().deferred().begin()->first, 1u);
  EXPECT_TRUE(journal.resumed().IsTaken(2, kAnyAddress));
  EXPECT_FALSE(journal.resumed().IsTaken(4, kAnyAddress));
}

// As of a format that writes rows in groups.
TEST_F(ScanJournalTest, RowsThatTheSinkKeepsBackAreOpen) {
  {
    ScanJournal journal = Create();
    AddRows(&journal, {1, 2});
    AddRows(&journal, {3});
    sink_.synced = {.octets = 10, .rows = 2};
    ASSERT_TRUE(journal.Record(&sink_, false).ok());
  }
  const ScanJournal journal = TakenUp(10);
  EXPECT_EQ(journal.earlier().rows, 2u);
  EXPECT_TRUE(journal.resumed().IsTaken(2, kAnyAddress));
  EXPECT_FALSE(journal.resumed().IsTaken(3, kAnyAddress));
}

TEST_F(ScanJournalTest, WhatIsNotOnTheDiskIsNotRecorded) {
  ScanJournal journal = Create();
  AddRows(&journal, {1});
  sink_.status = absl::DataLossError("no sync");
  EXPECT_EQ(journal.Record(&sink_, true).message(), "no sync");
  const std::string octets = testing_support::ReadFileOctets(path_);
  EXPECT_FALSE(io::ParseJournal(octets, 1000)->has_record);
}

TEST_F(ScanJournalTest, RefusesRecordsThatItDoesNotUnderstand) {
  ScanJournal journal = Create();
  io::JournalContent content;
  content.has_record = true;
  content.last.progress = "???";
  EXPECT_FALSE(journal.TakeUp(content).ok());
}

}  // namespace
}  // namespace scanner
