// `ptrsweep report`.
#ifndef PTRSWEEP_TOOLS_REPORT_COMMAND_H_
#define PTRSWEEP_TOOLS_REPORT_COMMAND_H_

#include "tools/options/command_line.h"

namespace tools {

// `environment`: NO_COLOR and TERM. Returns the exit code.
int RunReportCommand(const ReportArguments& arguments,
                     const char* const* environment);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_REPORT_COMMAND_H_
