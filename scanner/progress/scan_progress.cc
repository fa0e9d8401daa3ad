#include "scanner/progress/scan_progress.h"

#include <algorithm>
#include <cassert>
#include <string>

namespace scanner {

bool ScanProgress::TakeUp(const io::JournalContent& content) {
  if (!resumed_.Decode(content.last.progress)) return false;
  for (const std::string& changes : content.changes) {
    if (!resumed_.DecodeChanges(changes)) return false;
  }
  map_ = resumed_;
  return true;
}

void ScanProgress::Add(const OutputBatch& batch) {
  const ProgressEvents& events = batch.events;
  assert(batch.rows.size() == events.finished.size());
  map_.Apply(events);
  for (const uint64_t number : events.finished) {
    pending_.push_back({.number = number, .shard = events.shard});
  }
  late_pending_.insert(late_pending_.end(), events.late.begin(),
                       events.late.end());
}

void ScanProgress::Finish(size_t rows) {
  const auto end = pending_.begin() + static_cast<std::ptrdiff_t>(rows);
  std::for_each(pending_.begin(), end,
                [this](const Pending& row) { Finish(row); });
  pending_.erase(pending_.begin(), end);
}

void ScanProgress::Finish(const Pending& row) {
  if (row.number == ProgressEvents::kLate) {
    map_.FinishLate(late_pending_.front());
    late_pending_.pop_front();
  } else {
    map_.Finish(row.shard, row.number);
  }
}

void ScanProgress::PutChanges(io::JournalRecord* record) {
  record->progress = map_.Encode();
  record->changes = map_.TakeChanges();
}

void ScanProgress::PutAll(io::JournalRecord* record) {
  record->progress = map_.Encode();
  record->changes = map_.TakeAll();
}

}  // namespace scanner
