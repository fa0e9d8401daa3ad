// `ptrsweep scan`.
#ifndef PTRSWEEP_TOOLS_SCAN_COMMAND_H_
#define PTRSWEEP_TOOLS_SCAN_COMMAND_H_

#include "tools/options/arguments.h"

namespace tools {

// Returns the exit code.
int RunScanCommand(const ScanArguments& arguments,
                   const char* const* environment);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_SCAN_COMMAND_H_
