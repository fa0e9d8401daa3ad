// RowWriter: the one thread that owns the output. Engines hand it batches of
// rows over a bounded queue; it never makes them wait: a full queue only tells
// them to start no new lookups.
#ifndef PTRSWEEP_SCANNER_ENGINE_ROW_WRITER_H_
#define PTRSWEEP_SCANNER_ENGINE_ROW_WRITER_H_

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "io/formats/row_batch.h"
#include "io/formats/row_sink.h"

namespace scanner {

class RowWriter {
 public:
  // Batches that may wait before engines should pause.
  static constexpr size_t kMaxQueued = 16;
  // Rows of a full batch.
  static constexpr size_t kBatchRows = 1024;

  // `observe` sees every batch in the writer's thread, before the sink; `wake`
  // is called from there when the queue has room again or a write failed. Both
  // may be empty. `sink` must outlive the writer.
  RowWriter(io::RowSink* sink,
            std::function<void(std::span<const io::Row>)> observe,
            std::function<void()> wake);
  ~RowWriter();
  RowWriter(const RowWriter&) = delete;
  RowWriter& operator=(const RowWriter&) = delete;

  // Any thread.
  std::unique_ptr<io::RowBatch> TakeEmpty();
  void Push(std::unique_ptr<io::RowBatch> batch);
  bool full() const { return queued_.load() >= kMaxQueued; }
  bool failed() const { return failed_.load(); }

  // Writes what is queued and ends the thread; then, if `complete`, finishes
  // the sink, else only flushes it. The first error of all writes.
  absl::Status Finish(bool complete);

 private:
  void Loop();
  void WriteBatch(const io::RowBatch& batch);
  // Waits for a batch; null at the end. Flushes the sink when there is none.
  std::unique_ptr<io::RowBatch> NextBatch();

  io::RowSink* sink_;
  std::function<void(std::span<const io::Row>)> observe_;
  std::function<void()> wake_;

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<std::unique_ptr<io::RowBatch>> queue_;   // guarded by mutex_
  std::vector<std::unique_ptr<io::RowBatch>> empty_;  // guarded by mutex_
  bool ending_ = false;                               // guarded by mutex_

  std::atomic<size_t> queued_ = 0;
  std::atomic<bool> failed_ = false;
  absl::Status status_;  // the writer's thread, then Finish()
  std::thread thread_;   // last: it uses all of the above
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ENGINE_ROW_WRITER_H_
