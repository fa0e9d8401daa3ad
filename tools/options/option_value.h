// What an option's text says: a number, a rate, a word. Every error names the
// option, or the file and line, that the text came from.
#ifndef PTRSWEEP_TOOLS_OPTIONS_OPTION_VALUE_H_
#define PTRSWEEP_TOOLS_OPTIONS_OPTION_VALUE_H_

#include <cstdint>
#include <initializer_list>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "io/number.h"
#include "tools/options/arguments.h"

namespace tools {

// "--rate: 'x' is not WANTED".
absl::Status BadValue(const OptionText& value, absl::string_view wanted);
// An error that says what is wrong with `value`, now also where that stands.
absl::Status At(const OptionText& value, const absl::Status& status);

// A whole number of [min, max] into *out.
template <typename T>
absl::Status SetNumber(const OptionText& text, uint64_t min, uint64_t max,
                       T* out) {
  const auto value = io::ParseUnsigned(text.text, max);
  if (!value || *value < min) {
    return BadValue(text,
                    absl::StrCat("a whole number from ", min, " to ", max));
  }
  *out = static_cast<T>(*value);
  return absl::OkStatus();
}

// Packets a second into *out.
absl::Status SetRate(const OptionText& text, double* out);

// The value of one of `words` into *out; `wanted` lists them for the error.
template <typename T>
absl::Status SetWord(const OptionText& text,
                     std::initializer_list<std::pair<const char*, T>> words,
                     absl::string_view wanted, T* out) {
  for (const auto& [word, value] : words) {
    if (text.text != word) continue;
    *out = value;
    return absl::OkStatus();
  }
  return BadValue(text, wanted);
}

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_OPTIONS_OPTION_VALUE_H_
