#include "scanner/progress/scan_journal.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "io/files/packed_octets.h"

namespace scanner {
namespace {

std::string Encode(const RowTally& tally) {
  io::OctetPacker packer;
  packer.Put(tally.rows);
  packer.Put(tally.unknown);
  packer.PutShort(tally.by_status.size());
  for (const uint64_t rows : tally.by_status) packer.Put(rows);
  packer.Put(static_cast<uint8_t>(tally.noted ? 1 : 0));
  return packer.octets();
}

std::optional<RowTally> Decode(absl::string_view counters) {
  io::OctetTaker taker(counters);
  RowTally tally;
  tally.rows = taker.Take<uint64_t>();
  tally.unknown = taker.Take<uint64_t>();
  if (taker.TakeShort() != tally.by_status.size()) return std::nullopt;
  for (uint64_t& rows : tally.by_status) rows = taker.Take<uint64_t>();
  tally.noted = taker.Take<uint8_t>() != 0;
  if (!taker.IsDone()) return std::nullopt;
  return tally;
}

}  // namespace

void RowTally::AddTo(Stats* stats) const {
  stats->targets += rows;
  stats->started += rows;
  stats->rows += rows;
  stats->unknown_rows += unknown;
  for (size_t i = 0; i < by_status.size(); ++i) {
    stats->rows_by_status[i] += by_status[i];
  }
}

ScanJournal::ScanJournal(std::unique_ptr<io::Journal> journal)
    : journal_(std::move(journal)) {}

absl::Status ScanJournal::TakeUp(const io::JournalContent& content) {
  if (!content.has_record) return absl::OkStatus();
  bool is_good = resumed_.Decode(content.last.progress);
  for (const std::string& changes : content.changes) {
    is_good = is_good && resumed_.DecodeChanges(changes);
  }
  const auto tally = Decode(content.last.counters);
  if (!is_good || !tally) {
    return absl::DataLossError("has a record that says nothing sensible");
  }
  map_ = resumed_;
  earlier_ = *tally;
  tally_ = *tally;
  recorded_state_ = content.sink.size();
  return absl::OkStatus();
}

void ScanJournal::BeginRun(const std::vector<EngineShare>& shares) {
  map_.BeginRun(shares);
}

void ScanJournal::Add(std::span<const io::Row> rows,
                      const ProgressEvents& events) {
  assert(rows.size() == events.finished.size());
  map_.Apply(events);
  for (size_t i = 0; i < rows.size(); ++i) {
    pending_.push_back(
        {.number = events.finished[i],
         .shard = events.shard,
         .status = rows[i].status,
         .unknown = io::IsIndefinite(rows[i].status, rows[i].cause),
         .noted = noted_});
  }
  late_pending_.insert(late_pending_.end(), events.late.begin(),
                       events.late.end());
  has_news_ = true;
}

absl::Status ScanJournal::Record(io::RowSink* sink, io::SyncTo to) {
  const auto synced = sink->Sync(to);
  if (!synced.ok()) return synced.status();
  const bool has_new_rows = synced->rows > finished_rows_;
  const auto end = pending_.begin() +
                   static_cast<std::ptrdiff_t>(synced->rows - finished_rows_);
  std::for_each(pending_.begin(), end,
                [this](const Pending& row) { Finish(row); });
  pending_.erase(pending_.begin(), end);
  finished_rows_ = synced->rows;
  if (!has_new_rows && !pending_.empty()) return absl::OkStatus();
  return Write(*synced, to == io::SyncTo::kEnd);
}

absl::Status ScanJournal::Write(const io::SyncedRows& synced, bool complete) {
  io::JournalRecord record = {.data_octets = synced.octets,
                              .complete = complete,
                              .progress = map_.Encode(),
                              .counters = Encode(tally_)};
  has_news_ = false;
  const size_t recorded = std::exchange(recorded_state_, synced.state.size());
  if (journal_->is_long()) {
    record.changes = map_.TakeAll();
    record.sink = std::string(synced.state);
    return journal_->Rewrite(record);
  }
  record.changes = map_.TakeChanges();
  record.sink = std::string(synced.state.substr(recorded));
  return journal_->Append(record);
}

void ScanJournal::Finish(const Pending& row) {
  if (row.number == ProgressEvents::kLate) {
    map_.FinishLate(late_pending_.front());
    late_pending_.pop_front();
  } else {
    map_.Finish(row.shard, row.number);
  }
  ++tally_.rows;
  ++tally_.by_status[static_cast<size_t>(row.status)];
  if (row.unknown) ++tally_.unknown;
  tally_.noted |= row.noted;
}

}  // namespace scanner
