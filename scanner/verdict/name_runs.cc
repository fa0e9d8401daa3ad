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
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    const char* const begin = at;
    while (at != end && IsAlphanumeric(*at)) {
      at = IsDecimalDigit(*at) ? TakeDigits(at, end) : at + 1;
    }
    if (at != begin) {
      const Piece run = {begin, static_cast<size_t>(at - begin)};
      alnums_.Add(run);
      longest_alnum_ = std::max(longest_alnum_, run.size);
    }
    if (at != end) ++at;
  }
}

// Adds the run of digits that begins at `begin` and returns where it ends.
const char* NameRuns::TakeDigits(const char* begin, const char* end) {
  unsigned value = 0;
  const char* at = begin;
  do {
    value = value * 10 + static_cast<unsigned>(*at++ - '0');
  } while (at != end && IsDecimalDigit(*at));
  const Piece run = {begin, static_cast<size_t>(at - begin)};
  numbers_.Add(run.size <= 3 ? static_cast<int>(value) : kGap);
  digits_.Add(run);
  longest_digits_ = std::max(longest_digits_, run.size);
  return at;
}

}  // namespace scanner
