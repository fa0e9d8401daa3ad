// Apache Parquet: row groups of at most 131,072 rows or 64 MiB, each sorted by
// ip_key; a column chunk a leaf, pages of 20,000 rows (parquet_column.h), all
// through zstd. Schema: parquet_schema.h. Contract: OUTPUT.md section 2.
//
// Key-value metadata, all text: ptrsweep.schema_version, .tool_version,
// .targets_digest, .options_digest (if known), .seed, .shard ("i/N"),
// .resolvers (separated by spaces), .start and .end (RFC 3339).
//
// Benefits: about a tenth of CSV's size; readers take the columns and row
// groups that they need. Downsides: nothing can be read before Finish(), and a
// row group is in memory (about 80 MiB) until it is full.
#ifndef PTRSWEEP_IO_PARQUET_PARQUET_SINK_H_
#define PTRSWEEP_IO_PARQUET_PARQUET_SINK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "io/files/output_file.h"
#include "io/formats/row_batch.h"
#include "io/formats/row_sink.h"
#include "io/parquet/parquet_encoder.h"
#include "io/parquet/parquet_order.h"
#include "io/parquet/parquet_schema.h"
#include "io/parquet/run_metadata.h"

namespace io {

inline constexpr size_t kRowGroupRows = 131'072;
inline constexpr size_t kRowGroupOctets = 64 << 20;

class ParquetSink : public RowSink {
 public:
  ParquetSink(std::unique_ptr<OutputFile> file, RunMetadata metadata);

  absl::Status Write(std::span<const Row> rows) override;
  // Of whole row groups.
  absl::Status Flush() override;
  absl::Status Finish() override;

 private:
  absl::Status WriteGroup();
  absl::Status Append(absl::string_view octets);

  const std::unique_ptr<OutputFile> file_;
  const RunMetadata metadata_;
  const ParquetSchema schema_;
  ParquetEncoder encoder_;
  RowBatch batch_;  // the row group that is being filled
  KeyOrder order_;
  std::string octets_;  // of a row group
  int64_t offset_ = 0;  // in the file
  int64_t rows_ = 0;
  std::string groups_;  // their metadata
  size_t group_count_ = 0;
};

}  // namespace io

#endif  // PTRSWEEP_IO_PARQUET_PARQUET_SINK_H_
