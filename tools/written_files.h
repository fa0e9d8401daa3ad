// Which files a run writes, lest two of its options mean the same one.
#ifndef PTRSWEEP_TOOLS_WRITTEN_FILES_H_
#define PTRSWEEP_TOOLS_WRITTEN_FILES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "io/files/output_file.h"
#include "tools/options/arguments.h"
#include "tools/row_files.h"

namespace tools {

// What one option makes a run write, also for a while.
struct WrittenFiles {
  OptionText option;
  std::vector<std::string> paths;  // none: what has no name
};

// Of rows: also the journal and the zone table. Errors as those of
// FindOutput().
absl::StatusOr<WrittenFiles> RowFiles(const OptionText& output);
// Of a walk's findings.
absl::StatusOr<WrittenFiles> FindingFiles(const OptionText& findings,
                                          Format format);
absl::StatusOr<WrittenFiles> StatusFiles(const OptionText& status_file);
absl::StatusOr<WrittenFiles> MetricsFiles(const OptionText& metrics);

// Fails if a path of one option is one of an earlier option, however the two
// are written: kInvalidArgument, which names both.
absl::Status CheckDisjoint(const std::vector<WrittenFiles>& all);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_WRITTEN_FILES_H_
