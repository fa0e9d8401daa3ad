#include "io/files/target_reader.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "io/files/target_text.h"
#include "io/formats/carried_text.h"

namespace io {
namespace {

using dnswire::IpAddress;
using dnswire::IpRange;

constexpr size_t kFirstReadOctets = 64 << 10;

// "192.0.2.1-9": what the end stands for, else empty.
std::string EndInFull(const IpAddress& first, absl::string_view last) {
  const std::string start = first.ToString();
  const size_t dots =
      static_cast<size_t>(std::count(last.begin(), last.end(), '.'));
  if (!first.is_v4() || dots > 2) return "";
  size_t kept = start.size();
  for (size_t i = 0; i <= dots; ++i) kept = start.rfind('.', kept - 1);
  const std::string full =
      absl::StrCat(absl::string_view(start).substr(0, kept + 1), last);
  return IpAddress::Parse(full) ? full : "";
}

absl::Status BadRange(absl::string_view text, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(Quoted(text), ": ", what));
}

// REQUIRES: `text` has a '-' at `dash`.
absl::StatusOr<IpRange> ParseRange(absl::string_view text, size_t dash) {
  const absl::string_view last_text = Trim(text.substr(dash + 1));
  const auto first = ParseTargetAddress(Trim(text.substr(0, dash)));
  const auto last = ParseTargetAddress(last_text);
  // No range at all, but a name with a dash, perhaps.
  if (!first.ok() && !last.ok()) return ParseTargetAddress(text).status();
  if (!first.ok()) return first.status();
  if (!last.ok()) {
    const std::string full = EndInFull(*first, last_text);
    if (full.empty()) return last.status();
    return BadRange(
        text, absl::StrCat("did you mean ", first->ToString(), "-", full, "?"));
  }
  if (first->family() != last->family()) {
    return BadRange(text, "a range cannot mix IPv4 and IPv6");
  }
  if (*last < *first) return BadRange(text, "the range ends before it starts");
  return IpRange{*first, *last};
}

absl::StatusOr<IpRange> ParsePrefix(absl::string_view text) {
  const auto parsed = ParseAddressAndLength(text);
  if (!parsed.ok()) return parsed.status();
  const dnswire::IpPrefix prefix = parsed->Covering();
  if (parsed->HasHostBits()) {
    return absl::InvalidArgumentError(
        absl::StrCat(CarriedText(text), " has host bits set; did you mean ",
                     prefix.ToString(), "?"));
  }
  return IpRange{prefix.first(), prefix.last()};
}

absl::Status ReadError(absl::string_view path, int error) {
  return absl::Status(
      absl::ErrnoToStatusCode(error),
      absl::StrCat("cannot read ",
                   path == "-" ? "standard input" : CarriedText(path), ": ",
                   std::strerror(error)));
}

// Returns 0 or errno.
int ReadToEnd(int fd, std::string* content) {
  size_t size = 0;
  for (;;) {
    if (size == content->size()) {
      content->resize(std::max(2 * size, kFirstReadOctets));
    }
    const ssize_t got =
        read(fd, content->data() + size, content->size() - size);
    if (got == 0) break;
    if (got > 0) {
      size += static_cast<size_t>(got);
    } else if (errno == EAGAIN) {  // a stdin somebody made non-blocking
      pollfd waited = {.fd = fd, .events = POLLIN, .revents = 0};
      poll(&waited, 1, -1);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  content->resize(size);
  return 0;
}

int OpenForReading(const std::string& path) {
  int fd;
  do {
    fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  } while (fd < 0 && errno == EINTR);  // waiting for the writer of a fifo
  return fd;
}

}  // namespace

absl::StatusOr<IpRange> ParseTarget(absl::string_view text) {
  text = Trim(text);
  const size_t dash = text.find('-');
  return dash == absl::string_view::npos ? ParsePrefix(text)
                                         : ParseRange(text, dash);
}

absl::StatusOr<std::vector<IpRange>> ParseTargetLines(
    absl::string_view text, absl::string_view source) {
  std::vector<IpRange> targets;
  const absl::Status status =
      ForEachListLine(text, source, [&targets](const ListLine& line) {
        const auto range = ParseTarget(line.text);
        if (range.ok()) targets.push_back(*range);
        return range.status();
      });
  if (!status.ok()) return status;
  return targets;
}

absl::StatusOr<std::string> ReadWholeFile(absl::string_view path) {
  if (path.find('\0') != absl::string_view::npos) {
    return ReadError(path, EINVAL);
  }
  const bool is_stdin = path == "-";
  const int fd = is_stdin ? STDIN_FILENO : OpenForReading(std::string{path});
  if (fd < 0) return ReadError(path, errno);
  std::string content;
  const int error = ReadToEnd(fd, &content);
  if (!is_stdin) close(fd);
  if (error != 0) return ReadError(path, error);
  return content;
}

absl::StatusOr<std::vector<IpRange>> ReadTargetFile(absl::string_view path) {
  const auto text = ReadWholeFile(path);
  if (!text.ok()) return text.status();
  return ParseTargetLines(*text, path == "-" ? "<stdin>" : path);
}

}  // namespace io
