// NdjsonRowReader: the rows of a file that NdjsonSink wrote.
#ifndef PTRSWEEP_IO_FORMATS_NDJSON_ROW_READER_H_
#define PTRSWEEP_IO_FORMATS_NDJSON_ROW_READER_H_

#include <memory>

#include "io/files/input_file.h"
#include "io/files/line_reader.h"
#include "io/formats/row_parser.h"
#include "io/formats/row_reader.h"

namespace io {

// Keys may come in any order; each of Columns() must be there, no other.
class NdjsonRowReader : public RowReader {
 public:
  explicit NdjsonRowReader(std::unique_ptr<InputFile> file);

  absl::StatusOr<bool> Next(RowBatch* batch) override;

 private:
  absl::Status ReadRow(absl::string_view line);

  LineReader lines_;
  RowParser parser_;
};

}  // namespace io

#endif  // PTRSWEEP_IO_FORMATS_NDJSON_ROW_READER_H_
