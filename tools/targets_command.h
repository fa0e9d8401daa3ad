// `ptrsweep targets`.
#ifndef PTRSWEEP_TOOLS_TARGETS_COMMAND_H_
#define PTRSWEEP_TOOLS_TARGETS_COMMAND_H_

#include "tools/options/arguments.h"

namespace tools {

// Returns the exit code.
int RunTargetsCommand(const TargetArguments& arguments,
                      const char* const* environment);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_TARGETS_COMMAND_H_
