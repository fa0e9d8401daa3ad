// Options from the environment: PTRSWEEP_MAX_IN_FLIGHT is --max-in-flight.
#ifndef PTRSWEEP_TOOLS_OPTIONS_ENVIRONMENT_H_
#define PTRSWEEP_TOOLS_OPTIONS_ENVIRONMENT_H_

#include <optional>
#include <span>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "tools/options/option_table.h"

namespace tools {

// The variable's value; nullopt if it is not set or empty, which is the same
// for all of them. `environment`: NAME=VALUE entries, nullptr ends them.
std::optional<absl::string_view> FindVariable(const char* const* environment,
                                              absl::string_view name);

// Assigns the options whose variables are set. Values of a list are separated
// by commas, flags are true or false. A variable that nearly names an option is
// refused as a slip of the pen; others that begin with PTRSWEEP_ are somebody
// else's. Errors begin with the variable's name.
absl::Status ReadEnvironment(const char* const* environment,
                             std::span<const Option> options);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_OPTIONS_ENVIRONMENT_H_
