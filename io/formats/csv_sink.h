// CSV by RFC 4180: a header line of column names, LF line ends, lists
// separated by spaces, `forward` as name=outcome:addr,addr items; null and the
// empty list are both an empty field.
#ifndef PTRSWEEP_IO_FORMATS_CSV_SINK_H_
#define PTRSWEEP_IO_FORMATS_CSV_SINK_H_

#include <cstdint>
#include <memory>
#include <string>

#include "io/files/output_file.h"
#include "io/formats/row_sink.h"
#include "io/formats/row_text.h"

namespace io {

class CsvSink : public RowSink {
 public:
  // Writes the header line, unless the file goes on with an earlier one.
  explicit CsvSink(std::unique_ptr<OutputFile> file);

  absl::Status Write(std::span<const Row> rows) override;
  absl::Status Flush() override;
  absl::StatusOr<SyncedRows> Sync(SyncTo to) override;
  absl::Status Finish() override;

  static void AppendHeader(std::string* out);
  static void AppendRow(const Row& row, std::string* out);

 private:
  std::unique_ptr<OutputFile> file_;
  RowFormatter formatter_;
  uint64_t rows_ = 0;
};

}  // namespace io

#endif  // PTRSWEEP_IO_FORMATS_CSV_SINK_H_
