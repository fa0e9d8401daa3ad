// What a scan came to, all engines together.
#ifndef PTRSWEEP_SCANNER_RUN_SCAN_REPORT_H_
#define PTRSWEEP_SCANNER_RUN_SCAN_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "io/net/endpoint.h"
#include "io/net/udp_socket.h"
#include "scanner/asking/stats.h"
#include "scanner/engine/stop_reason.h"
#include "scanner/reuse/zone_serials.h"
#include "scanner/transfer/transfer_phase.h"
#include "scanner/upstream/server.h"
#include "scanner/walk/walk_summary.h"

namespace scanner {

// A server as one engine knows it, or as all of them do.
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

  // Adds what another engine knows of the same server: counters, rate and
  // window are summed, round trip and loss are means, weighted by answers and
  // by packets; a mark of one engine is a mark of all.
  void Merge(const ServerReport& other);
};

std::vector<ServerReport> ReportServers(std::span<const Server> servers);
// Merges reports of the same servers, in the same order, into *all; an empty
// *all becomes `other`.
void MergeServers(const std::vector<ServerReport>& other,
                  std::vector<ServerReport>* all);

// Adds an engine's counters to those of all. An outage is met by every engine:
// of these the most counts.
void MergeStats(const Stats& other, Stats* all);

struct ScanReport {
  Stats stats;
  std::vector<ServerReport> servers;
  bool iterative = false;  // they are authorities
  std::vector<TransferReport> transfers;
  absl::Duration elapsed;
  size_t engines = 0;      // that ran
  int granted_buffer = 0;  // octets, of each socket's receive buffer
  io::UdpOffload offload;  // what the kernel did for us
  StopReason stop_reason = StopReason::kNone;  // the first
  // Nothing is left to do, whatever stopped it while its output was closed.
  bool complete = false;
  // Output that could not be written; the scan ended early then.
  absl::Status output;
  // The output has its name.
  bool finished() const { return complete && output.ok(); }
  WalkSummary walk;  // of a walk
  // Of the rows, if options.note_zones.
  ZoneSerials zones;
  // Faults of ours: counters that do not add up (Stats::BrokenIdentities).
  std::vector<std::string> broken_identities;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_RUN_SCAN_REPORT_H_
