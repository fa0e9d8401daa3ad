#include "io/files/output_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/io/redirected.h"
#include "tests/io/root_rights.h"
#include "tests/io/temp_folder.h"

namespace io {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing_support::ReadFileOctets;
using testing_support::TempFolder;
using testing_support::WriteFileOctets;

constexpr size_t kBufferOctets = 1 << 20;

// REQUIRES: opening succeeds.
std::unique_ptr<OutputFile> OpenOrDie(const std::string& path) {
  auto file = OutputFile::Open(path);
  EXPECT_TRUE(file.ok()) << file.status();
  return *std::move(file);
}

void ExpectEveryCallReturns(OutputFile* file, const absl::Status& status) {
  EXPECT_EQ(file->Write("more"), status);
  EXPECT_EQ(file->Write(""), status);
  EXPECT_EQ(file->Flush(), status);
  EXPECT_EQ(file->Finish(), status);
}

// Ignores a signal while it lives.
class Ignored {
 public:
  explicit Ignored(int number)
      : number_(number), saved_(signal(number, SIG_IGN)) {}
  ~Ignored() { signal(number_, saved_); }

 private:
  int number_;
  sighandler_t saved_;
};

TEST(OutputFileTest, GetsItsNameOnlyWhenItIsWhole) {
  const TempFolder folder;
  const std::string path = folder.Path("out.csv");
  const auto file = OpenOrDie(path);
  EXPECT_EQ(file->name(), path);
  EXPECT_EQ(file->temporary_path(), folder.Path(".out.csv.inprogress"));
  ASSERT_TRUE(file->Write("one\n").ok());
  ASSERT_TRUE(file->Flush().ok());
  EXPECT_THAT(folder.Names(), ElementsAre(".out.csv.inprogress"));
  EXPECT_EQ(ReadFileOctets(file->temporary_path()), "one\n");
  ASSERT_TRUE(file->Write("two\n").ok());
  ASSERT_TRUE(file->Finish().ok());
  EXPECT_THAT(folder.Names(), ElementsAre("out.csv"));
  EXPECT_EQ(ReadFileOctets(path), "one\ntwo\n");
  EXPECT_EQ(file->temporary_path(), "");
  EXPECT_EQ(file->written_octets(), 8u);
}

TEST(OutputFileTest, LeavesAnOlderFileAloneUntilFinish) {
  const TempFolder folder;
  WriteFileOctets(folder.Path("out"), "old");
  const auto file = OpenOrDie(folder.Path("out"));
  ASSERT_TRUE(file->Write("new").ok());
  ASSERT_TRUE(file->Flush().ok());
  EXPECT_EQ(ReadFileOctets(folder.Path("out")), "old");
  ASSERT_TRUE(file->Finish().ok());
  EXPECT_EQ(ReadFileOctets(folder.Path("out")), "new");
}

TEST(OutputFileTest, ReplacesWhatAKilledRunLeft) {
  const TempFolder folder;
  WriteFileOctets(folder.Path("elsewhere"), "precious");
  WriteFileOctets(folder.Path(".out.inprogress"), "torn and much longer");
  const auto file = OpenOrDie(folder.Path("out"));
  ASSERT_TRUE(file->Write("new").ok());
  ASSERT_TRUE(file->Finish().ok());
  EXPECT_EQ(ReadFileOctets(folder.Path("out")), "new");
  // A link in that place is removed, not followed.
  ASSERT_EQ(symlink("elsewhere", folder.Path(".out.inprogress").c_str()), 0);
  ASSERT_TRUE(OpenOrDie(folder.Path("out"))->Finish().ok());
  EXPECT_EQ(ReadFileOctets(folder.Path("elsewhere")), "precious");
  EXPECT_THAT(folder.Names(), ElementsAre("elsewhere", "out"));
}

TEST(OutputFileTest, WithoutFinishTheTemporaryFileKeepsWhatWasFlushed) {
  const TempFolder folder;
  auto file = OpenOrDie(folder.Path("out"));
  ASSERT_TRUE(file->Write("flushed\n").ok());
  ASSERT_TRUE(file->Flush().ok());
  ASSERT_TRUE(file->Write("not flushed\n").ok());
  file.reset();
  EXPECT_THAT(folder.Names(), ElementsAre(".out.inprogress"));
  EXPECT_EQ(ReadFileOctets(folder.Path(".out.inprogress")), "flushed\n");
}

TEST(OutputFileTest, IsReadableForAllButWritableForTheOwnerOnly) {
  const TempFolder folder;
  const mode_t saved = umask(027);
  const auto file = OpenOrDie(folder.Path("out"));
  umask(saved);
  ASSERT_TRUE(file->Finish().ok());
  struct stat info;
  ASSERT_EQ(stat(folder.Path("out").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0640u);
}

TEST(OutputFileTest, WritesOutWhenTheBufferHoldsAMebibyte) {
  const TempFolder folder;
  const auto file = OpenOrDie(folder.Path("out"));
  ASSERT_TRUE(file->Write(std::string(kBufferOctets - 1, 'a')).ok());
  EXPECT_EQ(file->written_octets(), 0u);
  ASSERT_TRUE(file->Write("b").ok());
  EXPECT_EQ(file->written_octets(), kBufferOctets);
  ASSERT_TRUE(file->Write(std::string(3 * kBufferOctets, 'c')).ok());
  EXPECT_EQ(file->written_octets(), 4 * kBufferOctets);
  ASSERT_TRUE(file->Finish().ok());
  EXPECT_TRUE(ReadFileOctets(folder.Path("out")) ==
              std::string(kBufferOctets - 1, 'a') + "b" +
                  std::string(3 * kBufferOctets, 'c'));
}

TEST(OutputFileTest, WhatIsCommittedOfReservedRoomIsWritten) {
  const TempFolder folder;
  const auto file = OpenOrDie(folder.Path("out"));
  ASSERT_TRUE(file->Write("a").ok());
  for (const size_t room : {size_t{1}, size_t{100}, 2 * kBufferOctets}) {
    std::fill_n(file->Reserve(room), room, 'b');
    ASSERT_TRUE(file->Commit(room / 2).ok());
  }
  ASSERT_TRUE(file->Write("c").ok());
  ASSERT_TRUE(file->Finish().ok());
  EXPECT_TRUE(ReadFileOctets(folder.Path("out")) ==
              "a" + std::string(50 + kBufferOctets, 'b') + "c");
}

TEST(OutputFileTest, WritesToWhatASymbolicLinkPointsTo) {
  const TempFolder folder;
  ASSERT_EQ(mkdir(folder.Path("data").c_str(), 0700), 0);
  WriteFileOctets(folder.Path("data/real"), "old");
  ASSERT_EQ(symlink("data/real", folder.Path("link").c_str()), 0);
  const auto file = OpenOrDie(folder.Path("link"));
  EXPECT_THAT(file->temporary_path(),
              testing::EndsWith("/data/.real.inprogress"));
  ASSERT_TRUE(file->Write("new").ok());
  ASSERT_TRUE(file->Finish().ok());
  EXPECT_EQ(ReadFileOctets(folder.Path("data/real")), "new");
  EXPECT_THAT(folder.Names(), ElementsAre("data", "link"));
  struct stat info;
  ASSERT_EQ(lstat(folder.Path("link").c_str(), &info), 0);
  EXPECT_TRUE(S_ISLNK(info.st_mode));
}

// As /dev/stdout may be: a regular file without any name left.
TEST(OutputFileTest, WritesToADeletedFileDirectly) {
  const TempFolder folder;
  const int fd = open(folder.Path("gone").c_str(), O_RDWR | O_CREAT, 0600);
  ASSERT_GE(fd, 0);
  ASSERT_EQ(unlink(folder.Path("gone").c_str()), 0);
  const auto file = OpenOrDie(absl::StrCat("/proc/self/fd/", fd));
  EXPECT_EQ(file->temporary_path(), "");
  ASSERT_TRUE(file->Write("abc").ok());
  ASSERT_TRUE(file->Finish().ok());
  char octets[4];
  EXPECT_EQ(pread(fd, octets, sizeof octets, 0), 3);
  EXPECT_THAT(folder.Names(), IsEmpty());
  close(fd);
}

TEST(OutputFileTest, AFullDeviceIsNamedWithTheOctetsWanted) {
  const auto file = OpenOrDie("/dev/full");
  ASSERT_TRUE(file->Write("12345").ok());
  const absl::Status status = file->Flush();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(status.message(),
            "cannot write /dev/full: No space left on device (wanted 5 "
            "octets)");
  ExpectEveryCallReturns(file.get(), status);
}

TEST(OutputFileTest, AFullBufferMeetsTheFullDevice) {
  const auto file = OpenOrDie("/dev/full");
  const absl::Status status = file->Write(std::string(kBufferOctets, 'x'));
  EXPECT_EQ(status.message(),
            "cannot write /dev/full: No space left on device (wanted 1048576 "
            "octets)");
  ExpectEveryCallReturns(file.get(), status);
}

TEST(OutputFileTest, AClosedPipeIsUnavailable) {
  const Ignored sigpipe(SIGPIPE);
  const TempFolder folder;
  const std::string path = folder.Path("fifo");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const int reader = open(path.c_str(), O_RDONLY | O_NONBLOCK);
  const auto file = OpenOrDie(path);
  EXPECT_EQ(file->temporary_path(), "");
  ASSERT_TRUE(file->Write("abc").ok());
  ASSERT_TRUE(file->Flush().ok());
  close(reader);
  ASSERT_TRUE(file->Write("abc").ok());
  const absl::Status status = file->Flush();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(status.message(), absl::StrCat("cannot write ", path,
                                           ": Broken pipe (wanted 3 octets)"));
  ExpectEveryCallReturns(file.get(), status);
  EXPECT_THAT(folder.Names(), ElementsAre("fifo"));
}

std::string ReadToEnd(int fd) {
  std::string content;
  char octets[4096];
  pollfd waited = {.fd = fd, .events = POLLIN, .revents = 0};
  for (;;) {
    poll(&waited, 1, -1);
    const ssize_t got = read(fd, octets, sizeof octets);
    if (got <= 0) return content;
    content.append(octets, static_cast<size_t>(got));
  }
}

// A pipe takes 64 KiB: all but the first write is short or would block.
TEST(OutputFileTest, GoesOnAfterShortWritesToStdout) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  ASSERT_EQ(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
  const std::string octets(3 * kBufferOctets, 'z');
  std::string received;
  std::thread reader([&] { received = ReadToEnd(ends[0]); });
  absl::Status status;
  {
    const testing_support::Redirected stdout_to(STDOUT_FILENO, ends[1]);
    close(ends[1]);
    const auto file = OpenOrDie("-");
    EXPECT_EQ(file->name(), "standard output");
    EXPECT_EQ(file->temporary_path(), "");
    status.Update(file->Write(octets));
    status.Update(file->Write("end"));
    status.Update(file->Finish());
  }
  reader.join();
  close(ends[0]);
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_TRUE(received == octets + "end");
}

TEST(OutputFileTest, FinishLeavesStdoutOpen) {
  ASSERT_TRUE(OpenOrDie("-")->Finish().ok());
  EXPECT_GE(fcntl(STDOUT_FILENO, F_GETFD), 0);
}

// Lowers a limit while it lives.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t octets) {
    getrlimit(RLIMIT_FSIZE, &saved_);
    const rlimit lower = {.rlim_cur = octets, .rlim_max = saved_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &lower);
  }
  ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &saved_); }

 private:
  rlimit saved_;
};

TEST(OutputFileTest, AFileTooLargeKeepsTheWholeWritesBeforeIt) {
  const Ignored sigxfsz(SIGXFSZ);
  const TempFolder folder;
  const std::string path = folder.Path("out");
  const auto file = OpenOrDie(path);
  ASSERT_TRUE(file->Write("123456\n").ok());
  ASSERT_TRUE(file->Flush().ok());
  absl::Status status;
  {
    const FileSizeLimit limit(10);
    ASSERT_TRUE(file->Write("abcdef\n").ok());
    status = file->Flush();  // three octets fit, four are left
  }
  EXPECT_EQ(status.message(), absl::StrCat("cannot write ", path,
                                           ": File too large (wanted 4 "
                                           "octets)"));
  ExpectEveryCallReturns(file.get(), status);
  EXPECT_EQ(file->written_octets(), 7u);
  EXPECT_EQ(ReadFileOctets(file->temporary_path()), "123456\n");
  EXPECT_THAT(folder.Names(), ElementsAre(".out.inprogress"));
}

TEST(OutputFileTest, AMissingFolderIsNotFound) {
  const TempFolder folder;
  const std::string path = folder.Path("missing/out");
  const absl::Status status = OutputFile::Open(path).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(status.message(),
            absl::StrCat("cannot write ", path,
                         ": No such file or directory (creating ",
                         folder.Path("missing/.out.inprogress"), ")"));
}

TEST(OutputFileTest, AnUnwritableFolderIsForbidden) {
  const TempFolder folder;
  ASSERT_EQ(mkdir(folder.Path("closed").c_str(), 0500), 0);
  ASSERT_EQ(chmod(folder.Path(".").c_str(), 0755), 0);
  ASSERT_EQ(chmod(folder.Path("closed").c_str(), 0555), 0);
  const std::string path = folder.Path("closed/out");
  const testing_support::WithoutRootRights rights;
  const absl::Status status = OutputFile::Open(path).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(std::string(status.message()),
              testing::StartsWith(
                  absl::StrCat("cannot write ", path, ": Permission denied")));
}

TEST(OutputFileTest, AFolderIsNoTarget) {
  const TempFolder folder;
  ASSERT_EQ(mkdir(folder.Path("out").c_str(), 0700), 0);
  for (const std::string& path : {folder.Path("out"), folder.Path("out/")}) {
    EXPECT_EQ(OutputFile::Open(path).status().message(),
              absl::StrCat("cannot write ", path, ": Is a directory"));
  }
  EXPECT_THAT(folder.Names(), ElementsAre("out"));
}

TEST(OutputFileTest, AFolderThatTakesTheNameMeanwhileFailsFinish) {
  const TempFolder folder;
  const std::string path = folder.Path("out");
  const auto file = OpenOrDie(path);
  ASSERT_TRUE(file->Write("abc").ok());
  ASSERT_EQ(mkdir(path.c_str(), 0700), 0);
  const absl::Status status = file->Finish();
  EXPECT_EQ(status.message(),
            absl::StrCat("cannot write ", path,
                         ": Is a directory (giving the finished file its "
                         "name)"));
  EXPECT_EQ(ReadFileOctets(file->temporary_path()), "abc");
  EXPECT_EQ(file->Flush(), status);
}

// The descriptor under which this process has `path` open.
int DescriptorOf(const std::string& path) {
  struct stat wanted;
  struct stat info;
  if (stat(path.c_str(), &wanted) != 0) return -1;
  for (int fd = 0; fd < 1024; ++fd) {
    if (fstat(fd, &info) == 0 && info.st_ino == wanted.st_ino &&
        info.st_dev == wanted.st_dev) {
      return fd;
    }
  }
  return -1;
}

// No file fails a sync on request, but /dev/null in its place does.
TEST(OutputFileTest, AFailedSyncIsFinal) {
  const TempFolder folder;
  const auto file = OpenOrDie(folder.Path("out"));
  ASSERT_TRUE(file->Write("abc").ok());
  ASSERT_TRUE(file->Flush().ok());
  const int fd = DescriptorOf(file->temporary_path());
  const int null = open("/dev/null", O_WRONLY);
  const int good = dup(fd);
  ASSERT_EQ(dup2(null, fd), fd);
  const absl::Status status = file->Finish();
  EXPECT_EQ(status.message(), absl::StrCat("cannot sync ", folder.Path("out"),
                                           ": Invalid argument"));
  ASSERT_EQ(dup2(good, fd), fd);  // a second sync would succeed
  ExpectEveryCallReturns(file.get(), status);
  EXPECT_THAT(folder.Names(), ElementsAre(".out.inprogress"));
  close(null);
  close(good);
}

TEST(OutputFileTest, RefusesPathsThatAreNone) {
  EXPECT_EQ(OutputFile::Open("").status().message(),
            "cannot write : No such file or directory");
  EXPECT_EQ(OutputFile::Open(absl::string_view("a\0b", 3)).status().message(),
            "cannot write a\\000b: Invalid argument");
  const std::string name(250, 'n');  // its temporary name is too long
  EXPECT_THAT(std::string(OutputFile::Open(name).status().message()),
              testing::HasSubstr(": File name too long (creating ."));
}

TEST(OutputFileTest, PathsInMessagesAreCarriedText) {
  const TempFolder folder;
  const absl::Status status =
      OutputFile::Open(folder.Path("no\x1b[31m/out")).status();
  EXPECT_THAT(std::string(status.message()),
              testing::HasSubstr("no\\027[31m/out: No such file"));
}

}  // namespace
}  // namespace io
