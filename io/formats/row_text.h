// What the text formats share. RowText is a bare pointer into room that is
// known to suffice: how much is reckoned once a row, so that no field checks
// its bounds or allocates. RowFormatter owns the room.
#ifndef PTRSWEEP_IO_FORMATS_ROW_TEXT_H_
#define PTRSWEEP_IO_FORMATS_ROW_TEXT_H_

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>

#include "absl/strings/string_view.h"
#include "dnswire/ip_address.h"
#include "dnswire/name.h"
#include "io/formats/row.h"
#include "io/net/endpoint.h"

namespace io {

// A time as RFC 3339 has it. Remembers the text of the last second: rows come
// by the ten thousand within one.
class TimestampText {
 public:
  static constexpr size_t kOctets = 27;  // 2026-01-31T23:59:59.999999Z

  // Writes kOctets octets. `time_us` counts from 1970; what lies outside the
  // years 0 to 9999 becomes the nearest time inside.
  void Format(int64_t time_us, char* out);

 private:
  static constexpr size_t kSecondOctets = 19;

  int64_t second_ = std::numeric_limits<int64_t>::min();
  char text_[kSecondOctets] = {};
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
  // without its first length octet and the root.)
  bool Name(dnswire::NameView name) {
    const size_t octets = name.FormatText(at_);
    at_ += octets;
    return octets + 2 != name.size();
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
  char* at_;
};

// Makes the text of rows, one after the other, in the same room.
class RowFormatter {
 public:
  // How a format writes a row and its line end.
  using WriteRow = void (*)(const Row& row, TimestampText* timestamp,
                            RowText* out);

  explicit RowFormatter(WriteRow write_row) : write_row_(write_row) {}

  // The row's line, valid until the next call.
  absl::string_view Format(const Row& row);

 private:
  WriteRow write_row_;
  TimestampText timestamp_;
  std::string room_;  // as large as the largest row needed
};

}  // namespace io

#endif  // PTRSWEEP_IO_FORMATS_ROW_TEXT_H_
