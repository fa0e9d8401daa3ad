// The configuration file: TOML, one key an option, under the option's long
// name. Options of `scan` may stand in a file that `targets` reads, so that one
// file serves both.
//
//   resolver = ["192.0.2.53", "192.0.2.54:5353"]    # lists are arrays
//   exclude-file = ["/etc/ptrsweep/never.txt"]
//   rate = 500                                      # numbers without quotes
//   late-pause = "5s"                               # or 5, in seconds
//   ptr-only = true
//
// Paths are as on the command line: relative to the working directory.
#ifndef PTRSWEEP_TOOLS_OPTIONS_CONFIG_FILE_H_
#define PTRSWEEP_TOOLS_OPTIONS_CONFIG_FILE_H_

#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "tools/options/option_table.h"

namespace tools {

// Assigns the options that `text` has. The first thing that is wrong is the
// error: "SOURCE:LINE:COLUMN: " and what is written there: no TOML, a table, a
// key that is no option (with the one that was probably meant), a value of
// another type.
absl::Status ParseConfig(absl::string_view text, absl::string_view source,
                         std::span<const Option> options);

// ParseConfig of a file. Errors of reading it name the path and errno.
absl::Status ReadConfigFile(const std::string& path,
                            std::span<const Option> options);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_OPTIONS_CONFIG_FILE_H_
