// Carried text: what comes from outside and is shown as it came (labels,
// expected names, paths, messages of servers), made safe for files, terminals
// and spreadsheets by WIRE.md 9. Valid UTF-8 stays; every other octet, control
// characters (C0, DEL, C1), the backslash and a leading '=', '+', '-' or '@'
// become \DDD, octet by octet, so the text can be turned back.
#ifndef PTRSWEEP_IO_FORMATS_CARRIED_TEXT_H_
#define PTRSWEEP_IO_FORMATS_CARRIED_TEXT_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace io {

// An octet becomes at most this many.
inline constexpr size_t kCarriedTextGrowth = 4;

// Writes the carried form without terminator into `out`
// (kCarriedTextGrowth * text.size() or more) and returns its length.
size_t FormatCarriedText(absl::string_view text, char* out);
std::string CarriedText(absl::string_view text);
// Turns it back: \DDD becomes an octet, all else stays. False if a backslash
// is not followed by three digits up to 255.
bool ParseCarriedText(absl::string_view carried, std::string* out);

// The carried form of at most `max_octets` of the text, and "..." if that is
// not all of it: for messages. Whole UTF-8 sequences only.
std::string CutCarriedText(absl::string_view text, size_t max_octets);
// Of what a user wrote, in an error.
inline constexpr size_t kShownOctets = 64;
inline std::string ShownText(absl::string_view text) {
  return CutCarriedText(text, kShownOctets);
}

// Octets of the UTF-8 sequence (RFC 3629) that `text` starts with, 1 to 4; 0
// if it starts with none. REQUIRES: !text.empty().
size_t Utf8SequenceOctets(absl::string_view text);
bool IsValidUtf8(absl::string_view text);

}  // namespace io

#endif  // PTRSWEEP_IO_FORMATS_CARRIED_TEXT_H_
