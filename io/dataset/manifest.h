// ShardManifest: what a dataset knows of one of its shards once that is whole.
// A JSON file, for jq and for `ptrsweep finalize`:
//
//   {
//     "format": "ptrsweep shard manifest",
//     "version": 1,
//     "tool_version": "0.1.0",
//     "schema_version": 1,
//     "targets_digest": "9f86d0...",     of all shards' targets and labels
//     "options_digest": "60303a...",     of what decides what rows say
//     "seed": "0",                       text: jq's numbers end at 2^53
//     "shards": 4,
//     "all_targets": 1024,               of all shards
//     "shard": 2,
//     "targets": 256,                    of this one
//     "rows": 256,
//     "start": "2026-11-25T22:00:00.000000Z",
//     "end": "2026-11-25T22:10:00.000000Z",
//     "parts": [
//       {
//         "name": "part-00000.parquet",
//         "rows": 256,
//         "octets": 12345,
//         "sha256": "ef2d12..."
//       }
//     ]
//   }
//
// Parts are in the order of their numbers, which begin with 0; a shard without
// targets has none.
#ifndef PTRSWEEP_IO_DATASET_MANIFEST_H_
#define PTRSWEEP_IO_DATASET_MANIFEST_H_

#include <compare>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "io/files/sha256.h"

namespace io {

// What the shards of one run have in common.
struct RunIdentity {
  uint64_t schema_version = 0;
  std::string targets_digest;  // 64 hexadecimal digits, as the next
  std::string options_digest;
  uint64_t seed = 0;
  uint64_t shards = 1;
  uint64_t all_targets = 0;

  friend auto operator<=>(const RunIdentity&, const RunIdentity&) = default;
};

// Its fields, as a manifest has them, behind those that `object` has.
void AddRun(const RunIdentity& run, nlohmann::ordered_json* object);

struct DatasetPart {
  uint64_t rows = 0;
  uint64_t octets = 0;
  Digest sha256{};
};

struct ShardManifest {
  RunIdentity run;
  std::string tool_version;
  uint64_t shard = 0;
  uint64_t targets = 0;
  std::string start;  // RFC 3339, UTC
  std::string end;
  std::vector<DatasetPart> parts;  // number i is PartName(i)

  uint64_t rows() const;
};

std::string FormatManifest(const ShardManifest& manifest);
// Errors, each a sentence's rest after the file's name ("is no ..."): not ours,
// of a newer version (kUnimplemented), a field that is missing or impossible,
// another number of rows than its parts have (kDataLoss). Unknown fields are
// passed over.
absl::StatusOr<ShardManifest> ParseManifest(absl::string_view text);

// Errors begin with the file's name. kNotFound: there is none.
absl::StatusOr<ShardManifest> ReadManifest(const std::string& path);
// Atomically, and durable.
absl::Status WriteManifest(const std::string& path,
                           const ShardManifest& manifest);

}  // namespace io

#endif  // PTRSWEEP_IO_DATASET_MANIFEST_H_
