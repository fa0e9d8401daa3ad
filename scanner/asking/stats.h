// Counters of one engine, and the identities they obey (WIRE.md section 8).
// A broken identity is a fault of ours.
#ifndef PTRSWEEP_SCANNER_ASKING_STATS_H_
#define PTRSWEEP_SCANNER_ASKING_STATS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "io/formats/status.h"
#include "scanner/asking/rtt_histogram.h"

namespace scanner {

// dnswire::Outcome's values, kRcode last.
inline constexpr size_t kOutcomeCount = 12;

struct Stats {
  // Targets.
  uint64_t targets = 0;    // of this engine
  uint64_t started = 0;    // taken from the order, skipped ones too
  uint64_t abandoned = 0;  // begun, but without a row when the scan stopped
  uint64_t rows = 0;
  std::array<uint64_t, io::kStatusCount> rows_by_status{};
  uint64_t unknown_rows = 0;       // indefinite ones
  uint64_t row_queries = 0;        // sum of column `queries`
  uint64_t unwritten_queries = 0;  // of lookups dropped at an early stop
  // Packets of earlier runs, for addresses that they put off and this one took
  // up; in the two sums above.
  uint64_t resumed_queries = 0;
  uint64_t deferred = 0;     // addresses put off to a late pass, in all
  uint64_t rescued = 0;      // of them, judged definite in a late pass
  uint64_t reused_rows = 0;  // whose PTR set is an earlier scan's
  uint64_t negatives_unverified = 0;  // rows no canary vouches for
  uint64_t negatives_doubted = 0;     // rows asked again: a canary failed
  uint64_t transferred = 0;           // rows that a transferred zone answered
  uint64_t forward_asked = 0;         // forward questions put on the wire
  uint64_t forward_shared = 0;  // answered by the cache or by a running one

  // Packets out.
  uint64_t udp_tries = 0;
  uint64_t udp_answered = 0;
  uint64_t udp_expired = 0;     // deadline passed, never answered
  uint64_t udp_superseded = 0;  // the question settled before the deadline
  uint64_t udp_cancelled = 0;   // moved to TCP
  uint64_t tcp_queries = 0;
  uint64_t canary_packets = 0;  // of canaries and probes, in both of the above
  uint64_t zone_check_packets = 0;  // of iteration's own questions, likewise
  uint64_t canaries_sent = 0;
  uint64_t canaries_failed = 0;  // denied, or without usable answer
  uint64_t send_blocked = 0;     // flushes the kernel had no room for
  uint64_t send_failed = 0;      // packets the kernel refused
  uint64_t id_starved = 0;

  // Datagrams in: each adds one to exactly one of these.
  uint64_t udp_received = 0;
  uint64_t udp_accepted = 0;
  uint64_t late = 0;  // under an id in quarantine
  uint64_t stray = 0;
  uint64_t drop_size = 0;
  uint64_t drop_source = 0;
  uint64_t drop_header = 0;
  uint64_t drop_question = 0;
  uint64_t drop_case = 0;
  uint64_t drop_cookie = 0;
  uint64_t local_drops = 0;  // by the kernel, our receive buffer was full
  uint64_t tcp_received = 0;
  uint64_t tcp_accepted = 0;
  uint64_t tcp_drop = 0;

  // What accepted responses came to, by dnswire::Outcome.
  std::array<uint64_t, kOutcomeCount> outcomes{};
  uint64_t lax = 0;
  uint64_t trailing = 0;
  RttHistogram rtt;  // of accepted responses

  uint64_t spoof_alarms = 0;
  uint64_t outages = 0;
  uint64_t sockets_replaced = 0;

  uint64_t not_started() const { return targets - started; }
  uint64_t packets() const { return udp_tries + tcp_queries; }

  // Adds another engine's counters.
  void Merge(const Stats& other);
  // One line for each identity that does not hold; empty if all do. `open` is
  // what is under way, nothing at the end of a scan.
  struct Open {
    uint64_t lookups = 0;    // held ones too
    uint64_t deferred = 0;   // waiting for a late pass
    uint64_t udp_tries = 0;  // due ones too
    bool any() const { return lookups + deferred + udp_tries > 0; }
  };
  std::vector<std::string> BrokenIdentities(const Open& open) const;
  std::vector<std::string> BrokenIdentities() const {
    return BrokenIdentities(Open());
  }
};

struct NamedCounter {
  absl::string_view name;  // the member's
  uint64_t Stats::*value;
};
// Every counter of Stats that is a number of its own, in its order.
std::span<const NamedCounter> Counters();

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ASKING_STATS_H_
