// The second part of DelegationRoute: zones, and who leads to them.
#include <algorithm>
#include <utility>

#include "dnswire/wire.h"
#include "scanner/delegation/delegation_route.h"
#include "scanner/targets/special_use.h"

namespace scanner {
namespace {

using io::kSecond;
using io::TimeNs;

// Of one question, name servers' names that it led to included.
constexpr TimeNs kLife = 30 * kSecond;
constexpr uint8_t kMaxReferrals = 16;
// A cut is learnt anew from the parent after its TTL, within these bounds.
constexpr uint32_t kMinCutSeconds = 60;
constexpr uint32_t kMaxCutSeconds = 6 * 3600;
constexpr TimeNs kTransparentFor = 3600 * kSecond;
constexpr uint32_t kMaxAbsentSeconds = 10800;  // RFC 2308 section 5
constexpr TimeNs kFailedFor = 5 * kSecond;     // RFC 9520 section 3.2
// A server that does not serve a zone is not asked about it for so long, if
// there is another.
constexpr TimeNs kAvoidFor = 60 * kSecond;
constexpr size_t kPrimingAtOnce = 3;
// Each hint is asked so often, whatever it says.
constexpr size_t kPrimingRounds = 3;
constexpr TimeNs kMaxPriming = 15 * kSecond;
// Packets a second to all servers of a zone, but for those on loopback.
constexpr double kDefaultZoneRate = 1000;

// The root, TLDs, what lies directly below arpa, and /8 and IPv6 registries'
// zones: they belong to everybody.
bool IsInfrastructure(dnswire::NameView apex) {
  const int labels = apex.label_count();
  if (labels <= 1) return true;
  static const dnswire::Name kArpa = *dnswire::Name::Parse("arpa");
  return labels <= 3 && apex.IsBelow(kArpa);
}

}  // namespace

// ---- questions

void DelegationRoute::AddDescents(uint32_t question) {
  descents_.resize(question + size_t{1});
}

void DelegationRoute::Enter(uint32_t question, ZoneIndex zone) {
  const ZoneIndex left = std::exchange(DescentOf(question).zone, zone);
  if (left == zone) return;
  if (left != kNoZone) zones_.Unpin(left);
  zones_.Pin(zone);
}

void DelegationRoute::Leave(uint32_t question) {
  const ZoneIndex zone = std::exchange(descents_[question].zone, kNoZone);
  if (zone != kNoZone) zones_.Unpin(zone);
}

// True if what it waited for has not come.
bool DelegationRoute::StopWaiting(uint32_t question) {
  Descent& descent = DescentOf(question);
  if (const uint64_t lead = std::exchange(descent.waits_for_lead, 0)) {
    leads_.at(lead).waiting.Remove(&waiting_links_, question);
    return true;
  }
  const ZoneIndex zone = std::exchange(descent.waits_for_zone, kNoZone);
  if (zone == kNoZone) return false;
  WaitingFor(zone).Remove(&waiting_links_, question);
  zones_.Unpin(zone);
  return false;
}

Placement DelegationRoute::Place(uint32_t question, dnswire::NameView name,
                                 bool may_wait, TimeNs now) {
  const bool in_vain = DescentOf(question).waits() && StopWaiting(question);
  EndLead(question);
  Descent& descent = descents_[question];
  if (!std::exchange(descent.begun, true)) descent.began = now;
  if (now - descent.began > kLife) {
    return {.kind = Placement::Kind::kFailed, .cause = io::Cause::kTimeout};
  }
  const SuffixHashes hashes(name, key_);
  if (!primed_) {
    if (priming_since_ == io::kNever) Prime(now);
    JoinLead(question, hashes[0]);
    return {.kind = Placement::Kind::kParked};
  }
  size_t labels = hashes.labels();
  ZoneIndex zone = kNoZone;
  for (; labels > 0 && zone == kNoZone; --labels) {
    if (!zones_.HasAnyAt(labels)) continue;
    zone = zones_.Find(hashes[labels], hashes.Suffix(labels), now);
  }
  if (zone == kNoZone) {
    if (!name.is_root()) return PlaceBelowRoot(question, hashes, now);
    zone = root_;
  } else {
    ++labels;  // of the zone's apex
  }
  // The name below the zone at which a cut may be that nobody knows of.
  do {
    ++labels;
  } while (labels < hashes.labels() &&
           marks_.Find(hashes[labels], now) == NameMark::kTransparent);
  if (labels < hashes.labels() && may_wait && !in_vain &&
      JoinLead(question, hashes[labels])) {
    return {.kind = Placement::Kind::kParked};
  }
  Enter(question, zone);
  return {.kind = Placement::Kind::kInZone, .zone = zone};
}

uint64_t DelegationRoute::DeepestZone(dnswire::NameView name, TimeNs now) {
  const SuffixHashes hashes(name, key_);
  for (size_t labels = hashes.labels(); labels > 0; --labels) {
    const uint64_t hash = hashes[labels];
    if (zones_.Find(hash, hashes.Suffix(labels), now) != kNoZone) return hash;
  }
  return 0;
}

// The root is asked for TLDs only, each once: no name of a customer goes there.
Placement DelegationRoute::PlaceBelowRoot(uint32_t question,
                                          const SuffixHashes& hashes,
                                          TimeNs now) {
  const uint64_t hash = hashes[1];
  switch (marks_.Find(hash, now)) {
    case NameMark::kAbsent:
      Enter(question, root_);
      return {.kind = Placement::Kind::kAbsent, .zone = root_};
    case NameMark::kFailed:
      return {.kind = Placement::Kind::kFailed,
              .cause = io::Cause::kAllNsUnreachable};
    case NameMark::kTransparent:
    case NameMark::kNone:
      break;
  }
  if (!leads_.contains(hash)) {
    const uint32_t check =
        asker_->AskZoneCheck(hashes.Suffix(1), dnswire::kTypeNs, root_);
    Descent& descent = DescentOf(check);
    descent.begun = true;
    descent.began = now;
    descent.top_level = true;
    descent.leads = hash;
    leads_[hash].leader = check;
  }
  JoinLead(question, hash);
  return {.kind = Placement::Kind::kParked};
}

// ---- priming

// A few of the hints at a time, until one answers.
void DelegationRoute::Prime(TimeNs now) {
  if (priming_since_ == io::kNever) {
    priming_since_ = now;
    leads_.try_emplace(HashOfName(dnswire::NameView(), key_));
    for (size_t i = 1; i < kPrimingAtOnce; ++i) Prime(now);
  }
  const size_t hints = zones_[root_].places.size();
  if (primed_ || priming_asked_ >= kPrimingRounds * hints) return;
  ++priming_asked_;
  const uint32_t question =
      asker_->AskZoneCheck(dnswire::NameView(), dnswire::kTypeNs, root_);
  asker_->question(question).pinned =
      MaskOf(static_cast<ServerIndex>(next_hint_));
  asker_->question(question).single = true;
  Enter(question, root_);  // the hints may be replaced before it is sent
  next_hint_ = (next_hint_ + 1) % hints;
  Descent& descent = DescentOf(question);
  descent.begun = true;
  descent.began = now;
  descent.priming = true;
}

void DelegationRoute::OnPrimed(const dnswire::Message& message,
                               const dnswire::Answer& answer, TimeNs now) {
  if (primed_) return;
  if (answer.outcome != dnswire::Outcome::kData || !answer.authoritative) {
    return Prime(now);
  }
  const Referral referral = ReadReferral(
      message, message.answers(), dnswire::NameView(), dnswire::NameView());
  const ZoneIndex hints = std::exchange(root_, StoreZone(referral, now));
  // Names without an address here: those that the hints know are asked.
  if (zones_[root_].places.empty()) {
    const std::vector<Zone::Place> places = zones_[hints].places;
    for (const Zone::Place& place : places) {
      AddPlace(root_, place.server.address);
    }
  }
  zones_[root_].ends_at = io::kNever;
  zones_.Pin(root_);
  zones_.Unpin(hints);
  primed_ = true;
  const auto lead = leads_.find(HashOfName(dnswire::NameView(), key_));
  WakeAll(&lead->second.waiting);
  leads_.erase(lead);
}

bool DelegationRoute::IsLost(TimeNs now) const {
  return !primed_ && priming_since_ != io::kNever &&
         now - priming_since_ > kMaxPriming;
}

// ---- leads

// True if another question leads there, and this one waits for it. Else it
// leads itself, or goes on alone.
bool DelegationRoute::JoinLead(uint32_t question, uint64_t hash) {
  const auto [lead, is_new] = leads_.try_emplace(hash);
  if (is_new) {
    lead->second.leader = question;
    DescentOf(question).leads = hash;
    return false;
  }
  if (WouldWaitForItself(question, lead->second.leader, kMaxLinks)) {
    return false;
  }
  lead->second.waiting.PushBack(&waiting_links_, question);
  DescentOf(question).waits_for_lead = hash;
  return true;
}

void DelegationRoute::EndLead(uint32_t question) {
  const uint64_t hash = std::exchange(descents_[question].leads, 0);
  if (hash == 0) return;
  const auto lead = leads_.find(hash);
  WakeAll(&lead->second.waiting);
  leads_.erase(lead);
}

void DelegationRoute::WakeAll(IndexQueue* queue) {
  while (!queue->empty()) {
    const uint32_t question = queue->front();
    queue->Remove(&waiting_links_, question);
    Descent& descent = descents_[question];
    descent.waits_for_lead = 0;
    if (descent.waits_for_zone != kNoZone) {
      zones_.Unpin(std::exchange(descent.waits_for_zone, kNoZone));
    }
    asker_->Wake(question);
  }
}

// Whether `on`, or what that waits for, waits for `question`.
bool DelegationRoute::WouldWaitForItself(uint32_t question, uint32_t on,
                                         int links) const {
  if (on == kNil) return false;
  if (on == question || links == 0) return true;
  const Descent& descent = descents_[on];
  if (descent.waits_for_lead != 0) {
    return WouldWaitForItself(
        question, leads_.at(descent.waits_for_lead).leader, links - 1);
  }
  return descent.waits_for_zone != kNoZone &&
         WaitsInVain(descent.waits_for_zone, question, links - 1);
}

// ---- what comes back

AfterReferral DelegationRoute::OnReferral(uint32_t question,
                                          const dnswire::Message& message,
                                          const dnswire::Answer& answer,
                                          TimeNs now) {
  Descent& descent = DescentOf(question);
  if (++descent.referrals > kMaxReferrals) return AfterReferral::kNowhere;
  descent.began = now;  // waiting for busy servers is no circle
  const Referral referral =
      ReadReferral(message, message.authorities(), answer.ns_owner,
                   zones_[descent.zone].apex());
  if (referral.hosts.empty()) return AfterReferral::kNowhere;
  MarkBetween(zones_[descent.zone].apex(), referral.apex, now);
  if (listener_) listener_(referral, zones_[descent.zone].apex());
  StoreZone(referral, now);
  if (descent.top_level || descent.priming) return AfterReferral::kOver;
  EndLead(question);
  return AfterReferral::kPlaceAgain;
}

void DelegationRoute::OnAnswer(uint32_t question, const dnswire::Answer& answer,
                               ServerIndex server, TimeNs now) {
  if (answer.has_soa) StoreZoneOfSoa(DescentOf(question), answer, server, now);
  MarkTransparent(question, now);
}

// A cut between the two would have been the one referred to.
void DelegationRoute::MarkBetween(dnswire::NameView zone,
                                  dnswire::NameView below, TimeNs now) {
  const SuffixHashes hashes(below, key_);
  const auto first = static_cast<size_t>(zone.label_count()) + 1;
  for (size_t labels = first; labels < hashes.labels(); ++labels) {
    marks_.Set(hashes[labels], NameMark::kTransparent, now + kTransparentFor);
  }
}

void DelegationRoute::MarkTransparent(uint32_t question, TimeNs now) {
  const uint64_t hash = DescentOf(question).leads;
  if (hash == 0) return;
  marks_.Set(hash, NameMark::kTransparent, now + kTransparentFor);
  EndLead(question);
}

// The server that denies with the SOA of a zone below the one it was asked for
// serves that too. What the parent says of it comes first.
void DelegationRoute::StoreZoneOfSoa(const Descent& descent,
                                     const dnswire::Answer& answer,
                                     ServerIndex server, TimeNs now) {
  if (descent.zone == kNoZone ||
      !answer.soa_owner.view().IsBelow(zones_[descent.zone].apex())) {
    return;
  }
  const uint64_t hash = HashOfName(answer.soa_owner, key_);
  if (zones_.Find(hash, answer.soa_owner, now) != kNoZone) return;
  Referral referral;
  referral.apex = answer.soa_owner;
  referral.ttl_s = kMaxCutSeconds;
  const ZoneIndex zone = StoreZone(referral, now);
  AddPlace(zone, servers_[server].endpoint.address);
}

void DelegationRoute::OnNotServed(uint32_t question, ServerIndex server,
                                  TimeNs now) {
  const Descent& descent = DescentOf(question);
  if (descent.zone == kNoZone) return;
  Zone& zone = zones_[descent.zone];
  const ServerIndex place = PlaceOf(descent.zone, server);
  if (place < zone.places.size()) {
    zone.places[place].avoid_until = now + kAvoidFor;
  }
}

void DelegationRoute::OnEnd(uint32_t question, TimeNs) {
  if (question >= descents_.size()) return;
  if (descents_[question].waits()) StopWaiting(question);
  EndLead(question);
  Leave(question);
  descents_[question] = Descent();
}

void DelegationRoute::OnCheckAnswer(uint32_t question,
                                    const dnswire::Message& message,
                                    const dnswire::Answer& answer,
                                    ServerIndex server, TimeNs now) {
  const Descent& descent = DescentOf(question);
  if (descent.priming) {
    OnPrimed(message, answer, now);
  } else if (descent.top_level) {
    OnTopLevel(descent, message, answer, server, now);
  } else {
    OnHostAnswer(question, message, answer, now);
  }
}

void DelegationRoute::OnCheckGaveUp(uint32_t question, TimeNs now) {
  const Descent& descent = DescentOf(question);
  if (descent.priming) {
    Prime(now);
  } else if (descent.top_level) {
    marks_.Set(descent.leads, NameMark::kFailed, now + kFailedFor);
  } else {
    hosts_[descent.host].uncertain = true;
    EndHostQuestion(descent.host, question, now);
  }
}

// `TLD NS`, answered by a root server that serves the TLD itself.
void DelegationRoute::OnTopLevel(const Descent& descent,
                                 const dnswire::Message& message,
                                 const dnswire::Answer& answer,
                                 ServerIndex server, TimeNs now) {
  if (answer.outcome == dnswire::Outcome::kData) {
    const ZoneIndex zone =
        StoreZone(ReadReferral(message, message.answers(), answer.last_name,
                               dnswire::NameView()),
                  now);
    AddPlace(zone, servers_[server].endpoint.address);
    return;
  }
  const uint32_t ttl_s = answer.has_ttl ? answer.ttl_s : kMinCutSeconds;
  marks_.Set(descent.leads,
             answer.outcome == dnswire::Outcome::kNxdomain ? NameMark::kAbsent
                                                           : NameMark::kFailed,
             now + std::min(ttl_s, kMaxAbsentSeconds) * kSecond);
}

// ---- zones

ZoneIndex DelegationRoute::StoreZone(const Referral& referral, TimeNs now) {
  ++zones_stored_;
  const uint32_t ttl_s =
      std::clamp(referral.ttl_s, kMinCutSeconds, kMaxCutSeconds);
  const ZoneIndex index = zones_.Put(HashOfName(referral.apex, key_), referral,
                                     now + ttl_s * kSecond);
  BeginZone(index, referral);
  return index;
}

std::optional<ZoneIndex> DelegationRoute::SetAside(
    dnswire::NameView apex, const dnswire::IpAddress& server, TimeNs now) {
  Referral referral;
  referral.apex.Assign(apex);
  const ZoneIndex index = zones_.PutAside(referral, now);
  zones_.Pin(index);
  BeginZone(index, referral);
  AddPlace(index, server);
  if (!zones_[index].places.empty()) return index;
  PutBack(index);
  return std::nullopt;
}

void DelegationRoute::BeginZone(ZoneIndex index, const Referral& referral) {
  Zone& zone = zones_[index];
  zone.infrastructure = IsInfrastructure(referral.apex);
  for (const Referral::Glue& glue : referral.glue) {
    AddPlace(index, glue.address, glue.host);
    zone.hosts[glue.host] = Zone::HostState::kGlued;
  }
}

void DelegationRoute::AddPlace(ZoneIndex index,
                               const dnswire::IpAddress& address,
                               uint8_t host) {
  Zone& zone = zones_[index];
  if (zone.places.size() == Zone::kMaxPlaces || !MayAsk(address)) return;
  for (const Zone::Place& place : zone.places) {
    if (place.server.address == address) return;
  }
  zone.places.push_back({.server = {.address = address}, .host = host});
  zones_.CountPlace();
  const bool own = IsLoopback(address) || FindListedRate(options_, address);
  if (own && zone.places.size() > 1) return;
  // Of servers of one's own their own rates are enough.
  zone.limiter.SetRate(
      part_.Of(options_.zone_rate_qps.value_or(own ? 0 : kDefaultZoneRate)));
}

// A delegation must not aim us at the local network.
bool DelegationRoute::MayAsk(const dnswire::IpAddress& address) const {
  const bool family =
      address.is_v4() ? options_.transport_v4 : options_.transport_v6;
  return family && (options_.allow_special_servers || !IsSpecialUse(address));
}

dnswire::NameView DelegationRoute::Apex(ZoneIndex zone) const {
  return zones_[zone].apex();
}

ServerIndex DelegationRoute::PlaceOf(ZoneIndex zone, ServerIndex server) const {
  const auto& places = zones_[zone].places;
  for (size_t i = 0; i < places.size(); ++i) {
    if (places[i].server.place == server) return static_cast<ServerIndex>(i);
  }
  return Zone::kMaxPlaces;
}

ServerMask DelegationRoute::PlacesOf(ZoneIndex index) const {
  const Zone& zone = zones_[index];
  ServerMask mask = MaskOf(static_cast<ServerIndex>(zone.places.size())) - 1;
  const bool more = std::any_of(zone.hosts.begin(), zone.hosts.end(),
                                [](Zone::HostState state) {
                                  return state == Zone::HostState::kUnasked ||
                                         state == Zone::HostState::kAsked;
                                });
  if (more) mask |= MaskOf(Zone::kMaxPlaces);
  return mask;
}

void DelegationRoute::OnSent(ZoneIndex zone, TimeNs now) {
  if (zone != kNoZone) zones_[zone].limiter.Spend(now);
}

}  // namespace scanner
