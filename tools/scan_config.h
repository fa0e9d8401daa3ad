// From text to values: checks the arguments of a command and reads the files
// they name. Every error is one line that names the option, or file and line.
#ifndef PTRSWEEP_TOOLS_SCAN_CONFIG_H_
#define PTRSWEEP_TOOLS_SCAN_CONFIG_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "io/parquet/parquet_sink.h"
#include "scanner/options.h"
#include "scanner/transfer/transfer_phase.h"
#include "scanner/verdict/severity.h"
#include "tools/options/arguments.h"
#include "tools/options/dataset.h"
#include "tools/row_files.h"
#include "tools/since/earlier_scan.h"
#include "tools/target_config.h"

namespace tools {

struct ScanConfig {
  scanner::ScanOptions options;
  scanner::TransferPlan transfers;
  std::string output;
  std::string status_file;  // empty: none
  std::string metrics;      // empty: none
  DatasetChoice dataset;    // instead of `output`
  SinceChoice since;
  Format format = Format::kCsv;
  io::RowGroupLimits row_group;  // no option: for tests
  bool resume = false;
  scanner::FailCondition fail_on;
  scanner::Profile profile = scanner::Profile::kMail;
  double max_unknown_percent = 5;
};

// Without resolvers among the arguments, those of the file `resolv_conf`.
absl::StatusOr<ScanConfig> MakeScanConfig(const ScanArguments& arguments,
                                          const TargetConfig& targets,
                                          absl::string_view resolv_conf);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_SCAN_CONFIG_H_
