// Scan: the front door. Targets and options in, rows into a sink, a report out.
#ifndef PTRSWEEP_SCANNER_ENGINE_SCAN_H_
#define PTRSWEEP_SCANNER_ENGINE_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "io/formats/row.h"
#include "io/formats/row_sink.h"
#include "io/net/endpoint.h"
#include "io/net/udp_socket.h"
#include "scanner/asking/stats.h"
#include "scanner/engine/stop_reason.h"
#include "scanner/options.h"
#include "scanner/targets/scan_targets.h"
#include "scanner/targets/target_set.h"

namespace scanner {

// A moment of a running scan.
struct Progress {
  const Stats* stats = nullptr;
  absl::Duration elapsed;
  size_t open = 0;      // addresses being looked up
  size_t deferred = 0;  // waiting for a late pass
};

struct ScanHooks {
  // In the engine's thread, about every `progress_interval`.
  std::function<void(const Progress&)> progress;
  absl::Duration progress_interval = absl::Seconds(1);
  // In the writer's thread, every row once, before it is written.
  std::function<void(std::span<const io::Row>)> rows;
  // In the engine's thread: one line for stderr, when something is wrong with
  // the resolvers.
  std::function<void(const std::string&)> warn;
  // SIGHUP: what is not to be asked from now on, read anew; nullopt leaves it
  // as it was. In the engine's thread. Empty: SIGHUP is not handled.
  std::function<std::optional<TargetSet>()> reload_exclusions;
  // The first SIGINT or SIGTERM was taken: the scan drains what is in flight.
  // A second one ends the process at once with exit code 3.
  std::function<void()> stopping;
};

struct ServerReport {
  io::Endpoint endpoint;
  uint64_t sent = 0;
  uint64_t accepted = 0;
  uint64_t expired = 0;
  uint64_t late = 0;          // of the expired, answered after all
  absl::Duration round_trip;  // smoothed; zero without a sample
  double loss = 0;            // of the last measuring window
  double rate_qps = 0;        // at the end; 0: no limit
  uint32_t window = 0;        // at the end
  uint64_t cuts = 0;          // of rate and window
  uint64_t suspensions = 0;
  uint64_t near_misses = 0;
  // Marks.
  bool no_edns = false;
  bool no_0x20 = false;
  bool cookies = false;      // it does DNS cookies
  bool tcp_refused = false;  // under a spoof alarm
  bool rewriting = false;
  bool lying = false;
};

struct ScanReport {
  Stats stats;
  std::vector<ServerReport> servers;
  absl::Duration elapsed;
  int granted_buffer = 0;  // octets, of each socket's receive buffer
  io::UdpOffload offload;  // what the kernel did for us
  StopReason stop_reason = StopReason::kNone;
  // Output that could not be written; the scan ended early then.
  absl::Status output;
  // Faults of ours: counters that do not add up (Stats::BrokenIdentities).
  std::vector<std::string> broken_identities;
};

// Runs a scan to its end in the calling thread; the sink is used by another
// one. The sink is finished if every target got its row, else only flushed.
// Errors: what keeps the scan from starting (sockets, event loop).
absl::StatusOr<ScanReport> RunScan(const ScanOptions& options,
                                   const ScanTargets& targets,
                                   io::RowSink* sink, const ScanHooks& hooks);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ENGINE_SCAN_H_
