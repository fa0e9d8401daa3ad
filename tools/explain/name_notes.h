// What became of each PTR name of a row (step 4 of VERDICTS.md 9).
#ifndef PTRSWEEP_TOOLS_EXPLAIN_NAME_NOTES_H_
#define PTRSWEEP_TOOLS_EXPLAIN_NAME_NOTES_H_

#include <string>
#include <vector>

#include "scanner/advice/row_reading.h"

namespace tools {

struct NameNote {
  std::string name;
  bool usable = false;
  bool asked = false;
  std::string reason;  // why it is not usable, or was not asked; else empty
};
std::vector<NameNote> NotesOnNames(const scanner::RowReading& reading);

// "found", "not found", "none is wanted"; "" if nothing is expected.
std::string ExpectedText(const scanner::RowReading& reading);

// "confirmed", "differs", the cause of a failure.
std::string OutcomeText(const io::ForwardItem& item);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_EXPLAIN_NAME_NOTES_H_
