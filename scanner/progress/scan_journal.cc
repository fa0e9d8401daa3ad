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

ScanJournal::ScanJournal(std::unique_ptr<io::Journal> journal, Kind kind)
    : journal_(std::move(journal)) {
  if (kind == Kind::kWalk) progress_.emplace<WalkProgress>();
}

absl::Status ScanJournal::TakeUp(const io::JournalContent& content) {
  if (!content.has_record) return absl::OkStatus();
  const bool is_good = std::visit(
      [&](auto& progress) { return progress.TakeUp(content); }, progress_);
  const auto tally = Decode(content.last.counters);
  if (!is_good || !tally) {
    return absl::DataLossError("has a record that says nothing sensible");
  }
  earlier_ = *tally;
  tally_ = *tally;
  recorded_state_ = content.sink.size();
  return absl::OkStatus();
}

Resumed ScanJournal::resumed() const {
  if (const auto* scan = std::get_if<ScanProgress>(&progress_)) {
    return {.scan = &scan->resumed()};
  }
  return {.walk = &std::get<WalkProgress>(progress_).resumed()};
}

void ScanJournal::BeginRun(const std::vector<EngineShare>& shares) {
  if (auto* scan = std::get_if<ScanProgress>(&progress_)) {
    scan->BeginRun(shares);
  }
}

void ScanJournal::Add(const OutputBatch& batch) {
  std::visit([&](auto& progress) { progress.Add(batch); }, progress_);
  for (const io::Row& row : batch.rows.rows()) {
    pending_.push_back({.status = row.status,
                        .unknown = io::IsIndefinite(row.status, row.cause),
                        .noted = noted_});
  }
  noted_finding_ |= noted_ && !batch.findings.empty();
  has_news_ = walk() == nullptr || walk()->has_state();
}

absl::Status ScanJournal::Record(io::RowSink* sink, FindingSink* findings,
                                 io::SyncTo to) {
  const bool complete = to == io::SyncTo::kEnd;
  if (walk() != nullptr && !walk()->has_state() && !complete) {
    return absl::OkStatus();
  }
  const auto synced = sink->Sync(to);
  if (!synced.ok()) return synced.status();
  if (findings != nullptr) {
    const auto octets = findings->Sync();
    if (!octets.ok()) return octets.status();
    assert(walk() != nullptr);
    walk()->SetFindingsOctets(*octets);
    tally_.noted |= noted_finding_;
  }
  const bool has_new_rows = synced->rows > finished_rows_;
  Finish(synced->rows - finished_rows_);
  finished_rows_ = synced->rows;
  if (walk() == nullptr && !has_new_rows && !pending_.empty()) {
    return absl::OkStatus();
  }
  return Write(*synced, complete);
}

absl::Status ScanJournal::Write(const io::SyncedRows& synced, bool complete) {
  io::JournalRecord record = {.data_octets = synced.octets,
                              .complete = complete,
                              .counters = Encode(tally_)};
  has_news_ = false;
  const size_t recorded = std::exchange(recorded_state_, synced.state.size());
  if (journal_->is_long()) {
    std::visit([&](auto& progress) { progress.PutAll(&record); }, progress_);
    record.sink = std::string(synced.state);
    return journal_->Rewrite(record);
  }
  std::visit([&](auto& progress) { progress.PutChanges(&record); }, progress_);
  record.sink = std::string(synced.state.substr(recorded));
  return journal_->Append(record);
}

void ScanJournal::Finish(size_t rows) {
  std::visit([&](auto& progress) { progress.Finish(rows); }, progress_);
  const auto end = pending_.begin() + static_cast<std::ptrdiff_t>(rows);
  std::for_each(pending_.begin(), end,
                [this](const Pending& row) { Count(row); });
  pending_.erase(pending_.begin(), end);
}

void ScanJournal::Count(const Pending& row) {
  ++tally_.rows;
  ++tally_.by_status[static_cast<size_t>(row.status)];
  if (row.unknown) ++tally_.unknown;
  tally_.noted |= row.noted;
}

}  // namespace scanner
