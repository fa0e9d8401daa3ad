// The options of `walk`, from text to values.
#ifndef PTRSWEEP_TOOLS_WALK_CONFIG_H_
#define PTRSWEEP_TOOLS_WALK_CONFIG_H_

#include <string>

#include "absl/status/statusor.h"
#include "scanner/walk/walk_fail_condition.h"
#include "scanner/walk/walk_targets.h"
#include "tools/options/arguments.h"
#include "tools/row_files.h"
#include "tools/scan_config.h"

namespace tools {

struct WalkConfig {
  ScanConfig scan;       // own iteration, one thread
  TargetConfig targets;  // no addresses: a walk finds them; labels, the shard
  scanner::WalkTargets walk;
  std::string findings;  // where they go; empty: nowhere
  Format findings_format = Format::kCsv;
  scanner::WalkFailCondition fail_on;
};

// Errors are one line that names the option, or file and line. `environment` is
// where --shard auto looks.
absl::StatusOr<WalkConfig> MakeWalkConfig(const ScanArguments& arguments,
                                          const char* const* environment);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_WALK_CONFIG_H_
