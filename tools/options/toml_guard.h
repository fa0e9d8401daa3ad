// TomlGuard: what toml++ (3.3) must not be given, found before it is.
//
//   a.a.a.a ...   a table within a table for each part, freed by a recursion:
//                 200,000 parts overflow the stack
//   rate = \u00e9  outside of strings and comments some letters are declared
//                 unreachable where blanks are looked for; TOML 1.0 has only
//                 ASCII there
#ifndef PTRSWEEP_TOOLS_OPTIONS_TOML_GUARD_H_
#define PTRSWEEP_TOOLS_OPTIONS_TOML_GUARD_H_

#include <cstddef>
#include <optional>

#include "absl/strings/string_view.h"

namespace tools {

// No key has more dots; neither has a line, outside of strings.
inline constexpr size_t kMaxTomlDots = 100;

struct TomlFault {
  size_t line = 1;
  size_t column = 1;
  absl::string_view what;
};

// The first such place in a TOML document, which need not be a sound one. What
// is found is never sound, or never an option.
std::optional<TomlFault> FindTomlFault(absl::string_view text);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_OPTIONS_TOML_GUARD_H_
