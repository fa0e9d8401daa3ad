// Part of Walk: what had no answer and is asked again in a late pass, and what
// is left when a budget is spent (ITERATION.md 3.7).
#include <algorithm>
#include <utility>
#include <vector>

#include "scanner/walk/walk.h"

namespace scanner {
namespace {

// Prefixes of a finding's detail.
constexpr size_t kMaxListed = 100;
// Nodes of one zone that the late pass takes up together.
constexpr size_t kMaxRetried = 256;

}  // namespace

bool Walk::MayPutOff(const Zone& zone) const {
  return zone.pass < options_.late_passes && late_.size() < kMaxLate &&
         !spent_ && !zone.spent && !zone.resting;
}

void Walk::PutOff(Zone* owner, Late::What what, const StackNode& at,
                  io::Cause cause) {
  Zone& zone = *owner;
  if (IsExcluded(at.node)) {
    zone.left_out = true;
    return TellExcluded(at.node, zone.apex);
  }
  if (MayPutOff(zone)) {
    const bool whole = what == Late::What::kZone;
    return late_.push_back({.what = what,
                            .pass = static_cast<uint8_t>(zone.pass + 1),
                            .hole = at.hole,
                            .wild_told = at.wild_told,
                            .cause = cause,
                            .children = at.children,
                            .tree = zone.tree,
                            .apex = zone.apex,
                            .rest = whole ? kNil : RestOf(&zone),
                            .node = at.node});
  }
  zone.gaps = true;
  TellUnknown(zone, at.node, cause);
}

void Walk::TellUnknown(const Facts& zone, const NibbleNode& node,
                       io::Cause cause) {
  ++summary_.unknown;
  Finding& finding = AddFinding(zone, node, FindingKind::kUnknown);
  finding.cause = cause;
  finding.count = 1;
}

void Walk::BeginLatePass() {
  ++pass_;
  retries_.assign(late_.begin(), late_.end());
  late_.clear();
}

// Nodes of one zone that had no answer: without asking the zone itself again.
void Walk::EnterRetries() {
  const Late first = retries_.front();
  const Facts& rest = rests_[first.rest];
  const ZoneSlot slot = NewZone(rest.start, first.tree, first.pass);
  Zone& zone = zones_[slot];
  zone.retry = true;
  zone.apex = first.apex;
  zone.rest = first.rest;
  zone.dense = rest.dense;
  zone.questions = zone.questions_before = rest.questions;
  if (rest.by_nsec3) BeginNsec3(&zone);
  zone.stage = Stage::kTree;
  for (size_t taken = 0; taken < kMaxRetried && !retries_.empty(); ++taken) {
    const Late late = retries_.front();
    if (late.what == Late::What::kZone || late.rest != first.rest) break;
    retries_.pop_front();
    const StackNode at = {.node = late.node,
                          .hole = late.hole,
                          .wild_told = late.wild_told,
                          .children = late.children};
    if (late.what == Late::What::kNode) {
      zone.stack.push_back(at);
      continue;
    }
    Expand(slot, {.node = late.node.Above(),
                  .hole = late.hole,
                  .wild_told = late.wild_told,
                  .children = TakeSiblings(late)});
  }
  Proceed(slot);
}

// The child itself and those of the same node that are right behind it: a
// wildcard there is found once.
uint16_t Walk::TakeSiblings(const Late& first) {
  uint16_t children = 0;
  const auto add = [&children](const Late& late) {
    const int child = late.node.NibbleAt(late.node.depth - 1);
    children = static_cast<uint16_t>(children | 1 << child);
  };
  add(first);
  while (!retries_.empty()) {
    const Late& late = retries_.front();
    if (late.what != first.what || late.node.depth != first.node.depth ||
        late.node.Above() != first.node.Above() || late.hole != first.hole ||
        late.wild_told != first.wild_told || late.rest != first.rest) {
      break;
    }
    add(late);
    retries_.pop_front();
  }
  return children;
}

// ---- zones and walks that end early

// The zone is left as it is: its budget is spent, or nobody answers. What
// silence leaves is for the late pass, if there is one.
void Walk::GiveUpOn(ZoneSlot slot, FindingKind kind) {
  Zone& zone = zones_[slot];
  zone.ended = true;
  zone.spent = kind == FindingKind::kBudget;
  std::vector<StackNode> rest = std::move(zone.stack);
  zone.stack.clear();
  if (zone.stage == Stage::kChain && !zone.walked) {
    const std::vector<StackNode> behind = RestOfChain(zone);
    rest.insert(rest.end(), behind.begin(), behind.end());
  }
  const bool silent = kind == FindingKind::kUnreachable;
  if (silent && MayPutOff(zone)) {
    for (const StackNode& at : rest) {
      PutOff(&zone, Late::What::kNode, at, zone.cause);
    }
    return;
  }
  zone.gaps = true;
  summary_.unexpanded += rest.size();
  // What was put off lies anywhere in its zone.
  NibbleNode all = zone.retry && !rest.empty() ? rest[0].node : zone.start;
  for (const StackNode& at : rest) {
    while (!at.node.IsAtOrBelow(all)) all = all.Above();
  }
  Finding& finding = AddFinding(zone, all, kind);
  if (silent) finding.cause = zone.cause;
  finding.count = rest.size();
  for (size_t i = 0; i < std::min(rest.size(), kMaxListed); ++i) {
    if (i > 0) finding.detail += ' ';
    finding.detail += rest[i].node.prefix().ToString();
  }
  if (silent && zone.apex != kNil) AwaitServers(apexes_[zone.apex]);
}

void Walk::EndForBudget() {
  spent_ = true;
  for (uint32_t slot = 0; slot < zones_.size(); ++slot) {
    if (!IsActive(slot) || zones_[slot].ended) continue;
    if (IsBeingEntered(zones_[slot])) ++summary_.zones_unentered;
    GiveUpOn(slot, FindingKind::kBudget);
  }
  for (const Entry& entry : entries_) LeaveForBudget(entry);
  entries_.clear();
  retries_.insert(retries_.end(), late_.begin(), late_.end());
  late_.clear();
  for (const Late& late : retries_) LeaveForBudget(late);
  LeaveRests();
  retries_.clear();
}

// What speaks against the denials of zones that have ended is not looked for.
void Walk::LeaveRests() {
  std::vector<bool> told(rests_.size());
  for (const Late& late : retries_) {
    if (late.rest != kNil) told[late.rest] = true;
  }
  for (uint32_t slot = 0; slot < zones_.size(); ++slot) {
    if (!IsActive(slot) || zones_[slot].rest == kNil) continue;
    told[std::exchange(zones_[slot].rest, kNil)] = true;
  }
  for (size_t i = 0; i < rests_.size(); ++i) {
    const Facts& zone = rests_[i];
    if (zone.broken) TellBroken(zone);
    if (!told[i] && !zone.spent) {
      AddFinding(zone, zone.start, FindingKind::kBudget);
    }
  }
  rests_.clear();
}

void Walk::LeaveForBudget(const Late& late) {
  if (late.what == Late::What::kZone) {
    return LeaveForBudget(Entry{.start = late.node});
  }
  ++(late.what == Late::What::kNode ? summary_.unexpanded : summary_.unknown);
  findings_.push_back({.prefix = late.node.prefix(),
                       .kind = FindingKind::kBudget,
                       .cause = late.cause,
                       .depth = late.node.depth,
                       .count = 1});
  if (late.apex != kNil) findings_.back().zone = apexes_[late.apex].ToText();
}

void Walk::LeaveForBudget(const Entry& entry) {
  ++summary_.zones_unentered;
  findings_.push_back({.prefix = entry.start.prefix(),
                       .kind = FindingKind::kBudget,
                       .depth = entry.start.depth});
}

}  // namespace scanner
