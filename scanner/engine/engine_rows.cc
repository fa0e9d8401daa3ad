// Part of Engine: the end of a lookup, its verdict and its row.
#include <string>
#include <utility>

#include "scanner/engine/engine.h"
#include "scanner/verdict/expectation.h"

namespace scanner {

// Goes on with a lookup that waits for nothing.
void Engine::Advance(uint32_t index) {
  if (lookups_[index].pending > 0) return;
  if (!abandoning_) {
    AskExpected(index);
    if (options_.both_families || options_.dual_stack) AskChecks(index);
  }
  if (lookups_[index].pending > 0) return;
  finished_.push_back(index);
  if (finished_.size() >= kTogether) FinishAll();
}

// What waits for company waits no longer.
void Engine::GoOn() {
  AskAllNames();
  FinishAll();
}

void Engine::PrefetchEnd(uint32_t index) const {
  const Lookup& lookup = lookups_[index];
  lookups_.Prefetch(index);
  if (lookup.gathered != kNil) gathered_.Prefetch(lookup.gathered);
}

void Engine::FinishAll() {
  for (size_t i = 0; i < finished_.size(); ++i) {
    if (i + 1 < finished_.size()) PrefetchEnd(finished_[i + 1]);
    Finish(finished_[i]);
  }
  finished_.clear();
}

void Engine::Finish(uint32_t index) {
  const Lookup& lookup = lookups_[index];
  if (canaries_ && lookup.denying != 0 && !abandoning_) {
    const ServerIndex server = DoubtedServer(index);
    if (lookup.epoch != canaries_->EpochOf(lookup.denying)) {
      return Doubt(index, server, true);
    }
    return canaries_->Hold(index, server, asker_->now());
  }
  if (lookup.area != kNil) TellDeniedLeaf(index);
  const Gathered* gathered = FindGathered(lookup);
  const LabelTable::Match match = targets_->labels.Find(lookup.target);
  const Verdict verdict =
      Judge(view_.Of(lookup, gathered, options_.ptr_only, match.expected));
  if (!Withhold(lookup, verdict)) {
    io::Row* const row = NewRow();
    view_.FillRow(lookup, gathered, verdict, row);
    if (lookup.pass > 0 && !io::IsIndefinite(row->status, row->cause)) {
      ++stats_.rescued;
    }
    if (gathered != nullptr && gathered->transferred) ++stats_.transferred;
    EmitRow(lookup, match, row);
  }
  Release(index);
}

// True if the lookup gets no row now: the scan ends before it was done, or it
// is put off to a late pass that may tell more.
bool Engine::Withhold(const Lookup& lookup, const Verdict& verdict) {
  const bool unfinished = lookup.may_learn_more &&
                          lookup.packets < options_.max_queries_per_target &&
                          lookup.pass < options_.late_passes &&
                          io::IsIndefinite(verdict.status, verdict.cause);
  if (!abandoning_ && !unfinished) return false;
  if (abandoning_ || stopped()) {
    ++stats_.abandoned;
    stats_.unwritten_queries += lookup.packets;
  } else {
    Defer(lookup);
  }
  return true;
}

void Engine::Defer(const Lookup& lookup) {
  ++stats_.deferred;
  CauseSet forward_seen = lookup.forward_seen;
  forward_seen.AddAll(lookup.forward_seen_before);
  const Deferred deferred = {.position = lookup.position,
                             .target = lookup.target,
                             .packets = lookup.packets,
                             .passes = static_cast<uint8_t>(lookup.pass + 1),
                             .reverse_seen = lookup.reverse_seen,
                             .forward_seen = forward_seen,
                             .failed = lookup.failed};
  late_.Add(deferred);
  if (resumed_ != nullptr) {
    batch_->events.put_off.push_back({lookup.number, deferred});
  }
}

void Engine::Release(uint32_t index) {
  const Lookup& lookup = lookups_[index];
  if (lookup.gathered != kNil) gathered_.Release(lookup.gathered);
  lookups_.Release(index);
}

Gathered& Engine::GatheredOf(uint32_t index) {
  Lookup& lookup = lookups_[index];
  if (lookup.gathered == kNil) {
    lookup.gathered = gathered_.Acquire();
    gathered_[lookup.gathered].Clear();
  }
  return gathered_[lookup.gathered];
}

const Gathered* Engine::FindGathered(const Lookup& lookup) const {
  return lookup.gathered == kNil ? nullptr : &gathered_[lookup.gathered];
}

// ---- rows

io::Row* Engine::NewRow() {
  if (batch_->rows.size() == 0) batch_since_ = asker_->now();
  return batch_->rows.Add();
}

// REQUIRES: `row` is the newest.
void Engine::EmitRow(const Lookup& lookup, const LabelTable::Match& match,
                     io::Row* row) {
  if (row->time_us == 0) row->time_us = wall_us_;
  row->label = match.label;
  std::string expected;
  if (!match.expected.empty()) {
    expected = Expectation(match.expected, row->ip).ToText();
    row->expected = expected;
  }
  const bool reused = row->flags.Has(io::Flag::kReused);
  if (reused) ++stats_.reused_rows;
  if (options_.note_zones && row->zone) {
    zone_serials_.NoteRow(*row->zone, reused);
  }
  ++stats_.rows;
  ++stats_.rows_by_status[static_cast<size_t>(row->status)];
  if (io::IsIndefinite(row->status, row->cause)) ++stats_.unknown_rows;
  stats_.row_queries += row->queries;
  batch_->rows.Own();
  if (walk_) open_hosts_.erase(row->ip);
  if (resumed_ != nullptr) NoteFinished(lookup);
  if (batch_->rows.size() >= RowWriter::kBatchRows) PushRows(batch_since_);
}

void Engine::NoteFinished(const Lookup& lookup) {
  batch_->events.finished.push_back(lookup.number);
  if (lookup.number == ProgressEvents::kLate) {
    batch_->events.late.push_back(lookup.position);
  }
}

void Engine::PushRows(io::TimeNs now) {
  batch_since_ = now;
  if (batch_->empty()) return;
  batch_->events.shard = shard_;
  writer_->Push(std::move(batch_));
  batch_ = writer_->TakeEmpty();
}

}  // namespace scanner
