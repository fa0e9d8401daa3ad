// A name cut for the generic-name codes (VERDICTS.md 5.1): its text, and where
// its runs of letters and digits lie. All on the stack.
#ifndef PTRSWEEP_SCANNER_VERDICT_NAME_RUNS_H_
#define PTRSWEEP_SCANNER_VERDICT_NAME_RUNS_H_

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "absl/strings/string_view.h"
#include "dnswire/name.h"
#include "scanner/verdict/label_bits.h"

namespace scanner {

constexpr bool IsDecimalDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsAlphanumeric(char c) {
  return IsDecimalDigit(c) || (c >= 'a' && c <= 'z');
}
constexpr bool IsHexDigit(char c) {
  return IsDecimalDigit(c) || (c >= 'a' && c <= 'f');
}

// REQUIRES: IsHexDigit(c).
constexpr int HexValue(char c) {
  return (c & 0xf) + (c >> 6) * 9;  // '0' is 0x30, 'a' 0x61
}

// The value of 1 to `max_digits` hex digits, else -1.
int ParseHex(absl::string_view text, size_t max_digits);

// A vector without a heap; what is not added is not even initialised.
template <typename T, size_t kCapacity>
class FixedList {
  static_assert(std::is_trivially_default_constructible_v<T>);

 public:
  void Add(const T& item) {
    assert(size_ < kCapacity);
    items_[size_++] = item;
  }
  size_t size() const { return size_; }
  const T& operator[](size_t i) const { return items_[i]; }
  const T* begin() const { return items_; }
  const T* end() const { return items_ + size_; }

 private:
  size_t size_ = 0;
  T items_[kCapacity];
};

// A part of a text. (A string_view would clear itself in every unused place of
// a list.)
struct Piece {
  const char* data;
  size_t size;

  static Piece Of(absl::string_view view) { return {view.data(), view.size()}; }
  absl::string_view view() const { return {data, size}; }
};

// H as text: a name left of its registrable domain. An octet that is no letter
// or digit, a dot within a label too, separates; usable names have only '-' and
// '_'.
class HostText {
 public:
  // REQUIRES: `name` is lower case, `domain` its registrable domain and not all
  // of it.
  HostText(dnswire::NameView name, dnswire::NameView domain);
  HostText(const HostText&) = delete;
  HostText& operator=(const HostText&) = delete;

  absl::string_view view() const { return {text_, size_}; }

 private:
  char text_[dnswire::kMaxNameOctets];
  size_t size_;
};

// The runs of S, label by label. Borrows the labels.
class NameRuns {
 public:
  static constexpr size_t kMaxRuns = dnswire::kMaxNameOctets / 2;
  // What stands in numbers() for a digit run of over 3 digits: equals nothing.
  static constexpr int kGap = -1;

  NameRuns() = default;
  // `bits` are the label's.
  void Add(absl::string_view label, const LabelBits& bits);

  // NUM: one entry per digit run; the value of those with 1 to 3 digits.
  const FixedList<int, kMaxRuns>& numbers() const { return numbers_; }
  // The digit runs themselves, and the longest one's size.
  const FixedList<Piece, kMaxRuns>& digits() const { return digits_; }
  size_t longest_digits() const { return longest_digits_; }
  // ALNUM, and the longest one's size.
  const FixedList<Piece, kMaxRuns>& alnums() const { return alnums_; }
  size_t longest_alnum() const { return longest_alnum_; }

 private:
  FixedList<int, kMaxRuns> numbers_;
  FixedList<Piece, kMaxRuns> digits_;
  FixedList<Piece, kMaxRuns> alnums_;
  size_t longest_digits_ = 0;
  size_t longest_alnum_ = 0;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_VERDICT_NAME_RUNS_H_
