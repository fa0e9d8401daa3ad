#include "io/dataset/dataset_sink.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "io/files/file_calls.h"
#include "io/files/input_file.h"
#include "io/files/output_file.h"
#include "io/formats/carried_text.h"
#include "io/formats/row_text.h"

namespace io {
namespace {

absl::Status NotAsRecorded(const std::string& path, uint64_t octets) {
  return absl::DataLossError(
      absl::StrCat(CarriedText(path), " is not there with the ", octets,
                   " octets that the shard's journal recorded"));
}

// That the parts that were closed are there, and what is needed of the open
// one.
absl::Status CheckParts(const ShardFolder& folder, const DatasetState& state) {
  for (size_t i = 0; i < state.parts().size(); ++i) {
    const std::string path = folder.Part(i).file;
    const uint64_t octets = state.parts()[i].octets;
    if (SizeOfFile(path) != octets) return NotAsRecorded(path, octets);
  }
  if (state.part_octets() == 0) return absl::OkStatus();
  const OutputPlace open = folder.Part(state.parts().size());
  const auto size = folder.PartOctets(state.parts().size());
  if (size >= state.part_octets()) return absl::OkStatus();
  return NotAsRecorded(open.TemporaryPath(), state.part_octets());
}

}  // namespace

DatasetSink::DatasetSink(const Settings& settings)
    : DatasetSink(settings, DatasetState(settings.run.start_us)) {}

DatasetSink::DatasetSink(Settings settings, DatasetState state)
    : settings_(std::move(settings)), state_(std::move(state)) {}

absl::StatusOr<std::unique_ptr<DatasetSink>> DatasetSink::Continue(
    Settings settings, DatasetState state) {
  const ShardFolder& folder = settings.folder;
  absl::Status status = CheckParts(folder, state);
  if (!status.ok()) return status;
  std::optional<ParquetState> earlier;
  if (state.part_octets() > 0) {
    auto parsed = ParquetState::Parse(state.part_state(), state.part_octets());
    if (!parsed.ok()) {
      return absl::DataLossError(absl::StrCat(CarriedText(folder.JournalPath()),
                                              " ", parsed.status().message()));
    }
    earlier = *std::move(parsed);
  }
  status = folder.RemoveParts(state.parts().size() + (earlier ? 1 : 0));
  if (!status.ok()) return status;
  std::unique_ptr<DatasetSink> sink(
      new DatasetSink(std::move(settings), std::move(state)));
  if (earlier) status = sink->ContinuePart(*std::move(earlier));
  if (!status.ok()) return status;
  return sink;
}

absl::Status DatasetSink::Write(std::span<const Row> rows) {
  while (!rows.empty()) {
    absl::Status status = part_ ? absl::OkStatus() : OpenPart();
    const uint64_t room =
        settings_.part_rows - std::min(rows_, settings_.part_rows);
    const size_t taken = std::min<uint64_t>(rows.size(), room);
    if (status.ok()) status = part_->Write(rows.first(taken));
    if (!status.ok()) return status;
    rows = rows.subspan(taken);
    rows_ += taken;
    if (rows_ >= settings_.part_rows) status = ClosePart();
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status DatasetSink::Flush() {
  return part_ ? part_->Flush() : absl::OkStatus();
}

absl::StatusOr<SyncedRows> DatasetSink::Sync(SyncTo to) {
  if (part_ && to == SyncTo::kEnd) {
    absl::Status status = ClosePart();
    if (!status.ok()) return status;
  }
  SyncedRows synced = {.octets = state_.closed_octets(), .rows = closed_rows_};
  if (part_) {
    const auto part = part_->Sync(to);
    if (!part.ok()) return part.status();
    state_.Grow(part->state);
    synced.octets += part->octets;
    synced.rows += part->rows;
  }
  synced.state = state_.octets();
  return synced;
}

absl::Status DatasetSink::Finish() {
  absl::Status status = part_ ? ClosePart() : absl::OkStatus();
  if (!status.ok()) return status;
  ShardManifest manifest = settings_.manifest;
  manifest.start = TimeText(state_.start_us());
  manifest.end = TimeText(absl::ToUnixMicros(absl::Now()));
  manifest.parts = state_.parts();
  return WriteManifest(settings_.folder.ManifestPath(), manifest);
}

absl::Status DatasetSink::OpenPart() {
  auto file = OutputFile::Open(settings_.folder.Part(part_number()));
  if (!file.ok()) return file.status();
  digest_ = Sha256();
  rows_ = 0;
  earlier_rows_ = 0;
  (*file)->DigestInto(&digest_);
  part_ = std::make_unique<ParquetSink>(*std::move(file), settings_.run,
                                        settings_.row_group);
  return absl::OkStatus();
}

absl::Status DatasetSink::ContinuePart(ParquetState earlier) {
  const OutputPlace place = settings_.folder.Part(part_number());
  absl::Status status = settings_.folder.Reopen(part_number());
  if (!status.ok()) return status;
  const auto written = InputFile::Open(place.TemporaryPath());
  if (!written.ok()) return written.status();
  status = (*written)->DigestInto(state_.part_octets(), &digest_);
  if (!status.ok()) return status;
  auto file = OutputFile::Continue(place, state_.part_octets());
  if (!file.ok()) return file.status();
  (*file)->DigestInto(&digest_);
  rows_ = static_cast<uint64_t>(earlier.rows());
  earlier_rows_ = rows_;
  part_ = std::make_unique<ParquetSink>(
      *std::move(file), settings_.run, settings_.row_group, std::move(earlier));
  return absl::OkStatus();
}

absl::Status DatasetSink::ClosePart() {
  absl::Status status = part_->Finish();
  if (!status.ok()) return status;
  part_.reset();
  const uint64_t octets = digest_.size();
  state_.Close({.rows = rows_, .octets = octets, .sha256 = digest_.Finish()});
  closed_rows_ += rows_ - earlier_rows_;
  return absl::OkStatus();
}

}  // namespace io
