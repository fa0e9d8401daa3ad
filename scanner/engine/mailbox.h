// Mailbox: what other threads tell an engine, taken by it at the begin of a
// turn. A turn without mail costs one load.
#ifndef PTRSWEEP_SCANNER_ENGINE_MAILBOX_H_
#define PTRSWEEP_SCANNER_ENGINE_MAILBOX_H_

#include <atomic>
#include <mutex>
#include <optional>
#include <utility>

#include "scanner/engine/stop_reason.h"
#include "scanner/targets/target_set.h"

namespace scanner {

class Mailbox {
 public:
  struct Mail {
    StopReason stop = StopReason::kNone;
    std::optional<TargetSet> excluded;
  };

  // Any thread; the receiver has to be woken.
  void PutStop(StopReason reason) {
    const std::lock_guard lock(mutex_);
    mail_.stop = reason;
    waiting_ = true;
  }
  void PutExcluded(TargetSet excluded) {
    const std::lock_guard lock(mutex_);
    mail_.excluded = std::move(excluded);
    waiting_ = true;
  }

  // The receiver's thread: what has been put since, the last of each kind.
  std::optional<Mail> Take() {
    if (!waiting_) return std::nullopt;
    const std::lock_guard lock(mutex_);
    waiting_ = false;
    return std::exchange(mail_, {});
  }

 private:
  std::mutex mutex_;
  Mail mail_;  // guarded by mutex_
  std::atomic<bool> waiting_ = false;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ENGINE_MAILBOX_H_
