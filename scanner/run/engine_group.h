// EngineGroup: the engines of a scan, each in a thread of its own, and the
// writer they share.
//
//   calling thread            engine threads              writer's thread
//   zone transfers, then
//   signals  -- Stop, Exclude --> mailbox, Wake
//   hooks  <-- news, snapshots -- loop, sockets, shard
//                                 rows, 1,024 a batch  -->  sink
//                                 Wake, by all  <---------  has room, failed
//
// The calling thread only waits, in a loop of its own: it alone owns signal
// handles and calls hooks, so neither needs a lock, and an engine that has
// ended has nothing left to do. On the packet path engines share nothing that
// is written but the queue of the writer, once a batch.
//
// A walk has one engine: its targets are not there yet to be divided.
//
// Whatever ends one engine early ends all of them: a signal, the first engine
// that gives up (its reason is the scan's), output that cannot be written.
#ifndef PTRSWEEP_SCANNER_RUN_ENGINE_GROUP_H_
#define PTRSWEEP_SCANNER_RUN_ENGINE_GROUP_H_

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "io/formats/row_sink.h"
#include "io/net/event_loop.h"
#include "scanner/engine/stop_reason.h"
#include "scanner/engine/warnings.h"
#include "scanner/options.h"
#include "scanner/progress/row_writer.h"
#include "scanner/progress/scan_journal.h"
#include "scanner/run/engine_thread.h"
#include "scanner/run/scan_hooks.h"
#include "scanner/run/scan_report.h"
#include "scanner/targets/scan_targets.h"
#include "scanner/transfer/transfer_phase.h"
#include "scanner/walk/finding_sink.h"

namespace scanner {

class EngineGroup {
 public:
  // Everything a scan needs before it can start. `journal`, `transfers` and,
  // unless it is a walk, `findings` may be null. All pointers, `options` and
  // `targets` must outlive the group. Errors: sockets and event loops that
  // cannot be had.
  static absl::StatusOr<std::unique_ptr<EngineGroup>> Create(
      const ScanOptions& options, const ScanTargets& targets, io::RowSink* sink,
      const ScanHooks* hooks, ScanJournal* journal,
      const TransferPlan* transfers, FindingSink* findings);

  // Runs all engines to their end and closes the output. Call once.
  ScanReport Run();

 private:
  struct Member {
    std::unique_ptr<EngineThread> thread;
    bool heard = false;  // its snapshot is newer than the last progress report
    bool ended = false;
  };

  EngineGroup(std::unique_ptr<io::EventLoop> loop, bool walks,
              const ScanHooks* hooks, ScanJournal* journal);
  absl::Status AddThreads(size_t count);
  absl::Status MakeEngines(const ScanOptions& options,
                           const ScanTargets& targets,
                           const std::vector<EngineShare>& shares);
  absl::Status HandleSignals();

  // In the loop.
  void Turn();
  void TurnOfTransfers();
  void StartEngines();
  void Hear(size_t index);
  void OnStopSignal();
  void OnReloadSignal();
  void OnStatusSignal();
  void StopAll(StopReason reason);
  io::TimeNs TimeIsUpAt() const;
  void StopIfTimeIsUp();
  void ShowProgress();
  // What all engines' last snapshots come to; its stats go into *stats.
  Progress MakeProgress(Stats* stats) const;

  void WakeEngines();
  void Close();
  bool IsComplete() const;
  ScanReport MakeReport() const;

  const bool walks_;
  const ScanHooks* hooks_;
  ScanJournal* journal_;
  std::unique_ptr<io::EventLoop> loop_;
  std::vector<Member> members_;
  // After the loops it wakes, before the engines that push to it.
  std::optional<RowWriter> writer_;
  // Before the engines start; they read what it left.
  std::optional<TransferPhase> transfers_;
  std::thread closer_;  // once they have

  StopReason stop_reason_ = StopReason::kNone;
  bool interrupted_ = false;  // by a signal, whatever stopped it before
  WarningFilter warnings_;
  io::TimeNs started_at_ = 0;
  std::optional<absl::Duration> max_time_;
  absl::Status output_;               // before closed_
  std::atomic<bool> closed_ = false;  // the engines' threads and the output
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_RUN_ENGINE_GROUP_H_
