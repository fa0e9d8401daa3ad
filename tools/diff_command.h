// `ptrsweep diff`.
#ifndef PTRSWEEP_TOOLS_DIFF_COMMAND_H_
#define PTRSWEEP_TOOLS_DIFF_COMMAND_H_

#include "tools/options/command_line.h"

namespace tools {

// Returns the exit code.
int RunDiffCommand(const DiffArguments& arguments);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_DIFF_COMMAND_H_
