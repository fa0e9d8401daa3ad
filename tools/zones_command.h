// `ptrsweep zones`: who serves the reverse zones of prefixes, and do they work
// (VERDICTS.md section 6).
#ifndef PTRSWEEP_TOOLS_ZONES_COMMAND_H_
#define PTRSWEEP_TOOLS_ZONES_COMMAND_H_

#include "tools/options/arguments.h"

namespace tools {

// Returns the exit code.
int RunZonesCommand(const ScanArguments& arguments);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_ZONES_COMMAND_H_
