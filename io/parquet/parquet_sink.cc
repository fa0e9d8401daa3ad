#include "io/parquet/parquet_sink.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "io/formats/row_text.h"
#include "io/parquet/parquet_footer.h"

namespace io {
namespace {

// Rows between asking for a row's memory and needing it: it was written in
// another order.
constexpr size_t kRowsAhead = 8;

KeyValues MakeKeyValues(const RunMetadata& run, int64_t start_us,
                        int64_t end_us) {
  KeyValues values = {
      {"ptrsweep.schema_version", absl::StrCat(kRowSchemaVersion)},
      {"ptrsweep.tool_version", run.tool_version},
      {"ptrsweep.targets_digest", run.targets_digest},
      {"ptrsweep.options_digest", run.options_digest},
      {"ptrsweep.seed", absl::StrCat(run.seed)},
      {"ptrsweep.shard", absl::StrCat(run.shard, "/", run.shards)},
      {"ptrsweep.resolvers", absl::StrJoin(run.resolvers, " ")},
      {"ptrsweep.start", TimeText(start_us)},
      {"ptrsweep.end", TimeText(end_us)},
  };
  std::erase_if(values, [](const auto& entry) { return entry.second.empty(); });
  return values;
}

}  // namespace

ParquetSink::ParquetSink(std::unique_ptr<OutputFile> file, RunMetadata metadata,
                         RowGroupLimits limits,
                         std::optional<ParquetState> earlier)
    : file_(std::move(file)),
      metadata_(std::move(metadata)),
      limits_(limits),
      schema_(MakeParquetSchema()),
      state_(earlier ? *std::move(earlier)
                     : ParquetState(schema_, metadata_.start_us)),
      encoder_(schema_),
      offset_(static_cast<int64_t>(file_->written_octets())) {
  if (offset_ > 0) return;
  // An error shows again with the next call.
  Append(kParquetMagic).IgnoreError();
}

absl::Status ParquetSink::Append(absl::string_view octets) {
  offset_ += static_cast<int64_t>(octets.size());
  return file_->Write(octets);
}

absl::Status ParquetSink::Write(std::span<const Row> rows) {
  for (const Row& row : rows) {
    if (rows_.size() == 0) group_start_ = std::chrono::steady_clock::now();
    order_.Add(row.ip, rows_.Append(row));
    if (rows_.size() < limits_.rows && rows_.octets() < limits_.octets) {
      continue;
    }
    absl::Status status = WriteGroup();
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status ParquetSink::WriteGroup() {
  const std::span<const PackedRows::Handle> order = order_.Sort();
  for (size_t i = 0; i < order.size(); ++i) {
    if (i + kRowsAhead < order.size()) rows_.Prefetch(order[i + kRowsAhead]);
    encoder_.Add(rows_.Get(order[i]));
  }
  const ParquetRowGroup group = encoder_.Finish(offset_, &octets_);
  state_.Add(schema_, group);
  written_rows_ += rows_.size();
  rows_.Clear();
  return Append(octets_);
}

absl::Status ParquetSink::Flush() { return file_->Flush(); }

absl::Status ParquetSink::EndGroup() {
  return rows_.size() > 0 ? WriteGroup() : absl::OkStatus();
}

absl::StatusOr<SyncedRows> ParquetSink::Sync(SyncTo to) {
  const auto age = std::chrono::steady_clock::now() - group_start_;
  absl::Status status;
  if (to != SyncTo::kParts || age >= limits_.age) status = EndGroup();
  if (to == SyncTo::kEnd && status.ok()) status = WriteEnd();
  if (status.ok()) status = file_->Sync();
  if (!status.ok()) return status;
  return SyncedRows{.octets = file_->written_octets(),
                    .rows = written_rows_,
                    .state = state_.octets()};
}

absl::Status ParquetSink::WriteEnd() {
  absl::Status status = EndGroup();
  if (!status.ok()) return status;
  has_end_ = true;
  return Append(state_.EndOf(schema_,
                             MakeKeyValues(metadata_, state_.start_us(),
                                           absl::ToUnixMicros(absl::Now())),
                             metadata_.tool_version));
}

absl::Status ParquetSink::Finish() {
  absl::Status status = has_end_ ? absl::OkStatus() : WriteEnd();
  return status.ok() ? file_->Finish() : status;
}

}  // namespace io
