// LineRowReader: what the readers of formats with one row a line share.
#ifndef PTRSWEEP_IO_FORMATS_LINE_ROW_READER_H_
#define PTRSWEEP_IO_FORMATS_LINE_ROW_READER_H_

#include <memory>

#include "io/files/input_file.h"
#include "io/files/line_reader.h"
#include "io/formats/row.h"
#include "io/formats/row_parser.h"
#include "io/formats/row_reader.h"

namespace io {

class LineRowReader : public RowReader {
 public:
  absl::StatusOr<bool> Next(RowBatch* batch) override;

 protected:
  explicit LineRowReader(std::unique_ptr<InputFile> file);

  // Of a line, into `parser`, which has started a row.
  virtual absl::Status ReadRow(absl::string_view line, RowParser* parser) = 0;
  // That the last line holds no value this column can have.
  absl::Status BadColumn(const Column& column) const;
  LineReader& lines() { return lines_; }

 private:
  LineReader lines_;
  RowParser parser_;
};

}  // namespace io

#endif  // PTRSWEEP_IO_FORMATS_LINE_ROW_READER_H_
