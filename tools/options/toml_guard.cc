#include "tools/options/toml_guard.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace tools {
namespace {

constexpr absl::string_view kByteOrderMark = "\xef\xbb\xbf";

bool IsQuote(char c) { return c == '"' || c == '\''; }

// The octets of the string that `text` starts with, with its quotes. One that
// is not closed ends with its line, or with the text if it has three quotes.
size_t StringOctets(absl::string_view text) {
  const char quote = text[0];
  const bool is_long = text.size() >= 3 && text[1] == quote && text[2] == quote;
  const size_t quotes = is_long ? 3 : 1;
  for (size_t at = quotes; at < text.size(); ++at) {
    if (!is_long && text[at] == '\n') return at;
    if (quote == '"' && text[at] == '\\') {
      ++at;
    } else if (text[at] == quote &&
               (!is_long ||
                absl::StartsWith(text.substr(at), text.substr(0, quotes)))) {
      at += quotes;
      // Two more may be the string's own last ones.
      for (size_t i = 0; is_long && i < 2; ++i) {
        if (at < text.size() && text[at] == quote) ++at;
      }
      return at;
    }
  }
  return text.size();
}

bool IsLetterBeyondAscii(char c) { return static_cast<uint8_t>(c) >= 0x80; }

// Whether a backslash, and perhaps the blanks and line ends that it takes away,
// has such a letter behind it: there too toml++ looks for blanks.
bool HasLetterBehindBackslash(absl::string_view string) {
  for (size_t at = string.find('\\'); at < string.size();
       at = string.find('\\', at)) {
    const size_t next = string.find_first_not_of(" \t\r\n", at + 1);
    if (next == absl::string_view::npos) return false;
    if (IsLetterBeyondAscii(string[next])) return true;
    at = next + 1;
  }
  return false;
}

// Goes through the text once.
class Finder {
 public:
  explicit Finder(absl::string_view text)
      : text_(absl::StripPrefix(text, kByteOrderMark)) {}

  std::optional<TomlFault> Find() {
    while (at_ < text_.size()) {
      if (IsLetterBeyondAscii(text_[at_])) {
        return Fault("letters beyond ASCII stand in strings and comments only");
      }
      if (IsQuote(text_[at_]) && !MayBeginString()) {
        return Fault("a quote stands inside a value");
      }
      if (text_[at_] == '"' &&
          HasLetterBehindBackslash(rest().substr(0, StringOctets(rest())))) {
        return Fault("a string has a letter beyond ASCII behind a backslash");
      }
      TakeOne();
      if (dots_ > kMaxTomlDots) return Fault("a key has too many parts");
    }
    return std::nullopt;
  }

 private:
  absl::string_view rest() const { return text_.substr(at_); }

  TomlFault Fault(absl::string_view what) const {
    return {.line = line_, .column = at_ - line_start_ + 1, .what = what};
  }

  // Elsewhere toml++ takes a quote for one of a value's letters.
  bool MayBeginString() const {
    return at_ == 0 || absl::StrContains(" \t\n=[{,.", text_[at_ - 1]);
  }

  // A string, a comment, or an octet.
  void TakeOne() {
    const char c = text_[at_];
    if (IsQuote(c)) {
      const size_t octets = StringOctets(rest());
      const absl::string_view string = rest().substr(0, octets);
      line_ +=
          static_cast<size_t>(std::count(string.begin(), string.end(), '\n'));
      const size_t end = string.rfind('\n');
      if (end != absl::string_view::npos) line_start_ = at_ + end + 1;
      at_ += octets;
    } else if (c == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else {
      ++at_;
      if (c == '.') ++dots_;
      if (c == '\n') {
        ++line_;
        line_start_ = at_;
        dots_ = 0;
      }
    }
  }

  const absl::string_view text_;
  size_t at_ = 0;
  size_t line_ = 1;
  size_t line_start_ = 0;
  size_t dots_ = 0;  // of the line
};

}  // namespace

std::optional<TomlFault> FindTomlFault(absl::string_view text) {
  return Finder(text).Find();
}

}  // namespace tools
