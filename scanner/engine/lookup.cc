#include "scanner/engine/lookup.h"

#include <algorithm>
#include <new>

#include "dnswire/wire.h"

namespace scanner {
namespace {

// A PTR list whose text is longer is cut after a whole name (WIRE.md section
// 9).
constexpr size_t kMaxListText = 64 << 10;
// What a list may keep for its next user.
constexpr size_t kKeptListOctets = 4 << 10;

// Drops the names whose text no longer fits. True if there were any.
bool CutToFit(dnswire::NameList* names) {
  if (names->packed_octets() * 4 < kMaxListText) return false;
  size_t text = 0;
  size_t fitting = 0;
  for (const dnswire::NameView name : names->view()) {
    char buffer[dnswire::NameView::kMaxTextOctets];
    text += name.FormatText(buffer) + 1;
    if (text > kMaxListText) break;
    ++fitting;
  }
  if (fitting == names->size()) return false;
  names->Truncate(fitting);
  return true;
}

}  // namespace

ReverseResult ReverseResultOf(dnswire::Outcome outcome) {
  if (outcome == dnswire::Outcome::kData) return ReverseResult::kData;
  return outcome == dnswire::Outcome::kNxdomain ? ReverseResult::kNxdomain
                                                : ReverseResult::kNodata;
}

void ReadPtrNames(const dnswire::Message& message,
                  const dnswire::Answer& answer,
                  dnswire::NameList::Sorter* sorter, dnswire::NameList* names) {
  ForEachDataRecord(message, {.type = dnswire::kTypePtr}, answer,
                    [&](const dnswire::Record& record) {
                      dnswire::Name name;
                      message.ReadLowerName(record.rdata_at, &name);
                      names->Add(name);
                    });
  names->SortUnique(sorter);
}

void Gathered::Clear() {
  ForgetAnswer();
  for (dnswire::NameList* list : {&names, &chain, &soa, &zone}) {
    list->ShrinkTo(kKeptListOctets);
  }
  asked.Clear();
  asked.ShrinkTo(kKeptListOctets);
  forward.clear();
  addresses.clear();
  pruned = false;
  reused = false;
  transferred = false;
  if (checks != nullptr) checks->Clear();
}

void Gathered::ForgetAnswer() {
  for (dnswire::NameList* list : {&names, &chain, &soa, &zone}) list->Clear();
  responded = false;
  answered_us = 0;
  dname = false;
  stale = false;
  authoritative = false;
  ptr_cut = false;
  has_ttl = false;
}

void Gathered::KeepAnswer(const dnswire::Message& message,
                          const dnswire::Answer& answer,
                          const Question& question, const Responder& from,
                          const std::optional<dnswire::NameView>& apex,
                          dnswire::NameList::Sorter* sorter) {
  KeepOutcome(answer, from);
  dname |= question.dname;
  // A negative lasts as its SOA says, whatever its aliases do.
  if (question.has_ttl && answer.outcome == dnswire::Outcome::kData) {
    ttl_s = std::min(ttl_s, question.ttl_s);
  }
  // The first of question.names is the reverse name itself.
  bool first = true;
  for (const dnswire::NameView name : question.names.view()) {
    if (!first) chain.Add(name);
    first = false;
  }
  for (const dnswire::NameView name : answer.chain.view()) chain.Add(name);
  KeepZoneOf(answer, apex);
  if (answer.outcome == dnswire::Outcome::kData) {
    ReadPtrNames(message, answer, sorter, &names);
    ptr_cut = CutToFit(&names);
  }
}

void Gathered::KeepTransferred(const TransferredZone& from,
                               const dnswire::Answer& answer,
                               dnswire::NameList::Sorter* sorter) {
  KeepOutcome(answer, {.server = from.server});
  transferred = true;
  answered_us = from.time_us;
  for (const dnswire::NameView name : answer.chain.view()) chain.Add(name);
  KeepZoneOf(answer, from.image->apex());
  if (answer.outcome != dnswire::Outcome::kData) return;
  from.image->ForEachData(
      {.name = {}, .type = dnswire::kTypePtr}, answer,
      [this](std::span<const uint8_t> rdata) {
        dnswire::Name name(dnswire::NameView::FromValidWire(rdata));
        name.Lower();
        names.Add(name);
      });
  names.SortUnique(sorter);
  ptr_cut = CutToFit(&names);
}

void Gathered::KeepOutcome(const dnswire::Answer& answer,
                           const Responder& from) {
  responded = !from.remembered;
  responder = from;
  rcode = answer.rcode;
  dname = answer.dname;
  stale = answer.stale;
  authoritative = answer.authoritative;
  has_ttl = answer.has_ttl;
  ttl_s = answer.ttl_s;
}

void Gathered::KeepFailure(const Question& question) {
  responded = true;
  responder = question.responder;
  rcode = question.rcode;
}

void Gathered::KeepDenial(const AreaDenial& denial) {
  responded = true;
  pruned = true;
  responder = denial.responder;
  rcode = dnswire::kRcodeNxdomain;
  authoritative = denial.authoritative;
  has_ttl = denial.has_ttl;
  ttl_s = denial.ttl_s;
  const dnswire::NameListView denied_by = denial.soa;
  for (const dnswire::NameView name : denied_by) soa.Add(name);
  KeepZone(denied_by[0]);
}

void Gathered::KeepKnown(const KnownRows& known, const KnownRow& row) {
  const SeenZone& of = known.zones()[row.zone].record;
  responded = true;
  reused = true;
  answered_us = row.asked_us;
  responder = {.server = known.ServerOf(row)};
  rcode = row.rcode;
  authoritative = true;
  has_ttl = row.has_ttl;
  ttl_s = row.ttl_s;
  for (const dnswire::NameView name : known.NamesOf(row)) names.Add(name);
  KeepZone(NameOfWire(of.apex));
  if (row.reverse == ReverseResult::kData) return;
  for (const std::string* name : {&of.apex, &of.mname, &of.rname}) {
    soa.Add(NameOfWire(*name));
  }
}

void Gathered::KeepZone(dnswire::NameView apex) {
  zone.Clear();
  zone.Add(apex);
}

// VERDICTS.md section 1, "zone". An SOA above the zone that was asked is that
// of a server which does not know the zone (ITERATION.md 1.3).
void Gathered::KeepZoneOf(const dnswire::Answer& answer,
                          const std::optional<dnswire::NameView>& apex) {
  if (answer.outcome != dnswire::Outcome::kData) {
    if (!answer.has_soa) return;
    if (apex && !answer.soa_owner.view().IsAtOrBelow(*apex)) return;
    soa.Add(answer.soa_owner);
    soa.Add(answer.soa_mname);
    soa.Add(answer.soa_rname);
    zone.Add(answer.soa_owner);
  } else if (answer.has_ns_owner &&
             (!apex || answer.ns_owner.view().IsAtOrBelow(*apex))) {
    zone.Add(answer.ns_owner);
  } else if (apex) {
    zone.Add(*apex);
  } else if (!chain.empty() && !answer.last_name.view().is_root()) {
    zone.Add(answer.last_name.view().parent());
  }
}

void Gathered::KeepForward(size_t slot, const ForwardAnswer& answer,
                           std::span<const dnswire::IpAddress> all_addresses,
                           const dnswire::IpAddress& target) {
  ForwardSlot& kept = forward[slot];
  kept.answer = answer;
  kept.address_count = static_cast<uint32_t>(all_addresses.size());
  kept.has_target =
      std::binary_search(all_addresses.begin(), all_addresses.end(), target);
  const auto lowest =
      all_addresses.first(std::min(all_addresses.size(), kKeptAddresses));
  kept.first_address = static_cast<uint32_t>(addresses.size());
  kept.kept_addresses = static_cast<uint32_t>(lowest.size());
  addresses.insert(addresses.end(), lowest.begin(), lowest.end());
  if (kept.has_target && target > lowest.back()) addresses.back() = target;
}

const Evidence& EvidenceView::Of(const Lookup& lookup, const Gathered* gathered,
                                 bool ptr_only, absl::string_view expected) {
  new (&evidence_) Evidence{.target = lookup.target,
                            .reverse = lookup.reverse,
                            .reverse_cause = lookup.cause,
                            .ptr_only = ptr_only,
                            .expected = expected};
  if (gathered == nullptr) return evidence_;
  evidence_.chain = gathered->chain;
  evidence_.names = gathered->names;
  evidence_.dname = gathered->dname;
  evidence_.stale = gathered->stale;
  evidence_.authoritative = gathered->authoritative;
  evidence_.pruned = gathered->pruned;
  evidence_.reused = gathered->reused;
  evidence_.ptr_cut = gathered->ptr_cut;
  if (gathered->has_ttl) evidence_.ttl_s = gathered->ttl_s;
  if (!gathered->soa.empty()) {
    const dnswire::NameListView soa = gathered->soa;
    evidence_.soa = {.owner = soa[0], .mname = soa[1], .rname = soa[2]};
  }
  forward_.clear();
  size_t slot = 0;
  for (const dnswire::NameView name : gathered->asked.view()) {
    const ForwardSlot& kept = gathered->forward[slot++];
    forward_.push_back(
        {.name = name,
         .result = kept.answer.result,
         .cause = kept.answer.cause,
         .cname = kept.answer.cname,
         .has_target = kept.has_target,
         .address_count = kept.address_count,
         .addresses = std::span(gathered->addresses)
                          .subspan(kept.first_address, kept.kept_addresses)});
  }
  evidence_.forward = forward_;
  if (lookup.expected_asked) {
    evidence_.forward = std::span(forward_).first(forward_.size() - 1);
    evidence_.expected_extra = &forward_.back();
  }
  if (gathered->checks != nullptr) AddChecks(*gathered);
  return evidence_;
}

void EvidenceView::AddChecks(const Gathered& gathered) {
  const CrossChecks& checks = *gathered.checks;
  resolvers_.clear();
  for (const CrossChecks::Resolver& resolver : checks.resolvers) {
    if (!resolver.asked) continue;
    resolvers_.push_back({.result = resolver.result, .names = resolver.names});
  }
  other_family_.clear();
  for (const CrossChecks::OtherName& other : checks.other_family) {
    other_family_.push_back(
        {.name = gathered.asked.view()[other.name], .result = other.result});
  }
  aaaa_.clear();
  for (const CrossChecks::Aaaa& address : checks.aaaa) {
    aaaa_.push_back(address.found);
  }
  checks_ = {
      .resolvers = resolvers_, .other_family = other_family_, .aaaa = aaaa_};
  evidence_.checks = &checks_;
}

// All of N as it is, or what of K is confirmed.
dnswire::NameListView EvidenceView::ConfirmedOf(const Gathered& gathered) {
  const auto is_confirmed = [](const ForwardEvidence& forward) {
    return ForwardOutcomeOf(forward) == io::ForwardOutcome::kConfirmed;
  };
  const std::span<const ForwardEvidence> asked = evidence_.forward;
  const auto count = static_cast<size_t>(
      std::count_if(asked.begin(), asked.end(), is_confirmed));
  if (count == gathered.names.size()) return gathered.names;
  confirmed_.Clear();
  for (const ForwardEvidence& forward : asked) {
    if (is_confirmed(forward)) confirmed_.Add(forward.name);
  }
  return confirmed_;
}

void EvidenceView::FillRow(const Lookup& lookup, const Gathered* gathered,
                           const Verdict& verdict, io::Row* row) {
  row->ip = lookup.target;
  row->status = verdict.status;
  row->cause = verdict.cause;
  row->flags = verdict.flags;
  row->queries = lookup.packets;
  if (gathered == nullptr) return;
  row->ptr_known = lookup.reverse == ReverseResult::kData ||
                   lookup.reverse == ReverseResult::kNxdomain ||
                   lookup.reverse == ReverseResult::kNodata;
  row->ptr = gathered->names;
  items_.clear();
  for (const ForwardEvidence& forward : forward_) {
    items_.push_back({.name = forward.name,
                      .outcome = ForwardOutcomeOf(forward),
                      .cause = forward.cause,
                      .addresses = forward.addresses});
  }
  row->forward = items_;
  row->confirmed = ConfirmedOf(*gathered);
  if (gathered->has_ttl) row->ttl_s = gathered->ttl_s;
  if (!gathered->zone.empty()) row->zone = gathered->zone.view()[0];
  if (!gathered->soa.empty()) {
    const dnswire::NameListView soa = gathered->soa;
    row->zone_mname = soa[1];
    row->zone_rname = soa[2];
  }
  if (!gathered->responded) return;
  row->rcode = gathered->rcode;
  row->server = gathered->responder.server;
  row->time_us = gathered->answered_us;
  if (!gathered->reused && !gathered->transferred) {
    row->rtt_us = gathered->responder.rtt_us;
  }
}

}  // namespace scanner
