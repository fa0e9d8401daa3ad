// RowSink: where rows go. The one interface of the output formats.
#ifndef PTRSWEEP_IO_FORMATS_ROW_SINK_H_
#define PTRSWEEP_IO_FORMATS_ROW_SINK_H_

#include <cstdint>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "io/formats/row.h"

namespace io {

// How much of an output is on the disk: what a journal records.
struct SyncedRows {
  uint64_t octets = 0;  // of the file, from its start
  uint64_t rows = 0;    // of those given to Write(), the first so many
  // What the format needs to go on behind these octets; text formats: nothing.
  std::string state;
};

// Used by one thread. After an error every further call fails alike.
class RowSink {
 public:
  virtual ~RowSink() = default;
  virtual absl::Status Write(std::span<const Row> rows) = 0;
  // What has been written reaches the file or pipe (not necessarily the disk).
  virtual absl::Status Flush() = 0;
  // Brings rows to the disk: all of them, or those of the parts that a format
  // writes as one. kUnimplemented: not an output that can be resumed.
  virtual absl::StatusOr<SyncedRows> Sync() {
    return absl::UnimplementedError("this output cannot be resumed");
  }
  // Writes what a format puts at the end and finishes the file: under its
  // final name, on the disk. REQUIRES: called once, last.
  virtual absl::Status Finish() = 0;
};

}  // namespace io

#endif  // PTRSWEEP_IO_FORMATS_ROW_SINK_H_
