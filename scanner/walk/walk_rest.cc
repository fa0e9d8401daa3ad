// Part of Walk: names that the tree did not show, for their server denies empty
// names (ITERATION.md 3.6).
#include <algorithm>
#include <utility>
#include <vector>

#include "scanner/walk/walk.h"

namespace scanner {

// Of a zone in which nothing was found a few addresses are asked. What they are
// is no evidence if the zone's chain has spoken.
bool Walk::BeginCanary(ZoneSlot slot) {
  Zone& zone = zones_[slot];
  if (zone.mode != Mode::kPlain || zone.is_signed || zone.fruitful ||
      zone.put_off || zone.left_out) {
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
    if (known_met_[zone.next_known] || !MayBeNew(zone, address)) continue;
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
  return *zone->dictionary;
}

// An address that the tree did not show: if it has a name, its server denies
// names that exist.
void Walk::OnSuspect(ZoneSlot slot, const Ask& ask, const WalkAnswer& answer) {
  using enum WalkAnswer::Said;
  Zone& zone = zones_[slot];
  const bool failed = answer.said == kFail || answer.said == kSilent;
  if (failed && ask.what == Ask::For::kKnown) {
    return PutOff(&zone, Late::What::kChild, {.node = ask.node}, answer.cause);
  }
  if (failed) zone.doubtful = true;
  const bool exists =
      answer.said == kData || answer.said == kAlias || answer.said == kDname;
  if (!exists) return;
  if (ask.host) {
    NoteHost(&zone, ask);
  } else {
    AskHost(slot, ask.node, 0);
  }
  // It may be below a name that had no answer: none was denied.
  if (zone.put_off) return;
  if (zone.example.empty()) zone.example = ask.node.first.ToString();
  zone.broken = true;
  ++zone.found;
  if (!zone.too_many_hosts) DictionaryOf(&zone).OnHit(ask.node.first);
}

}  // namespace scanner
