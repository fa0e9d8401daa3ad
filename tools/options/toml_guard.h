// What toml++ (3.3) must not be given, kept from it.
//
//   a.a.a.a ...      a table within a table for each part, freed by a
//                    recursion: 200,000 parts overflow the stack
//   rate = \u00e9    (the letter itself) where blanks are looked for, letters
//                    from U+00A1 to U+FEFF lead to code declared unreachable
#ifndef PTRSWEEP_TOOLS_OPTIONS_TOML_GUARD_H_
#define PTRSWEEP_TOOLS_OPTIONS_TOML_GUARD_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace tools {

// No key has more dots; neither has a line, outside of strings and comments.
inline constexpr size_t kMaxTomlDots = 100;

struct TomlPlace {
  size_t line = 1;
  size_t column = 1;
};

// Where a key gets too many dots. The text is TOML up to there, or has a fault
// that toml++ finds first.
std::optional<TomlPlace> FindDeepKey(absl::string_view text);

// Puts the letters beyond ASCII of plane 0 into plane 15, which is for private
// use, one for one: places stay as they are. What is no UTF-8 stays, and a byte
// order mark at the start.
std::string HideLetters(absl::string_view text);
// And back, in whatever was read of it.
std::string ShowLetters(absl::string_view text);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_OPTIONS_TOML_GUARD_H_
