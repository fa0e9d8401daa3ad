#include "tools/exit_code.h"

#include <cstdio>
#include <string>

namespace tools {

int ReportError(const absl::Status& status) {
  if (!status.ok() && !absl::IsUnavailable(status)) {
    const std::string message(status.message());
    std::fprintf(stderr, "ptrsweep: %s\n", message.c_str());
  }
  return ExitCodeOf(status);
}

}  // namespace tools
