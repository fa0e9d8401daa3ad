// The options of own iteration, from text to values.
#ifndef PTRSWEEP_TOOLS_ITERATION_ITERATION_CONFIG_H_
#define PTRSWEEP_TOOLS_ITERATION_ITERATION_CONFIG_H_

#include "absl/status/status.h"
#include "scanner/options.h"
#include "tools/options/arguments.h"

namespace tools {

// REQUIRES: arguments.iterative. Errors: values that mean nothing, options that
// are for resolvers only, a file of root hints that cannot be read, no route to
// any root server.
absl::Status SetIteration(const ScanArguments& arguments,
                          scanner::ScanOptions* options);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_ITERATION_ITERATION_CONFIG_H_
