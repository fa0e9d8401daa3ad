// Journal against a disk that works, and one that does not.
#include "io/files/journal.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "io/files/output_file.h"
#include "tests/io/temp_folder.h"

namespace {

// The call that is to fail, by name, so many calls from now; 0: none.
struct Failure {
  std::string call;
  int countdown = 0;
  int error = 0;
  ssize_t short_write = -1;  // octets that the write before it takes
};
Failure failure;
int calls_after_failure = 0;  // of the same name

bool Fails(const char* call) {
  if (failure.call != call) return false;
  if (failure.countdown == 0) {
    ++calls_after_failure;
    return false;
  }
  if (--failure.countdown > 0) return false;
  errno = failure.error;
  return true;
}

}  // namespace

// Each stands before libc's.
extern "C" ssize_t write(int fd, const void* octets, size_t size) {
  if (Fails("write")) return -1;
  if (failure.call == "write" && failure.short_write >= 0) {
    size = std::min(size, static_cast<size_t>(failure.short_write));
  }
  return syscall(SYS_write, fd, octets, size);
}
extern "C" int fdatasync(int fd) {
  return Fails("fdatasync") ? -1 : static_cast<int>(syscall(SYS_fdatasync, fd));
}
extern "C" int fsync(int fd) {
  return Fails("fsync") ? -1 : static_cast<int>(syscall(SYS_fsync, fd));
}
extern "C" int rename(const char* from, const char* to) noexcept {
  return Fails("rename") ? -1 : static_cast<int>(syscall(SYS_rename, from, to));
}

namespace io {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing_support::ReadFileOctets;
using testing_support::TempFolder;
using testing_support::WriteFileOctets;

JournalHeader SomeHeader() {
  JournalHeader header;
  header.run_id = 5;
  return header;
}

JournalRecord RecordOf(uint64_t data_octets, std::string changes) {
  return {.data_octets = data_octets, .changes = std::move(changes)};
}

class JournalTest : public testing::Test {
 protected:
  void SetUp() override { Arm({}); }
  void TearDown() override { Arm({}); }
  static void Arm(const Failure& next) {
    failure = next;
    calls_after_failure = 0;
  }
  std::unique_ptr<Journal> CreateOrDie() {
    auto journal = Journal::Create(path_, SomeHeader());
    EXPECT_TRUE(journal.ok()) << journal.status();
    return *std::move(journal);
  }
  JournalContent ReadOrDie(uint64_t data_octets) {
    auto opened = Journal::Open(path_, data_octets);
    EXPECT_TRUE(opened.ok()) << opened.status();
    return opened.ok() ? opened->content : JournalContent();
  }

  const TempFolder folder_;
  const std::string path_ = folder_.Path("out.journal");
};

TEST_F(JournalTest, IsReadBackAcrossRuns) {
  {
    const auto journal = CreateOrDie();
    ASSERT_TRUE(journal->Append(RecordOf(1, "a")).ok());
  }
  {
    auto opened = Journal::Open(path_, 1);
    ASSERT_TRUE(opened.ok()) << opened.status();
    ASSERT_TRUE(opened->journal->Cut().ok());
    ASSERT_TRUE(opened->journal->Append(RecordOf(2, "b")).ok());
  }
  EXPECT_THAT(ReadOrDie(2).changes, ElementsAre("a", "b"));
  EXPECT_EQ(ReadOrDie(2).header.run_id, 5u);
  EXPECT_THAT(folder_.Names(), ElementsAre("out.journal"));
}

TEST_F(JournalTest, IsNotMadeWhereOneIs) {
  WriteFileOctets(path_, "x");
  EXPECT_EQ(Journal::Create(path_, SomeHeader()).status().code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ReadFileOctets(path_), "x");
}

TEST_F(JournalTest, OpeningChangesNothingAndCutTakesTheTornEndAway) {
  CreateOrDie()->Append(RecordOf(1, "a")).IgnoreError();
  const std::string whole = ReadFileOctets(path_);
  WriteFileOctets(path_, whole + "torn");
  auto opened = Journal::Open(path_, 1);
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(ReadFileOctets(path_), whole + "torn");
  ASSERT_TRUE(opened->journal->Cut().ok());
  EXPECT_EQ(ReadFileOctets(path_), whole);
}

TEST_F(JournalTest, IsHeldByOneAtATime) {
  const auto journal = CreateOrDie();
  const auto second = Journal::Open(path_, 0);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(second.status().message(), HasSubstr("another run is writing"));
  ASSERT_TRUE(journal->Rewrite(RecordOf(1, "")).ok());
  EXPECT_FALSE(Journal::Open(path_, 1).ok()) << "the new file is held too";
}

TEST_F(JournalTest, AMissingOneIsNotFound) {
  EXPECT_EQ(Journal::Open(path_, 0).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(JournalTest, ErrorsOfTheContentNameTheFile) {
  WriteFileOctets(path_, "something else");
  EXPECT_THAT(Journal::Open(path_, 0).status().message(),
              HasSubstr("out.journal is no journal of ptrsweep"));
}

TEST_F(JournalTest, RewritingLeavesOneRecordThatGoesOn) {
  const auto journal = CreateOrDie();
  ASSERT_TRUE(journal->Append(RecordOf(1, "a")).ok());
  ASSERT_TRUE(journal->Append(RecordOf(2, "b")).ok());
  ASSERT_TRUE(journal->Rewrite(RecordOf(3, "ab")).ok());
  ASSERT_TRUE(journal->Append(RecordOf(4, "c")).ok());
  const std::string octets = ReadFileOctets(path_);
  const auto content = ParseJournal(octets, 4);
  ASSERT_TRUE(content.ok());
  EXPECT_THAT(content->changes, ElementsAre("ab", "c"));
  EXPECT_EQ(content->header.run_id, 5u);
  EXPECT_THAT(folder_.Names(), ElementsAre("out.journal"));
}

TEST_F(JournalTest, IsLongAboveSixteenMebibytesOrTwiceWhatARewriteLeft) {
  const auto journal = CreateOrDie();
  ASSERT_TRUE(journal->Append(RecordOf(1, std::string(9 << 20, 'x'))).ok());
  EXPECT_FALSE(journal->is_long());
  ASSERT_TRUE(journal->Append(RecordOf(1, std::string(9 << 20, 'x'))).ok());
  EXPECT_TRUE(journal->is_long());
  ASSERT_TRUE(journal->Rewrite(RecordOf(1, std::string(17 << 20, 'x'))).ok());
  EXPECT_FALSE(journal->is_long());
}

TEST_F(JournalTest, RemoveLeavesNothing) {
  ASSERT_TRUE(CreateOrDie()->Remove().ok());
  EXPECT_THAT(folder_.Names(), IsEmpty());
}

TEST_F(JournalTest, GoesOnAfterShortAndInterruptedWrites) {
  const auto journal = CreateOrDie();
  Arm({.call = "write", .countdown = 2, .error = EINTR, .short_write = 3});
  EXPECT_TRUE(journal->Append(RecordOf(1, "a")).ok());
  Arm({});
  const auto content = ParseJournal(ReadFileOctets(path_), 1);
  ASSERT_TRUE(content.ok());
  EXPECT_TRUE(content->has_record);
}

TEST_F(JournalTest, AFailedWriteLeavesTheRecordBeforeIt) {
  for (const int error : {ENOSPC, EDQUOT, EFBIG, EIO, EROFS}) {
    const TempFolder folder;
    const std::string path = folder.Path("out.journal");
    const auto journal = Journal::Create(path, SomeHeader()).value();
    ASSERT_TRUE(journal->Append(RecordOf(1, "a")).ok());
    const std::string before = ReadFileOctets(path);
    Arm({.call = "write", .countdown = 2, .error = error, .short_write = 10});
    const absl::Status status = journal->Append(RecordOf(2, "b"));
    EXPECT_THAT(status.message(), HasSubstr("cannot write ")) << error;
    EXPECT_THAT(status.message(), HasSubstr("out.journal")) << error;
    EXPECT_THAT(status.message(), HasSubstr(std::strerror(error)));
    EXPECT_THAT(status.message(), HasSubstr(" octets)"));
    EXPECT_EQ(ReadFileOctets(path), before) << error;
    EXPECT_EQ(journal->Append(RecordOf(3, "c")), status);
    EXPECT_EQ(ReadFileOctets(path), before) << error;
  }
}

TEST_F(JournalTest, AFailedSyncIsFinal) {
  const auto journal = CreateOrDie();
  Arm({.call = "fdatasync", .countdown = 1, .error = EIO});
  const absl::Status status = journal->Append(RecordOf(1, "a"));
  EXPECT_THAT(status.message(), HasSubstr("cannot sync "));
  EXPECT_EQ(journal->Append(RecordOf(2, "b")), status);
  EXPECT_EQ(journal->Rewrite(RecordOf(2, "b")), status);
  EXPECT_EQ(calls_after_failure, 0);
}

TEST_F(JournalTest, EveryStepOfARewriteIsChecked) {
  for (const char* call : {"write", "fsync", "rename"}) {
    const TempFolder folder;
    const std::string path = folder.Path("out.journal");
    const auto journal = Journal::Create(path, SomeHeader()).value();
    ASSERT_TRUE(journal->Append(RecordOf(1, "a")).ok());
    const std::string before = ReadFileOctets(path);
    Arm({.call = call, .countdown = 1, .error = EIO});
    EXPECT_FALSE(journal->Rewrite(RecordOf(2, "a")).ok()) << call;
    EXPECT_EQ(ReadFileOctets(path), before) << call;
    Arm({});
    EXPECT_FALSE(journal->Append(RecordOf(3, "b")).ok()) << call;
  }
}

// ---- the output that a journal speaks of

class SyncedOutputTest : public JournalTest {
 protected:
  OutputPlace place_ = FindOutput(folder_.Path("out")).value();
};

TEST_F(SyncedOutputTest, StandsBesideItsJournal) {
  EXPECT_EQ(place_.TemporaryPath(), folder_.Path(".out.inprogress"));
  EXPECT_EQ(place_.JournalPath(), folder_.Path("out.journal"));
}

TEST_F(SyncedOutputTest, GoesOnWhereTheJournalSays) {
  WriteFileOctets(place_.TemporaryPath(), "one\ntwo\nthree and more");
  auto file = OutputFile::Continue(place_, 8);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ((*file)->written_octets(), 8u);
  ASSERT_TRUE((*file)->Write("four\n").ok());
  ASSERT_TRUE((*file)->Finish().ok());
  EXPECT_THAT(folder_.Names(), ElementsAre("out"));
  EXPECT_EQ(ReadFileOctets(place_.file), "one\ntwo\nfour\n");
}

TEST_F(SyncedOutputTest, AFailedWriteCutsItToWhatWasSynced) {
  const auto file = OutputFile::Open(place_).value();
  ASSERT_TRUE(file->Write("one\n").ok());
  ASSERT_TRUE(file->Sync().ok());
  ASSERT_TRUE(file->Write("two\n").ok());
  ASSERT_TRUE(file->Flush().ok());
  ASSERT_TRUE(file->Write("three\n").ok());
  Arm({.call = "write", .countdown = 1, .error = ENOSPC});
  const absl::Status status = file->Sync();
  EXPECT_THAT(status.message(),
              HasSubstr("/out: No space left on device (wanted 6 octets)"));
  EXPECT_EQ(ReadFileOctets(place_.TemporaryPath()), "one\n");
}

TEST_F(SyncedOutputTest, AFailedSyncIsFinalAndCutsToTheOneBefore) {
  const auto file = OutputFile::Open(place_).value();
  ASSERT_TRUE(file->Write("one\n").ok());
  ASSERT_TRUE(file->Sync().ok());
  ASSERT_TRUE(file->Write("two\n").ok());
  Arm({.call = "fdatasync", .countdown = 1, .error = EIO});
  const absl::Status status = file->Sync();
  EXPECT_THAT(status.message(), HasSubstr("cannot sync "));
  EXPECT_EQ(ReadFileOctets(place_.TemporaryPath()), "one\n");
  EXPECT_EQ(file->Sync(), status);
  EXPECT_EQ(file->Finish(), status);
  EXPECT_EQ(calls_after_failure, 0);
}

}  // namespace
}  // namespace io
