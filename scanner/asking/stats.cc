#include "scanner/asking/stats.h"

#include <numeric>

#include "absl/strings/str_cat.h"

namespace scanner {
namespace {

template <size_t kSize>
uint64_t Sum(const std::array<uint64_t, kSize>& counters) {
  return std::accumulate(counters.begin(), counters.end(), uint64_t{0});
}

template <size_t kSize>
void Add(const std::array<uint64_t, kSize>& from,
         std::array<uint64_t, kSize>* to) {
  for (size_t i = 0; i < kSize; ++i) (*to)[i] += from[i];
}

void Expect(absl::string_view left_name, uint64_t left,
            absl::string_view right_name, uint64_t right,
            std::vector<std::string>* broken) {
  if (left == right) return;
  broken->push_back(
      absl::StrCat(left_name, " = ", left, ", but ", right_name, " = ", right));
}

}  // namespace

void Stats::Merge(const Stats& other) {
  constexpr uint64_t Stats::*kCounters[] = {
      &Stats::targets,
      &Stats::started,
      &Stats::abandoned,
      &Stats::rows,
      &Stats::unknown_rows,
      &Stats::row_queries,
      &Stats::unwritten_queries,
      &Stats::deferred,
      &Stats::rescued,
      &Stats::negatives_unverified,
      &Stats::negatives_doubted,
      &Stats::forward_asked,
      &Stats::forward_shared,
      &Stats::udp_tries,
      &Stats::udp_answered,
      &Stats::udp_expired,
      &Stats::udp_superseded,
      &Stats::udp_cancelled,
      &Stats::tcp_queries,
      &Stats::canary_packets,
      &Stats::canaries_sent,
      &Stats::canaries_failed,
      &Stats::send_blocked,
      &Stats::send_failed,
      &Stats::id_starved,
      &Stats::udp_received,
      &Stats::udp_accepted,
      &Stats::late,
      &Stats::stray,
      &Stats::drop_size,
      &Stats::drop_source,
      &Stats::drop_header,
      &Stats::drop_question,
      &Stats::drop_case,
      &Stats::drop_cookie,
      &Stats::local_drops,
      &Stats::tcp_received,
      &Stats::tcp_accepted,
      &Stats::tcp_drop,
      &Stats::lax,
      &Stats::trailing,
      &Stats::spoof_alarms,
      &Stats::outages,
      &Stats::sockets_replaced,
  };
  for (const auto counter : kCounters) this->*counter += other.*counter;
  Add(other.rows_by_status, &rows_by_status);
  Add(other.outcomes, &outcomes);
  rtt.Merge(other.rtt);
}

std::vector<std::string> Stats::BrokenIdentities(const Open& open) const {
  std::vector<std::string> broken;
  Expect("targets", targets,
         "rows + abandoned + not started + in lookup + deferred",
         rows + abandoned + not_started() + open.lookups + open.deferred,
         &broken);
  Expect("rows", rows, "sum over statuses", Sum(rows_by_status), &broken);
  Expect("UDP tries", udp_tries,
         "answered + expired + superseded + cancelled + failed + open",
         udp_answered + udp_expired + udp_superseded + udp_cancelled +
             send_failed + open.udp_tries,
         &broken);
  // What open lookups have spent is known only at their end.
  if (!open.any()) {
    Expect("packets", packets(), "sum of column queries + canaries",
           row_queries + unwritten_queries + canary_packets, &broken);
  }
  Expect("udp_received", udp_received, "accepted + late + stray + dropped",
         udp_accepted + late + stray + drop_size + drop_source + drop_header +
             drop_question + drop_case + drop_cookie,
         &broken);
  Expect("udp_accepted", udp_accepted, "answered", udp_answered, &broken);
  Expect("tcp_received", tcp_received, "accepted + dropped",
         tcp_accepted + tcp_drop, &broken);
  Expect("accepted", udp_accepted + tcp_accepted, "sum over outcomes",
         Sum(outcomes), &broken);
  return broken;
}

}  // namespace scanner
