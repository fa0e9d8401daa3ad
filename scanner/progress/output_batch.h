// OutputBatch: rows on their way from an engine to the writer, and what a
// journal needs to know besides.
#ifndef PTRSWEEP_SCANNER_PROGRESS_OUTPUT_BATCH_H_
#define PTRSWEEP_SCANNER_PROGRESS_OUTPUT_BATCH_H_

#include "io/formats/row_batch.h"
#include "scanner/progress/progress_map.h"

namespace scanner {

struct OutputBatch {
  io::RowBatch rows;
  ProgressEvents events;  // a finished position for each row; or empty

  bool empty() const { return rows.size() == 0 && events.empty(); }
  void Clear() {
    rows.Clear();
    events.Clear();
  }
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_PROGRESS_OUTPUT_BATCH_H_
