// NdjsonRowReader: the rows of a file that NdjsonSink wrote.
#ifndef PTRSWEEP_IO_FORMATS_NDJSON_ROW_READER_H_
#define PTRSWEEP_IO_FORMATS_NDJSON_ROW_READER_H_

#include <memory>

#include "io/formats/line_row_reader.h"

namespace io {

// Keys may come in any order; each of Columns() must be there, no other.
class NdjsonRowReader : public LineRowReader {
 public:
  explicit NdjsonRowReader(std::unique_ptr<InputFile> file);

 private:
  absl::Status ReadRow(absl::string_view line, RowParser* parser) override;
};

}  // namespace io

#endif  // PTRSWEEP_IO_FORMATS_NDJSON_ROW_READER_H_
