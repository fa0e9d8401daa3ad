#include "tools/exit_code.h"

#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace tools {

int ReportError(const absl::Status& status) {
  if (!status.ok() && !absl::IsUnavailable(status)) {
    const std::string message(status.message());
    std::fprintf(stderr, "ptrsweep: %s\n", message.c_str());
  }
  return ExitCodeOf(status);
}

// '|' would begin performance data.
int ReportCheckUnknown(absl::string_view why) {
  const std::string line = absl::StrCat(
      "PTRSWEEP UNKNOWN: ", absl::StrReplaceAll(why, {{"|", "/"}, {"\n", " "}}),
      "\n");
  std::fputs(line.c_str(), stdout);
  return kCheckUnknown;
}

}  // namespace tools
