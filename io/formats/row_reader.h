// RowReader: rows back from a file. The one interface of the formats that can
// be read.
#ifndef PTRSWEEP_IO_FORMATS_ROW_READER_H_
#define PTRSWEEP_IO_FORMATS_ROW_READER_H_

#include "absl/status/statusor.h"
#include "io/formats/row_batch.h"

namespace io {

// Used by one thread. A row that was read is written again with the same text
// in every format; only the interface name of a link-local server is lost.
class RowReader {
 public:
  virtual ~RowReader() = default;
  // Appends the next rows to *batch, some hundreds. False: there are no more.
  // Errors are one line that names the file and the place in it. REQUIRES: no
  // error, and true, so far.
  virtual absl::StatusOr<bool> Next(RowBatch* batch) = 0;
};

}  // namespace io

#endif  // PTRSWEEP_IO_FORMATS_ROW_READER_H_
