// EngineThread: an engine, its event loop and the thread it runs in. What the
// engine tells is kept until somebody else asks for it.
#ifndef PTRSWEEP_SCANNER_RUN_ENGINE_THREAD_H_
#define PTRSWEEP_SCANNER_RUN_ENGINE_THREAD_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "io/net/event_loop.h"
#include "scanner/asking/stats.h"
#include "scanner/engine/engine.h"
#include "scanner/engine/stop_reason.h"
#include "scanner/options.h"
#include "scanner/progress/division.h"
#include "scanner/progress/resumed.h"
#include "scanner/progress/row_writer.h"
#include "scanner/targets/scan_targets.h"

namespace scanner {

class EngineThread {
 public:
  // How far the engine is.
  struct Snapshot {
    Stats stats;
    size_t open = 0;
    size_t deferred = 0;
  };
  // What it has told since TakeNews() was last called.
  struct News {
    bool has_snapshot = false;  // a new one
    bool ended = false;
    StopReason gave_up = StopReason::kNone;
    std::vector<std::string> warnings;
  };

  // `on_news` is called in the engine's thread.
  static absl::StatusOr<std::unique_ptr<EngineThread>> Create(
      std::function<void()> on_news);
  // REQUIRES: joined, or never started.
  ~EngineThread() = default;
  EngineThread(const EngineThread&) = delete;
  EngineThread& operator=(const EngineThread&) = delete;

  // Makes the engine (`transferred`, `resumed`: see Engine); a snapshot is
  // taken every `interval`. Errors: sockets that cannot be had.
  absl::Status MakeEngine(const ScanOptions& options, const EngineShare& share,
                          const ScanTargets* targets,
                          const TransferredZones* transferred,
                          const Resumed& resumed, RowWriter* writer,
                          absl::Duration interval);
  void Start();
  void Join();

  // Any thread: makes the engine look around.
  void Wake() { loop_->Wake(); }
  // Its Stop() and Exclude() may be called by any thread, the rest once the
  // thread has been joined.
  Engine& engine() { return *engine_; }
  const Engine& engine() const { return *engine_; }

  // Any thread.
  News TakeNews();
  Snapshot TakenSnapshot() const;

 private:
  EngineThread(std::unique_ptr<io::EventLoop> loop,
               std::function<void()> on_news);

  void Run();
  void TakeSnapshot();
  Engine::Hooks HooksOf(absl::Duration interval);

  const std::function<void()> on_news_;
  std::unique_ptr<io::EventLoop> loop_;
  std::unique_ptr<Engine> engine_;
  mutable std::mutex mutex_;
  News news_;          // guarded by mutex_
  Snapshot snapshot_;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_RUN_ENGINE_THREAD_H_
