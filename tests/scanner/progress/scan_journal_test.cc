#include "scanner/progress/scan_journal.h"

#include <gmock/gmock.h>

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
  absl::StatusOr<io::SyncedRows> Sync(io::SyncTo to) override {
    synced_to = to;
    if (!status.ok()) return status;
    return synced;
  }

  io::SyncedRows synced;
  io::SyncTo synced_to = io::SyncTo::kParts;
  absl::Status status;
};

class ScanJournalTest : public testing::Test {
 protected:
  ScanJournal Create() {
    ScanJournal journal(io::Journal::Create(path_, {}).value());
    BeginRun(&journal);
    return journal;
  }
  void BeginRun(ScanJournal* journal) {
    journal->BeginRun({{.shard = 0, .shards = 1}});
    next_number_ = 0;
  }
  io::JournalContent Read(uint64_t data_octets) {
    return io::ParseJournal(testing_support::ReadFileOctets(path_), data_octets)
        .value();
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
    OutputBatch batch;
    for (size_t i = 0; i < positions.size(); ++i) {
      batch.rows.Append({.status = status});
      batch.events.finished.push_back(next_number_++);
    }
    batch.events.started = std::move(positions);
    journal->Add(batch);
  }

  const TempFolder folder_;
  const std::string path_ = folder_.Path("out.journal");
  ToldSink sink_;
  uint64_t next_number_ = 0;
};

TEST_F(ScanJournalTest, IsTakenUpAsItWasRecorded) {
  {
    ScanJournal journal = Create();
    journal.Note();
    AddRows(&journal, {3, 4});
    AddRows(&journal, {5}, io::Status::kReverseTimeout);
    journal.Add(
        {.events = {.started = {6, 7},
                    .put_off = {{.number = 3,
                                 .deferred = {.position = 6,
                                              .target = kAnyAddress}}}}});
    EXPECT_TRUE(journal.has_news());
    sink_.synced = {.octets = 99, .rows = 3, .state = "state"};
    ASSERT_TRUE(journal.Record(&sink_, nullptr, io::SyncTo::kRows).ok());
    EXPECT_EQ(sink_.synced_to, io::SyncTo::kRows);
    EXPECT_FALSE(journal.has_news());
  }
  EXPECT_EQ(Read(99).sink, "state");
  EXPECT_FALSE(Read(99).last.complete);
  const ScanJournal journal = TakenUp(99);
  EXPECT_EQ(journal.earlier().rows, 3u);
  EXPECT_EQ(journal.earlier().unknown, 1u);
  EXPECT_TRUE(journal.noted());
  EXPECT_TRUE(journal.resumed().scan->IsTaken(5, kAnyAddress));
  EXPECT_TRUE(journal.resumed().scan->IsTaken(6, kAnyAddress));
  EXPECT_FALSE(journal.resumed().scan->IsTaken(7, kAnyAddress));
  EXPECT_EQ(journal.resumed().scan->deferred().size(), 1u);
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
    OutputBatch batch = {.events = {.started = {1, 2, 3, 4}}};
    batch.events.put_off = {
        {.number = 0, .deferred = {.position = 1, .target = kAnyAddress}},
        {.number = 2, .deferred = {.position = 3, .target = kAnyAddress}}};
    journal.Add(batch);
    OutputBatch rows = {.events = {.finished = {ProgressEvents::kLate, 1,
                                                ProgressEvents::kLate},
                                   .late = {3, 1}}};
    for (int i = 0; i < 3; ++i) rows.rows.Append({});
    journal.Add(rows);
    sink_.synced = {.octets = 10, .rows = 2};
    ASSERT_TRUE(journal.Record(&sink_, nullptr, io::SyncTo::kParts).ok());
    sink_.synced = {.octets = 20, .rows = 3};
    ASSERT_TRUE(journal.Record(&sink_, nullptr, io::SyncTo::kParts).ok());
  }
  {
    const ScanJournal journal = TakenUp(10);
    ASSERT_EQ(journal.resumed().scan->deferred().size(), 1u);
    EXPECT_EQ(journal.resumed().scan->deferred().begin()->first, 1u);
    EXPECT_TRUE(journal.resumed().scan->IsTaken(2, kAnyAddress));
    EXPECT_FALSE(journal.resumed().scan->IsTaken(4, kAnyAddress));
  }
  EXPECT_TRUE(TakenUp(20).resumed().scan->deferred().empty());
}

// As of a format that writes rows in groups.
TEST_F(ScanJournalTest, RowsThatTheSinkKeepsBackAreOpen) {
  {
    ScanJournal journal = Create();
    AddRows(&journal, {1, 2});
    AddRows(&journal, {3});
    sink_.synced = {.octets = 10, .rows = 2};
    ASSERT_TRUE(journal.Record(&sink_, nullptr, io::SyncTo::kParts).ok());
  }
  const ScanJournal journal = TakenUp(10);
  EXPECT_EQ(journal.earlier().rows, 2u);
  EXPECT_TRUE(journal.resumed().scan->IsTaken(2, kAnyAddress));
  EXPECT_FALSE(journal.resumed().scan->IsTaken(3, kAnyAddress));
}

TEST_F(ScanJournalTest, WithoutNewRowsOnTheDiskNothingIsRecorded) {
  ScanJournal journal = Create();
  AddRows(&journal, {1, 2});
  ASSERT_TRUE(journal.Record(&sink_, nullptr, io::SyncTo::kParts).ok());
  EXPECT_FALSE(Read(10).has_record);
  EXPECT_TRUE(journal.has_news());
  sink_.synced = {.octets = 10, .rows = 2};
  for (const uint64_t records : {1u, 2u}) {  // no row is kept back
    ASSERT_TRUE(journal.Record(&sink_, nullptr, io::SyncTo::kParts).ok());
    EXPECT_EQ(Read(10).next_seq, records);
  }
  AddRows(&journal, {3});
  ASSERT_TRUE(journal.Record(&sink_, nullptr, io::SyncTo::kParts).ok());
  EXPECT_EQ(Read(10).next_seq, 2u);
}

TEST_F(ScanJournalTest, OnlyWhatCameToTheSinksStateIsRecorded) {
  {
    ScanJournal journal = Create();
    AddRows(&journal, {1, 2, 3});
    sink_.synced = {.octets = 10, .rows = 1, .state = "head, one"};
    ASSERT_TRUE(journal.Record(&sink_, nullptr, io::SyncTo::kParts).ok());
    sink_.synced = {.octets = 20, .rows = 2, .state = "head, one, two"};
    ASSERT_TRUE(journal.Record(&sink_, nullptr, io::SyncTo::kParts).ok());
  }
  EXPECT_EQ(Read(20).last.sink, ", two");
  EXPECT_EQ(Read(20).sink, sink_.synced.state);
  ScanJournal journal = TakenUp(20);
  ASSERT_TRUE(journal.Cut().ok());
  BeginRun(&journal);
  AddRows(&journal, {3});
  sink_.synced = {.octets = 30, .rows = 1, .state = "head, one, two, three"};
  ASSERT_TRUE(journal.Record(&sink_, nullptr, io::SyncTo::kEnd).ok());
  EXPECT_EQ(Read(30).last.sink, ", three");
  EXPECT_EQ(Read(30).sink, sink_.synced.state);
  EXPECT_TRUE(Read(30).last.complete);
}

TEST_F(ScanJournalTest, ARewrittenJournalHasTheSinksWholeState) {
  ScanJournal journal = Create();
  AddRows(&journal, {1, 2});
  const std::string state(io::Journal::kRewriteOctets + 1, 'x');
  sink_.synced = {.octets = 10, .rows = 1, .state = state};
  ASSERT_TRUE(journal.Record(&sink_, nullptr, io::SyncTo::kParts).ok());
  const std::string longer = state + "y";
  sink_.synced = {.octets = 20, .rows = 2, .state = longer};
  ASSERT_TRUE(journal.Record(&sink_, nullptr, io::SyncTo::kParts).ok());
  EXPECT_EQ(Read(20).next_seq, 1u);
  EXPECT_TRUE(Read(20).sink == longer);
}

TEST_F(ScanJournalTest, ANoteHoldsForRowsOnTheDiskOnly) {
  {
    ScanJournal journal = Create();
    AddRows(&journal, {1});
    journal.Note();
    AddRows(&journal, {2});
    sink_.synced = {.octets = 10, .rows = 1};
    ASSERT_TRUE(journal.Record(&sink_, nullptr, io::SyncTo::kParts).ok());
  }
  EXPECT_FALSE(TakenUp(10).noted());
}

TEST_F(ScanJournalTest, WhatIsNotOnTheDiskIsNotRecorded) {
  ScanJournal journal = Create();
  AddRows(&journal, {1});
  sink_.status = absl::DataLossError("no sync");
  EXPECT_EQ(journal.Record(&sink_, nullptr, io::SyncTo::kEnd).message(),
            "no sync");
  EXPECT_FALSE(Read(1000).has_record);
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
