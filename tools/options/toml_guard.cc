#include "tools/options/toml_guard.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace tools {
namespace {

constexpr absl::string_view kBlanks = " \t";
constexpr absl::string_view kByteOrderMark = "\xef\xbb\xbf";

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
      return at + quotes;
    }
  }
  return text.size();
}

bool BeginsKey(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' ||
         c == '_' || c == '"' || c == '\'';
}

// Whether a table's brackets, which `line` starts with, have a key behind them.
// Whatever else toml++ says of the line is right.
bool HasKeyBehindBrackets(absl::string_view line) {
  line.remove_prefix(absl::StartsWith(line, "[[") ? 2 : 1);
  const size_t at = line.find_first_not_of(kBlanks);
  return at == absl::string_view::npos || line[at] == ']' ||
         BeginsKey(line[at]);
}

// Goes through the text once.
class Finder {
 public:
  explicit Finder(absl::string_view text)
      : text_(absl::StripPrefix(text, kByteOrderMark)) {}

  std::optional<TomlFault> Find() {
    while (at_ < text_.size()) {
      if (at_ == line_start_ && !TakeLineStart()) {
        return Fault("no key follows the bracket");
      }
      if (at_ < text_.size() && static_cast<uint8_t>(text_[at_]) >= 0x80) {
        return Fault("only strings and comments may hold this letter");
      }
      if (at_ < text_.size()) TakeOne();
      if (dots_ > kMaxTomlDots) return Fault("a key has too many parts");
    }
    return std::nullopt;
  }

 private:
  absl::string_view rest() const { return text_.substr(at_); }

  TomlFault Fault(absl::string_view what) const {
    return {.line = line_, .column = at_ - line_start_ + 1, .what = what};
  }

  // Passes over blanks. False: at a bracket without key.
  bool TakeLineStart() {
    at_ = std::min(text_.find_first_not_of(kBlanks, at_), text_.size());
    return !absl::StartsWith(rest(), "[") || HasKeyBehindBrackets(rest());
  }

  // A string, a comment, or an octet.
  void TakeOne() {
    const char c = text_[at_];
    if (c == '"' || c == '\'') {
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
