#include "scanner/delegation/delegation_route.h"

#include <algorithm>
#include <bit>

#include "scanner/upstream/server_setup.h"

namespace scanner {
namespace {

// Parts of ScanOptions::forward_cache_octets: a half, and so on.
constexpr size_t kZonesShare = 2;
constexpr size_t kMarksShare = 8;
constexpr size_t kHostsShare = 8;
constexpr size_t kServersShare = 4;
constexpr size_t kOctetsOfHost = 512;
constexpr size_t kMaxServers = 8192;
constexpr size_t kMinServers = 64;
constexpr size_t kMinHosts = 64;

// Servers this much slower than the best are not asked while it has room.
constexpr io::TimeNs kNear = 50 * io::kMillisecond;
// Every record is that of a server with open tries.
constexpr io::TimeNs kRoomWait = 10 * io::kMillisecond;

ServerIndex FirstOf(ServerMask mask) {
  return static_cast<ServerIndex>(std::countr_zero(mask));
}

size_t ServersIn(size_t octets) {
  return std::clamp(octets / sizeof(Server), kMinServers, kMaxServers);
}

}  // namespace

DelegationRoute::DelegationRoute(const ScanOptions& options,
                                 io::SecureRandom* random, Part part)
    : options_(options),
      random_(random),
      part_(part),
      key_(random->U64()),
      authorities_(options,
                   ServersIn(options.forward_cache_octets / kServersShare),
                   random, part),
      zones_(options.forward_cache_octets / kZonesShare),
      hosts_(std::max(kMinHosts, options.forward_cache_octets / kHostsShare /
                                     kOctetsOfHost)),
      marks_(options.forward_cache_octets / kMarksShare) {
  Referral root;
  for (const RootServer& server : options.root_servers) {
    for (const dnswire::IpAddress& address : server.addresses) {
      root.glue.push_back({.host = static_cast<uint8_t>(root.hosts.size()),
                           .address = address});
    }
    root.hosts.Add(server.name);
  }
  root_ = StoreZone(root, 0);
  zones_[root_].ends_at = io::kNever;
  zones_.Pin(root_);
  // In the order in which they are asked.
  std::vector<Zone::Place>& places = zones_[root_].places;
  for (size_t i = places.size(); i > 1; --i) {
    std::swap(places[i - 1], places[random->Below(static_cast<uint32_t>(i))]);
  }
}

RouteChoice DelegationRoute::Choose(const RouteRequest& request,
                                    io::TimeNs now) {
  Zone& zone = zones_[request.zone];
  if (DescentOf(request.question).zone != request.zone) {
    Enter(request.question, request.zone);
  }
  if (!zone.limiter.Ready(now)) {
    return {.kind = RouteChoice::Kind::kWait,
            .ready_at = zone.limiter.ReadyAt()};
  }
  const Found found = FindUsable(&zone, request.excluded, now);
  if (request.pinned != 0 && (request.pinned & found.usable) != 0) {
    return ChooseAmong(&zone, request.pinned & found.usable, now);
  }
  if (found.usable == 0 && found.no_room) {
    return {.kind = RouteChoice::Kind::kWait, .ready_at = now + kRoomWait};
  }
  if (found.usable == 0) return WithoutServers(request, found.suspended, now);
  const ServerMask untried = found.usable & ~request.tried;
  return ChooseAmong(
      &zone, WithoutAvoided(zone, untried != 0 ? untried : found.usable, now),
      now);
}

// Those that are not excluded nor suspended. Gives servers whose record had to
// go a new one.
DelegationRoute::Found DelegationRoute::FindUsable(Zone* zone,
                                                   ServerMask excluded,
                                                   io::TimeNs now) {
  Found found;
  for (size_t i = 0; i < zone->places.size(); ++i) {
    const ServerMask mask = MaskOf(static_cast<ServerIndex>(i));
    if ((excluded & mask) != 0) continue;
    const Server* const server =
        authorities_.Renew(&zone->places[i].server, zone->infrastructure);
    if (server == nullptr) {
      found.no_room = true;
    } else if (server->suspension.MaySend(now)) {
      found.usable |= mask;
    } else {
      found.suspended = true;
    }
  }
  servers_ = authorities_.servers();
  return found;
}

ServerMask DelegationRoute::WithoutAvoided(const Zone& zone, ServerMask pool,
                                           io::TimeNs now) const {
  ServerMask good = pool;
  for (ServerMask rest = pool; rest != 0; rest &= rest - 1) {
    const ServerIndex place = FirstOf(rest);
    if (zone.places[place].avoid_until > now) good &= ~MaskOf(place);
  }
  return good != 0 ? good : pool;
}

// One of the near ones that can send now, at random by their rates; kWait if
// none of them can.
RouteChoice DelegationRoute::ChooseAmong(Zone* zone, ServerMask pool,
                                         io::TimeNs now) {
  io::TimeNs best = io::kNever;
  for (ServerMask rest = pool; rest != 0; rest &= rest - 1) {
    const uint16_t place = zone->places[FirstOf(rest)].server.place;
    best = std::min(best, servers_[place].timer.srtt());
  }
  RouteChoice choice{.kind = RouteChoice::Kind::kWait};
  double total = 0;
  for (ServerMask rest = pool; rest != 0; rest &= rest - 1) {
    const uint16_t place = zone->places[FirstOf(rest)].server.place;
    Server& server = servers_[place];
    if (server.timer.srtt() > 2 * best + kNear) continue;
    if (!server.HasRoom(now)) {
      choice.ready_at = std::min(choice.ready_at, server.RoomAt());
      continue;
    }
    const double weight = WeightOf(server);
    total += weight;
    if (total == weight || random_->U32() < weight / total * 0x1p32) {
      choice.kind = RouteChoice::Kind::kAsk;
      choice.server = place;
    }
  }
  if (choice.kind == RouteChoice::Kind::kAsk) authorities_.Use(choice.server);
  return choice;
}

// All known ones have failed, or there are none.
RouteChoice DelegationRoute::WithoutServers(const RouteRequest& request,
                                            bool suspended, io::TimeNs now) {
  switch (LookUpHosts(request.zone, request.question, now)) {
    case HostSearch::kFound:
      return Choose(request, now);
    case HostSearch::kWaiting:
      return {.kind = RouteChoice::Kind::kPark};
    case HostSearch::kNothing:
      break;
  }
  Zone& zone = zones_[request.zone];
  const bool found = !zone.places.empty();
  // Of a zone that a server was found to serve the parent knows more servers.
  if (zone.hosts.empty()) zone.ends_at = now;
  RouteChoice none;
  if (!found) none.cause = io::Cause::kNsUnresolvable;
  if (found && suspended) none.cause = io::Cause::kAllNsUnreachable;
  return none;
}

// Zones have room or have not; that is seen when a question is placed. While
// the root is asked who serves it they could all but wait for that.
RouteChoice::Kind DelegationRoute::CanStart(io::TimeNs, io::TimeNs* ready_at) {
  *ready_at = io::kNever;
  const bool priming = !primed_ && priming_since_ != io::kNever;
  return priming ? RouteChoice::Kind::kWait : RouteChoice::Kind::kAsk;
}

ServerIndex DelegationRoute::Find(const io::Endpoint& from) const {
  return authorities_.Find(from);
}

void DelegationRoute::Advance(io::TimeNs now) { authorities_.Adapt(now); }

void DelegationRoute::OnOtherTurns(io::TimeNs now) {
  for (Server& server : authorities_.servers()) {
    server.congestion.OnOtherTurns(now);
  }
}

void DelegationRoute::EnterLatePass() {
  authorities_.SetRateShare(kLatePassShare);
}

void DelegationRoute::CapWindows(uint32_t window) {
  authorities_.CapWindows(window);
}

}  // namespace scanner
