// OutputBatch: rows and findings on their way from an engine to the writer, and
// what a journal needs to know besides.
#ifndef PTRSWEEP_SCANNER_PROGRESS_OUTPUT_BATCH_H_
#define PTRSWEEP_SCANNER_PROGRESS_OUTPUT_BATCH_H_

#include <string>
#include <vector>

#include "io/formats/row_batch.h"
#include "scanner/progress/progress_map.h"
#include "scanner/walk/finding.h"

namespace scanner {

struct OutputBatch {
  io::RowBatch rows;
  ProgressEvents events;  // a finished position for each row; or empty
  // Of a walk.
  std::vector<Finding> findings;
  // What is left of it once this batch and all before it are written; empty:
  // that is not told. Less than 4 GiB.
  std::string walk_state;

  bool empty() const {
    return rows.size() == 0 && events.empty() && findings.empty() &&
           walk_state.empty();
  }
  void Clear() {
    rows.Clear();
    events.Clear();
    findings.clear();
    walk_state.clear();
  }
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_PROGRESS_OUTPUT_BATCH_H_
