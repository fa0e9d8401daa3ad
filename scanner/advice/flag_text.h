// What a flag says, in words (VERDICTS.md section 4), whoever sets it: the rows
// of a scan, `zones`, or what is found out of finished rows.
#ifndef PTRSWEEP_SCANNER_ADVICE_FLAG_TEXT_H_
#define PTRSWEEP_SCANNER_ADVICE_FLAG_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "io/formats/status.h"
#include "scanner/advice/row_reading.h"

namespace scanner {

// By the flag's name, without what only the row tells: a phrase, small letter
// first, without full stop. "" for an unknown name.
absl::string_view FlagPhrase(absl::string_view flag);
// The same of a row's flag, with its numbers and names: "the name only embeds
// the address (dec4r/static)".
std::string FlagText(io::Flag flag, const RowReading& reading);

// What an unusable name (VERDICTS.md 4.2) is instead: "it has no domain".
// REQUIRES: a flag of that section.
absl::string_view UnusableText(io::Flag flag);
// The first flag of the row's judged name in the order of that section.
// REQUIRES: the row's status is bad_name.
io::Flag FirstUnusableFlag(const RowReading& reading);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ADVICE_FLAG_TEXT_H_
