// Which part of the targets a process has, of several that share them.
#ifndef PTRSWEEP_TOOLS_OPTIONS_SHARD_H_
#define PTRSWEEP_TOOLS_OPTIONS_SHARD_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "tools/options/arguments.h"

namespace tools {

inline constexpr uint64_t kMaxShards = 65536;

struct Shard {
  uint32_t index = 0;  // from 0
  uint32_t count = 1;
};

// --shards N and --shard i, where auto is the index that a batch system gave
// this process: SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX (Kubernetes) or
// AWS_BATCH_JOB_ARRAY_INDEX of the environment (see environment.h). Errors: N
// without i or i without N; no such variable, or several that disagree; an
// index that is not below N.
absl::StatusOr<Shard> ChooseShard(const OptionText& shard,
                                  const OptionText& shards,
                                  const char* const* environment);

// "shard 1 (of 0 to 2): ", to begin a line with; empty if there is but one.
std::string ShardText(const Shard& shard);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_OPTIONS_SHARD_H_
