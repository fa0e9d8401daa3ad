// _SUCCESS: the last file of a dataset, which says what was proved of it.
#ifndef PTRSWEEP_IO_DATASET_SUCCESS_H_
#define PTRSWEEP_IO_DATASET_SUCCESS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "io/dataset/manifest.h"

namespace io {

struct DatasetSummary {
  RunIdentity run;
  uint64_t rows = 0;
  uint64_t parts = 0;
  uint64_t octets = 0;  // of all parts
  std::string start;    // of the shard that began first
  std::string end;      // of the one that ended last
};

// Takes in a shard that is whole.
void AddShard(const ShardManifest& manifest, DatasetSummary* summary);

// Writes a JSON object, atomically and durably: format "ptrsweep dataset",
// version, tool_version (who proved it), the run's fields as a manifest has
// them, and those of the summary.
absl::Status WriteSuccess(const std::string& path,
                          const DatasetSummary& summary,
                          const std::string& tool_version);

}  // namespace io

#endif  // PTRSWEEP_IO_DATASET_SUCCESS_H_
