// DatasetSink: one shard of a dataset (layout.h), as Parquet files of so many
// rows each, and its manifest.
//
//   Write   rows -> .part-00000.parquet.inprogress; full: part-00000.parquet,
//           then .part-00001.parquet.inprogress, ...
//   Sync    the open part's row groups; at the end it is closed
//   Finish  the manifest is written
//
// The sha256 of a part is reckoned of what is written, while it is written: a
// disk that keeps something else is found out by whoever reads it again, and
// no rows wait until 300 MB are read. Of a part that is gone on with, what
// there is of it is read once.
//
// A shard is gone on with behind what its journal recorded. A part that was
// closed after that is opened again: it loses its name and its end, and the
// rows that are not recorded are written anew.
#ifndef PTRSWEEP_IO_DATASET_DATASET_SINK_H_
#define PTRSWEEP_IO_DATASET_DATASET_SINK_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "io/dataset/dataset_state.h"
#include "io/dataset/layout.h"
#include "io/dataset/manifest.h"
#include "io/files/sha256.h"
#include "io/formats/row_sink.h"
#include "io/parquet/parquet_sink.h"
#include "io/parquet/parquet_state.h"
#include "io/parquet/run_metadata.h"

namespace io {

class DatasetSink : public RowSink {
 public:
  struct Settings {
    ShardFolder folder;  // which is there
    RunMetadata run;     // for each part
    // All that is known before the first row; start, end and parts are the
    // sink's.
    ShardManifest manifest;
    uint64_t part_rows = 0;  // above 0
    RowGroupLimits row_group;
  };

  // REQUIRES: there are no parts.
  explicit DatasetSink(const Settings& settings);
  // Goes on with a shard, whose start is then that of the earlier run. Nothing
  // is changed if a part is not as `state` says: the error names it. What
  // follows the state is removed.
  static absl::StatusOr<std::unique_ptr<DatasetSink>> Continue(
      Settings settings, DatasetState state);

  absl::Status Write(std::span<const Row> rows) override;
  absl::Status Flush() override;
  absl::StatusOr<SyncedRows> Sync(SyncTo to) override;
  absl::Status Finish() override;

 private:
  DatasetSink(Settings settings, DatasetState state);

  size_t part_number() const { return state_.parts().size(); }
  absl::Status OpenPart();
  absl::Status ContinuePart(ParquetState earlier);
  absl::Status ClosePart();

  const Settings settings_;
  DatasetState state_;
  uint64_t closed_rows_ = 0;  // of this run, in closed parts

  // The part that is being written.
  std::unique_ptr<RowSink> part_;  // null: none is open
  Sha256 digest_;
  uint64_t rows_ = 0;          // in it
  uint64_t earlier_rows_ = 0;  // of them, an earlier run's
};

}  // namespace io

#endif  // PTRSWEEP_IO_DATASET_DATASET_SINK_H_
