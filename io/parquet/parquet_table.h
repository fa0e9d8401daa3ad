// ParquetTable: a Parquet file of any columns, for tables that are small beside
// a scan's rows (those of `zones`): written value by value in the order in
// which they come, in one go. Pages, statistics and footer are those of
// ParquetSink; what it has for the sake of a scan (rows sorted by address, a
// state to go on from) is not there.
#ifndef PTRSWEEP_IO_PARQUET_PARQUET_TABLE_H_
#define PTRSWEEP_IO_PARQUET_PARQUET_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "io/files/output_file.h"
#include "io/formats/row.h"
#include "io/parquet/page_codec.h"
#include "io/parquet/parquet_column.h"
#include "io/parquet/parquet_footer.h"
#include "io/parquet/parquet_schema.h"
#include "io/parquet/parquet_state.h"

namespace io {

class ParquetTable {
 public:
  // The names of the columns are borrowed. REQUIRES: none is a kForwardList.
  ParquetTable(std::unique_ptr<OutputFile> file,
               std::span<const Column> columns);
  ParquetTable(const ParquetTable&) = delete;
  ParquetTable& operator=(const ParquetTable&) = delete;

  // The next value of a row. REQUIRES: the column's type, and null only where
  // it is nullable; a text is UTF-8; a time is microseconds since 1970.
  void AddNull();
  void AddText(absl::string_view text);
  void AddNumber(int64_t number);
  void AddTexts(std::span<const std::string> texts);
  // REQUIRES: each column has its value. After an error all calls fail alike.
  absl::Status EndRow();

  // The rest, and the file under its name on the disk. REQUIRES: called once,
  // last.
  absl::Status Finish(const KeyValues& metadata,
                      absl::string_view tool_version);

 private:
  absl::Status WriteGroup();

  const std::unique_ptr<OutputFile> file_;
  const ParquetSchema schema_;
  ParquetState state_;
  PageCompressor compressor_;
  std::vector<ParquetColumn> columns_;
  size_t next_ = 0;   // of columns_, in the row that is being added
  int64_t rows_ = 0;  // of the row group
  int64_t offset_ = 0;
};

}  // namespace io

#endif  // PTRSWEEP_IO_PARQUET_PARQUET_TABLE_H_
