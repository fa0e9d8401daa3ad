#include "scanner/run/scan_report.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <map>

namespace scanner {
namespace {

template <typename Value>
Value Mean(Value a, uint64_t weight_of_a, Value b, uint64_t weight_of_b) {
  const auto sum = static_cast<double>(weight_of_a + weight_of_b);
  if (sum == 0) return a;
  return a * (static_cast<double>(weight_of_a) / sum) +
         b * (static_cast<double>(weight_of_b) / sum);
}

// No limit of one is no limit of all.
double SumOfRates(double a_qps, double b_qps) {
  return a_qps == 0 || b_qps == 0 ? 0 : a_qps + b_qps;
}

ServerReport ReportOf(const Server& server) {
  return {.endpoint = server.endpoint,
          .sent = server.sent,
          .accepted = server.accepted,
          .expired = server.expired,
          .late = server.late,
          .round_trip = absl::Nanoseconds(server.timer.srtt()),
          .loss = server.congestion.loss(),
          .rate_qps = server.congestion.rate_qps(),
          .window = server.congestion.window(),
          .cuts = server.congestion.cuts(),
          .suspensions = server.suspension.count(),
          .near_misses = server.alarm.near_misses(),
          .no_edns = server.edns.no_edns(),
          .no_0x20 = server.letter_case.no_0x20(),
          .cookies = server.cookies.server_knows(),
          .tcp_refused = server.tcp_refused,
          .rewriting = server.rewriting,
          .lying = server.lying};
}

}  // namespace

void ServerReport::Merge(const ServerReport& other) {
  assert(endpoint == other.endpoint);
  round_trip = Mean(round_trip, accepted, other.round_trip, other.accepted);
  loss = Mean(loss, sent, other.loss, other.sent);
  rate_qps = SumOfRates(rate_qps, other.rate_qps);
  window += other.window;
  for (uint64_t ServerReport::*const counter :
       {&ServerReport::sent, &ServerReport::accepted, &ServerReport::expired,
        &ServerReport::late, &ServerReport::cuts, &ServerReport::suspensions,
        &ServerReport::near_misses}) {
    this->*counter += other.*counter;
  }
  for (bool ServerReport::*const mark :
       {&ServerReport::no_edns, &ServerReport::no_0x20, &ServerReport::cookies,
        &ServerReport::tcp_refused, &ServerReport::rewriting,
        &ServerReport::lying}) {
    this->*mark |= other.*mark;
  }
}

std::vector<ServerReport> ReportServers(std::span<const Server> servers) {
  std::vector<ServerReport> reports;
  for (const Server& server : servers) reports.push_back(ReportOf(server));
  return reports;
}

void MergeServers(const std::vector<ServerReport>& other,
                  std::vector<ServerReport>* all) {
  std::map<io::Endpoint, size_t> places;
  for (size_t i = 0; i < all->size(); ++i) places[(*all)[i].endpoint] = i;
  for (const ServerReport& server : other) {
    const auto place = places.find(server.endpoint);
    if (place == places.end()) {
      all->push_back(server);
    } else {
      (*all)[place->second].Merge(server);
    }
  }
}

void MergeStats(const Stats& other, Stats* all) {
  const uint64_t outages = std::max(all->outages, other.outages);
  all->Merge(other);
  all->outages = outages;
}

}  // namespace scanner
