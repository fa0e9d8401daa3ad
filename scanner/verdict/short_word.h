// Short words as numbers: a list of them is searched by comparing numbers.
#ifndef PTRSWEEP_SCANNER_VERDICT_SHORT_WORD_H_
#define PTRSWEEP_SCANNER_VERDICT_SHORT_WORD_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>

#include "absl/strings/string_view.h"

namespace scanner {

// Up to 7 octets of text, and their number; what is longer equals nothing.
class ShortWord {
 public:
  constexpr explicit ShortWord(absl::string_view text) {
    if (text.size() > kMaxOctets) return;
    std::array<char, sizeof(uint64_t)> octets = {};
    const char* const letters = text.data();
    for (size_t i = 0; i < text.size(); ++i) octets[i] = letters[i];
    octets[kMaxOctets] = static_cast<char>(text.size() + 1);
    number_ = std::bit_cast<uint64_t>(octets);
  }

  template <size_t kSize>
  bool IsOneOf(const ShortWord (&words)[kSize]) const {
    return std::any_of(
        std::begin(words), std::end(words),
        [this](const ShortWord& word) { return word.number_ == number_; });
  }

 private:
  static constexpr size_t kMaxOctets = 7;

  uint64_t number_ = 0;  // no word's
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_VERDICT_SHORT_WORD_H_
