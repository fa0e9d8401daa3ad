// The output of a scan that goes to a dataset folder (io/dataset/layout.h).
#ifndef PTRSWEEP_TOOLS_DATASET_OUTPUT_H_
#define PTRSWEEP_TOOLS_DATASET_OUTPUT_H_

#include "absl/status/statusor.h"
#include "scanner/targets/scan_targets.h"
#include "tools/scan_config.h"
#include "tools/scan_output.h"

namespace tools {

// As OpenScanOutput(), which calls it. REQUIRES: config.dataset.root is not
// empty.
absl::StatusOr<ScanOutput> OpenDatasetOutput(
    const ScanConfig& config, const scanner::ScanTargets& targets);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_DATASET_OUTPUT_H_
