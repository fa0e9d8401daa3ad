#include "io/files/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "io/formats/carried_text.h"

namespace io {
namespace {

constexpr uint64_t kPieceOctets = 1 << 20;

absl::Status ReadError(absl::string_view name, int error) {
  return absl::Status(
      absl::ErrnoToStatusCode(error),
      absl::StrCat("cannot read ", name, ": ", std::strerror(error)));
}

}  // namespace

absl::StatusOr<std::unique_ptr<InputFile>> InputFile::Open(
    absl::string_view path) {
  std::string name = CarriedText(path);
  const int fd =
      open(std::string(path).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return ReadError(name, errno);
  struct stat info = {};
  if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    close(fd);
    return absl::InvalidArgumentError(
        absl::StrCat("cannot read ", name, ": not a regular file"));
  }
  return std::unique_ptr<InputFile>(
      new InputFile(fd, static_cast<uint64_t>(info.st_size), std::move(name)));
}

InputFile::InputFile(int fd, uint64_t size, std::string name)
    : fd_(fd), size_(size), name_(std::move(name)) {}

InputFile::~InputFile() { close(fd_); }

absl::Status InputFile::CheckPrivate() const {
  struct stat info = {};
  if (fstat(fd_, &info) != 0) return ReadError(name_, errno);
  const auto mode = static_cast<unsigned>(info.st_mode & 07777);
  if ((mode & (S_IRWXG | S_IRWXO)) != 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        name_, ": others may get at its secrets (mode 0", mode >> 6 & 7,
        mode >> 3 & 7, mode & 7, "): chmod 600 it"));
  }
  if (info.st_uid != geteuid() && info.st_uid != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(name_, ": its owner is neither this user nor root"));
  }
  return absl::OkStatus();
}

absl::Status InputFile::Read(uint64_t offset, uint64_t octets,
                             std::string* out) const {
  out->resize(octets);
  size_t done = 0;
  while (done < octets) {
    const ssize_t taken = pread(fd_, out->data() + done, octets - done,
                                static_cast<off_t>(offset + done));
    if (taken < 0 && errno == EINTR) continue;
    if (taken < 0) return ReadError(name_, errno);
    if (taken == 0) {
      return absl::DataLossError(
          absl::StrCat("cannot read ", name_, ": it has become shorter"));
    }
    done += static_cast<size_t>(taken);
  }
  return absl::OkStatus();
}

absl::Status InputFile::DigestInto(uint64_t octets, Sha256* digest) const {
  std::string piece;
  for (uint64_t at = 0; at < octets; at += piece.size()) {
    absl::Status status =
        Read(at, std::min<uint64_t>(kPieceOctets, octets - at), &piece);
    if (!status.ok()) return status;
    digest->Add(piece);
  }
  return absl::OkStatus();
}

}  // namespace io
