// What a row's status means for its address, and what to do (the texts of
// VERDICTS.md 2.1).
#ifndef PTRSWEEP_SCANNER_ADVICE_STATUS_TEXT_H_
#define PTRSWEEP_SCANNER_ADVICE_STATUS_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "io/formats/status.h"
#include "scanner/advice/row_reading.h"

namespace scanner {

// "192.0.2.10 -> mail.example.com -> 192.0.2.10: forward-confirmed."
std::string ExplanationText(const RowReading& reading);
// Sentences; "" if there is nothing to do.
std::string FixText(const RowReading& reading);
// The result of RFC 8601 section 2.7.3: "pass", "fail", "permerror",
// "temperror" or "none".
absl::string_view IprevResult(io::Status status);
// The rule of VERDICTS.md section 2 that decided: "rule 8: no name leads back,
// no lookup failed, a name has other addresses".
std::string RuleText(io::Status status);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ADVICE_STATUS_TEXT_H_
