#include "io/files/file_calls.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace io {
namespace {

constexpr mode_t kMode = 0644;  // less umask

size_t NameStart(absl::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == absl::string_view::npos ? 0 : slash + 1;
}

void WaitWritable(int fd) {
  pollfd waited = {.fd = fd, .events = POLLOUT, .revents = 0};
  poll(&waited, 1, -1);
}

}  // namespace

int OpenFile(const std::string& path, int flags) {
  int fd;
  do {
    fd = open(path.c_str(), flags | O_CLOEXEC, kMode);
  } while (fd < 0 && errno == EINTR);  // waiting for the reader of a fifo
  return fd;
}

int WriteAll(int fd, absl::string_view* octets) {
  while (!octets->empty()) {
    const ssize_t written = write(fd, octets->data(), octets->size());
    if (written >= 0) {
      octets->remove_prefix(static_cast<size_t>(written));
    } else if (errno == EAGAIN) {
      WaitWritable(fd);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

std::string FolderOf(const std::string& path) {
  const size_t start = NameStart(path);
  return start == 0 ? "." : path.substr(0, start);
}

std::string Sibling(const std::string& path, absl::string_view prefix,
                    absl::string_view suffix) {
  const size_t start = NameStart(path);
  return absl::StrCat(path.substr(0, start), prefix, path.substr(start),
                      suffix);
}

std::string CanonicalPath(const std::string& path) {
  const std::string folder = FolderOf(path);
  char* const real = realpath(folder.c_str(), nullptr);
  if (real == nullptr) return path;
  std::string canonical = absl::StrCat(real, "/", path.substr(NameStart(path)));
  std::free(real);
  return canonical;
}

std::optional<uint64_t> SizeOfFile(const std::string& path) {
  struct stat info;
  if (lstat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) {
    return std::nullopt;
  }
  return static_cast<uint64_t>(info.st_size);
}

int SyncFolder(const std::string& folder) {
  const int fd = OpenFile(folder, O_RDONLY | O_DIRECTORY);
  if (fd < 0) return errno;
  const int error = fsync(fd) == 0 ? 0 : errno;
  close(fd);
  return error == EINVAL ? 0 : error;
}

absl::Status FileError(absl::string_view what, absl::string_view name,
                       int error, absl::string_view detail) {
  const absl::StatusCode code = error == EPIPE ? absl::StatusCode::kUnavailable
                                               : absl::ErrnoToStatusCode(error);
  return absl::Status(code, absl::StrCat("cannot ", what, " ", name, ": ",
                                         std::strerror(error), detail));
}

}  // namespace io
