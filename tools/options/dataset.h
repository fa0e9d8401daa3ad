// Which dataset folder a scan writes to, if it does (io/dataset/layout.h).
#ifndef PTRSWEEP_TOOLS_OPTIONS_DATASET_H_
#define PTRSWEEP_TOOLS_OPTIONS_DATASET_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "tools/options/arguments.h"

namespace tools {

struct DatasetChoice {
  std::string root;      // empty: a file, not a dataset
  std::string run_date;  // empty: the run's own, see OpenDatasetOutput()
  uint64_t part_rows = 0;
};

// --dataset, --run-date and --part-rows. Errors: a day that does not exist, a
// number of rows that is none, one of the two without --dataset, and --dataset
// together with --output or another format than parquet.
absl::StatusOr<DatasetChoice> ChooseDataset(const ScanArguments& arguments);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_OPTIONS_DATASET_H_
