// What the writer does of a walk, and what it leaves in the journal.
#include <gmock/gmock.h>

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "scanner/progress/row_writer.h"
#include "tests/io/temp_folder.h"

namespace scanner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing_support::ReadFileOctets;
using testing_support::TempFolder;

// What happened to both sinks, in its order. Rows and findings are told apart
// by their count of queries.
class Calls {
 public:
  void Note(const std::string& call) {
    const std::lock_guard lock(mutex_);
    calls_.push_back(call);
    changed_.notify_all();
  }
  void Await(const std::string& call, int times = 1) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] {
      return std::count(calls_.begin(), calls_.end(), call) >= times;
    });
  }
  std::vector<std::string> all() {
    const std::lock_guard lock(mutex_);
    return calls_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> calls_;
};

// Ten octets a row, which it keeps back until it has three of them.
class RowsOfThree : public io::RowSink {
 public:
  explicit RowsOfThree(Calls* calls) : calls_(calls) {}
  absl::Status Write(std::span<const io::Row> rows) override {
    for (const io::Row& row : rows) {
      calls_->Note(absl::StrCat("row ", row.queries));
    }
    rows_ += rows.size();
    return write_status;
  }
  absl::Status Flush() override { return absl::OkStatus(); }
  absl::StatusOr<io::SyncedRows> Sync(io::SyncTo to) override {
    calls_->Note(to == io::SyncTo::kParts  ? "sync rows"
                 : to == io::SyncTo::kRows ? "sync all rows"
                                           : "end rows");
    const uint64_t rows = to == io::SyncTo::kParts ? rows_ - rows_ % 3 : rows_;
    return io::SyncedRows{.octets = 10 * rows, .rows = rows};
  }
  absl::Status Finish() override {
    calls_->Note("finish rows");
    return finish_status;
  }

  absl::Status write_status;
  absl::Status finish_status;

 private:
  Calls* calls_;
  uint64_t rows_ = 0;
};

// Seven octets a finding.
class SevenOctets : public FindingSink {
 public:
  explicit SevenOctets(Calls* calls) : calls_(calls) {}
  absl::Status Write(std::span<const Finding> findings) override {
    for (const Finding& finding : findings) {
      calls_->Note(absl::StrCat("finding ", finding.queries));
    }
    octets_ += 7 * findings.size();
    return write_status;
  }
  absl::StatusOr<uint64_t> Sync() override {
    calls_->Note("sync findings");
    if (!sync_status.ok()) return sync_status;
    return octets_;
  }
  absl::Status Finish() override {
    calls_->Note("finish findings");
    if (at_finish) at_finish();
    return absl::OkStatus();
  }

  absl::Status write_status;
  absl::Status sync_status;
  std::function<void()> at_finish;

 private:
  Calls* calls_;
  uint64_t octets_ = 0;
};

class WalkJournalTest : public testing::Test {
 protected:
  void MakeJournal() {
    journal_ = std::make_unique<ScanJournal>(
        io::Journal::Create(path_, {}).value(), ScanJournal::Kind::kWalk);
  }
  void Begin(absl::Duration interval) {
    writer_ = std::make_unique<RowWriter>(&rows_, nullptr, nullptr,
                                          journal_.get(), interval, &findings_);
  }
  void Push(std::initializer_list<uint32_t> rows,
            std::initializer_list<uint64_t> findings,
            const std::string& state) {
    std::unique_ptr<OutputBatch> batch = writer_->TakeEmpty();
    EXPECT_TRUE(batch->empty());
    for (const uint32_t queries : rows) {
      batch->rows.Append({.ip = dnswire::IpAddress::V6(queries),
                          .status = io::Status::kPass,
                          .queries = queries});
    }
    for (const uint64_t queries : findings) {
      batch->findings.push_back({.queries = queries});
    }
    batch->walk_state = state;
    writer_->Push(std::move(batch));
  }
  // What the journal says now.
  io::JournalContent Read() {
    return io::ParseJournal(ReadFileOctets(path_), UINT64_MAX).value();
  }
  // The journal as whoever resumes takes it up.
  ScanJournal TakenUp() {
    journal_.reset();
    auto opened = io::Journal::Open(path_, UINT64_MAX).value();
    ScanJournal journal(std::move(opened.journal), ScanJournal::Kind::kWalk);
    EXPECT_TRUE(journal.TakeUp(opened.content).ok());
    EXPECT_EQ(journal.resumed().scan, nullptr);
    return journal;
  }

  const TempFolder folder_;
  const std::string path_ = folder_.Path("out.journal");
  Calls calls_;
  RowsOfThree rows_{&calls_};
  SevenOctets findings_{&calls_};
  std::unique_ptr<ScanJournal> journal_;
  std::unique_ptr<RowWriter> writer_;
};

TEST_F(WalkJournalTest, AStateIsRecordedBehindTheRowsAndFindingsOfItsBatch) {
  MakeJournal();
  Begin(absl::ZeroDuration());
  Push({1, 2}, {1}, "");
  Push({3, 4}, {2, 3}, "four rows");
  calls_.Await("sync findings");
  Push({5, 6}, {}, "");
  Push({}, {4}, "");
  calls_.Await("finding 4");
  EXPECT_TRUE(writer_->Finish(false).ok());
  EXPECT_THAT(calls_.all(),
              ElementsAre("row 1", "row 2", "finding 1", "row 3", "row 4",
                          "finding 2", "finding 3", "sync rows",
                          "sync findings", "row 5", "row 6", "finding 4"));
  EXPECT_EQ(Read().next_seq, 1u);
  EXPECT_EQ(Read().last.data_octets, 30u);
  EXPECT_EQ(WalkProgress::FindingsOctets(Read().last), 21u);
  const ScanJournal journal = TakenUp();
  EXPECT_EQ(journal.resumed().walk->state, "four rows");
  EXPECT_THAT(journal.resumed().walk->again,
              ElementsAre(dnswire::IpAddress::V6(4)));
  EXPECT_EQ(journal.earlier().rows, 3u);
  EXPECT_EQ(journal.earlier().by_status[static_cast<size_t>(io::Status::kPass)],
            3u);
}

// Most of a walk comes to no row, and is not to be done again for want of one.
TEST_F(WalkJournalTest, AStateIsRecordedThoughAllRowsAreKeptBack) {
  MakeJournal();
  Begin(absl::ZeroDuration());
  Push({1}, {}, "first");
  Push({}, {}, "second");
  calls_.Await("sync findings", 2);
  Push({2}, {}, "");
  calls_.Await("row 2");
  EXPECT_TRUE(writer_->Finish(false).ok());
  EXPECT_EQ(Read().next_seq, 2u);
  EXPECT_EQ(Read().last.data_octets, 0u);
  const ScanJournal journal = TakenUp();
  EXPECT_EQ(journal.resumed().walk->state, "second");
  EXPECT_THAT(journal.resumed().walk->again,
              ElementsAre(dnswire::IpAddress::V6(1)));
  EXPECT_EQ(journal.earlier().rows, 0u);
}

TEST_F(WalkJournalTest, ARewrittenJournalHasAllThatIsKeptBack) {
  MakeJournal();
  Begin(absl::ZeroDuration());
  Push({1}, {}, std::string(io::Journal::kRewriteOctets + 1, 'x'));
  calls_.Await("sync findings");
  Push({2}, {1}, "state");
  calls_.Await("sync findings", 2);
  Push({}, {2}, "");
  EXPECT_TRUE(writer_->Finish(false).ok());
  EXPECT_LT(Read().octets, 1000u);
  const ScanJournal journal = TakenUp();
  EXPECT_EQ(journal.resumed().walk->state, "state");
  EXPECT_THAT(
      journal.resumed().walk->again,
      ElementsAre(dnswire::IpAddress::V6(1), dnswire::IpAddress::V6(2)));
}

TEST_F(WalkJournalTest, ASpentIntervalIsAwaitedButForTheLastState) {
  MakeJournal();
  Begin(absl::Hours(1));
  Push({}, {1}, "at once");
  calls_.Await("sync findings");
  for (uint32_t i = 1; i <= 3; ++i) Push({i}, {}, absl::StrCat("state ", i));
  calls_.Await("row 3");
  EXPECT_EQ(Read().next_seq, 1u);
  EXPECT_TRUE(writer_->Finish(false).ok());
  EXPECT_EQ(Read().next_seq, 2u);
  EXPECT_THAT(calls_.all(),
              ElementsAre("finding 1", "sync rows", "sync findings", "row 1",
                          "row 2", "row 3", "sync all rows", "sync findings"));
  EXPECT_EQ(TakenUp().resumed().walk->state, "state 3");
}

// Though nothing comes that would bring the writer to it.
TEST_F(WalkJournalTest, AStateThatCameTooEarlyIsRecordedInTime) {
  MakeJournal();
  Begin(absl::Milliseconds(300));
  Push({}, {1}, "first");
  calls_.Await("sync findings");
  Push({}, {2}, "second");
  calls_.Await("sync findings", 2);
  EXPECT_TRUE(writer_->Finish(true).ok());
}

// It would speak of less than is written.
TEST_F(WalkJournalTest, AStateThatWasOvertakenIsNotRecorded) {
  MakeJournal();
  journal_->Add({.walk_state = "first"});
  EXPECT_TRUE(journal_->has_news());
  for (const bool is_recorded : {true, false}) {
    const absl::Status recorded =
        journal_->Record(&rows_, &findings_, io::SyncTo::kRows);
    EXPECT_TRUE(recorded.ok());
    EXPECT_FALSE(journal_->has_news());
    if (is_recorded) journal_->Add({.walk_state = "second"});
    journal_->Add({.findings = {Finding()}});
  }
  EXPECT_EQ(Read().next_seq, 1u);
  EXPECT_THAT(calls_.all(), ElementsAre("sync all rows", "sync findings"));
  EXPECT_EQ(TakenUp().resumed().walk->state, "first");
}

TEST_F(WalkJournalTest, AWalkThatEndedHasItsRowsFirst) {
  MakeJournal();
  Begin(absl::Hours(1));
  findings_.at_finish = [this] {
    EXPECT_TRUE(Read().last.complete);
    EXPECT_EQ(Read().last.data_octets, 40u);
    EXPECT_EQ(WalkProgress::FindingsOctets(Read().last), 7u);
  };
  Push({1, 2, 3, 4}, {1}, "");
  EXPECT_TRUE(writer_->Finish(true).ok());
  EXPECT_THAT(
      calls_.all(),
      ElementsAre("row 1", "row 2", "row 3", "row 4", "finding 1", "end rows",
                  "sync findings", "finish rows", "finish findings"));
  EXPECT_THAT(folder_.Names(), IsEmpty());
}

TEST_F(WalkJournalTest, FindingsAreNotFinishedWithoutTheirRows) {
  MakeJournal();
  rows_.finish_status = absl::DataLossError("no space");
  Begin(absl::Hours(1));
  Push({1}, {1}, "state");
  EXPECT_EQ(writer_->Finish(true).message(), "no space");
  EXPECT_EQ(calls_.all().back(), "finish rows");
  EXPECT_THAT(folder_.Names(), ElementsAre("out.journal"));
}

TEST_F(WalkJournalTest, WithoutAJournalBothAreFinishedOrNone) {
  Begin(absl::ZeroDuration());
  Push({1}, {1}, "state");
  EXPECT_TRUE(writer_->Finish(false).ok());
  EXPECT_THAT(calls_.all(), ElementsAre("row 1", "finding 1", "sync findings"));
  Begin(absl::ZeroDuration());
  EXPECT_TRUE(writer_->Finish(true).ok());
  EXPECT_THAT(calls_.all(), ElementsAre("row 1", "finding 1", "sync findings",
                                        "finish rows", "finish findings"));
}

// Whoever reads them from a pipe need not wait for the end.
TEST_F(WalkJournalTest, WithoutAJournalFindingsAreFlushedWhenNothingComes) {
  Begin(absl::ZeroDuration());
  Push({}, {1}, "");
  calls_.Await("sync findings");
  EXPECT_TRUE(writer_->Finish(true).ok());
}

TEST_F(WalkJournalTest, WithoutAJournalFindingsThatCannotBeFlushedAreTold) {
  findings_.sync_status = absl::DataLossError("broken pipe");
  Begin(absl::ZeroDuration());
  Push({}, {1}, "");
  EXPECT_EQ(writer_->Finish(false).message(), "broken pipe");
}

TEST_F(WalkJournalTest, FindingsThatAreNotOnTheDiskAreNotRecorded) {
  MakeJournal();
  findings_.sync_status = absl::DataLossError("no sync");
  Begin(absl::ZeroDuration());
  Push({1}, {1}, "state");
  calls_.Await("sync findings");
  EXPECT_EQ(writer_->Finish(true).message(), "no sync");
  EXPECT_TRUE(writer_->failed());
  EXPECT_FALSE(Read().has_record);
}

TEST_F(WalkJournalTest, AFindingThatCannotBeWrittenEndsTheWriting) {
  MakeJournal();
  findings_.write_status = absl::DataLossError("disk full");
  Begin(absl::ZeroDuration());
  Push({1}, {1}, "state");
  Push({2}, {2}, "state");
  EXPECT_EQ(writer_->Finish(true).message(), "disk full");
  EXPECT_TRUE(writer_->failed());
  EXPECT_THAT(calls_.all(), ElementsAre("row 1", "finding 1"));
  EXPECT_FALSE(Read().has_record);
}

TEST_F(WalkJournalTest, FindingsDoNotFollowRowsThatCannotBeWritten) {
  MakeJournal();
  rows_.write_status = absl::DataLossError("disk full");
  Begin(absl::ZeroDuration());
  Push({1}, {1}, "state");
  EXPECT_EQ(writer_->Finish(true).message(), "disk full");
  EXPECT_THAT(calls_.all(), ElementsAre("row 1"));
}

TEST_F(WalkJournalTest, ANoteHoldsForFindingsToo) {
  for (const bool noted : {false, true}) {
    MakeJournal();
    if (noted) journal_->Note();
    Begin(absl::ZeroDuration());
    Push({}, {1}, "state");
    EXPECT_TRUE(writer_->Finish(false).ok());
    ScanJournal journal = TakenUp();
    EXPECT_EQ(journal.noted(), noted);
    EXPECT_TRUE(journal.Remove().ok());
  }
}

TEST_F(WalkJournalTest, RefusesRecordsThatItDoesNotUnderstand) {
  MakeJournal();
  io::JournalContent content;
  content.has_record = true;
  content.last.progress = "???";
  EXPECT_THAT(journal_->TakeUp(content).message(), HasSubstr("sensible"));
}

}  // namespace
}  // namespace scanner
