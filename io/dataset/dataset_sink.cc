#include "io/dataset/dataset_sink.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "io/files/output_file.h"
#include "io/formats/row_text.h"
#include "io/parquet/parquet_sink.h"

namespace io {

DatasetSink::DatasetSink(ShardFolder folder, RunMetadata run,
                         ShardManifest manifest, uint64_t part_rows)
    : folder_(std::move(folder)),
      run_(std::move(run)),
      manifest_(std::move(manifest)),
      part_rows_(part_rows) {}

absl::Status DatasetSink::Write(std::span<const Row> rows) {
  while (!rows.empty()) {
    absl::Status status = part_ ? absl::OkStatus() : OpenPart();
    if (!status.ok()) return status;
    const size_t taken = std::min<uint64_t>(rows.size(), part_rows_ - rows_);
    status = part_->Write(rows.first(taken));
    if (!status.ok()) return status;
    rows = rows.subspan(taken);
    rows_ += taken;
    if (rows_ < part_rows_) continue;
    status = ClosePart();
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status DatasetSink::Flush() {
  return part_ ? part_->Flush() : absl::OkStatus();
}

absl::Status DatasetSink::Finish() {
  absl::Status status = part_ ? ClosePart() : absl::OkStatus();
  if (!status.ok()) return status;
  manifest_.end = TimeText(absl::ToUnixMicros(absl::Now()));
  return WriteManifest(folder_.ManifestPath(), manifest_);
}

absl::Status DatasetSink::OpenPart() {
  auto file = OutputFile::Open(folder_.Part(manifest_.parts.size()));
  if (!file.ok()) return file.status();
  digest_ = Sha256();
  rows_ = 0;
  (*file)->DigestInto(&digest_);
  part_ = std::make_unique<ParquetSink>(*std::move(file), run_);
  return absl::OkStatus();
}

absl::Status DatasetSink::ClosePart() {
  absl::Status status = part_->Finish();
  if (!status.ok()) return status;
  part_.reset();
  const uint64_t octets = digest_.size();
  manifest_.parts.push_back(
      {.rows = rows_, .octets = octets, .sha256 = digest_.Finish()});
  return absl::OkStatus();
}

}  // namespace io
