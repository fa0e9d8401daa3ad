#include "io/files/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "io/files/file_calls.h"
#include "io/formats/carried_text.h"

namespace io {
namespace {

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

}  // namespace

std::string OutputPlace::TemporaryPath() const {
  return Sibling(file, ".", ".inprogress");
}

std::string OutputPlace::JournalPath() const {
  return Sibling(file, "", ".journal");
}

absl::StatusOr<OutputPlace> FindOutput(absl::string_view path) {
  using Kind = OutputPlace::Kind;
  const std::string given(path);
  if (path == "-") return OutputPlace{Kind::kStdout, given, ""};
  if (path.empty()) return OpenError(path, ENOENT);
  if (path.find('\0') != absl::string_view::npos) {
    return OpenError(path, EINVAL);
  }
  struct stat info;
  if (stat(given.c_str(), &info) != 0) {
    if (errno != ENOENT) return OpenError(path, errno);
    return OutputPlace{Kind::kFile, given, given};
  }
  if (S_ISDIR(info.st_mode)) return OpenError(path, EISDIR);
  const std::string target = FollowLinks(given);
  if (S_ISREG(info.st_mode) && !target.empty()) {
    return OutputPlace{Kind::kFile, given, target};
  }
  return OutputPlace{Kind::kDirect, given, ""};
}

absl::StatusOr<std::unique_ptr<OutputFile>> OutputFile::Open(
    absl::string_view path) {
  const auto place = FindOutput(path);
  if (!place.ok()) return place.status();
  return Open(*place);
}

absl::StatusOr<std::unique_ptr<OutputFile>> OutputFile::Open(
    const OutputPlace& place) {
  if (place.kind == OutputPlace::Kind::kStdout) {
    return Make(STDOUT_FILENO, place);
  }
  if (place.kind == OutputPlace::Kind::kFile) return Create(place);
  const int fd = OpenFile(place.given, O_WRONLY | O_NOCTTY);
  if (fd < 0) return OpenError(place.given, errno);
  return Make(fd, place);
}

// What a killed run left is removed, not truncated: nobody who has it open, or
// has put a link in its place, is written into.
absl::StatusOr<std::unique_ptr<OutputFile>> OutputFile::Create(
    const OutputPlace& place) {
  const std::string temporary = place.TemporaryPath();
  if (unlink(temporary.c_str()) != 0 && errno != ENOENT) {
    return CreateError(place.given, temporary, errno);
  }
  const int fd = OpenFile(temporary, O_WRONLY | O_CREAT | O_EXCL);
  if (fd < 0) return CreateError(place.given, temporary, errno);
  return Make(fd, place);
}

absl::StatusOr<std::unique_ptr<OutputFile>> OutputFile::Continue(
    const OutputPlace& place, uint64_t octets) {
  const std::string temporary = place.TemporaryPath();
  const int fd = OpenFile(temporary, O_WRONLY | O_NOFOLLOW);
  if (fd < 0) return OpenError(temporary, errno);
  auto file = Make(fd, place);
  const auto end = static_cast<off_t>(octets);
  if (ftruncate(fd, end) != 0 || lseek(fd, end, SEEK_SET) != end) {
    return file->Fail("cut", errno);
  }
  file->written_octets_ = octets;
  file->synced_octets_ = octets;
  return file;
}

std::unique_ptr<OutputFile> OutputFile::Make(int fd, const OutputPlace& place) {
  std::unique_ptr<OutputFile> file(new OutputFile(fd, ShownPath(place.given)));
  if (place.kind == OutputPlace::Kind::kFile) {
    file->temporary_path_ = place.TemporaryPath();
    file->final_path_ = place.file;
  }
  return file;
}

OutputFile::OutputFile(int fd, std::string name)
    : fd_(fd),
      name_(std::move(name)),
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
  const uint64_t start = written_octets_;
  absl::string_view left(buffer_.get(), buffered_);
  const int error = WriteAll(fd_, &left);
  written_octets_ += buffered_ - left.size();
  if (digest_ != nullptr) digest_->Add({buffer_.get(), buffered_});
  buffered_ = 0;
  if (error == 0) return absl::OkStatus();
  CutTo(synced_octets_ > 0 ? synced_octets_ : start);
  return Fail("write", error,
              absl::StrCat(" (wanted ", left.size(), " octets)"));
}

absl::Status OutputFile::Sync() {
  absl::Status flushed = Flush();
  if (!flushed.ok()) return flushed;
  // Linux drops the unwritten pages of a failed sync: a second one that
  // succeeds would prove nothing.
  if (fdatasync(fd_) != 0) {
    const int error = errno;
    CutTo(synced_octets_);
    return Fail("sync", error);
  }
  synced_octets_ = written_octets_;
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

void OutputFile::Discard() {
  if (!temporary_path_.empty()) unlink(temporary_path_.c_str());
}

absl::Status OutputFile::Finish() {
  absl::Status flushed = Flush();
  if (!flushed.ok() || fd_ == STDOUT_FILENO) return flushed;
  const bool is_file = !temporary_path_.empty();
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
  status_ = FileError(what, name_, error, detail);
  return status_;
}

}  // namespace io
