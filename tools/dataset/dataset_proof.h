// The proof that a dataset is whole (OUTPUT.md section 5).
#ifndef PTRSWEEP_TOOLS_DATASET_DATASET_PROOF_H_
#define PTRSWEEP_TOOLS_DATASET_DATASET_PROOF_H_

#include <string>
#include <vector>

#include "io/dataset/success.h"

namespace tools {

struct DatasetFault {
  bool is_damage;    // else a shard is missing or not finished
  std::string text;  // names shard or file, and says what to do
};

struct DatasetProof {
  std::vector<DatasetFault> faults;  // none: proved
  io::DatasetSummary summary;        // what was proved
};

// Looks at a folder DIR/date=YYYY-MM-DD, and changes nothing:
//
//   1. each shard's manifest; that all N are there and finished, of one run
//      (the one that most are of, if they differ), that rows are targets and
//      their sum is the whole; that no file is there which a reader of
//      **/*.parquet would take and no manifest knows
//   2. shard by shard what the parts hold: ProveShard()
//   3. that no shard was begun again meanwhile
//
// Each step only if the one before it found nothing. All faults of a step are
// told.
DatasetProof ProveDataset(const std::string& folder);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_DATASET_DATASET_PROOF_H_
