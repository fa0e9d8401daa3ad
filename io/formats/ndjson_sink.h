// NDJSON: one object a line (RFC 8259), keys in the order of Columns(), lists
// as arrays, null where unknown; `forward` as objects {name, outcome,
// addresses}.
#ifndef PTRSWEEP_IO_FORMATS_NDJSON_SINK_H_
#define PTRSWEEP_IO_FORMATS_NDJSON_SINK_H_

#include <cstdint>
#include <memory>
#include <string>

#include "io/files/output_file.h"
#include "io/formats/row_sink.h"
#include "io/formats/row_text.h"

namespace io {

class NdjsonSink : public RowSink {
 public:
  explicit NdjsonSink(std::unique_ptr<OutputFile> file);

  absl::Status Write(std::span<const Row> rows) override;
  absl::Status Flush() override;
  absl::StatusOr<SyncedRows> Sync(SyncTo to) override;
  absl::Status Finish() override;

  static void AppendRow(const Row& row, std::string* out);

 private:
  std::unique_ptr<OutputFile> file_;
  RowFormatter formatter_;
  uint64_t rows_ = 0;
};

}  // namespace io

#endif  // PTRSWEEP_IO_FORMATS_NDJSON_SINK_H_
