// Text as mdoc(7), the language of manual pages, takes it.
#ifndef PTRSWEEP_TOOLS_MANUAL_MDOC_H_
#define PTRSWEEP_TOOLS_MANUAL_MDOC_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tools {

// Lines of text, each with its end: of 78 octets if words allow it, a new
// sentence on a new line. Nothing in it is a macro or an escape.
std::string MdocText(absl::string_view text);

// One argument of a macro: never itself a macro or punctuation.
std::string MdocArgument(absl::string_view word);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_MANUAL_MDOC_H_
