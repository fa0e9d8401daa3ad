// Part of Walk: the children of a node, and what they are (ITERATION.md 3.3).
#include <algorithm>

#include "dnswire/wire.h"
#include "scanner/walk/walk.h"

namespace scanner {
using dnswire::NameView;

bool Walk::IsSkipped(const Zone& zone, const NibbleNode& node) const {
  if (zone.dense.empty() && redirected_.empty()) return false;
  for (int up = 0; up <= node.depth - zone.start.depth; ++up) {
    const NibbleNode above = node.Above(up);
    if (zone.dense.contains(above) ||
        redirected_.contains({zone.tree, above})) {
      return true;
    }
  }
  return false;
}

void Walk::Expand(ZoneSlot slot, const StackNode& at) {
  if (IsSkipped(zones_[slot], at.node)) {
    ++summary_.skipped;
    return;
  }
  if (IsExcluded(at.node)) {
    zones_[slot].left_out = true;
    return TellExcluded(at.node, zones_[slot].apex);
  }
  ++summary_.expanded;
  NoteEncloser(&zones_[slot], at.node);
  const uint32_t expansion = NewExpansion(slot, at);
  for (int child = 0; child < 16; ++child) {
    const bool asked = (at.children >> child & 1) != 0;
    const bool mine = IsMine(at.node.Child(child));
    if (!mine) zones_[slot].left_out = true;
    if (asked && mine) {
      AskChild(expansion, child);
    } else {
      expansions_[expansion].children[static_cast<size_t>(child)] =
          ChildIs::kAbsent;
    }
  }
  if (expansions_[expansion].open == 0) StepExpansion(expansion);
}

void Walk::NoteEncloser(Zone* zone, const NibbleNode& node) {
  if (zone->nsec3 != nullptr && zone->enclosers.size() < kMaxEnclosers) {
    zone->enclosers.push_back(node);
  }
}

uint32_t Walk::NewExpansion(ZoneSlot slot, const StackNode& at) {
  const uint32_t index = expansions_.Acquire();
  expansions_[index] = Expansion();
  expansions_[index].active = true;
  expansions_[index].at = at;
  expansions_[index].zone = slot;
  ++zones_[slot].expanding;
  return index;
}

void Walk::AskChild(uint32_t expansion, int child) {
  Expansion& parent = expansions_[expansion];
  const Zone& zone = zones_[parent.zone];
  const NibbleNode node = parent.at.node.Child(child);
  const bool leaf = node.depth == kNibbles;
  ++parent.open;
  NewAsk(parent.zone,
         {.what = Ask::For::kChild,
          .child = static_cast<uint8_t>(child),
          .host = leaf && zone.tree == 0 && zone.mode != Mode::kNsec3,
          .expansion = expansion,
          .hole = parent.at.hole,
          .node = node});
}

void Walk::OnChild(const Ask& ask, const WalkAnswer& answer) {
  if (ask.node.depth == kNibbles) {
    OnLeaf(ask.zone, ask, answer);
  } else {
    ChildIs is = Read(zones_[ask.zone], ask, answer);
    if (is == ChildIs::kEmpty && IsDnameByChain(zones_[ask.zone], ask.node)) {
      // Its chain has nothing of what is below.
      NewAsk(ask.zone, {.what = Ask::For::kDname, .node = ask.node});
      is = ChildIs::kAbsent;
    }
    Expansion& parent = expansions_[ask.expansion];
    parent.children[ask.child] = is;
    parent.causes[ask.child] = answer.cause;
    if (is == ChildIs::kNamed) {
      parent.targets[ask.child] = HashOfName(answer.target);
      if (parent.example.empty()) parent.example = answer.target.ToText();
    }
    if (is == ChildIs::kRedirected) {
      const auto owner =
          trees_[zones_[ask.zone].tree].names.NodeOf(answer.dname_owner);
      parent.redirects.emplace_back(*owner, answer.target);
    }
  }
  if (--expansions_[ask.expansion].open == 0) StepExpansion(ask.expansion);
}

Walk::ChildIs Walk::Read(const Zone& zone, const Ask& ask,
                         const WalkAnswer& answer) {
  if (EntersAnother(zone, ask.node, answer)) return ChildIs::kCut;
  using enum WalkAnswer::Said;
  switch (answer.said) {
    case kNx:
      return ChildIs::kAbsent;
    case kNodata:
      return ChildIs::kEmpty;
    case kData:
    case kAlias:
      return ChildIs::kNamed;
    case kDname: {
      const auto owner = trees_[zone.tree].names.NodeOf(answer.dname_owner);
      if (owner && ask.node.IsAtOrBelow(*owner)) return ChildIs::kRedirected;
      break;
    }
    case kUnasked:
      ++summary_.unexpanded;
      return ChildIs::kUnasked;
    case kReferral:
    case kFail:
    case kSilent:
      break;
  }
  return ChildIs::kFailed;
}

// The child is the apex of another zone.
bool Walk::EntersAnother(const Zone& zone, const NibbleNode& node,
                         const WalkAnswer& answer) const {
  const bool referred = answer.said == WalkAnswer::Said::kReferral;
  if (!referred && (!answer.apex || zone.apex == kNil ||
                    answer.apex->Equals(apexes_[zone.apex]))) {
    return false;
  }
  const auto cut =
      trees_[zone.tree].names.NodeOf(referred ? answer.cut : *answer.apex);
  return cut && *cut == node;
}

// ---- hosts

void Walk::OnLeaf(ZoneSlot slot, const Ask& ask, const WalkAnswer& answer) {
  Zone& zone = zones_[slot];
  switch (answer.said) {
    case WalkAnswer::Said::kData:
    case WalkAnswer::Said::kAlias:
    case WalkAnswer::Said::kDname:
      NoteEncloser(&zone, ask.node);
      if (!ask.host) return AskHost(slot, ask.node, ask.hole);
      return NoteHost(&zone, ask);
    case WalkAnswer::Said::kNodata:
      zone.fruitful = true;
      ++summary_.nameless;
      return;
    case WalkAnswer::Said::kReferral:
      return AskHost(slot, ask.node, ask.hole);
    case WalkAnswer::Said::kFail:
    case WalkAnswer::Said::kSilent:
      return PutOff(&zone, Late::What::kChild,
                    {.node = ask.node, .hole = ask.hole}, answer.cause);
    case WalkAnswer::Said::kUnasked:
      ++summary_.unknown;
      return;
    case WalkAnswer::Said::kNx:
      return;
  }
}

// In WalkTargets::known; nullopt: it is not there.
std::optional<size_t> Walk::KnownIndex(
    const dnswire::IpAddress& address) const {
  const auto& known = targets_->known;
  const auto at = std::lower_bound(known.begin(), known.end(), address);
  if (at == known.end() || *at != address) return std::nullopt;
  return static_cast<size_t>(at - known.begin());
}

void Walk::AskHost(ZoneSlot slot, const NibbleNode& node, uint8_t hole) {
  NewAsk(slot,
         {.what = Ask::For::kLeaf, .host = true, .hole = hole, .node = node});
}

void Walk::NoteHost(Zone* zone, const Ask& ask) {
  ++summary_.hosts;
  zone->fruitful = true;
  // Its parent was an empty name, and was not denied.
  if (ask.what == Ask::For::kChild && ask.node.depth > zone->start.depth + 1) {
    zone->honest = true;
  }
  if (zone->hosts.size() < kMaxHosts) {
    zone->hosts.insert(ask.node.first);
  } else {
    zone->too_many_hosts = true;
  }
  if (const auto known = KnownIndex(ask.node.first)) known_done_[*known] = true;
  if (ask.hole == 0) return;
  const NibbleNode hole = ask.node.Above(kNibbles - ask.hole);
  if (!holes_.insert(hole).second) return;
  AddFinding(*zone, hole, FindingKind::kWildcardHole).example =
      ask.node.first.ToString();
}

// ---- where a node's children lead

// `push`: those that exist are looked into, and what had no answer later.
void Walk::EndExpansion(uint32_t index, bool push) {
  const Expansion done = std::move(expansions_[index]);
  expansions_[index].active = false;
  expansions_.Release(index);
  Zone& zone = zones_[done.zone];
  --zone.expanding;
  if (done.of_start) return;
  const auto wild = static_cast<uint64_t>(
      std::count(done.children.begin(), done.children.end(), ChildIs::kWild));
  const auto below = static_cast<uint8_t>(done.at.node.depth + 1);
  if (wild > 0) zone.fruitful = zone.made_up = true;
  if (wild > 0 && !done.at.wild_told) {
    Finding& finding = AddFinding(zone, done.at.node, FindingKind::kWildcard);
    finding.count = wild;
    finding.example = done.example;
  }
  const bool full = IsFull(done);
  StackNode next = {
      .full_levels = static_cast<uint8_t>(full ? done.at.full_levels + 1 : 0),
      .hole = (wild > 0 || done.at.wild_told) && done.at.hole == 0
                  ? below
                  : done.at.hole};
  for (int child = 15; child >= 0; --child) {
    const ChildIs is = done.children[static_cast<size_t>(child)];
    next.node = done.at.node.Child(child);
    if (is == ChildIs::kEmpty) {
      zone.fruitful = true;
      if (push) Push(&zone, next);
    } else if (is == ChildIs::kCut) {
      zone.fruitful = true;
      AddFinding(zone, next.node, FindingKind::kCut);
      AwaitServers(*trees_[zone.tree].names.NameOf(next.node));
      AddZone(next.node, zone.tree);
    } else if (is == ChildIs::kFailed && push) {
      StackNode again = next;
      again.wild_told = wild > 0 || done.at.wild_told;
      PutOff(&zone, Late::What::kChild, again,
             done.causes[static_cast<size_t>(child)]);
    }
  }
  for (const auto& [owner, target] : done.redirects) {
    Redirect(done.zone, owner, target);
  }
}

// A ladder had no answer: all of it is asked again.
void Walk::PutOffExpansion(uint32_t index) {
  Expansion& failed = expansions_[index];
  if (failed.of_start) return EndExpansion(index, false);
  const StackNode at = failed.at;
  const io::Cause cause = failed.cause;
  Zone& zone = zones_[failed.zone];
  failed.active = false;
  expansions_.Release(index);
  --zone.expanding;
  PutOff(&zone, Late::What::kNode, at, cause);
}

void Walk::Push(Zone* zone, const StackNode& at) {
  if (!zone->ended) return zone->stack.push_back(at);
  if (!zone->spent && zone->pass < options_.late_passes) {
    return PutOff(zone, Late::What::kNode, at, zone->cause);
  }
  ++summary_.unexpanded;
}

bool Walk::IsLoop(uint32_t tree, NameView target) const {
  for (uint32_t at = tree; at != kNil; at = trees_[at].parent) {
    const Tree& each = trees_[at];
    if (each.parent == kNil) break;
    const auto origin = trees_[each.parent].names.NameOf(each.names.top());
    if (target.Equals(each.names.base()) ||
        (origin && target.Equals(*origin))) {
      return true;
    }
  }
  return false;
}

// kNil: there is none.
uint32_t Walk::TreeOf(uint32_t parent, const NibbleNode& owner) const {
  for (uint32_t tree = 0; tree < trees_.size(); ++tree) {
    const Tree& each = trees_[tree];
    if (each.parent == parent && each.names.top() == owner) return tree;
  }
  return kNil;
}

void Walk::Redirect(ZoneSlot slot, const NibbleNode& owner, NameView target) {
  Zone& zone = zones_[slot];
  zone.fruitful = true;
  // Above the start of a zone there may be more than was asked for.
  const bool above = zone.stage == Stage::kEnter;
  const NibbleNode start = above ? zone.start : owner;
  if (!redirected_.insert({zone.tree, owner}).second) {
    const uint32_t tree = TreeOf(zone.tree, owner);
    if (above && tree != kNil) AddZone(start, tree);
    return;
  }
  const Tree& in = trees_[zone.tree];
  const auto origin = in.names.NameOf(owner);
  const size_t longest =
      target.size() + 2 * static_cast<size_t>(kNibbles - owner.depth);
  const bool loop =
      (origin && target.Equals(*origin)) || IsLoop(zone.tree, target) ||
      in.nested + 1 > kMaxNestedTrees || longest > dnswire::kMaxNameOctets;
  Finding& finding = AddFinding(
      zone, owner, loop ? FindingKind::kRedirectLoop : FindingKind::kRedirect);
  finding.example = target.ToText();
  if (loop) return;
  const int nested = in.nested + 1;
  trees_.push_back({.names = ReverseTree(owner, target),
                    .parent = zone.tree,
                    .nested = nested});
  AddZone(start, static_cast<uint32_t>(trees_.size() - 1));
}

}  // namespace scanner
