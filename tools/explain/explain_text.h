// What `explain` prints for people: the steps of VERDICTS.md 9.
#ifndef PTRSWEEP_TOOLS_EXPLAIN_EXPLAIN_TEXT_H_
#define PTRSWEEP_TOOLS_EXPLAIN_EXPLAIN_TEXT_H_

#include "scanner/verdict/severity.h"
#include "tools/explain/explained.h"
#include "tools/explain/paper.h"

namespace tools {

// Of one address. Steps that do not apply are left out.
void PrintExplained(const Explained& explained, scanner::Profile profile,
                    Paper* paper);
// Once, behind all addresses: what is to be known with step 8.
void PrintReceiverNotes(Paper* paper);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_EXPLAIN_EXPLAIN_TEXT_H_
