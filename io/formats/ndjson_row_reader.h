// NdjsonRowReader: the rows of a file that NdjsonSink wrote.
#ifndef PTRSWEEP_IO_FORMATS_NDJSON_ROW_READER_H_
#define PTRSWEEP_IO_FORMATS_NDJSON_ROW_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "io/formats/json_cursor.h"
#include "io/formats/line_row_reader.h"

namespace io {

// Keys may come in any order; each of Columns() must be there once, no other.
class NdjsonRowReader : public LineRowReader {
 public:
  explicit NdjsonRowReader(std::unique_ptr<InputFile> file);

 private:
  absl::Status ReadRow(absl::string_view line, RowParser* parser) override;
  bool ReadField(size_t column, JsonCursor* cursor, RowParser* parser);
  bool ReadValue(size_t column, JsonCursor* cursor, RowParser* parser);
  bool ReadForwardItem(JsonCursor* cursor, RowParser* parser);

  // Of texts with escapes, and of a forward item.
  std::string key_room_;
  std::string room_;
  std::string name_;
  std::string outcome_;
  std::vector<std::string> addresses_;
};

}  // namespace io

#endif  // PTRSWEEP_IO_FORMATS_NDJSON_ROW_READER_H_
