// Part of Walk: zones whose denials are records of a chain through all names:
// followed link by link (NSEC), or asked only for what the links seen so far do
// not tell (NSEC3; ITERATION.md 3.4).
#include <algorithm>
#include <utility>
#include <vector>

#include "scanner/walk/walk.h"

namespace scanner {

using dnswire::NameView;

// ---- NSEC

void Walk::BeginChain(ZoneSlot slot) {
  Zone& zone = zones_[slot];
  zone.stage = Stage::kChain;
  zone.chain_at = *trees_[zone.tree].names.NameOf(zone.start);
  zone.chain_first = !zone.chain_at.view().Equals(apexes_[zone.apex]);
  AskLink(slot, ChainSide::kBelow);
}

void Walk::AskLink(ZoneSlot slot, ChainSide side) {
  Zone& zone = zones_[slot];
  zone.chain_side = side;
  if (!ChainQuestion(zone.chain_at, side)) return LeaveChain(slot);
  NewAsk(slot, {.what = Ask::For::kLink, .node = zone.start});
}

void Walk::OnLink(ZoneSlot slot, const WalkAnswer& answer) {
  Zone& zone = zones_[slot];
  if (zone.ended) return;
  std::optional<ChainLink> link;
  if (answer.message != nullptr) {
    const NameView apex = apexes_[zone.apex];
    link = zone.chain_first
               ? ReadFirstChainLink(*answer.message, apex, zone.chain_at)
               : ReadChainLink(*answer.message, apex, zone.chain_at);
  }
  if (!link) {
    const bool again = answer.message != nullptr && !zone.chain_first &&
                       zone.chain_side == ChainSide::kBelow;
    return again ? AskLink(slot, ChainSide::kBehind) : LeaveChain(slot);
  }
  zone.chain_first = false;
  const auto start = trees_[zone.tree].names.NameOf(zone.start);
  if (link->owner.view().IsAtOrBelow(*start)) TakeOwner(slot, *link);
  if (link->is_last || !link->next.view().IsAtOrBelow(*start)) {
    zone.walked = true;
    return;
  }
  zone.chain_at = link->next;
  AskLink(slot, ChainSide::kBelow);
}

// What is at a name of the chain.
void Walk::TakeOwner(ZoneSlot slot, const ChainLink& link) {
  Zone& zone = zones_[slot];
  const ReverseTree& names = trees_[zone.tree].names;
  const NameView owner = link.owner;
  const bool named = link.types.ptr || link.types.cname;
  const bool is_wild = owner.first_label() == "*";
  const auto node = names.NodeOf(is_wild ? owner.parent() : owner);
  if (!node) return;
  auto& wilds = zone.chain_wilds;
  while (!wilds.empty() && !node->IsAtOrBelow(wilds.back())) wilds.pop_back();
  if (is_wild) {
    if (!named) return;
    zone.fruitful = zone.made_up = true;
    wilds.push_back(*node);
    AddFinding(zone, *node, FindingKind::kWildcard).count = 1;
    return;
  }
  if (*node == zone.start || !IsMine(*node)) return;
  zone.fruitful = true;
  if (link.types.dname) {
    NewAsk(slot, {.what = Ask::For::kDname, .node = *node});
  } else if (link.types.is_cut()) {
    AddFinding(zone, *node, FindingKind::kCut);
    AwaitServers(owner);
    AddZone(*node, zone.tree);
  } else if (node->depth == kNibbles && named) {
    AskHost(slot, *node, HoleOf(zone, *node));
  } else if (node->depth == kNibbles) {
    ++summary_.nameless;
  }
}

// StackNode::hole of a node, by the wildcards that the chain has shown.
uint8_t Walk::HoleOf(const Zone& zone, const NibbleNode& node) {
  for (const NibbleNode& wild : zone.chain_wilds) {
    if (node != wild && node.IsAtOrBelow(wild)) {
      return static_cast<uint8_t>(wild.depth + 1);
    }
  }
  return 0;
}

// The nodes whose children are behind the last name that the chain showed.
std::vector<Walk::StackNode> Walk::RestOfChain(const Zone& zone) const {
  const ReverseTree& names = trees_[zone.tree].names;
  NameView at = zone.chain_at;
  NameView below;  // the name right below it, on the way to the last one
  for (; !names.NodeOf(at) && !at.is_root(); at = at.parent()) below = at;
  const auto last = names.NodeOf(at);
  if (!last || last->depth < zone.start.depth) return {{.node = zone.start}};
  std::vector<StackNode> rest;
  // Children in the order of the chain: behind those that it has shown.
  if (!below.is_root()) {
    constexpr absl::string_view kDigits = "0123456789abcdef";
    uint16_t children = 0;
    for (size_t child = 0; child < kDigits.size(); ++child) {
      const bool behind = kDigits.substr(child, 1) > below.first_label();
      if (behind) children |= static_cast<uint16_t>(1 << child);
    }
    rest.push_back({.node = *last, .children = children});
  } else if (last->depth == zone.start.depth) {
    return {{.node = zone.start}};
  }
  for (int up = 1; up <= last->depth - zone.start.depth; ++up) {
    // Those behind it; of the last level it too, unless it was before.
    const bool itself = up == 1 && below.is_root();
    const int at_least = last->NibbleAt(last->depth - up) + (itself ? 0 : 1);
    const auto children = static_cast<uint16_t>(0xffff << at_least);
    rest.push_back({.node = last->Above(up), .children = children});
  }
  for (StackNode& node : rest) {
    const auto& wilds = zone.chain_wilds;
    node.hole = HoleOf(zone, node.node);
    node.wild_told =
        std::find(wilds.begin(), wilds.end(), node.node) != wilds.end();
  }
  std::erase_if(rest, [](const StackNode& node) { return node.children == 0; });
  return rest;
}

// The chain cannot be followed any further: what is behind it is asked for.
void Walk::LeaveChain(ZoneSlot slot) {
  Zone& zone = zones_[slot];
  zone.mode = Mode::kPlain;
  zone.stack = RestOfChain(zone);
  if (zone.stack.size() == 1 && zone.stack[0].node == zone.start &&
      zone.stack[0].children == kAllChildren) {
    zone.stack.clear();
    return BeginDynamic(slot);
  }
  zone.stage = Stage::kTree;
}

// ---- NSEC3

void Walk::BeginNsec3(Zone* zone) {
  zone->by_nsec3 = true;
  zone->mode = Mode::kNsec3;
  zone->nsec3 = std::make_unique<Nsec3Store>(&nsec3_room_);
}

void Walk::LeaveNsec3(Zone* zone) {
  zone->by_nsec3 = false;
  zone->mode = Mode::kPlain;
  zone->nsec3.reset();
}

// True if the zone's chain has told the answer to a question that is about to
// be asked; then it has been given.
bool Walk::AnsweredByChain(ZoneSlot slot, uint32_t tag) {
  Zone& zone = zones_[slot];
  const Ask& ask = asks_[tag];
  if (zone.nsec3 == nullptr || ask.what != Ask::For::kChild) return false;
  if (!zone.nsec3->is_usable()) {
    LeaveNsec3(&zone);
    return false;
  }
  const auto known = KnownByChain(zone, ask.node);
  if (known) OnAnswer(tag, *known);
  return known.has_value();
}

// What its records tell of a node, unless it has to be asked for.
std::optional<WalkAnswer> Walk::KnownByChain(const Zone& zone,
                                             const NibbleNode& node) const {
  const auto known =
      zone.nsec3->LookWithWildcard(*trees_[zone.tree].names.NameOf(node));
  using enum WalkAnswer::Said;
  WalkAnswer answer = {.said = kNx, .apex = apexes_[zone.apex]};
  if (known.existence == Nsec3Store::Existence::kUnknown) return std::nullopt;
  if (known.existence == Nsec3Store::Existence::kAbsent) return answer;
  const NameTypes& types = known.types;
  const bool named = types.ptr || types.cname;
  if (types.is_cut() || types.dname || (named && node.depth < kNibbles)) {
    return std::nullopt;
  }
  answer.said = named ? kData : kNodata;
  return answer;
}

bool Walk::IsDnameByChain(const Zone& zone, const NibbleNode& node) const {
  return zone.nsec3 != nullptr &&
         zone.nsec3->Look(*trees_[zone.tree].names.NameOf(node)).types.dname;
}

// The name to ask for, for a child to become known. Any name that is in an open
// gap of the chain closes it. One directly below a name that exists shows
// besides what is where its wildcard would be, and the name's own record: two
// or three links, where the child itself would show one.
dnswire::Name Walk::NameForChain(Zone* zone, Ask* ask) {
  const ReverseTree& names = trees_[zone->tree].names;
  for (; !zone->enclosers.empty(); zone->enclosers.pop_back()) {
    const NibbleNode encloser = zone->enclosers.back();
    dnswire::Name wildcard = *names.NameOf(encloser);
    if (!wildcard.PrependLabel("*") || zone->nsec3->Look(wildcard).existence !=
                                           Nsec3Store::Existence::kUnknown) {
      continue;
    }
    const auto below = OpenNameBelow(*zone, encloser);
    if (!below) continue;
    zone->enclosers.pop_back();
    ask->below = Ask::Below::kAnother;
    return *below;
  }
  ask->below = Ask::Below::kNone;
  if (!std::exchange(ask->was_below, true)) {
    if (const auto below = OpenNameBelow(*zone, ask->node)) {
      ask->below = Ask::Below::kChild;
      return *below;
    }
  }
  return *names.NameOf(ask->node);
}

// A name right below a node, of which the chain has told nothing yet.
std::optional<dnswire::Name> Walk::OpenNameBelow(const Zone& zone,
                                                 const NibbleNode& node) const {
  constexpr int kTries = 100;
  const dnswire::Name base = *trees_[zone.tree].names.NameOf(node);
  for (int i = 0; i < kTries; ++i) {
    const char label[] = {'x', static_cast<char>('a' + i / 10),
                          static_cast<char>('0' + i % 10)};
    dnswire::Name below = base;
    if (!below.PrependLabel({label, sizeof label})) break;
    if (zone.nsec3->Look(below).existence == Nsec3Store::Existence::kUnknown) {
      return below;
    }
  }
  return std::nullopt;
}

// Takes in what the answer shows of the chain. False: it tells nothing of the
// child, which is asked for again.
bool Walk::LearnFromChain(const Ask& ask, WalkAnswer* answer) {
  Zone& zone = zones_[ask.zone];
  if (zone.nsec3 == nullptr || answer->message == nullptr) return true;
  zone.nsec3->Learn(*answer->message, apexes_[zone.apex]);
  if (ask.what != Ask::For::kChild || ask.below == Ask::Below::kNone) {
    return true;
  }
  using enum WalkAnswer::Said;
  const bool of_child = ask.below == Ask::Below::kChild &&
                        (answer->said == kReferral || answer->said == kDname ||
                         EntersAnother(zone, ask.node, *answer));
  if (of_child || answer->said == kFail || answer->said == kSilent) return true;
  const auto known = KnownByChain(zone, ask.node);
  if (known) {
    *answer = *known;
    return true;
  }
  NewAsk(ask.zone, ask);
  return false;
}

}  // namespace scanner
