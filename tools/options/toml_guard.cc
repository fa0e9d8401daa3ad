#include "tools/options/toml_guard.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/match.h"
#include "io/formats/carried_text.h"

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

// A letter of UTF-8, of 2 to 4 octets.
uint32_t LetterOf(absl::string_view octets) {
  uint32_t letter = static_cast<uint8_t>(octets[0]) & (0x7fu >> octets.size());
  for (size_t i = 1; i < octets.size(); ++i) {
    letter = letter << 6 | (static_cast<uint8_t>(octets[i]) & 0x3fu);
  }
  return letter;
}

// `first`: the bits that the first octet begins with.
void AppendLetter(uint32_t letter, uint8_t first, int octets,
                  std::string* out) {
  for (int i = octets - 1; i >= 0; --i) {
    const uint32_t bits = letter >> (6 * i);
    out->push_back(static_cast<char>(i == octets - 1 ? first | bits
                                                     : 0x80 | (bits & 0x3f)));
  }
}

}  // namespace

std::optional<TomlPlace> FindDeepKey(absl::string_view text) {
  TomlPlace place;
  size_t line_start = 0;
  size_t dots = 0;  // of the line
  for (size_t at = 0; at < text.size();) {
    if (IsQuote(text[at])) {
      const absl::string_view string =
          text.substr(at, StringOctets(text.substr(at)));
      place.line +=
          static_cast<size_t>(std::count(string.begin(), string.end(), '\n'));
      const size_t end = string.rfind('\n');
      if (end != absl::string_view::npos) line_start = at + end + 1;
      at += string.size();
    } else if (text[at] == '#') {
      at = std::min(text.find('\n', at), text.size());
    } else if (text[at++] == '\n') {
      ++place.line;
      line_start = at;
      dots = 0;
    } else if (text[at - 1] == '.' && ++dots > kMaxTomlDots) {
      place.column = at - line_start;
      return place;
    }
  }
  return std::nullopt;
}

std::string HideLetters(absl::string_view text) {
  std::string hidden;
  hidden.reserve(text.size());
  if (absl::StartsWith(text, kByteOrderMark)) {
    hidden.append(text.data(), kByteOrderMark.size());
    text.remove_prefix(kByteOrderMark.size());
  }
  while (!text.empty()) {
    const size_t octets = io::Utf8SequenceOctets(text);
    if (octets == 2 || octets == 3) {
      AppendLetter(0xf0000 | LetterOf(text.substr(0, octets)), 0xf0, 4,
                   &hidden);
    } else {
      hidden.append(text.data(), std::max<size_t>(octets, 1));
    }
    text.remove_prefix(std::max<size_t>(octets, 1));
  }
  return hidden;
}

std::string ShowLetters(absl::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const size_t octets = std::max<size_t>(io::Utf8SequenceOctets(text), 1);
    const absl::string_view octet = text.substr(0, octets);
    const uint32_t letter = octets == 4 ? LetterOf(octet) : 0;
    if (letter >= 0xf0080 && letter <= 0xf07ff) {
      AppendLetter(letter & 0xffff, 0xc0, 2, &shown);
    } else if (letter >= 0xf0800 && letter <= 0xfffff) {
      AppendLetter(letter & 0xffff, 0xe0, 3, &shown);
    } else {
      shown.append(octet.data(), octets);
    }
    text.remove_prefix(octets);
  }
  return shown;
}

}  // namespace tools
