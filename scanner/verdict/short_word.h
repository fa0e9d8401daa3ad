// Short words as numbers: a list of them is searched by comparing numbers.
#ifndef PTRSWEEP_SCANNER_VERDICT_SHORT_WORD_H_
#define PTRSWEEP_SCANNER_VERDICT_SHORT_WORD_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <type_traits>

#include "absl/strings/string_view.h"
#include "dnswire/octets.h"

namespace scanner {

// Up to 7 octets of text, and their number; what is longer equals nothing.
class ShortWord {
 public:
  static constexpr size_t kMaxOctets = 7;

  constexpr explicit ShortWord(absl::string_view text) {
    if (text.size() > kMaxOctets) return;
    if (!std::is_constant_evaluated()) {
      number_ = dnswire::LoadOctets(text.data(), text.size()) |
                (text.size() + 1) << 8 * kMaxOctets;
      return;
    }
    const char* const letters = text.data();
    for (size_t i = text.size(); i > 0; --i) {
      number_ = number_ << 8 | static_cast<uint8_t>(letters[i - 1]);
    }
    number_ |= uint64_t{text.size() + 1} << 8 * kMaxOctets;
  }

  template <size_t kSize>
  bool IsOneOf(const ShortWord (&words)[kSize]) const {
    return std::any_of(
        std::begin(words), std::end(words),
        [this](const ShortWord& word) { return word.number_ == number_; });
  }

 private:
  uint64_t number_ = 0;  // no word's
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_VERDICT_SHORT_WORD_H_
