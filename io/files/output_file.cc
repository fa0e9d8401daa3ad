#include "io/files/output_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "io/formats/carried_text.h"

namespace io {
namespace {

constexpr mode_t kMode = 0644;  // less umask

// A path as messages show it.
std::string ShownPath(absl::string_view path) {
  return path == "-" ? "standard output" : CarriedText(path);
}

absl::Status OpenError(absl::string_view path, int error) {
  return absl::Status(absl::ErrnoToStatusCode(error),
                      absl::StrCat("cannot write ", ShownPath(path), ": ",
                                   std::strerror(error)));
}

absl::Status CreateError(absl::string_view path, absl::string_view temporary,
                         int error) {
  return absl::Status(
      absl::ErrnoToStatusCode(error),
      absl::StrCat("cannot write ", ShownPath(path), ": ", std::strerror(error),
                   " (creating ", CarriedText(temporary), ")"));
}

int OpenRetrying(const std::string& path, int flags) {
  int fd;
  do {
    fd = open(path.c_str(), flags | O_CLOEXEC, kMode);
  } while (fd < 0 && errno == EINTR);  // waiting for the reader of a fifo
  return fd;
}

// Where an existing file really is: renaming onto a symbolic link would replace
// the link, not what it points to. Empty if it is nowhere, such as the deleted
// file that /dev/stdout may stand for.
std::string FollowLinks(const std::string& path) {
  char* const resolved = realpath(path.c_str(), nullptr);
  if (resolved == nullptr) return "";
  std::string result = resolved;
  std::free(resolved);
  return result;
}

size_t NameStart(absl::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == absl::string_view::npos ? 0 : slash + 1;
}

std::string TemporaryPath(const std::string& path) {
  const size_t start = NameStart(path);
  return absl::StrCat(path.substr(0, start), ".", path.substr(start),
                      ".inprogress");
}

std::string FolderOf(const std::string& path) {
  const size_t start = NameStart(path);
  return start == 0 ? "." : path.substr(0, start);
}

// Returns 0 or errno.
int SyncFolder(const std::string& folder) {
  const int fd = OpenRetrying(folder, O_RDONLY | O_DIRECTORY);
  if (fd < 0) return errno;
  const int error = fsync(fd) == 0 ? 0 : errno;
  close(fd);
  // Some network file systems cannot sync a folder and say so.
  return error == EINVAL ? 0 : error;
}

// Waits until a pipe or terminal that somebody made non-blocking takes octets
// again.
void WaitWritable(int fd) {
  pollfd waited = {.fd = fd, .events = POLLOUT, .revents = 0};
  poll(&waited, 1, -1);
}

}  // namespace

absl::StatusOr<std::unique_ptr<OutputFile>> OutputFile::Open(
    absl::string_view path) {
  if (path == "-") return Make(STDOUT_FILENO, "-", "");
  if (path.empty()) return OpenError(path, ENOENT);
  if (path.find('\0') != absl::string_view::npos) {
    return OpenError(path, EINVAL);
  }
  const std::string given(path);
  struct stat info;
  if (stat(given.c_str(), &info) != 0) {
    return errno == ENOENT ? Create(path, given) : OpenError(path, errno);
  }
  if (S_ISDIR(info.st_mode)) return OpenError(path, EISDIR);
  const std::string target = FollowLinks(given);
  if (S_ISREG(info.st_mode) && !target.empty()) return Create(path, target);
  const int fd = OpenRetrying(given, O_WRONLY | O_NOCTTY);
  if (fd < 0) return OpenError(path, errno);
  return Make(fd, path, "");
}

// What a killed run left is removed, not truncated: nobody who has it open, or
// has put a link in its place, is written into.
absl::StatusOr<std::unique_ptr<OutputFile>> OutputFile::Create(
    absl::string_view path, const std::string& target) {
  const std::string temporary = TemporaryPath(target);
  if (unlink(temporary.c_str()) != 0 && errno != ENOENT) {
    return CreateError(path, temporary, errno);
  }
  const int fd = OpenRetrying(temporary, O_WRONLY | O_CREAT | O_EXCL);
  if (fd < 0) return CreateError(path, temporary, errno);
  auto file = Make(fd, path, temporary);
  file->final_path_ = target;
  return file;
}

std::unique_ptr<OutputFile> OutputFile::Make(int fd, absl::string_view path,
                                             std::string temporary_path) {
  return std::unique_ptr<OutputFile>(
      new OutputFile(fd, ShownPath(path), std::move(temporary_path)));
}

OutputFile::OutputFile(int fd, std::string name, std::string temporary_path)
    : fd_(fd),
      name_(std::move(name)),
      temporary_path_(std::move(temporary_path)),
      capacity_(kBufferOctets + kBufferOctets / 4),
      buffer_(std::make_unique_for_overwrite<char[]>(capacity_)) {}

OutputFile::~OutputFile() {
  if (fd_ >= 0 && fd_ != STDOUT_FILENO) close(fd_);
}

absl::Status OutputFile::Write(absl::string_view octets) {
  std::copy(octets.begin(), octets.end(), Reserve(octets.size()));
  return Commit(octets.size());
}

void OutputFile::Grow(size_t octets) {
  const size_t capacity = buffered_ + octets;
  auto larger = std::make_unique_for_overwrite<char[]>(capacity);
  std::copy_n(buffer_.get(), buffered_, larger.get());
  buffer_ = std::move(larger);
  capacity_ = capacity;
}

absl::Status OutputFile::Flush() {
  if (!status_.ok()) return status_;
  absl::Status status = WriteAll({buffer_.get(), buffered_});
  buffered_ = 0;
  return status;
}

absl::Status OutputFile::WriteAll(absl::string_view octets) {
  const uint64_t start = written_octets_;
  while (!octets.empty()) {
    const ssize_t written = write(fd_, octets.data(), octets.size());
    if (written >= 0) {
      octets.remove_prefix(static_cast<size_t>(written));
      written_octets_ += static_cast<uint64_t>(written);
    } else if (errno == EAGAIN) {
      WaitWritable(fd_);
    } else if (errno != EINTR) {
      const int error = errno;
      CutTo(start);
      return Fail("write", error,
                  absl::StrCat(" (wanted ", octets.size(), " octets)"));
    }
  }
  return absl::OkStatus();
}

// Takes back what a failed write left of it. If that fails too, the journal
// knows how much of the file counts.
void OutputFile::CutTo(uint64_t octets) {
  if (temporary_path_.empty()) return;
  if (ftruncate(fd_, static_cast<off_t>(octets)) == 0) {
    written_octets_ = octets;
  }
}

absl::Status OutputFile::Finish() {
  absl::Status flushed = Flush();
  if (!flushed.ok() || fd_ == STDOUT_FILENO) return flushed;
  const bool is_file = !temporary_path_.empty();
  // Linux drops the unwritten pages of a failed sync: a second one that
  // succeeds would prove nothing.
  if (is_file && fdatasync(fd_) != 0) return Fail("sync", errno);
  if (close(std::exchange(fd_, -1)) != 0) return Fail("close", errno);
  return is_file ? Publish() : absl::OkStatus();
}

absl::Status OutputFile::Publish() {
  if (rename(temporary_path_.c_str(), final_path_.c_str()) != 0) {
    return Fail("write", errno, " (giving the finished file its name)");
  }
  temporary_path_.clear();
  const int error = SyncFolder(FolderOf(final_path_));
  if (error != 0) return Fail("sync the folder of", error);
  return absl::OkStatus();
}

absl::Status OutputFile::Fail(absl::string_view what, int error,
                              absl::string_view detail) {
  const absl::StatusCode code = error == EPIPE ? absl::StatusCode::kUnavailable
                                               : absl::ErrnoToStatusCode(error);
  status_ = absl::Status(code, absl::StrCat("cannot ", what, " ", name_, ": ",
                                            std::strerror(error), detail));
  return status_;
}

}  // namespace io
