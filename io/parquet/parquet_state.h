// ParquetState: what a Parquet file's writer knows beyond the octets written,
// for whoever goes on with it (OUTPUT.md section 3, WIRE.md section 10). All
// but the start of the run is the metadata that the footer will have:
//
//   state = schema u32 | start u64 | RowGroup*
//   schema    CRC-32C of FileMetaData.schema: who has other columns must not
//             go on
//   start     of the run, microseconds since 1970
//   RowGroup  as parquet.thrift has it, 3 to 5 KiB for a group of 21 columns
//
// It only grows, by one RowGroup with each group, so a journal that records
// what came to it stays small beside the data (0.04 octets a row).
#ifndef PTRSWEEP_IO_PARQUET_PARQUET_STATE_H_
#define PTRSWEEP_IO_PARQUET_PARQUET_STATE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "io/parquet/parquet_footer.h"
#include "io/parquet/parquet_schema.h"

namespace io {

class ParquetState {
 public:
  // Of a file without row groups.
  ParquetState(const ParquetSchema& schema, int64_t start_us);

  // Takes up what octets() gave of a file whose last row group ends behind
  // `file_octets` octets. kDataLoss, a sentence's rest ("has ..."): it is not
  // such a state, or of a file with other columns.
  static absl::StatusOr<ParquetState> Parse(absl::string_view octets,
                                            uint64_t file_octets);

  void Add(const ParquetSchema& schema, const ParquetRowGroup& group);

  int64_t start_us() const { return start_us_; }
  int64_t rows() const { return rows_; }
  size_t group_count() const { return group_count_; }
  // As the footer has them.
  absl::string_view groups() const;
  // What the file has behind its row groups: footer, its length, magic.
  std::string EndOf(const ParquetSchema& schema, const KeyValues& metadata,
                    absl::string_view tool_version) const;
  // For Parse(). Valid until the next Add().
  absl::string_view octets() const { return octets_; }

 private:
  int64_t start_us_;
  int64_t rows_ = 0;
  size_t group_count_ = 0;
  std::string octets_;
};

}  // namespace io

#endif  // PTRSWEEP_IO_PARQUET_PARQUET_STATE_H_
