#include "scanner/delegation/authorities.h"

#include <algorithm>
#include <utility>

#include "scanner/targets/special_use.h"
#include "scanner/upstream/route.h"
#include "scanner/upstream/server_setup.h"

namespace scanner {
namespace {

// An authority does not recurse: 354 ms.
constexpr size_t kFloorRung = 1;

// The table of WIRE.md section 6.
PaceLimits LimitsOf(const ScanOptions& options,
                    const dnswire::IpAddress& address, bool infrastructure) {
  PaceLimits limits;
  limits.floor_qps = 5;
  const std::optional<double> listed = FindListedRate(options, address);
  if (listed) {
    limits.start_qps = *listed;
    limits.cap_qps = *listed;
    if (*listed > 0) limits.floor_qps = std::min(limits.floor_qps, *listed);
  } else if (!IsLoopback(address)) {
    limits.start_qps = options.authority_rate_qps;
    limits.cap_qps = infrastructure ? options.authority_rate_qps
                                    : std::max(options.authority_rate_qps,
                                               options.authority_max_qps);
    limits.floor_qps = std::min(limits.floor_qps, limits.start_qps);
    limits.window_start = 16;
    limits.window_min = 2;
    limits.window_max = 256;
  }
  return FittingLimits(limits, options);
}

}  // namespace

std::optional<double> FindListedRate(const ScanOptions& options,
                                     const dnswire::IpAddress& address) {
  const ListedRate* longest = nullptr;
  for (const ListedRate& listed : options.listed_rates) {
    if (listed.prefix.Contains(address) &&
        (longest == nullptr ||
         listed.prefix.length() > longest->prefix.length())) {
      longest = &listed;
    }
  }
  if (longest == nullptr) return std::nullopt;
  return longest->qps;
}

Authorities::Authorities(const ScanOptions& options, size_t max_servers,
                         io::SecureRandom* random, Part part)
    : options_(options),
      max_servers_(max_servers),
      random_(random),
      part_(part) {
  servers_.reserve(max_servers);
  is_in_use_.resize(max_servers);
  by_address_.reserve(max_servers);
}

std::optional<AuthorityRef> Authorities::Get(const dnswire::IpAddress& address,
                                             bool infrastructure) {
  const auto known = by_address_.find(address);
  if (known != by_address_.end()) {
    return AuthorityRef{.address = address, .place = known->second};
  }
  const std::optional<uint16_t> place = TakePlace();
  if (!place) return std::nullopt;
  if (*place == servers_.size()) {
    servers_.push_back(NewServer(address, infrastructure));
  } else {
    by_address_.erase(servers_[*place].endpoint.address);
    servers_[*place] = NewServer(address, infrastructure);
  }
  by_address_[address] = *place;
  return AuthorityRef{.address = address, .place = *place};
}

Server* Authorities::Renew(AuthorityRef* ref, bool infrastructure) {
  const bool is_there = ref->place < servers_.size() &&
                        servers_[ref->place].endpoint.address == ref->address;
  if (!is_there) {
    const auto renewed = Get(ref->address, infrastructure);
    if (!renewed) return nullptr;
    *ref = *renewed;
  }
  return &servers_[ref->place];
}

uint16_t Authorities::Find(const io::Endpoint& from) const {
  if (from.port != dnswire::kPort) return kNoServer;
  const absl::uint128 value = from.address.value();
  constexpr uint64_t kOdd = 0x9e3779b97f4a7c15;
  uint16_t& recent =
      recent_[((absl::Uint128High64(value) ^ absl::Uint128Low64(value)) *
               kOdd) >>
              (64 - kRecentBits)];
  if (recent < servers_.size() &&
      servers_[recent].endpoint.address == from.address) {
    return recent;
  }
  const auto known = by_address_.find(from.address);
  if (known == by_address_.end()) return kNoServer;
  recent = known->second;
  return recent;
}

void Authorities::Use(uint16_t place) {
  if (std::exchange(is_in_use_[place], 1) == 0) in_use_.push_back(place);
}

// Those that nobody waits for are left alone until they are asked again.
void Authorities::Adapt(io::TimeNs now) {
  for (size_t i = 0; i < in_use_.size();) {
    Server& server = servers_[in_use_[i]];
    server.Adapt(now);
    if (server.open_tries > 0 || server.tcp_backlog > 0) {
      ++i;
      continue;
    }
    is_in_use_[in_use_[i]] = 0;
    in_use_[i] = in_use_.back();
    in_use_.pop_back();
  }
}

// A free place, or that of a server nobody waits for: the hand spares, for a
// round, those that were asked since it last came by.
std::optional<uint16_t> Authorities::TakePlace() {
  if (servers_.size() < max_servers_) {
    return static_cast<uint16_t>(servers_.size());
  }
  for (size_t i = 0; i < 2 * servers_.size(); ++i) {
    Server& server = servers_[hand_];
    const auto place = static_cast<uint16_t>(hand_);
    hand_ = (hand_ + 1) % servers_.size();
    if (server.open_tries > 0 || server.tcp_backlog > 0) continue;
    if (server.sent == server.sent_before) return place;
    server.sent_before = server.sent;
  }
  return std::nullopt;
}

Server Authorities::NewServer(const dnswire::IpAddress& address,
                              bool infrastructure) {
  const PaceLimits limits =
      PartOf(LimitsOf(options_, address, infrastructure), part_);
  Server server({.address = address}, limits);
  server.timer = RetransmissionTimer(kFloorRung);
  server.rate_share = rate_share_;
  if (window_cap_) server.congestion.CapWindow(*window_cap_);
  server.FollowRate();
  SetHabits(options_, random_, &server);
  return server;
}

void Authorities::CapWindows(uint32_t window) {
  window_cap_ = window;
  for (Server& server : servers_) server.congestion.CapWindow(window);
}

void Authorities::SetRateShare(double share) {
  rate_share_ = share;
  for (Server& server : servers_) {
    server.rate_share = share;
    server.FollowRate();
  }
}

}  // namespace scanner
