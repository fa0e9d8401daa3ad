// What every error about a user's file must be: one harmless line.
#ifndef PTRSWEEP_TESTS_FUZZ_ERROR_LINE_H_
#define PTRSWEEP_TESTS_FUZZ_ERROR_LINE_H_

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "tests/fuzz/require.h"

namespace fuzz {

// Messages go to a terminal: printable ASCII and UTF-8, no line end. `start`:
// the place that it names.
inline void CheckErrorLine(const absl::Status& status,
                           absl::string_view start) {
  const absl::string_view message = status.message();
  Require(absl::StartsWith(message, start), "an error names its place");
  Require(message.size() > start.size(), "an error says what is wrong");
  Require(message.size() < 1000, "an error is short");
  Require(
      std::none_of(message.begin(), message.end(),
                   [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; }),
      "an error is one line without control octets");
}

}  // namespace fuzz

#endif  // PTRSWEEP_TESTS_FUZZ_ERROR_LINE_H_
