// `ptrsweep walk`.
#ifndef PTRSWEEP_TOOLS_WALK_COMMAND_H_
#define PTRSWEEP_TOOLS_WALK_COMMAND_H_

#include "tools/options/arguments.h"

namespace tools {

// Returns the exit code.
int RunWalkCommand(const ScanArguments& arguments,
                   const char* const* environment);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_WALK_COMMAND_H_
