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
  pending_.insert(pending_.end(), events.finished.begin(),
                  events.finished.end());
  if (shards_.empty() || shards_.back().shard != events.shard) {
    shards_.push_back({.shard = events.shard, .rows = 0});
  }
  shards_.back().rows += events.finished.size();
  late_pending_.insert(late_pending_.end(), events.late.begin(),
                       events.late.end());
}

void ScanProgress::Finish(size_t rows) {
  for (size_t i = 0; i < rows;) {
    Run& run = shards_.front();
    const size_t of_run = std::min(run.rows, rows - i);
    for (const size_t end = i + of_run; i < end; ++i) {
      Finish(run.shard, pending_[i]);
    }
    run.rows -= of_run;
    if (run.rows == 0) shards_.pop_front();
  }
  pending_.erase(pending_.begin(),
                 pending_.begin() + static_cast<std::ptrdiff_t>(rows));
}

void ScanProgress::Finish(uint32_t shard, uint64_t number) {
  if (number == ProgressEvents::kLate) {
    map_.FinishLate(late_pending_.front());
    late_pending_.pop_front();
  } else {
    map_.Finish(shard, number);
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
