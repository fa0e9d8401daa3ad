// What a running scan tells, and asks, whoever started it.
#ifndef PTRSWEEP_SCANNER_RUN_SCAN_HOOKS_H_
#define PTRSWEEP_SCANNER_RUN_SCAN_HOOKS_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "absl/time/time.h"
#include "io/formats/row.h"
#include "scanner/asking/seen_try.h"
#include "scanner/asking/stats.h"
#include "scanner/targets/target_set.h"

namespace scanner {

// A moment of a running scan, all engines together.
struct Progress {
  const Stats* stats = nullptr;
  absl::Duration elapsed;
  size_t open = 0;      // addresses being looked up
  size_t deferred = 0;  // waiting for a late pass
};

// All but `rows` and `tried` are called in the thread that called RunScan().
// Each may be empty.
struct ScanHooks {
  // About every `progress_interval`.
  std::function<void(const Progress&)> progress;
  absl::Duration progress_interval = absl::Seconds(1);
  // In the writer's thread, every row once, before it is written.
  std::function<void(std::span<const io::Row>)> rows;
  // In the engines' threads, each try: with several of them (ScanOptions::
  // threads) it must be safe to be called by all at once.
  TryObserver tried;
  // One line for stderr, when something is wrong with the resolvers.
  std::function<void(const std::string&)> warn;
  // SIGHUP: what is not to be asked from now on, read anew; nullopt leaves it
  // as it was. Empty: SIGHUP is not handled.
  std::function<std::optional<TargetSet>()> reload_exclusions;
  // SIGUSR1: how far the scan is, as of at most `progress_interval` ago. Empty:
  // SIGUSR1 is not handled.
  std::function<void(const Progress&)> status;
  // The first SIGINT or SIGTERM was taken: the scan drains what is in flight.
  // A second one ends the process at once with exit code 3.
  std::function<void()> stopping;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_RUN_SCAN_HOOKS_H_
