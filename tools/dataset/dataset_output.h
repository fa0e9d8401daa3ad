// The output of a scan that goes to a dataset folder (io/dataset/layout.h).
#ifndef PTRSWEEP_TOOLS_DATASET_DATASET_OUTPUT_H_
#define PTRSWEEP_TOOLS_DATASET_DATASET_OUTPUT_H_

#include "absl/status/statusor.h"
#include "scanner/targets/scan_targets.h"
#include "tools/scan_config.h"
#include "tools/scan_output.h"

namespace tools {

// As OpenScanOutput(), which calls it. The date is that of --run-date; else,
// with --resume, that of the one folder in which this shard was left
// unfinished; else today's.
//
//   the shard's folder has    without --resume        with --resume
//   nothing                   started                 started
//   a journal                 refused                 gone on with
//   a manifest                replaced                finished already
//   a manifest, and _SUCCESS
//   is beside the shard       refused                 finished already
//
// What is gone on with, or said to be finished, must be of the same targets and
// options; a finished shard's parts must be there with their sizes.
// REQUIRES: config.dataset.root is not empty.
absl::StatusOr<ScanOutput> OpenDatasetOutput(
    const ScanConfig& config, const scanner::ScanTargets& targets);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_DATASET_DATASET_OUTPUT_H_
