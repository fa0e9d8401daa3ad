// `--since`: what an earlier scan left, read as KnownRows.
#ifndef PTRSWEEP_TOOLS_SINCE_EARLIER_SCAN_H_
#define PTRSWEEP_TOOLS_SINCE_EARLIER_SCAN_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "scanner/reuse/known_rows.h"
#include "scanner/targets/scan_targets.h"

namespace tools {

// `--since` and `--since-max-age`.
struct SinceChoice {
  // A file of rows, or a folder DIR/date=... of a dataset; empty: nothing.
  std::string path;
  // Instead: DIR, of which the newest folder before `date` counts that has a
  // _SUCCESS; perhaps there is none.
  std::string dataset;
  std::string date;
  absl::Duration max_age;

  bool empty() const { return path.empty() && dataset.empty(); }
};

// Rows of `targets` only. `found`: what was read, for the summary; empty if
// there is no earlier run. Errors: files that cannot be read, a zone table that
// is not there.
struct EarlierScan {
  std::unique_ptr<const scanner::KnownRows> rows;  // null: none
  std::string found;
};
absl::StatusOr<EarlierScan> ReadEarlierScan(const SinceChoice& since,
                                            const scanner::ScanTargets& targets,
                                            absl::Time now);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_SINCE_EARLIER_SCAN_H_
