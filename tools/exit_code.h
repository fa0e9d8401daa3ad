// Exit codes of every ptrsweep command (OUTPUT.md section 4).
#ifndef PTRSWEEP_TOOLS_EXIT_CODE_H_
#define PTRSWEEP_TOOLS_EXIT_CODE_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace tools {

inline constexpr int kExitComplete = 0;
inline constexpr int kExitFailOn = 1;      // complete, but --fail-on occurred
inline constexpr int kExitUsage = 2;       // options, content of lists
inline constexpr int kExitIncomplete = 3;  // stopped, or too much unknown
inline constexpr int kExitFile = 4;        // a file, or a fault of our own
inline constexpr int kExitTime = 75;       // stopped by --max-time

// The code for an error: what the user wrote (kInvalidArgument) is usage,
// everything else is a file or a fault of the environment.
inline int ExitCodeOf(const absl::Status& status) {
  if (status.ok()) return kExitComplete;
  return absl::IsInvalidArgument(status) ? kExitUsage : kExitFile;
}

// Those of `check`, as Nagios has them. Whatever keeps it from an answer is
// unknown, a mistake in the options too.
inline constexpr int kCheckOk = 0;
inline constexpr int kCheckWarning = 1;
inline constexpr int kCheckCritical = 2;
inline constexpr int kCheckUnknown = 3;

// Prints the one line of `check` on stdout and returns kCheckUnknown.
int ReportCheckUnknown(absl::string_view why);

// Prints "ptrsweep: MESSAGE" on stderr, if it is an error, and returns the exit
// code. A reader of
// stdout that went away (kUnavailable) is not worth a line.
int ReportError(const absl::Status& status);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_EXIT_CODE_H_
