// RowSink: where rows go. The one interface of the output formats.
#ifndef PTRSWEEP_IO_FORMATS_ROW_SINK_H_
#define PTRSWEEP_IO_FORMATS_ROW_SINK_H_

#include <cstdint>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "io/formats/row.h"

namespace io {

// How far RowSink::Sync() goes.
enum class SyncTo : uint8_t {
  kParts,  // of the parts that a format writes as one, those that are whole
  kRows,   // all rows: a part that is being filled ends with them
  kEnd,    // and what a format puts at the end: only Finish() may follow
};

// How much of an output is on the disk: what a journal records.
struct SyncedRows {
  uint64_t octets = 0;  // of the file, from its start
  uint64_t rows = 0;    // of those given to Write(), the first so many
  // What the format needs to go on behind these octets; text formats: nothing.
  // It only grows: what an earlier Sync() gave, or a run before this one had,
  // is its beginning. Borrowed until the next call.
  absl::string_view state;
};

// Used by one thread. After an error every further call fails alike.
class RowSink {
 public:
  virtual ~RowSink() = default;
  virtual absl::Status Write(std::span<const Row> rows) = 0;
  // What has been written reaches the file or pipe (not necessarily the disk).
  virtual absl::Status Flush() = 0;
  // Brings rows to the disk; all of them, whatever `to` says, if the format has
  // no parts. kUnimplemented: not an output that can be resumed.
  virtual absl::StatusOr<SyncedRows> Sync([[maybe_unused]] SyncTo to) {
    return absl::UnimplementedError("this output cannot be resumed");
  }
  // Writes what a format puts at the end, if Sync() has not, and finishes the
  // file: under its final name, on the disk. REQUIRES: called once, last.
  virtual absl::Status Finish() = 0;
};

}  // namespace io

#endif  // PTRSWEEP_IO_FORMATS_ROW_SINK_H_
