// What `explain --format json` prints: the same facts, one object a line.
#ifndef PTRSWEEP_TOOLS_EXPLAIN_EXPLAIN_JSON_H_
#define PTRSWEEP_TOOLS_EXPLAIN_EXPLAIN_JSON_H_

#include <string>

#include "scanner/verdict/severity.h"
#include "tools/explain/explained.h"

namespace tools {

// The row's members as `scan --format ndjson` has them, then those of explain.
// Ends with a line feed.
std::string ExplainedJson(const Explained& explained, scanner::Profile profile);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_EXPLAIN_EXPLAIN_JSON_H_
