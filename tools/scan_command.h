// `ptrsweep scan`.
#ifndef PTRSWEEP_TOOLS_SCAN_COMMAND_H_
#define PTRSWEEP_TOOLS_SCAN_COMMAND_H_

#include "io/parquet/parquet_sink.h"
#include "tools/options/arguments.h"

namespace tools {

// Returns the exit code. Other `row_group` limits are for tests.
int RunScanCommand(const ScanArguments& arguments,
                   const char* const* environment,
                   const io::RowGroupLimits& row_group = {});

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_SCAN_COMMAND_H_
