// What the parts of one shard of a dataset hold, against its manifest.
#ifndef PTRSWEEP_TOOLS_DATASET_SHARD_PROOF_H_
#define PTRSWEEP_TOOLS_DATASET_SHARD_PROOF_H_

#include <string>

#include "absl/status/status.h"
#include "io/dataset/manifest.h"

namespace tools {

// Proves that each part is what was written (octets, sha256), is of this run
// and has as many rows as the manifest says, that every row's address belongs
// to this shard, and that none has two rows. The addresses of the shard are in
// memory meanwhile: 4 octets each, IPv6 16. kDataLoss: what is wrong, beginning
// with the culprit's path.
absl::Status ProveShard(const std::string& folder,
                        const io::ShardManifest& manifest);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_DATASET_SHARD_PROOF_H_
