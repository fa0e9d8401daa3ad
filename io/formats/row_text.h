// What the text formats share. RowText is a bare pointer into room that is
// known to suffice: how much is reckoned once a row, so that no field checks
// its bounds or allocates. The room is the output file's own buffer.
#ifndef PTRSWEEP_IO_FORMATS_ROW_TEXT_H_
#define PTRSWEEP_IO_FORMATS_ROW_TEXT_H_

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "dnswire/ip_address.h"
#include "dnswire/name.h"
#include "io/files/output_file.h"
#include "io/formats/row.h"
#include "io/net/endpoint.h"

namespace io {

// A time as RFC 3339 has it. Remembers the last text, and that of the last
// second: rows come by the ten thousand within one, by the hundred at once.
class TimestampText {
 public:
  static constexpr size_t kOctets = 27;  // 2026-01-31T23:59:59.999999Z

  // Writes kOctets octets. `time_us` counts from 1970; what lies outside the
  // years 0 to 9999 becomes the nearest time inside.
  void Format(int64_t time_us, char* out) {
    if (time_us != time_us_) Set(time_us);
    std::memcpy(out, text_, kOctets);
  }

 private:
  static constexpr size_t kSecondOctets = 19;

  void Set(int64_t time_us);

  std::optional<int64_t> time_us_;
  int64_t second_ = std::numeric_limits<int64_t>::min();
  char text_[kOctets] = {};
};

// Puts `prefix` in front of each octet of begin..end that is one of `marked`.
// Returns the new end; room for as many more octets must follow.
char* PutBefore(absl::string_view marked, char prefix, char* begin, char* end);

class RowText {
 public:
  explicit RowText(char* room) : at_(room) {}

  // Where the next octet goes; a format that rewrites what it has written
  // moves it.
  char* at() const { return at_; }
  void set_at(char* at) { at_ = at; }

  void Char(char c) { *at_++ = c; }
  // A string literal: its size is known when this is compiled.
  template <size_t N>
  void Literal(const char (&text)[N]) {
    std::memcpy(at_, text, N - 1);
    at_ += N - 1;
  }
  void Text(absl::string_view text) {
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }
  void Number(uint32_t number) {
    constexpr size_t kDigits = std::numeric_limits<uint32_t>::digits10 + 1;
    at_ = std::to_chars(at_, at_ + kDigits, number).ptr;
  }
  void Address(const dnswire::IpAddress& address) {
    at_ += address.Format(at_);
  }
  // True if the text has escapes. (Without them it is as long as the wire form
  // without its first length octet and the root.) Most rows have one name three
  // times: a text without escapes is remembered and copied. REQUIRES: it stays
  // as it is, where it is.
  bool Name(dnswire::NameView name) {
    if (IsPlainName(name)) {
      Text({plain_name_text_, name.size() - 2});
      return false;
    }
    const char* const text = at_;
    at_ += name.FormatText(at_);
    if (at_ != text + name.size() - 2) return true;
    plain_name_ = name.wire();
    plain_name_text_ = text;
    return false;
  }
  void Time(int64_t time_us, TimestampText* timestamp) {
    timestamp->Format(time_us, at_);
    at_ += TimestampText::kOctets;
  }
  void Rcode(uint16_t rcode);
  void Server(const Endpoint& server);
  // The outcome, or the cause of an error.
  void Outcome(const ForwardItem& item);
  void Label(absl::string_view label);
  void Expected(absl::string_view expected);

 private:
  bool IsPlainName(dnswire::NameView name) const {
    return name.size() == plain_name_.size() &&
           std::memcmp(name.wire().data(), plain_name_.data(), name.size()) ==
               0;
  }

  char* at_;
  std::span<const uint8_t> plain_name_;  // wire form; empty: none
  const char* plain_name_text_ = nullptr;
};

// Makes the text of rows.
class RowFormatter {
 public:
  // How a format writes a row and its line end.
  using WriteRow = void (*)(const Row& row, TimestampText* timestamp,
                            RowText* out);

  explicit RowFormatter(WriteRow write_row) : write_row_(write_row) {}

  // Stops at the first error.
  absl::Status Write(std::span<const Row> rows, OutputFile* file);
  void Append(const Row& row, std::string* out);

 private:
  // Writes the row's line to `room` (MaxTextOctets(row) or more) and returns
  // its length.
  size_t Format(const Row& row, char* room);

  WriteRow write_row_;
  TimestampText timestamp_;
};

}  // namespace io

#endif  // PTRSWEEP_IO_FORMATS_ROW_TEXT_H_
