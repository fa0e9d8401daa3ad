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

namespace {

// The value of a run's last three digits, fewer if it has fewer.
int LastDigits(Piece run) {
  const auto digit = [run](size_t from_end) {
    const bool there = run.size >= from_end;
    return there * (run.data[run.size - (there ? from_end : 1)] - '0');
  };
  return digit(1) + 10 * digit(2) + 100 * digit(3);
}

}  // namespace

// In wire form a length octet stands before each label: without the first one
// it is the text, once the others are dots.
HostText::HostText(dnswire::NameView name, dnswire::NameView domain)
    : size_(name.size() - domain.size() - 1) {
  assert(domain.size() < name.size());
  const uint8_t* wire = name.wire().data();
  std::memcpy(text_, wire + 1, size_);
  for (size_t at = wire[0]; at < size_; at += wire[at + 1] + size_t{1}) {
    text_[at] = '.';
  }
}

void NameRuns::Add(absl::string_view label, const LabelBits& bits) {
  ForEachRun(bits.letters | bits.digits, [&](size_t begin, size_t size) {
    alnums_.Add({label.data() + begin, size});
    longest_alnum_ = std::max(longest_alnum_, size);
  });
  ForEachRun(bits.digits, [&](size_t begin, size_t size) {
    const Piece run = {label.data() + begin, size};
    digits_.Add(run);
    numbers_.Add(size <= 3 ? LastDigits(run) : kGap);
    longest_digits_ = std::max(longest_digits_, size);
  });
}

}  // namespace scanner
