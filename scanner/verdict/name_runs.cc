#include "scanner/verdict/name_runs.h"

#include <algorithm>
#include <cstring>

namespace scanner {

int ParseHex(absl::string_view text, size_t max_digits) {
  if (text.empty() || text.size() > max_digits) return -1;
  int value = 0;
  for (const char c : text) {
    if (!IsHexDigit(c)) return -1;
    value = value * 16 + HexValue(c);
  }
  return value;
}

// In wire form a length octet stands before each label: without the first one
// and the root it is the text, once the others are dots.
NameText::NameText(dnswire::NameView name, dnswire::NameView domain)
    : size_(name.size() - 2) {
  assert(!name.is_root());
  const uint8_t* wire = name.wire().data();
  std::memcpy(text_, wire + 1, size_);
  for (size_t at = wire[0]; at < size_; at += wire[at + 1] + size_t{1}) {
    text_[at] = '.';
  }
  const size_t host_octets = name.size() - domain.size();
  host_size_ = host_octets == 0 ? 0 : host_octets - 1;
}

NameRuns::NameRuns(absl::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    const size_t begin = at;
    while (at < text.size() && IsAlphanumeric(text[at])) {
      const size_t digits_begin = at;
      while (at < text.size() && IsDecimalDigit(text[at])) ++at;
      if (at > digits_begin) {
        AddDigits(text.substr(digits_begin, at - digits_begin));
      } else {
        ++at;
      }
    }
    if (at > begin) {
      alnums_.Add(Piece::Of(text.substr(begin, at - begin)));
      longest_alnum_ = std::max(longest_alnum_, at - begin);
    }
    ++at;
  }
}

void NameRuns::AddDigits(absl::string_view run) {
  int value = kGap;
  if (run.size() <= 3) {
    value = 0;
    for (const char c : run) value = value * 10 + (c - '0');
  }
  numbers_.Add(value);
  digits_.Add(Piece::Of(run));
  longest_digits_ = std::max(longest_digits_, run.size());
}

}  // namespace scanner
