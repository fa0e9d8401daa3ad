// `ptrsweep check`: a scan as a plugin of Nagios and its like runs it.
#ifndef PTRSWEEP_TOOLS_CHECK_COMMAND_H_
#define PTRSWEEP_TOOLS_CHECK_COMMAND_H_

#include "tools/options/arguments.h"

namespace tools {

// Returns the exit code.
int RunCheckCommand(const ScanArguments& arguments,
                    const char* const* environment);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_CHECK_COMMAND_H_
