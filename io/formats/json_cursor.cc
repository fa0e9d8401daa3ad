#include "io/formats/json_cursor.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "io/formats/carried_text.h"
#include "io/number.h"

namespace io {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

int HexValue(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// RFC 3629 section 3. REQUIRES: no surrogate, at most 0x10ffff.
void AppendUtf8(uint32_t code, std::string* out) {
  const auto put = [out](uint32_t octet) {
    out->push_back(static_cast<char>(octet));
  };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xc0 | code >> 6);
  } else {
    if (code < 0x10000) {
      put(0xe0 | code >> 12);
    } else {
      put(0xf0 | code >> 18);
      put(0x80 | (code >> 12 & 0x3f));
    }
    put(0x80 | (code >> 6 & 0x3f));
  }
  put(0x80 | (code & 0x3f));
}

// What a letter behind a backslash stands for, 0 if nothing.
char EscapedLetter(char letter) {
  switch (letter) {
    case '"':
    case '\\':
    case '/':
      return letter;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return 0;
  }
}

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20; }
bool IsAscii(char c) { return static_cast<unsigned char>(c) < 0x80; }

bool IsHighSurrogate(uint32_t unit) { return unit >> 10 == 0xd800 >> 10; }
bool IsLowSurrogate(uint32_t unit) { return unit >> 10 == 0xdc00 >> 10; }

}  // namespace

void JsonCursor::PassSpace() {
  while (at_ != end_ &&
         (*at_ == ' ' || *at_ == '\t' || *at_ == '\r' || *at_ == '\n')) {
    ++at_;
  }
}

bool JsonCursor::Take(char mark) {
  PassSpace();
  if (at_ == end_ || *at_ != mark) return false;
  ++at_;
  return true;
}

bool JsonCursor::TakeNull() {
  constexpr absl::string_view kNull = "null";
  PassSpace();
  const absl::string_view rest(at_, static_cast<size_t>(end_ - at_));
  if (!absl::StartsWith(rest, kNull)) return false;
  at_ += kNull.size();
  return true;
}

bool JsonCursor::TakeNumber(uint32_t* number) {
  PassSpace();
  const char* const begin = at_;
  const char* const stop = std::find_if_not(begin, end_, IsDigit);
  const absl::string_view digits(begin, static_cast<size_t>(stop - begin));
  const auto value = ParseUnsigned(digits, UINT32_MAX);
  // A fraction or an exponent would go on.
  if (!value || (stop != end_ && (*stop == '.' || (*stop | 0x20) == 'e'))) {
    return false;
  }
  *number = static_cast<uint32_t>(*value);
  at_ = stop;
  return true;
}

bool JsonCursor::TakeString(std::string* room, absl::string_view* text) {
  if (!Take('"')) return false;
  const char* stop = at_;
  bool ascii = true;
  while (stop != end_ && *stop != '"' && *stop != '\\' && !IsControl(*stop)) {
    ascii = ascii && IsAscii(*stop);
    ++stop;
  }
  if (stop == end_ || IsControl(*stop)) return false;
  if (*stop == '\\') return TakeEscaped(room, text);
  *text = absl::string_view(at_, static_cast<size_t>(stop - at_));
  at_ = stop + 1;
  return ascii || IsValidUtf8(*text);
}

bool JsonCursor::TakeEscaped(std::string* room, absl::string_view* text) {
  room->clear();
  while (at_ != end_ && *at_ != '"') {
    const char letter = *at_++;
    if (IsControl(letter)) return false;
    if (letter != '\\') {
      room->push_back(letter);
    } else if (!TakeEscape(room)) {
      return false;
    }
  }
  if (at_ == end_) return false;
  ++at_;
  *text = *room;
  return IsValidUtf8(*text);
}

// What follows a backslash.
bool JsonCursor::TakeEscape(std::string* out) {
  if (at_ == end_) return false;
  const char kind = *at_++;
  if (kind != 'u') {
    const char letter = EscapedLetter(kind);
    if (letter != 0) out->push_back(letter);
    return letter != 0;
  }
  uint32_t code = 0;
  if (!TakeCodeUnit(&code) || IsLowSurrogate(code)) return false;
  if (IsHighSurrogate(code)) {
    uint32_t low = 0;
    if (end_ - at_ < 2 || at_[0] != '\\' || at_[1] != 'u') return false;
    at_ += 2;
    if (!TakeCodeUnit(&low) || !IsLowSurrogate(low)) return false;
    code = 0x10000 + ((code & 0x3ff) << 10 | (low & 0x3ff));
  }
  AppendUtf8(code, out);
  return true;
}

bool JsonCursor::TakeCodeUnit(uint32_t* unit) {
  constexpr int kDigits = 4;
  if (end_ - at_ < kDigits) return false;
  for (int i = 0; i < kDigits; ++i) {
    const int value = HexValue(*at_++);
    if (value < 0) return false;
    *unit = *unit << 4 | static_cast<uint32_t>(value);
  }
  return true;
}

bool JsonCursor::AtEnd() {
  PassSpace();
  return at_ == end_;
}

}  // namespace io
