// `ptrsweep cat`.
#ifndef PTRSWEEP_TOOLS_CAT_COMMAND_H_
#define PTRSWEEP_TOOLS_CAT_COMMAND_H_

#include "tools/options/command_line.h"

namespace tools {

// Returns the exit code.
int RunCatCommand(const CatArguments& arguments);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_CAT_COMMAND_H_
