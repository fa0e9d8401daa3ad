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

std::span<const NamedCounter> Counters() {
  static constexpr NamedCounter kCounters[] = {
      {"targets", &Stats::targets},
      {"started", &Stats::started},
      {"abandoned", &Stats::abandoned},
      {"rows", &Stats::rows},
      {"unknown_rows", &Stats::unknown_rows},
      {"row_queries", &Stats::row_queries},
      {"unwritten_queries", &Stats::unwritten_queries},
      {"resumed_queries", &Stats::resumed_queries},
      {"deferred", &Stats::deferred},
      {"rescued", &Stats::rescued},
      {"reused_rows", &Stats::reused_rows},
      {"negatives_unverified", &Stats::negatives_unverified},
      {"negatives_doubted", &Stats::negatives_doubted},
      {"transferred", &Stats::transferred},
      {"forward_asked", &Stats::forward_asked},
      {"forward_shared", &Stats::forward_shared},
      {"udp_tries", &Stats::udp_tries},
      {"udp_answered", &Stats::udp_answered},
      {"udp_expired", &Stats::udp_expired},
      {"udp_superseded", &Stats::udp_superseded},
      {"udp_cancelled", &Stats::udp_cancelled},
      {"tcp_queries", &Stats::tcp_queries},
      {"canary_packets", &Stats::canary_packets},
      {"zone_check_packets", &Stats::zone_check_packets},
      {"canaries_sent", &Stats::canaries_sent},
      {"canaries_failed", &Stats::canaries_failed},
      {"send_blocked", &Stats::send_blocked},
      {"send_failed", &Stats::send_failed},
      {"id_starved", &Stats::id_starved},
      {"udp_received", &Stats::udp_received},
      {"udp_accepted", &Stats::udp_accepted},
      {"late", &Stats::late},
      {"stray", &Stats::stray},
      {"drop_size", &Stats::drop_size},
      {"drop_source", &Stats::drop_source},
      {"drop_header", &Stats::drop_header},
      {"drop_question", &Stats::drop_question},
      {"drop_case", &Stats::drop_case},
      {"drop_cookie", &Stats::drop_cookie},
      {"local_drops", &Stats::local_drops},
      {"tcp_received", &Stats::tcp_received},
      {"tcp_accepted", &Stats::tcp_accepted},
      {"tcp_drop", &Stats::tcp_drop},
      {"lax", &Stats::lax},
      {"trailing", &Stats::trailing},
      {"spoof_alarms", &Stats::spoof_alarms},
      {"outages", &Stats::outages},
      {"sockets_replaced", &Stats::sockets_replaced},
  };
  return kCounters;
}

void Stats::Merge(const Stats& other) {
  for (const NamedCounter& counter : Counters()) {
    this->*counter.value += other.*counter.value;
  }
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
    Expect(
        "packets", packets() + resumed_queries,
        "sum of column queries + canaries + zone checks",
        row_queries + unwritten_queries + canary_packets + zone_check_packets,
        &broken);
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
