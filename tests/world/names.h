// Domain names of the world as text: lower case, no final dot, "." for the
// root, every octet other than a-z 0-9 - _ written \DDD, a '-' at the very
// start \045 (WIRE.md 9). So a '.' in such a text always separates labels, and
// equal names are equal texts. It shares no code with dnswire, whose work it
// judges.
#ifndef PTRSWEEP_TESTS_WORLD_NAMES_H_
#define PTRSWEEP_TESTS_WORLD_NAMES_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace world {

// "*" as names are written here.
inline constexpr std::string_view kWildcardLabel = "\\042";

// Text of one label from its octets; `first` for the first label of a name.
std::string EscapeLabel(std::string_view octets, bool first);

// ASCII letters to lower case.
std::string Lower(std::string_view text);

// "b.c" of "a.b.c"; "." of "a". REQUIRES: name is not the root.
std::string_view Parent(std::string_view name);
std::string_view FirstLabel(std::string_view name);

// `label` below `name`; `label` may be several labels.
std::string Join(std::string_view label, std::string_view name);

bool IsAtOrBelow(std::string_view name, std::string_view ancestor);
bool IsBelow(std::string_view name, std::string_view ancestor);

// Labels of the name, the root not counted.
size_t LabelCount(std::string_view name);

// Octets of the name on the wire, root included.
size_t WireSize(std::string_view name);

// 0 to 65,535 as four letters, for host names in which no rule of VERDICTS.md 5
// sees a number, nor a word such as cdma or dhcp.
std::string Letters(unsigned number);

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_NAMES_H_
