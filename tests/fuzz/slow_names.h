// The obviously right decoder of names, to be compared with dnswire's: every
// rule of WIRE.md 3 "Names" as a check of its own, octet by octet. Shares no
// code with dnswire.
#ifndef PTRSWEEP_TESTS_FUZZ_SLOW_NAMES_H_
#define PTRSWEEP_TESTS_FUZZ_SLOW_NAMES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fuzz {

struct SlowName {
  std::string wire;  // uncompressed, letter case of the message
  size_t end = 0;    // behind the octets that stand at the name's place
};

// nullopt if the name at `position` breaks a rule.
std::optional<SlowName> SlowReadName(std::span<const uint8_t> message,
                                     size_t position);

// ASCII letters to lower case.
std::string SlowLower(std::string_view octets);

// A label that no dot, space, comma, quote, backslash or control octet can
// hide in: presentation text by WIRE.md 9.
std::string SlowText(std::string_view wire);

// `ancestor` is `name` or above it; both uncompressed and in lower case.
bool SlowIsAtOrAbove(std::string_view ancestor, std::string_view name);

}  // namespace fuzz

#endif  // PTRSWEEP_TESTS_FUZZ_SLOW_NAMES_H_
