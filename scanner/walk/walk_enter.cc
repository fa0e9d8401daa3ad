// Part of Walk: what a zone is asked before its tree (ITERATION.md 3.2).
#include "dnswire/dnssec/denial.h"
#include "scanner/walk/walk.h"

namespace scanner {
namespace {

// Below that a random name may well be a real one.
constexpr uint8_t kMaxRandomDepth = 28;
// Random names asked for, to see how a zone denies one.
constexpr uint8_t kMaxDenials = 3;

FindingKind KindOf(io::Cause cause) {
  switch (cause) {
    case io::Cause::kNsUnresolvable:
      return FindingKind::kNoServers;
    case io::Cause::kAllNsUnreachable:
    case io::Cause::kTimeout:
    case io::Cause::kUnreachable:
    case io::Cause::kUnmatched:
    case io::Cause::kBreaker:
      return FindingKind::kUnreachable;
    default:
      return FindingKind::kLame;
  }
}

}  // namespace

void Walk::OnSoa(ZoneSlot slot, const WalkAnswer& answer) {
  Zone& zone = zones_[slot];
  if (answer.apex) zone.apex = ApexIndex(*answer.apex);
  if (zone.ended && zone.left_out) return;
  switch (answer.said) {
    case WalkAnswer::Said::kUnasked:
      if (!zone.ended) GiveUpOn(slot, FindingKind::kBudget);
      return;
    case WalkAnswer::Said::kReferral:
    case WalkAnswer::Said::kFail:
    case WalkAnswer::Said::kSilent:
      return FailToEnter(slot, answer);
    case WalkAnswer::Said::kDname: {
      zone.ended = true;
      const auto owner = trees_[zone.tree].names.NodeOf(answer.dname_owner);
      if (owner) Redirect(slot, *owner, answer.target);
      return;
    }
    case WalkAnswer::Said::kNx:
      if (answer.registry) {
        zone.ended = true;
        AddFinding(zone, zone.start, FindingKind::kUndelegated);
        return;
      }
      zone.denied = true;
      return BeginDenial(slot);
    case WalkAnswer::Said::kData:
    case WalkAnswer::Said::kAlias:
    case WalkAnswer::Said::kNodata:
      return BeginDenial(slot);
  }
}

void Walk::FailToEnter(ZoneSlot slot, const WalkAnswer& answer) {
  Zone& zone = zones_[slot];
  zone.ended = true;
  if (MayPutOff(zone)) {
    return PutOff(&zone, Late::What::kZone, {.node = zone.start}, answer.cause);
  }
  ++summary_.zones_unentered;
  AddFinding(zone, zone.start, KindOf(answer.cause)).cause = answer.cause;
  if (zone.apex != kNil) AwaitServers(apexes_[zone.apex]);
}

void Walk::BeginDenial(ZoneSlot slot) {
  Zone& zone = zones_[slot];
  if (zone.start.depth > kMaxRandomDepth) return BeginTree(slot);
  zone.stage = Stage::kDenial;
  const dnswire::IpAddress random = RandomBelow(zone.start);
  NewAsk(slot,
         {.what = Ask::For::kDenial, .node = NibbleNode::OfAddress(random)});
}

void Walk::OnDenial(ZoneSlot slot, const Ask& ask, const WalkAnswer& answer) {
  Zone& zone = zones_[slot];
  // A wildcard was hit, or a delegation, which may be in a part of the zone
  // only; or the answer was lost.
  const bool told = answer.said == WalkAnswer::Said::kNx ||
                    answer.said == WalkAnswer::Said::kNodata || zone.ended;
  if (!told && ++zone.denials < kMaxDenials) return BeginDenial(slot);
  auto denial = dnswire::Denial::kNone;
  if (answer.said == WalkAnswer::Said::kNx && answer.message != nullptr &&
      zone.apex != kNil) {
    denial = dnswire::JudgeDenial(*answer.message,
                                  *trees_[zone.tree].names.NameOf(ask.node),
                                  apexes_[zone.apex]);
  }
  zone.is_signed = denial > dnswire::Denial::kNotReal;
  if (denial == dnswire::Denial::kNsec) zone.mode = Mode::kNsec;
  if (denial == dnswire::Denial::kNsec3) {
    BeginNsec3(&zone);
    zone.nsec3->Learn(*answer.message, apexes_[zone.apex]);
    if (!zone.nsec3->is_usable()) LeaveNsec3(&zone);
  }
  if (zone.denied || zone.mode == Mode::kNsec3) return BeginTree(slot);
  if (zone.mode == Mode::kNsec) return BeginChain(slot);
  BeginDynamic(slot);
}

void Walk::BeginDynamic(ZoneSlot slot) {
  Zone& zone = zones_[slot];
  zone.stage = Stage::kDynamic;
  for (int i = 0; i < 2; ++i) {
    const dnswire::IpAddress random = RandomBelow(zone.start);
    NewAsk(slot,
           {.what = Ask::For::kDynamic, .node = NibbleNode::OfAddress(random)});
  }
}

void Walk::OnDynamic(ZoneSlot slot, const Ask& ask, const WalkAnswer& answer) {
  Zone& zone = zones_[slot];
  if (answer.said != WalkAnswer::Said::kData &&
      answer.said != WalkAnswer::Said::kAlias) {
    return;
  }
  zone.random_hit = ask.node.first;
  if (++zone.random_hits < 2) return;
  const uint32_t index = NewExpansion(slot, {.node = zone.start});
  Expansion& ladder = expansions_[index];
  ladder.of_start = true;
  ladder.step = Expansion::Step::kTwo;
  ladder.hits = 2;
  ladder.path = zone.random_hit;
  ladder.example = answer.target.ToText();
  FinishTwo(index);
}

// Every address below START is looked for in its tree, unless that is known not
// to be worth it.
void Walk::BeginTree(ZoneSlot slot) {
  Zone& zone = zones_[slot];
  zone.stage = Stage::kTree;
  if (zone.walked || zone.denied) return;
  if (zone.start.depth == kNibbles) return AskHost(slot, zone.start, 0);
  zone.stack.push_back({.node = zone.start});
}

}  // namespace scanner
