#include "io/files/line_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace io {
namespace {

constexpr uint64_t kReadOctets = 1 << 20;

}  // namespace

LineReader::LineReader(std::unique_ptr<InputFile> file)
    : file_(std::move(file)) {}

absl::StatusOr<bool> LineReader::Next(absl::string_view* line) {
  size_t end = buffer_.find('\n', at_);
  while (end == std::string::npos) {
    const size_t held = buffer_.size() - at_;
    if (offset_ == file_->size()) {
      if (held == 0) return false;
      ++line_;
      return Error("the line has no end: the file was cut off");
    }
    absl::Status status = Fill();
    if (!status.ok()) return status;
    end = buffer_.find('\n', held);
    if (end == std::string::npos && buffer_.size() > kMaxLineOctets) {
      ++line_;
      return Error("the line is too long");
    }
  }
  ++line_;
  *line = absl::string_view(buffer_).substr(at_, end - at_);
  at_ = end + 1;
  return true;
}

// The buffer keeps what was not yet given out.
absl::Status LineReader::Fill() {
  buffer_.erase(0, at_);
  at_ = 0;
  const uint64_t octets = std::min(kReadOctets, file_->size() - offset_);
  std::string more;
  absl::Status status = file_->Read(offset_, octets, &more);
  offset_ += octets;
  buffer_ += more;
  return status;
}

absl::Status LineReader::Error(absl::string_view what) const {
  return absl::InvalidArgumentError(
      absl::StrCat(file_->name(), ":", line_, ": ", what));
}

}  // namespace io
