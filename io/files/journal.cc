#include "io/files/journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "io/files/file_calls.h"
#include "io/formats/carried_text.h"

namespace io {
namespace {

std::string Wanted(absl::string_view octets) {
  return absl::StrCat(" (wanted ", octets.size(), " octets)");
}

// The whole file. Errors: errno.
int ReadAll(int fd, std::string* octets) {
  struct stat info;
  if (fstat(fd, &info) != 0) return errno;
  octets->resize(static_cast<size_t>(info.st_size));
  size_t used = 0;
  while (used < octets->size()) {
    const ssize_t got = pread(fd, octets->data() + used, octets->size() - used,
                              static_cast<off_t>(used));
    if (got < 0 && errno != EINTR) return errno;
    if (got == 0) break;
    if (got > 0) used += static_cast<size_t>(got);
  }
  octets->resize(used);
  return 0;
}

// Whether the path still names the file: a holder may have replaced or removed
// it between our opening and its letting go.
bool IsAt(const std::string& path, int fd) {
  struct stat named;
  struct stat held;
  return stat(path.c_str(), &named) == 0 && fstat(fd, &held) == 0 &&
         named.st_ino == held.st_ino && named.st_dev == held.st_dev;
}

int RenameTo(const std::string& from, const std::string& to, bool may_exist) {
  if (!may_exist) {
    if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(),
                  RENAME_NOREPLACE) == 0) {
      return 0;
    }
    if (errno != EINVAL) return errno;  // a file system that does not know it
  }
  return rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Journal>> Journal::Create(
    const std::string& path, const JournalHeader& header) {
  struct stat info;
  if (lstat(path.c_str(), &info) == 0) {
    return absl::AlreadyExistsError(absl::StrCat(CarriedText(path), " exists"));
  }
  std::unique_ptr<Journal> journal(new Journal(path, header));
  absl::Status status = journal->Replace(EncodeJournalHeader(header), false);
  if (!status.ok()) return status;
  return journal;
}

absl::StatusOr<Journal::Opened> Journal::Open(const std::string& path,
                                              uint64_t data_octets,
                                              const RecordTest& also_fits) {
  Opened opened = {.journal = std::unique_ptr<Journal>(new Journal(path, {}))};
  Journal& journal = *opened.journal;
  journal.fd_ = OpenFile(path, O_RDWR | O_NOFOLLOW);
  if (journal.fd_ < 0) return journal.Fail("open", errno);
  absl::Status held = journal.Hold(journal.fd_);
  if (!held.ok()) return held;
  if (!IsAt(path, journal.fd_)) return journal.Fail("open", ENOENT);
  std::string octets;
  const int error = ReadAll(journal.fd_, &octets);
  if (error != 0) return journal.Fail("read", error);
  auto content = ParseJournal(octets, data_octets, also_fits);
  if (!content.ok()) {
    return absl::Status(
        content.status().code(),
        absl::StrCat(CarriedText(path), " ", content.status().message()));
  }
  journal.header_ = content->header;
  journal.next_seq_ = content->next_seq;
  journal.octets_ = content->octets;
  opened.content = *std::move(content);
  return opened;
}

Journal::Journal(std::string path, JournalHeader header)
    : path_(std::move(path)), header_(header) {}

Journal::~Journal() {
  if (fd_ >= 0) close(fd_);
}

absl::Status Journal::Cut() {
  const auto end = static_cast<off_t>(octets_);
  if (ftruncate(fd_, end) != 0 || lseek(fd_, end, SEEK_SET) != end) {
    return Fail("cut", errno);
  }
  return absl::OkStatus();
}

absl::Status Journal::Append(const JournalRecord& record) {
  if (!status_.ok()) return status_;
  const std::string octets = EncodeJournalRecord(record, next_seq_);
  absl::string_view left = octets;
  const int error = WriteAll(fd_, &left);
  if (error != 0) {
    Cut().IgnoreError();  // a torn record is passed over as well
    return Fail("write", error, Wanted(left));
  }
  if (fdatasync(fd_) != 0) return Fail("sync", errno);
  octets_ += octets.size();
  ++next_seq_;
  return absl::OkStatus();
}

absl::Status Journal::Rewrite(const JournalRecord& record) {
  if (!status_.ok()) return status_;
  absl::Status replaced = Replace(
      EncodeJournalHeader(header_) + EncodeJournalRecord(record, 0), true);
  if (!replaced.ok()) return replaced;
  next_seq_ = 1;
  rewritten_octets_ = octets_;
  return absl::OkStatus();
}

absl::Status Journal::Remove() {
  if (unlink(path_.c_str()) != 0) return Fail("remove", errno);
  const int error = SyncFolder(FolderOf(path_));
  return error == 0 ? absl::OkStatus() : Fail("sync the folder of", error);
}

std::string Journal::TemporaryPath(const std::string& path) {
  return Sibling(path, ".", ".new");
}

absl::Status Journal::Replace(const std::string& octets, bool may_exist) {
  const std::string temporary = TemporaryPath(path_);
  absl::Status written = WriteNew(temporary, octets);
  if (!written.ok()) return written;
  const int error = RenameTo(temporary, path_, may_exist);
  if (error != 0) {
    unlink(temporary.c_str());
    return Fail("write", error, " (giving it its name)");
  }
  octets_ = octets.size();
  const int unsynced = SyncFolder(FolderOf(path_));
  return unsynced == 0 ? absl::OkStatus()
                       : Fail("sync the folder of", unsynced);
}

// The new file is held before it has the name by which others find it.
absl::Status Journal::WriteNew(const std::string& temporary,
                               const std::string& octets) {
  if (unlink(temporary.c_str()) != 0 && errno != ENOENT) {
    return Fail("write", errno);
  }
  const int fd = OpenFile(temporary, O_RDWR | O_CREAT | O_EXCL);
  if (fd < 0) return Fail("write", errno);
  if (fd_ >= 0) close(fd_);
  fd_ = fd;
  absl::Status held = Hold(fd);
  if (!held.ok()) return held;
  absl::string_view left = octets;
  const int error = WriteAll(fd, &left);
  if (error != 0) return Fail("write", error, Wanted(left));
  if (fsync(fd) != 0) return Fail("sync", errno);
  return absl::OkStatus();
}

absl::Status Journal::Hold(int fd) {
  if (flock(fd, LOCK_EX | LOCK_NB) == 0) return absl::OkStatus();
  if (errno != EWOULDBLOCK) return Fail("lock", errno);
  status_ = absl::FailedPreconditionError(
      absl::StrCat("another run is writing ", CarriedText(path_)));
  return status_;
}

absl::Status Journal::Fail(absl::string_view what, int error,
                           absl::string_view detail) {
  status_ = FileError(what, CarriedText(path_), error, detail);
  return status_;
}

}  // namespace io
