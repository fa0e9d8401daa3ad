// RowWriter: the one thread that owns the outputs: rows, and a walk's findings.
// Engines hand it batches over a bounded queue; it never makes them wait: a
// full queue only tells them to start no new lookups.
#ifndef PTRSWEEP_SCANNER_PROGRESS_ROW_WRITER_H_
#define PTRSWEEP_SCANNER_PROGRESS_ROW_WRITER_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "io/formats/row_sink.h"
#include "scanner/progress/output_batch.h"
#include "scanner/progress/scan_journal.h"
#include "scanner/walk/finding_sink.h"

namespace scanner {

class RowWriter {
 public:
  // Batches that may wait before engines should pause.
  static constexpr size_t kMaxQueued = 16;
  // Rows of a full batch.
  static constexpr size_t kBatchRows = 1024;

  // `observe` sees every batch in the writer's thread, before the sink; `wake`
  // is called from there when the queue has room again or a write failed. Both
  // may be empty. With a journal, which may be null, what was written is
  // recorded every `record_interval`, and at the end; of a walk, when a batch
  // with a state comes after that time, or is followed by none until then.
  // `findings`: null if no batch has any. All pointers must outlive the writer.
  RowWriter(io::RowSink* sink,
            std::function<void(std::span<const io::Row>)> observe,
            std::function<void()> wake, ScanJournal* journal = nullptr,
            absl::Duration record_interval = absl::Seconds(1),
            FindingSink* findings = nullptr);
  ~RowWriter();
  RowWriter(const RowWriter&) = delete;
  RowWriter& operator=(const RowWriter&) = delete;

  // Any thread.
  std::unique_ptr<OutputBatch> TakeEmpty();
  void Push(std::unique_ptr<OutputBatch> batch);
  bool full() const { return queued_.load() >= kMaxQueued; }
  bool failed() const { return failed_.load(); }

  // Writes what is queued and ends the thread; then, if `complete`, finishes
  // the sinks, that of the rows first, and removes the journal, else only
  // flushes, or records. The first error of all writes.
  absl::Status Finish(bool complete);

 private:
  void Loop();
  void WriteBatch(const OutputBatch& batch);
  void RecordIfDue();
  // Keeps the first error, and tells of it.
  void Note(const absl::Status& status);
  absl::Status FinishRecorded(bool complete);
  absl::Status FinishSinks();
  absl::Status FlushSinks();
  // Waits for a batch; null at the end. Flushes the sinks when there is none,
  // and records what it has when that is due.
  std::unique_ptr<OutputBatch> NextBatch();

  io::RowSink* sink_;
  FindingSink* findings_;
  std::function<void(std::span<const io::Row>)> observe_;
  std::function<void()> wake_;
  ScanJournal* journal_;
  const std::chrono::nanoseconds record_interval_;
  std::chrono::steady_clock::time_point next_record_;  // the writer's thread

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<std::unique_ptr<OutputBatch>> queue_;   // guarded by mutex_
  std::vector<std::unique_ptr<OutputBatch>> empty_;  // guarded by mutex_
  bool ending_ = false;                              // guarded by mutex_

  std::atomic<size_t> queued_ = 0;
  std::atomic<bool> failed_ = false;
  absl::Status status_;  // the writer's thread, then Finish()
  std::thread thread_;   // last: it uses all of the above
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_PROGRESS_ROW_WRITER_H_
