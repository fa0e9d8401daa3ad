#include "scanner/engine/row_writer.h"

#include <chrono>
#include <utility>

namespace scanner {
namespace {

// Rows are seen by whoever reads the file or pipe after this much silence.
constexpr std::chrono::milliseconds kFlushAfter(200);

}  // namespace

RowWriter::RowWriter(io::RowSink* sink,
                     std::function<void(std::span<const io::Row>)> observe,
                     std::function<void()> wake)
    : sink_(sink),
      observe_(std::move(observe)),
      wake_(std::move(wake)),
      thread_([this] { Loop(); }) {}

RowWriter::~RowWriter() {
  if (thread_.joinable()) Finish(false).IgnoreError();
}

std::unique_ptr<io::RowBatch> RowWriter::TakeEmpty() {
  {
    const std::lock_guard lock(mutex_);
    if (!empty_.empty()) {
      std::unique_ptr<io::RowBatch> batch = std::move(empty_.back());
      empty_.pop_back();
      return batch;
    }
  }
  return std::make_unique<io::RowBatch>();
}

void RowWriter::Push(std::unique_ptr<io::RowBatch> batch) {
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
  if (status_.ok()) status_ = complete ? sink_->Finish() : sink_->Flush();
  return status_;
}

void RowWriter::Loop() {
  while (std::unique_ptr<io::RowBatch> batch = NextBatch()) {
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

void RowWriter::WriteBatch(const io::RowBatch& batch) {
  if (!status_.ok()) return;
  if (observe_) observe_(batch.rows());
  status_ = sink_->Write(batch.rows());
  if (!status_.ok()) failed_ = true;
}

std::unique_ptr<io::RowBatch> RowWriter::NextBatch() {
  std::unique_lock lock(mutex_);
  const auto ready = [this] { return !queue_.empty() || ending_; };
  if (!arrived_.wait_for(lock, kFlushAfter, ready)) {
    lock.unlock();
    if (status_.ok()) status_ = sink_->Flush();
    if (!status_.ok() && !failed_.exchange(true) && wake_) wake_();
    lock.lock();
    arrived_.wait(lock, ready);
  }
  if (queue_.empty()) return nullptr;
  std::unique_ptr<io::RowBatch> batch = std::move(queue_.front());
  queue_.pop_front();
  return batch;
}

}  // namespace scanner
