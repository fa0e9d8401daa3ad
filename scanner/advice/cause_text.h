// What a cause means and what to do about it (VERDICTS.md section 3).
#ifndef PTRSWEEP_SCANNER_ADVICE_CAUSE_TEXT_H_
#define PTRSWEEP_SCANNER_ADVICE_CAUSE_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "io/formats/status.h"
#include "scanner/advice/row_facts.h"

namespace scanner {

// What the texts speak of. Empty text: not known.
struct CauseContext {
  AskedWhom asked = AskedWhom::kUnknown;
  std::optional<uint16_t> rcode;  // of the response, for other_rcode
  std::string zone;               // whose servers failed
  std::string server;             // who answered last
  std::string name;               // what was asked
};

// "no response": the end of a sentence, without full stop. "" for kNone.
std::string CauseText(io::Cause cause, const CauseContext& context);
// "Check server and rate.": a sentence. "" where the status says what to do.
std::string CauseFix(io::Cause cause, const CauseContext& context);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ADVICE_CAUSE_TEXT_H_
