// Part of Walk: names that the tree did not show, for their server denies empty
// names (ITERATION.md 3.6).
#include <algorithm>
#include <utility>
#include <vector>

#include "scanner/walk/walk.h"

namespace scanner {

// The place in rests_ of a zone of which something is put off.
uint32_t Walk::RestOf(Zone* zone) {
  if (zone->rest == kNil) {
    zone->rest = static_cast<uint32_t>(rests_.size());
    rests_.emplace_back();
  }
  return zone->rest;
}

// A zone that ends, or a part of one, and has a rest.
void Walk::Remember(Zone* zone) {
  Facts& rest = rests_[zone->rest];
  if (!zone->retry) {
    rest = std::move(static_cast<Facts&>(*zone));
  } else {
    rest.spent |= zone->spent;
    rest.honest |= zone->honest;
    rest.fruitful |= zone->fruitful;
    rest.by_nsec3 &= zone->by_nsec3;
    rest.gaps |= zone->gaps;
    rest.left_out |= zone->left_out;
    rest.made_up |= zone->made_up;
    rest.too_many_hosts |= zone->too_many_hosts;
    rest.questions += zone->questions - zone->questions_before;
    rest.dense.insert(zone->dense.begin(), zone->dense.end());
    rest.hosts.insert(zone->hosts.begin(), zone->hosts.end());
  }
  // No dictionary will be needed, so they are not kept.
  if (!rest.broken && !HasKnown(rest.start)) rest.hosts.clear();
}

bool Walk::HasKnown(const NibbleNode& start) const {
  const auto& known = targets_->known;
  const auto first =
      std::lower_bound(known.begin(), known.end(), start.prefix().first());
  return first != known.end() && *first <= start.prefix().last();
}

// Nothing of it is put off any more.
void Walk::EnterRest() {
  Facts rest = std::move(rests_.back());
  rests_.pop_back();
  const ZoneSlot slot = NewZone(rest.start, rest.tree, pass_);
  Zone& zone = zones_[slot];
  static_cast<Facts&>(zone) = std::move(rest);
  zone.stage = Stage::kTree;
  zone.ended = zone.spent;
  zone.resting = true;
  ++resting_;
  Proceed(slot);
}

// What came of the addresses that the tree did not show.
void Walk::TellOfSuspects(const Zone& zone) {
  if (zone.broken) return TellBroken(zone);
  if (zone.stage < Stage::kCanary || zone.fruitful || zone.retry ||
      zone.ended || zone.gaps || zone.left_out) {
    return;
  }
  if (zone.doubtful) return TellUnknown(zone, zone.start, zone.cause);
  AddFinding(zone, zone.start, FindingKind::kEmpty);
}

void Walk::TellBroken(const Facts& zone) {
  Finding& finding = AddFinding(zone, zone.start, FindingKind::kEntBroken);
  finding.count = zone.found;
  finding.example = zone.example;
  if (zone.honest) finding.detail = "partly";
}

// Of a zone in which nothing was found a few addresses are asked. What they are
// is no evidence if the zone's chain has spoken.
bool Walk::BeginCanary(ZoneSlot slot) {
  Zone& zone = zones_[slot];
  if (zone.mode != Mode::kPlain || zone.is_signed || zone.fruitful ||
      zone.gaps || zone.left_out) {
    return false;
  }
  for (const dnswire::IpAddress& address : CanaryAddresses(zone.start)) {
    NewAsk(slot, {.what = Ask::For::kCanary,
                  .host = zone.tree == 0,
                  .node = NibbleNode::OfAddress(address)});
  }
  return true;
}

// The next of the addresses that had names, and have not been met. False: there
// is none left.
bool Walk::AskKnown(ZoneSlot slot) {
  Zone& zone = zones_[slot];
  const auto& known = targets_->known;
  if (known.empty()) return false;
  if (zone.next_known == 0) {
    zone.next_known = static_cast<size_t>(
        std::lower_bound(known.begin(), known.end(), zone.start.first) -
        known.begin());
  }
  const dnswire::IpPrefix all = zone.start.prefix();
  size_t asked = 0;
  for (; zone.next_known < known.size() && asked < kSuspects;
       ++zone.next_known) {
    const dnswire::IpAddress& address = known[zone.next_known];
    if (!all.Contains(address)) break;
    if (known_done_[zone.next_known] || !MayBeNew(zone, address)) continue;
    ++asked;
    NewAsk(slot, {.what = Ask::For::kKnown,
                  .host = zone.tree == 0,
                  .node = NibbleNode::OfAddress(address)});
  }
  return asked > 0;
}

// The tree of this zone could have shown it. What a wildcard or a server may
// have made up is no host.
bool Walk::MayBeNew(const Zone& zone, const dnswire::IpAddress& address) const {
  const auto leaf = NibbleNode::OfAddress(address);
  return !zone.made_up && IsMine(leaf) && !IsExcluded(leaf) &&
         !IsSkipped(zone, leaf) && !IsOfDeeperZone(zone, address);
}

bool Walk::IsOfDeeperZone(const Zone& zone,
                          const dnswire::IpAddress& address) const {
  const auto leaf = NibbleNode::OfAddress(address);
  for (int up = 0; up < kNibbles - zone.start.depth; ++up) {
    if (zone_starts_.contains(leaf.Above(up))) return true;
  }
  return false;
}

bool Walk::AskDictionary(ZoneSlot slot) {
  Zone& zone = zones_[slot];
  if (zone.too_many_hosts) return false;
  BrokenDictionary& dictionary = DictionaryOf(&zone);
  size_t asked = 0;
  for (; asked < kSuspects; ++asked) {
    const auto address = dictionary.Next();
    if (!address) break;
    if (!MayBeNew(zone, *address)) continue;
    NewAsk(slot, {.what = Ask::For::kDictionary,
                  .host = zone.tree == 0,
                  .node = NibbleNode::OfAddress(*address)});
  }
  return asked > 0;
}

// Begun at the first hit.
BrokenDictionary& Walk::DictionaryOf(Zone* zone) {
  if (zone->dictionary) return *zone->dictionary;
  const auto& known = targets_->known;
  const dnswire::IpPrefix all = zone->start.prefix();
  std::vector<dnswire::IpAddress> hosts(
      std::lower_bound(known.begin(), known.end(), all.first()),
      std::upper_bound(known.begin(), known.end(), all.last()));
  hosts.insert(hosts.end(), zone->hosts.begin(), zone->hosts.end());
  zone->dictionary.emplace(zone->start, std::move(hosts),
                           options_.broken_budget);
  for (const dnswire::IpAddress& hit : zone->hits) zone->dictionary->OnHit(hit);
  return *zone->dictionary;
}

// An address that the tree did not show: if it has a name, its server denies
// names that exist.
void Walk::OnSuspect(ZoneSlot slot, const Ask& ask, const WalkAnswer& answer) {
  using enum WalkAnswer::Said;
  Zone& zone = zones_[slot];
  const bool failed = answer.said == kFail || answer.said == kSilent;
  if (failed) return OnSilentSuspect(&zone, ask, answer.cause);
  const auto known = KnownIndex(ask.node.first);
  if (known && answer.said != kUnasked) known_done_[*known] = true;
  const bool exists =
      answer.said == kData || answer.said == kAlias || answer.said == kDname;
  if (!exists) return;
  zone.fruitful = true;
  if (ask.host) {
    NoteHost(&zone, ask);
  } else {
    AskHost(slot, ask.node, 0);
  }
  // It may be below a name that had no answer: none was denied.
  if (zone.gaps) return;
  if (zone.example.empty()) zone.example = ask.node.first.ToString();
  zone.broken = true;
  ++zone.found;
  if (zone.too_many_hosts) return;
  DictionaryOf(&zone).OnHit(ask.node.first);
  if (ask.what != Ask::For::kDictionary) zone.hits.push_back(ask.node.first);
}

// It is asked again with what else is put off, unless it is of the dictionary.
void Walk::OnSilentSuspect(Zone* zone, const Ask& ask, io::Cause cause) {
  if (ask.what == Ask::For::kDictionary) return;
  if (MayPutOff(*zone)) {
    RestOf(zone);
  } else if (ask.what == Ask::For::kKnown) {
    TellUnknown(*zone, ask.node, cause);
  } else {
    zone->doubtful = true;
  }
}

}  // namespace scanner
