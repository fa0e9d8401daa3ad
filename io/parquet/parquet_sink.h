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
// row group is in memory until it is full (60 MiB with its columns).
//
// A file is gone on with behind its last whole row group (parquet_state.h). So
// that a crash of a slow scan does not cost 131,072 rows, a group also ends
// when it is kRowGroupAge old at a Sync(), and with the rows that there are
// when the scan is stopped.
#ifndef PTRSWEEP_IO_PARQUET_PARQUET_SINK_H_
#define PTRSWEEP_IO_PARQUET_PARQUET_SINK_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "io/files/output_file.h"
#include "io/formats/row_sink.h"
#include "io/parquet/packed_rows.h"
#include "io/parquet/parquet_encoder.h"
#include "io/parquet/parquet_order.h"
#include "io/parquet/parquet_schema.h"
#include "io/parquet/parquet_state.h"
#include "io/parquet/run_metadata.h"

namespace io {

inline constexpr size_t kRowGroupOctets = 64 << 20;
inline constexpr std::chrono::minutes kRowGroupAge(5);

// When a row group ends; others than these, with fewer rows, are for tests.
struct RowGroupLimits {
  size_t rows = size_t{kRowGroupRows};
  size_t octets = kRowGroupOctets;
  std::chrono::nanoseconds age = kRowGroupAge;
};

class ParquetSink : public RowSink {
 public:
  // `earlier`: what ParquetState::Parse() made of an earlier run's state, whose
  // file `file` goes on with; the start is then that run's.
  ParquetSink(std::unique_ptr<OutputFile> file, RunMetadata metadata,
              RowGroupLimits limits = {},
              std::optional<ParquetState> earlier = std::nullopt);

  absl::Status Write(std::span<const Row> rows) override;
  // Of whole row groups.
  absl::Status Flush() override;
  absl::StatusOr<SyncedRows> Sync(SyncTo to) override;
  absl::Status Finish() override;

 private:
  absl::Status WriteGroup();
  // Of the rows that there are, if any.
  absl::Status EndGroup();
  absl::Status WriteEnd();
  absl::Status Append(absl::string_view octets);

  const std::unique_ptr<OutputFile> file_;
  const RunMetadata metadata_;
  const RowGroupLimits limits_;
  const ParquetSchema schema_;
  ParquetState state_;
  ParquetEncoder encoder_;
  PackedRows rows_;  // of the row group that is being filled
  std::chrono::steady_clock::time_point group_start_;
  KeyOrder order_;
  std::string octets_;         // of a row group
  int64_t offset_ = 0;         // in the file
  uint64_t written_rows_ = 0;  // of this run, in whole row groups
  bool has_end_ = false;
};

}  // namespace io

#endif  // PTRSWEEP_IO_PARQUET_PARQUET_SINK_H_
