// ScanOutput: the sink of a scan and, if it is a file, its journal; a new one
// or one that an earlier run left.
#ifndef PTRSWEEP_TOOLS_SCAN_OUTPUT_H_
#define PTRSWEEP_TOOLS_SCAN_OUTPUT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "io/formats/row_sink.h"
#include "scanner/progress/scan_journal.h"
#include "scanner/targets/scan_targets.h"
#include "tools/run_journal.h"
#include "tools/scan_config.h"

namespace tools {

struct ScanOutput {
  std::unique_ptr<io::RowSink> sink;
  std::unique_ptr<scanner::ScanJournal> journal;  // null: not a file
  // An earlier run has written everything, and was perhaps killed then. The
  // output has its name; there is no sink, and nothing left to do.
  bool was_finished = false;
  // Of such an output whose journal is gone already.
  uint64_t finished_rows = 0;
  bool is_new = true;  // no rows of an earlier run
  // Of a walk that is gone on with or was finished: of its findings, those that
  // are on the disk.
  uint64_t findings_octets = 0;
  // Where its rows are once it is finished, for RowFilesOf(); empty: not a
  // file.
  std::string rows_path;
  std::string zones_path;  // of the zone table beside it; empty: not a file
};

// `config.resume` says what is to become of a journal that is there: gone on
// with, or, by default, refused. Without a journal the output starts afresh. An
// earlier run's files stay as they are if this fails. Errors name the file, and
// the ways out if there are any. `findings`: of a walk.
absl::StatusOr<ScanOutput> OpenScanOutput(const ScanConfig& config,
                                          const scanner::ScanTargets& targets,
                                          const FindingsLeft& findings = {});

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_SCAN_OUTPUT_H_
