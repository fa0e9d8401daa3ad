// What the text formats share. Text is put into room that is known to suffice:
// how much is reckoned once a row, so that no field checks its bounds or
// allocates. The room is the output file's own buffer.
#ifndef PTRSWEEP_IO_FORMATS_ROW_TEXT_H_
#define PTRSWEEP_IO_FORMATS_ROW_TEXT_H_

#include <array>
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

std::string TimeText(int64_t time_us);
// The time of such a text, and of no other.
std::optional<int64_t> ParseTimestamp(absl::string_view text);

// Copies both ends of a text, which may overlap.
template <size_t kOctets>
void CopyEnds(const char* from, size_t size, char* to) {
  char begin[kOctets];
  char end[kOctets];
  std::memcpy(begin, from, kOctets);
  std::memcpy(end, from + size - kOctets, kOctets);
  std::memcpy(to, begin, kOctets);
  std::memcpy(to + size - kOctets, end, kOctets);
}

// What the texts of a row are: short. A call of memcpy costs more than they do.
inline void CopyText(const char* from, size_t size, char* to) {
  if (size >= 16 && size <= 32) return CopyEnds<16>(from, size, to);
  if (size >= 8 && size < 16) return CopyEnds<8>(from, size, to);
  if (size >= 4 && size < 8) return CopyEnds<4>(from, size, to);
  std::memcpy(to, from, size);
}

// The text of names. Most rows have one name three times: the last text
// without escapes is remembered and copied.
class NameTexts {
 public:
  void Forget() { name_ = {}; }
  // As PutChar() below. REQUIRES: what it wrote stays as it is, where it is,
  // until Forget(), unless it has escapes.
  char* Put(dnswire::NameView name, char* out) {
    if (!IsLast(name)) return PutNew(name, out);
    const size_t octets = name.size() - 2;
    CopyText(text_, octets, out);
    return out + octets;
  }
  // Without them a text is as long as the wire form less the first length octet
  // and the root.
  static bool HasEscapes(dnswire::NameView name, size_t text_octets) {
    return text_octets + 2 != name.size();
  }

 private:
  bool IsLast(dnswire::NameView name) const {
    return name.size() == name_.size() &&
           std::memcmp(name.wire().data(), name_.data(), name.size()) == 0;
  }
  char* PutNew(dnswire::NameView name, char* out) {
    const size_t octets = name.FormatText(out);
    if (!HasEscapes(name, octets)) {
      name_ = name.wire();
      text_ = out;
    }
    return out + octets;
  }

  std::span<const uint8_t> name_;  // wire form; empty: none
  const char* text_ = nullptr;
};

// Each writes its text to `out`, where there is room, and returns its end. (A
// cursor that went from hand to hand by pointer would be stored and loaded for
// every octet.)
inline char* PutChar(char c, char* out) {
  *out = c;
  return out + 1;
}
// A string literal: its size is known when this is compiled.
template <size_t N>
char* PutLiteral(const char (&text)[N], char* out) {
  std::memcpy(out, text, N - 1);
  return out + N - 1;
}
inline char* PutText(absl::string_view text, char* out) {
  CopyText(text.data(), text.size(), out);
  return out + text.size();
}
// Two digits for each number below 100.
inline constexpr std::array<char, 200> kTwoDigits = [] {
  std::array<char, 200> digits = {};
  for (size_t i = 0; i < 100; ++i) {
    digits[2 * i] = static_cast<char>('0' + i / 10);
    digits[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return digits;
}();
// Most numbers have four digits at most.
inline char* PutNumber(uint32_t number, char* out) {
  constexpr size_t kDigits = std::numeric_limits<uint32_t>::digits10 + 1;
  if (number >= 10'000) return std::to_chars(out, out + kDigits, number).ptr;
  if (number < 10) return PutChar(static_cast<char>('0' + number), out);
  const char* const high = &kTwoDigits[number / 100 * 2];
  if (number >= 1000) out = PutChar(high[0], out);
  if (number >= 100) out = PutChar(high[1], out);
  std::memcpy(out, &kTwoDigits[number % 100 * 2], 2);
  return out + 2;
}
inline char* PutAddress(const dnswire::IpAddress& address, char* out) {
  return out + address.Format(out);
}
inline char* PutTime(int64_t time_us, TimestampText* time, char* out) {
  time->Format(time_us, out);
  return out + TimestampText::kOctets;
}
char* PutRcode(uint16_t rcode, char* out);
char* PutServer(const Endpoint& server, char* out);
// The outcome, or the cause of an error.
char* PutOutcome(const ForwardItem& item, char* out);
char* PutLabel(absl::string_view label, char* out);
char* PutExpected(absl::string_view expected, char* out);

// Puts `prefix` in front of each octet of begin..end that is one of `marked`.
// Returns the new end; room for as many more octets must follow.
char* PutBefore(absl::string_view marked, char prefix, char* begin, char* end);

// The text of servers. Most rows have that of the row before.
class ServerTexts {
 public:
  char* Put(const Endpoint& server, char* out) {
    if (server.scope != 0) return PutServer(server, out);
    if (size_ == 0 || server != server_) {
      server_ = server;
      size_ = static_cast<size_t>(PutServer(server, text_) - text_);
    }
    CopyText(text_, size_, out);
    return out + size_;
  }

 private:
  static constexpr size_t kMaxOctets = 64;
  static_assert(dnswire::IpAddress::kMaxTextOctets + 3 +
                    std::numeric_limits<uint32_t>::digits10 + 1 <
                kMaxOctets);

  Endpoint server_;
  size_t size_ = 0;  // 0: none yet
  char text_[kMaxOctets];
};

// What a format remembers of what it wrote.
struct TextMemory {
  TimestampText time;
  NameTexts names;  // of this row
  ServerTexts servers;
};

// Makes the text of rows.
class RowFormatter {
 public:
  // How a format writes a row and its line end to `out`; returns where it ends.
  using WriteRow = char* (*)(const Row& row, TextMemory* memory, char* out);

  explicit RowFormatter(WriteRow write_row) : write_row_(write_row) {}

  // Stops at the first error.
  absl::Status Write(std::span<const Row> rows, OutputFile* file);
  void Append(const Row& row, std::string* out);

 private:
  // Writes the row's line to `room` (MaxTextOctets(row) or more) and returns
  // its length.
  size_t Format(const Row& row, char* room);

  WriteRow write_row_;
  TextMemory memory_;
};

}  // namespace io

#endif  // PTRSWEEP_IO_FORMATS_ROW_TEXT_H_
