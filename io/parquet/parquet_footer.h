// What a Parquet file says of itself at its end: FileMetaData of
// parquet.thrift.
#ifndef PTRSWEEP_IO_PARQUET_PARQUET_FOOTER_H_
#define PTRSWEEP_IO_PARQUET_PARQUET_FOOTER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "io/parquet/parquet_schema.h"
#include "io/parquet/parquet_statistics.h"
#include "io/parquet/thrift_compact.h"

namespace io {

// ColumnMetaData: pages of one leaf in one row group, one behind the other.
struct ParquetChunk {
  bool has_dictionary = false;  // its page comes first
  bool has_plain = false;       // among the data pages
  int64_t values = 0;           // nulls and empty lists included
  int64_t nulls = 0;            // those
  int64_t raw_octets = 0;       // page headers included, as in the next
  int64_t octets = 0;
  int64_t offset = 0;            // of the first page in the file
  int64_t data_page_offset = 0;  // of the first data page
  std::optional<ParquetBound> min;
  std::optional<ParquetBound> max;
};

// No row group of ours has more rows.
inline constexpr int64_t kRowGroupRows = 131'072;

struct ParquetRowGroup {
  int64_t rows = 0;
  std::vector<ParquetChunk> chunks;  // one a leaf
};

// Appends RowGroup number `ordinal`, an element of FileMetaData.row_groups.
void WriteRowGroup(const ParquetSchema& schema, const ParquetRowGroup& group,
                   size_t ordinal, std::string* out);

// Reads one again, at which the reader is. A fault of the reader if it is none.
// Offsets and sizes are as the octets say: not checked against anything.
ParquetRowGroup ReadRowGroup(const ParquetSchema& schema, ThriftReader* reader);

using KeyValues = std::vector<std::pair<std::string, std::string>>;

struct ParquetFooter {
  int64_t rows = -1;
  std::vector<ParquetRowGroup> groups;
  KeyValues metadata;
};

// Appends FileMetaData. `groups`: what WriteRowGroup() made of `group_count`.
void WriteFooter(const ParquetSchema& schema, int64_t rows,
                 absl::string_view groups, size_t group_count,
                 const KeyValues& metadata, absl::string_view created_by,
                 std::string* out);

// Reads it again. The error says what is wrong ("is not ..."): damaged, of
// another schema, or with chunks of another kind than ours. Offsets and sizes
// are as the file says: not checked against anything.
absl::StatusOr<ParquetFooter> ReadFooter(const ParquetSchema& schema,
                                         absl::string_view octets);

}  // namespace io

#endif  // PTRSWEEP_IO_PARQUET_PARQUET_FOOTER_H_
