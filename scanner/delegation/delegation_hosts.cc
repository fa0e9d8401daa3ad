// The third part of DelegationRoute: addresses of name servers.
#include <algorithm>

#include "dnswire/address_record.h"
#include "dnswire/wire.h"
#include "scanner/delegation/delegation_route.h"

namespace scanner {
namespace {

using io::kSecond;
using io::TimeNs;

constexpr size_t kAtOnce = 3;  // NS names of a zone
constexpr int kPerMinute = 6;  // and of a cut, so that a referral full
                               // of names is no amplifier
constexpr TimeNs kMinute = 60 * kSecond;
constexpr uint8_t kMaxDepth = 5;
constexpr uint32_t kMinHostSeconds = 60;
constexpr uint32_t kMaxHostSeconds = 6 * 3600;
// RFC 9520 section 3.2.
constexpr TimeNs kFirstFailure = 5 * kSecond;
constexpr TimeNs kLongestFailure = 300 * kSecond;

Zone::HostState StateAfter(const Host& host) {
  return host.addresses.empty() ? Zone::HostState::kFailed
                                : Zone::HostState::kSettled;
}

}  // namespace

// Looks up names of the zone's servers, at most kAtOnce. kWaiting: `question`
// will be woken.
DelegationRoute::HostSearch DelegationRoute::LookUpHosts(ZoneIndex index,
                                                         uint32_t question,
                                                         TimeNs now) {
  const uint8_t depth = DescentOf(question).depth;
  size_t asked = static_cast<size_t>(std::count(zones_[index].hosts.begin(),
                                                zones_[index].hosts.end(),
                                                Zone::HostState::kAsked));
  const size_t before = zones_[index].places.size();
  for (size_t i = 0; i < zones_[index].hosts.size() && asked < kAtOnce; ++i) {
    const Zone::HostState state = zones_[index].hosts[i];
    if (state != Zone::HostState::kUnasked &&
        state != Zone::HostState::kFailed) {
      continue;
    }
    if (LookUpHost(index, i, depth, now)) ++asked;
  }
  if (zones_[index].places.size() > before) return HostSearch::kFound;
  if (asked == 0 || WaitsInVain(index, question, kMaxLinks)) {
    return HostSearch::kNothing;
  }
  Leave(question);
  Descent& descent = DescentOf(question);
  descent.waits_for_zone = index;
  zones_.Pin(index);
  WaitingFor(index).PushBack(&waiting_links_, question);
  return HostSearch::kWaiting;
}

// True if the host's address is being asked for; else it is known, or nothing
// is to be learnt.
bool DelegationRoute::LookUpHost(ZoneIndex index, size_t place, uint8_t depth,
                                 TimeNs now) {
  Zone& zone = zones_[index];
  if (now - zone.minute_began >= kMinute) {
    zone.minute_began = now;
    zone.asked_in_minute = 0;
  }
  const dnswire::Name name(zone.host(place));
  const HostIndex at = hosts_.Get(HashOfName(name, key_), name);
  if (at == kNil) return false;
  if (!hosts_[at].IsSettled(now) && !hosts_[at].asking()) {
    const int most = std::max(1, kPerMinute >> depth);
    if (depth >= kMaxDepth || zone.asked_in_minute >= most) return false;
    ++zone.asked_in_minute;
    zone.hosts[place] = Zone::HostState::kAsked;
    AskHost(at, depth + 1, now);
  }
  if (hosts_[at].asking()) {
    zones_[index].hosts[place] = Zone::HostState::kAsked;
    hosts_[at].zones.push_back(index);
    zones_.Pin(index);
    return true;
  }
  zones_[index].hosts[place] = StateAfter(hosts_[at]);
  for (const dnswire::IpAddress& address : hosts_[at].addresses) {
    AddPlace(index, address);
  }
  return false;
}

void DelegationRoute::AskHost(HostIndex at, uint8_t depth, TimeNs now) {
  hosts_[at].addresses.clear();
  hosts_[at].uncertain = false;
  const dnswire::Name name(hosts_[at].name.view()[0]);
  const bool families[] = {options_.transport_v4, options_.transport_v6};
  constexpr uint16_t kTypes[] = {dnswire::kTypeA, dnswire::kTypeAaaa};
  for (size_t i = 0; i < 2; ++i) {
    if (!families[i]) continue;
    const uint32_t question = asker_->AskZoneCheck(name, kTypes[i], kNoZone);
    Descent& descent = DescentOf(question);
    descent.begun = true;
    descent.began = now;
    descent.host = at;
    descent.depth = depth;
    hosts_[at].questions[i] = question;
    ++hosts_[at].pending;
  }
}

// No address that the zone waits for comes without `question`: two zones that
// name one another's servers. It goes on with any of them.
bool DelegationRoute::WaitsInVain(ZoneIndex index, uint32_t question,
                                  int links) const {
  const Zone& zone = zones_[index];
  for (size_t i = 0; i < zone.hosts.size(); ++i) {
    if (zone.hosts[i] != Zone::HostState::kAsked) continue;
    const HostIndex at = hosts_.Find(HashOfName(zone.host(i), key_));
    if (at == kNil) continue;
    for (const uint32_t asked : hosts_[at].questions) {
      if (asked != kNil && !WouldWaitForItself(question, asked, links)) {
        return false;
      }
    }
  }
  return true;
}

void DelegationRoute::OnHostAnswer(uint32_t question,
                                   const dnswire::Message& message,
                                   const dnswire::Answer& answer, TimeNs now) {
  const HostIndex at = DescentOf(question).host;
  Host& host = hosts_[at];
  const uint16_t type =
      question == host.questions[0] ? dnswire::kTypeA : dnswire::kTypeAaaa;
  if (answer.outcome == dnswire::Outcome::kData) {
    size_t taken = 0;
    ForEachDataRecord(
        message, {.type = type}, answer, [&](const dnswire::Record& record) {
          if (taken++ >= Referral::kMaxAddresses) return;
          host.addresses.push_back(*dnswire::AddressOf(message, record));
        });
    const uint32_t ttl_s = answer.has_ttl ? answer.ttl_s : 0;
    host.ends_at =
        now + std::clamp(ttl_s, kMinHostSeconds, kMaxHostSeconds) * kSecond;
  }
  MarkTransparent(question, now);
  EndHostQuestion(at, question, now);
}

// Zones go on with the first address; the other family may still come.
void DelegationRoute::EndHostQuestion(HostIndex at, uint32_t question,
                                      TimeNs now) {
  Host& host = hosts_[at];
  for (uint32_t& asked : host.questions) {
    if (asked != question) continue;
    asked = kNil;
    --host.pending;
  }
  if (host.pending == 0) {
    if (host.addresses.empty()) {
      host.failed_for =
          std::clamp(2 * host.failed_for, kFirstFailure, kLongestFailure);
      host.ends_at = now + host.failed_for;
    } else {
      host.failed_for = 0;
    }
  }
  if (host.pending == 0 || !host.addresses.empty()) TellZones(at);
}

void DelegationRoute::TellZones(HostIndex at) {
  const std::vector<ZoneIndex> zones = hosts_[at].zones;
  const bool over = hosts_[at].pending == 0;
  if (over) hosts_[at].zones.clear();
  for (const ZoneIndex index : zones) {
    for (const dnswire::IpAddress& address : hosts_[at].addresses) {
      AddPlace(index, address);
    }
    if (over) {
      size_t place = 0;
      Zone& zone = zones_[index];
      for (const dnswire::NameView name : zone.names.view()) {
        if (place > 0 && name.Equals(hosts_[at].name.view()[0])) {
          zone.hosts[place - 1] = StateAfter(hosts_[at]);
        }
        ++place;
      }
    }
    WakeAll(&WaitingFor(index));
    if (over) zones_.Unpin(index);
  }
}

IndexQueue& DelegationRoute::WaitingFor(ZoneIndex zone) {
  if (zone >= waiting_.size()) waiting_.resize(zone + size_t{1});
  return waiting_[zone];
}

// ---- for whoever asks who serves a zone

std::vector<DelegationRoute::NameServer> DelegationRoute::NameServersOf(
    dnswire::NameView apex, TimeNs now) {
  std::vector<NameServer> servers;
  const ZoneIndex index = zones_.Find(HashOfName(apex, key_), apex, now);
  if (index == kNoZone) return servers;
  const Zone& zone = zones_[index];
  for (size_t i = 0; i < zone.hosts.size(); ++i) {
    servers.push_back(NameServerOf(zone, i));
  }
  return servers;
}

DelegationRoute::NameServer DelegationRoute::NameServerOf(const Zone& zone,
                                                          size_t host) const {
  NameServer server;
  server.name.Assign(zone.host(host));
  const HostIndex at = hosts_.Find(HashOfName(server.name, key_));
  if (zone.hosts[host] == Zone::HostState::kGlued) {
    for (const Zone::Place& place : zone.places) {
      if (place.host == host) server.addresses.push_back(place.server.address);
    }
  } else if (at != kNil) {
    server.addresses = hosts_[at].addresses;
  }
  if (!server.addresses.empty()) {
    server.has = NameServer::Has::kAddresses;
  } else if (zone.hosts[host] == Zone::HostState::kFailed && at != kNil) {
    server.has = hosts_[at].uncertain ? NameServer::Has::kFailed
                                      : NameServer::Has::kNone;
  }
  return server;
}

}  // namespace scanner
