// DatasetSink: one shard of a dataset (layout.h), as Parquet files of so many
// rows each, and its manifest.
//
//   Write   rows -> .part-00000.parquet.inprogress; full: part-00000.parquet,
//           then .part-00001.parquet.inprogress, ...
//   Finish  the last part gets its name, then the manifest is written
//
// The sha256 of a part is reckoned of what is written, while it is written: a
// disk that keeps something else is found out by whoever reads it again, and
// the rows behind a part need not wait until it is read.
#ifndef PTRSWEEP_IO_DATASET_DATASET_SINK_H_
#define PTRSWEEP_IO_DATASET_DATASET_SINK_H_

#include <cstdint>
#include <memory>
#include <span>

#include "absl/status/status.h"
#include "io/dataset/layout.h"
#include "io/dataset/manifest.h"
#include "io/files/sha256.h"
#include "io/formats/row_sink.h"
#include "io/parquet/run_metadata.h"

namespace io {

class DatasetSink : public RowSink {
 public:
  // `run`: for each part. `manifest`: all that is known before the first row;
  // end and parts are the sink's. REQUIRES: the folder is there, without parts;
  // part_rows > 0.
  DatasetSink(ShardFolder folder, RunMetadata run, ShardManifest manifest,
              uint64_t part_rows);

  absl::Status Write(std::span<const Row> rows) override;
  absl::Status Flush() override;
  absl::Status Finish() override;

 private:
  absl::Status OpenPart();
  absl::Status ClosePart();

  const ShardFolder folder_;
  const RunMetadata run_;
  ShardManifest manifest_;  // of the parts that are whole
  const uint64_t part_rows_;

  // The part that is being written, number manifest_.parts.size().
  std::unique_ptr<RowSink> part_;  // null: none is open
  Sha256 digest_;
  uint64_t rows_ = 0;
};

}  // namespace io

#endif  // PTRSWEEP_IO_DATASET_DATASET_SINK_H_
