// The command `explain`.
#ifndef PTRSWEEP_TOOLS_EXPLAIN_COMMAND_H_
#define PTRSWEEP_TOOLS_EXPLAIN_COMMAND_H_

#include "tools/options/arguments.h"

namespace tools {

// Returns the exit code: as of a scan of these addresses.
int RunExplainCommand(const ScanArguments& arguments,
                      const char* const* environment);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_EXPLAIN_COMMAND_H_
