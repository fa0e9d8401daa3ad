// RowSink: where rows go. The one interface of the output formats.
#ifndef PTRSWEEP_IO_FORMATS_ROW_SINK_H_
#define PTRSWEEP_IO_FORMATS_ROW_SINK_H_

#include <span>

#include "absl/status/status.h"
#include "io/formats/row.h"

namespace io {

// Used by one thread. After an error every further call fails alike.
class RowSink {
 public:
  virtual ~RowSink() = default;
  virtual absl::Status Write(std::span<const Row> rows) = 0;
  // What has been written reaches the file or pipe (not necessarily the disk).
  virtual absl::Status Flush() = 0;
  // Writes what a format puts at the end and finishes the file: under its
  // final name, on the disk. REQUIRES: called once, last.
  virtual absl::Status Finish() = 0;
};

}  // namespace io

#endif  // PTRSWEEP_IO_FORMATS_ROW_SINK_H_
