#include "scanner/progress/row_writer.h"

#include <cassert>
#include <chrono>
#include <utility>

namespace scanner {
namespace {

// Rows are seen by whoever reads the file or pipe after this much silence.
constexpr std::chrono::milliseconds kFlushAfter(200);

}  // namespace

RowWriter::RowWriter(io::RowSink* sink,
                     std::function<void(std::span<const io::Row>)> observe,
                     std::function<void()> wake, ScanJournal* journal,
                     absl::Duration record_interval, FindingSink* findings)
    : sink_(sink),
      findings_(findings),
      observe_(std::move(observe)),
      wake_(std::move(wake)),
      journal_(journal),
      record_interval_(absl::ToChronoNanoseconds(record_interval)),
      next_record_(std::chrono::steady_clock::now()),
      thread_([this] { Loop(); }) {}

RowWriter::~RowWriter() {
  if (thread_.joinable()) Finish(false).IgnoreError();
}

std::unique_ptr<OutputBatch> RowWriter::TakeEmpty() {
  {
    const std::lock_guard lock(mutex_);
    if (!empty_.empty()) {
      std::unique_ptr<OutputBatch> batch = std::move(empty_.back());
      empty_.pop_back();
      return batch;
    }
  }
  return std::make_unique<OutputBatch>();
}

void RowWriter::Push(std::unique_ptr<OutputBatch> batch) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(batch));
    ++queued_;
  }
  arrived_.notify_one();
}

absl::Status RowWriter::Finish(bool complete) {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  arrived_.notify_one();
  thread_.join();
  if (!status_.ok()) return status_;
  if (journal_ != nullptr) {
    status_ = FinishRecorded(complete);
  } else {
    status_ = complete ? FinishSinks() : FlushSinks();
  }
  return status_;
}

absl::Status RowWriter::FinishRecorded(bool complete) {
  absl::Status status = journal_->Record(
      sink_, findings_, complete ? io::SyncTo::kEnd : io::SyncTo::kRows);
  if (!status.ok() || !complete) return status;
  status = FinishSinks();
  return status.ok() ? journal_->Remove() : status;
}

absl::Status RowWriter::FinishSinks() {
  const absl::Status status = sink_->Finish();
  return status.ok() && findings_ != nullptr ? findings_->Finish() : status;
}

absl::Status RowWriter::FlushSinks() {
  absl::Status status = sink_->Flush();
  if (!status.ok() || findings_ == nullptr) return status;
  return findings_->Sync().status();
}

void RowWriter::Loop() {
  while (std::unique_ptr<OutputBatch> batch = NextBatch()) {
    WriteBatch(*batch);
    batch->Clear();
    bool has_room = false;
    {
      const std::lock_guard lock(mutex_);
      empty_.push_back(std::move(batch));
      has_room = queued_-- == kMaxQueued;
    }
    if (wake_ && (has_room || failed_)) wake_();
  }
}

void RowWriter::WriteBatch(const OutputBatch& batch) {
  if (!status_.ok()) return;
  if (observe_) observe_(batch.rows.rows());
  Note(sink_->Write(batch.rows.rows()));
  if (status_.ok() && !batch.findings.empty()) {
    assert(findings_ != nullptr);
    Note(findings_->Write(batch.findings));
  }
  if (journal_ == nullptr || !status_.ok()) return;
  journal_->Add(batch);
  RecordIfDue();
}

void RowWriter::RecordIfDue() {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_record_ || !status_.ok() || !journal_->has_news()) return;
  next_record_ = now + record_interval_;
  Note(journal_->Record(sink_, findings_, io::SyncTo::kParts));
}

void RowWriter::Note(const absl::Status& status) {
  status_.Update(status);
  if (!status_.ok()) failed_ = true;
}

std::unique_ptr<OutputBatch> RowWriter::NextBatch() {
  std::unique_lock lock(mutex_);
  const auto ready = [this] { return !queue_.empty() || ending_; };
  // Meanwhile others may push.
  const auto unlocked = [&](const std::function<void()>& action) {
    lock.unlock();
    const bool had_failed = failed_;
    if (status_.ok()) action();
    if (failed_ && !had_failed && wake_) wake_();
    lock.lock();
  };
  if (!arrived_.wait_for(lock, kFlushAfter, ready)) {
    // With a journal the findings are synced for its records.
    unlocked(
        [this] { Note(journal_ == nullptr ? FlushSinks() : sink_->Flush()); });
    const bool records = journal_ != nullptr && journal_->has_news();
    if (records && !arrived_.wait_until(lock, next_record_, ready)) {
      unlocked([this] { RecordIfDue(); });
    }
    arrived_.wait(lock, ready);
  }
  if (queue_.empty()) return nullptr;
  std::unique_ptr<OutputBatch> batch = std::move(queue_.front());
  queue_.pop_front();
  return batch;
}

}  // namespace scanner
