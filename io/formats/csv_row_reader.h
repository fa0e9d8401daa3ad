// CsvRowReader: the rows of a file that CsvSink wrote. CSV does not tell null
// from the empty list: the status does.
#ifndef PTRSWEEP_IO_FORMATS_CSV_ROW_READER_H_
#define PTRSWEEP_IO_FORMATS_CSV_ROW_READER_H_

#include <memory>
#include <string>
#include <vector>

#include "io/formats/line_row_reader.h"

namespace io {

class CsvRowReader : public LineRowReader {
 public:
  explicit CsvRowReader(std::unique_ptr<InputFile> file);

  absl::StatusOr<bool> Next(RowBatch* batch) override;

 private:
  absl::Status CheckHeader();
  absl::Status ReadRow(absl::string_view line, RowParser* parser) override;

  bool header_read_ = false;
  std::vector<std::string> fields_;
};

}  // namespace io

#endif  // PTRSWEEP_IO_FORMATS_CSV_ROW_READER_H_
