// `ptrsweep check`: a scan as a plugin of Nagios and its like runs it.
#ifndef PTRSWEEP_TOOLS_CHECK_COMMAND_H_
#define PTRSWEEP_TOOLS_CHECK_COMMAND_H_

#include "absl/strings/string_view.h"
#include "tools/options/arguments.h"

namespace tools {

// The plugin's exit codes. Whatever keeps it from an answer is unknown, a
// mistake in the options too.
inline constexpr int kCheckOk = 0;
inline constexpr int kCheckWarning = 1;
inline constexpr int kCheckCritical = 2;
inline constexpr int kCheckUnknown = 3;

// Prints the one line for stdout and returns kCheckUnknown.
int ReportCheckUnknown(absl::string_view why);

// Returns the exit code.
int RunCheckCommand(const ScanArguments& arguments,
                    const char* const* environment);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_CHECK_COMMAND_H_
