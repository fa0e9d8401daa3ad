// ParquetReader: the rows of a file that ParquetSink wrote.
#ifndef PTRSWEEP_IO_PARQUET_PARQUET_READER_H_
#define PTRSWEEP_IO_PARQUET_PARQUET_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "io/files/input_file.h"
#include "io/formats/row_parser.h"
#include "io/formats/row_reader.h"
#include "io/parquet/page_codec.h"
#include "io/parquet/parquet_column_reader.h"
#include "io/parquet/parquet_footer.h"
#include "io/parquet/parquet_schema.h"

namespace io {

// In memory: a row group as the file has it (compressed), and a page of each
// column, together kMaxHeldOctets at most. Every length, offset, level, index
// and text is checked; what cannot be one of our rows is an error ("FILE: row
// group 0: column ptr: ...").
class ParquetReader : public RowReader {
 public:
  static absl::StatusOr<std::unique_ptr<ParquetReader>> Open(
      absl::string_view path);

  absl::StatusOr<bool> Next(RowBatch* batch) override;
  // The addresses of the next row group alone, as IpKey(): appends them to
  // *keys; no other column is read. REQUIRES: instead of Next().
  absl::StatusOr<bool> NextKeys(std::vector<absl::uint128>* keys);
  int64_t rows() const { return footer_.rows; }
  const KeyValues& metadata() const { return footer_.metadata; }

 private:
  explicit ParquetReader(std::unique_ptr<InputFile> file);
  absl::Status ReadFooterOf(const InputFile& file);
  absl::Status CheckGroups();
  absl::Status StartGroup();
  absl::Status StartColumn(const ParquetRowGroup& group, size_t leaf);
  absl::Status FinishGroup();
  absl::Status ReadRow();
  absl::Status Error(absl::string_view what) const;
  absl::Status ColumnError(size_t leaf) const;

  // Each puts a column, or a list of several, of the row into parser_; false if
  // it cannot.
  bool ReadScalars();
  bool ReadScalar(ParquetLeafId leaf,
                  bool (RowParser::*set)(absl::string_view));
  bool ReadNumber(ParquetLeafId leaf, bool (RowParser::*set)(int64_t));
  absl::uint128 Key() const;
  bool ReadKey();
  bool ReadTime();
  bool ReadTexts(ParquetLeafId leaf, bool (RowParser::*add)(absl::string_view),
                 bool* known);
  bool ReadForward(bool* known);
  bool ReadForwardItem();
  bool ReadForwardAddresses();
  bool ReadLists();

  const std::unique_ptr<InputFile> file_;
  const ParquetSchema schema_;
  ParquetFooter footer_;
  PageDecompressor decompressor_;
  PageRoom room_;
  std::vector<ParquetColumnReader> columns_;
  RowParser parser_;
  size_t next_group_ = 0;
  int64_t rows_left_ = 0;  // of the group before that one
  size_t bad_leaf_ = 0;    // the column that was read last
};

}  // namespace io

#endif  // PTRSWEEP_IO_PARQUET_PARQUET_READER_H_
