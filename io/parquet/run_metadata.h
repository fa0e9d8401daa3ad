// RunMetadata: what a file of rows says of the run that made it. Parquet keeps
// it as key-value metadata.
#ifndef PTRSWEEP_IO_PARQUET_RUN_METADATA_H_
#define PTRSWEEP_IO_PARQUET_RUN_METADATA_H_

#include <cstdint>
#include <string>
#include <vector>

namespace io {

// Version of the columns and of their vocabulary. A new column, or a new word
// in one, does not change it; a word or column with another meaning does.
inline constexpr int kRowSchemaVersion = 1;

struct RunMetadata {
  std::string tool_version;
  // Empty: not known, and left out of the file.
  std::string targets_digest;
  std::string options_digest;
  uint64_t seed = 0;
  uint64_t shard = 0;
  uint64_t shards = 1;
  std::vector<std::string> resolvers;
  int64_t start_us = 0;  // microseconds since 1970, UTC
};

}  // namespace io

#endif  // PTRSWEEP_IO_PARQUET_RUN_METADATA_H_
