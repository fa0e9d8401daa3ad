#include "scanner/walk/walk.h"

#include <algorithm>
#include <cassert>

#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"
#include "dnswire/wire.h"
#include "scanner/targets/mix.h"

namespace scanner {
namespace {

using dnswire::IpAddress;
using dnswire::NameView;

// Questions in a row without any answer, after which a zone is left alone until
// the late pass.
constexpr uint32_t kMaxFailures = 64;
// Shards share the tree from here on: /48.
constexpr uint8_t kSharedDepth = 12;

}  // namespace

Walk::Walk(const WalkTargets* targets, uint64_t seed)
    : targets_(targets),
      options_(targets->options),
      seed_(seed),
      nsec3_room_{options_.nsec3_octets},
      known_done_(targets->known.size()) {
  trees_.push_back(Tree());
  for (const dnswire::IpPrefix& prefix : targets->prefixes) {
    const NibbleNode start = NibbleNode::Of(prefix);
    if (IsMine(start)) AddZone(start, 0);
  }
}

// ---- questions, in turn

std::optional<WalkWork> Walk::NextWork() {
  if (!to_survey_.empty()) return NextSurvey();
  while (MayEnter()) EnterNext();
  for (size_t left = ready_.size(); left > 0; --left) {
    const ZoneSlot slot = ready_.front();
    ready_.pop_front();
    zones_[slot].ready = false;
    auto work = NextOf(slot);
    if (work) {
      MakeReady(slot);
      return work;
    }
    if (IsActive(slot)) Proceed(slot);
  }
  return std::nullopt;
}

void Walk::EnterNext() {
  if (retries_.empty() && entries_.empty()) return EnterRest();
  if (retries_.empty()) {
    const Entry entry = entries_.front();
    entries_.pop_front();
    if (IsExcluded(entry.start)) return TellExcluded(entry.start, kNil);
    const ZoneSlot slot = NewZone(entry.start, entry.tree, entry.pass);
    NewAsk(slot, {.what = Ask::For::kSoa, .node = entry.start});
    ++summary_.zones;
    return MakeReady(slot);
  }
  const Late first = retries_.front();
  if (first.what == Late::What::kZone) {
    retries_.pop_front();
    if (IsExcluded(first.node)) return TellExcluded(first.node, kNil);
    const ZoneSlot slot = NewZone(first.node, first.tree, first.pass);
    NewAsk(slot, {.what = Ask::For::kSoa, .node = first.node});
    return MakeReady(slot);
  }
  EnterRetries();
}

Walk::ZoneSlot Walk::NewZone(const NibbleNode& start, uint32_t tree,
                             uint8_t pass) {
  const ZoneSlot slot = zones_.Acquire();
  zones_[slot] = Zone();
  zones_[slot].active = true;
  zones_[slot].start = start;
  zones_[slot].tree = tree;
  zones_[slot].pass = pass;
  ++active_;
  return slot;
}

void Walk::AddZone(const NibbleNode& start, uint32_t tree) {
  const Entry entry = {.start = start, .tree = tree, .pass = pass_};
  if (spent_) return LeaveForBudget(entry);
  entries_.push_back(entry);
  zone_starts_.insert(start);
}

bool Walk::ZoneHasWork(const Zone& zone) const {
  if (zone.mode == Mode::kNsec3 && zone.open >= kMaxOpenNsec3) return false;
  if (!zone.to_ask.empty()) return true;
  const int most =
      zone.mode == Mode::kNsec3 ? kMaxExpandingNsec3 : kMaxExpanding;
  return zone.stage == Stage::kTree && !zone.stack.empty() &&
         zone.expanding < most;
}

void Walk::MakeReady(ZoneSlot slot) {
  Zone& zone = zones_[slot];
  if (zone.ready || !ZoneHasWork(zone)) return;
  zone.ready = true;
  ready_.push_back(slot);
}

// nullopt: all that it had has been settled without a question.
std::optional<WalkWork> Walk::NextOf(ZoneSlot slot) {
  Zone& zone = zones_[slot];
  while (ZoneHasWork(zone)) {
    if (zone.to_ask.empty()) {
      const StackNode at = zone.stack.back();
      zone.stack.pop_back();
      Expand(slot, at);
      continue;
    }
    const uint32_t tag = zone.to_ask.front();
    zone.to_ask.pop_front();
    --waiting_asks_;
    ++zone.open;
    if (LeftOut(slot, tag) || AnsweredByChain(slot, tag)) {
      if (!IsActive(slot)) return std::nullopt;
      continue;
    }
    if (zone.questions >= options_.zone_budget && !zone.ended) {
      GiveUpOn(slot, FindingKind::kBudget);
    }
    if (zone.ended) {
      OnAnswer(tag, {.said = zone.spent ? WalkAnswer::Said::kUnasked
                                        : WalkAnswer::Said::kSilent,
                     .cause = zone.cause});
      // That may have been the zone's last question.
      if (!IsActive(slot)) return std::nullopt;
      continue;
    }
    ++zone.questions;
    ++summary_.questions;
    return WorkOf(&zone, tag);
  }
  return std::nullopt;
}

bool Walk::IsExcluded(const NibbleNode& node) const {
  const dnswire::IpPrefix prefix = node.prefix();
  const absl::uint128 first = prefix.first().value();
  const absl::uint128 last = prefix.last().value();
  const absl::uint128 all = last - first + 1;
  return targets_->excluded.v6().CountWithin(first, last) == all ||
         excluded_.v6().CountWithin(first, last) == all;
}

// What is under way is answered all the same.
void Walk::Exclude(TargetSet excluded) {
  excluded_ = std::move(excluded);
  for (ZoneSlot slot = 0; slot < zones_.size(); ++slot) {
    if (!IsActive(slot)) continue;
    Zone& zone = zones_[slot];
    if (zone.ended || !IsExcluded(zone.start)) continue;
    zone.ended = zone.left_out = true;
    zone.stack.clear();
    TellExcluded(zone.start, zone.apex);
    Proceed(slot);
  }
}

// Once, and not of what is in a part that was told of.
void Walk::TellExcluded(const NibbleNode& node, uint32_t apex) {
  for (int up = 0; up < node.depth; ++up) {
    if (told_excluded_.contains(node.Above(up))) return;
  }
  told_excluded_.insert(node);
  findings_.push_back({.prefix = node.prefix(),
                       .kind = FindingKind::kExcluded,
                       .depth = node.depth});
  if (apex != kNil) findings_.back().zone = apexes_[apex].ToText();
}

// True if what was to be asked lies in what is excluded; then it is as if it
// were not there.
bool Walk::LeftOut(ZoneSlot slot, uint32_t tag) {
  const Ask& ask = asks_[tag];
  if (!IsExcluded(ask.node)) return false;
  zones_[slot].left_out = true;
  if (ask.what == Ask::For::kChild) {
    TellExcluded(ask.node, zones_[slot].apex);
  }
  OnAnswer(tag, {.said = WalkAnswer::Said::kNx});
  return true;
}

WalkWork Walk::WorkOf(Zone* zone, uint32_t tag) {
  Ask& ask = asks_[tag];
  WalkWork work = {.tag = tag, .late = zone->pass > 0};
  if (ask.host) {
    work.kind = WalkWork::Kind::kHost;
    work.address = ask.node.first;
    return work;
  }
  if (ask.what == Ask::For::kLink) {
    work.name = *ChainQuestion(zone->chain_at, zone->chain_side);
  } else if (ask.what == Ask::For::kChild && zone->nsec3 != nullptr) {
    work.name = NameForChain(zone, &ask);
  } else {
    work.name = *trees_[zone->tree].names.NameOf(ask.node);
  }
  work.for_chain = ask.what == Ask::For::kLink || zone->mode == Mode::kNsec3;
  work.dnssec_ok = work.for_chain || ask.what == Ask::For::kDenial;
  if (ask.what == Ask::For::kSoa) {
    work.type = dnswire::kTypeSoa;
    work.follow = true;
  } else if (ask.what == Ask::For::kDname) {
    work.type = dnswire::kTypeDname;
  }
  return work;
}

uint32_t Walk::NewAsk(ZoneSlot slot, const Ask& ask) {
  const uint32_t tag = asks_.Acquire();
  asks_[tag] = ask;
  asks_[tag].zone = slot;
  asks_[tag].open = true;
  zones_[slot].to_ask.push_back(tag);
  ++waiting_asks_;
  return tag;
}

// ---- answers

void Walk::OnAnswer(uint32_t tag, const WalkAnswer& answer) {
  const Ask ask = asks_[tag];
  asks_[tag].open = false;
  asks_.Release(tag);
  Zone& zone = zones_[ask.zone];
  --zone.open;
  if (answer.free) {
    --zone.questions;
    --summary_.questions;
  }
  using enum WalkAnswer::Said;
  const bool failed = answer.said == kFail || answer.said == kSilent;
  zone.failures = failed ? zone.failures + 1 : 0;
  if (failed) zone.cause = answer.cause;
  WalkAnswer told = answer;
  if (LeadsToItsZone(ask, answer)) {
    Ask again = ask;
    if (++again.referrals <= kMaxReferrals) {
      NewAsk(ask.zone, again);
      return MakeReady(ask.zone);
    }
    told = {.said = kFail, .cause = io::Cause::kLame, .apex = answer.apex};
  }
  if (LearnFromChain(ask, &told)) Route(ask, told);
  if (zone.failures >= kMaxFailures && !zone.ended) {
    GiveUpOn(ask.zone, FindingKind::kUnreachable);
  }
  Proceed(ask.zone);
}

// A referral to the zone that the question is in: who asks knew of none, after
// a restart or because its time was over. It does now.
bool Walk::LeadsToItsZone(const Ask& ask, const WalkAnswer& answer) {
  if (answer.said != WalkAnswer::Said::kReferral) return false;
  const Zone& zone = zones_[ask.zone];
  const auto cut = trees_[zone.tree].names.NodeOf(answer.cut);
  return !cut || cut->depth <= zone.start.depth;
}

void Walk::Route(const Ask& ask, const WalkAnswer& answer) {
  switch (ask.what) {
    case Ask::For::kSoa:
      return OnSoa(ask.zone, answer);
    case Ask::For::kDenial:
      return OnDenial(ask.zone, ask, answer);
    case Ask::For::kDynamic:
      return OnDynamic(ask.zone, ask, answer);
    case Ask::For::kChild:
      return OnChild(ask, answer);
    case Ask::For::kLadder:
      return OnLadder(ask, answer);
    case Ask::For::kLeaf:
      return OnLeaf(ask.zone, ask, answer);
    case Ask::For::kCanary:
    case Ask::For::kKnown:
    case Ask::For::kDictionary:
      return OnSuspect(ask.zone, ask, answer);
    case Ask::For::kLink:
      return OnLink(ask.zone, answer);
    case Ask::For::kDname:
      if (answer.said == WalkAnswer::Said::kData) {
        Redirect(ask.zone, ask.node, answer.target);
      } else {  // the names below it show it as well
        PutOff(&zones_[ask.zone], Late::What::kNode, {.node = ask.node},
               answer.cause);
      }
      return;
  }
}

// On to the next stage, if the zone has nothing left in this one.
void Walk::Proceed(ZoneSlot slot) {
  for (;;) {
    const Zone& zone = zones_[slot];
    const bool busy = zone.open > 0 || !zone.to_ask.empty() ||
                      zone.expanding > 0 ||
                      (zone.stage == Stage::kTree && !zone.stack.empty());
    if (busy) return MakeReady(slot);
    if (!NextStage(slot)) return EndZone(slot);
  }
}

// False if there is none.
bool Walk::NextStage(ZoneSlot slot) {
  Zone& zone = zones_[slot];
  if (zone.retry || zone.ended) return false;
  const bool waits = zone.rest != kNil;  // for what was put off
  switch (zone.stage) {
    case Stage::kEnter:
    case Stage::kDenial:
    case Stage::kEnd:
      return false;
    case Stage::kDynamic:
    case Stage::kChain:
      BeginTree(slot);
      return true;
    case Stage::kTree:
      if (waits) return false;
      zone.stage = Stage::kCanary;
      BeginCanary(slot);
      return true;
    case Stage::kCanary:
    case Stage::kKnown:
      zone.stage = Stage::kKnown;
      if (AskKnown(slot)) return true;
      if (!zone.broken || waits) return false;
      zone.stage = Stage::kDictionary;
      [[fallthrough]];
    case Stage::kDictionary:
      return AskDictionary(slot);
  }
  return false;
}

void Walk::EndZone(ZoneSlot slot) {
  Zone& zone = zones_[slot];
  if (zone.rest != kNil) {
    Remember(&zone);
  } else {
    TellOfSuspects(zone);
  }
  if (zone.resting) --resting_;
  if (zone.ready) ready_.erase(std::find(ready_.begin(), ready_.end(), slot));
  zone = Zone();
  zones_.Release(slot);
  --active_;
}

// ---- findings

Finding& Walk::AddFinding(const Facts& zone, const NibbleNode& at,
                          FindingKind kind) {
  findings_.push_back({.prefix = at.prefix(),
                       .kind = kind,
                       .depth = at.depth,
                       .queries = zone.questions});
  if (zone.apex != kNil) findings_.back().zone = apexes_[zone.apex].ToText();
  return findings_.back();
}

uint32_t Walk::ApexIndex(NameView apex) {
  const auto [known, is_new] =
      apex_index_.try_emplace(apex.ToText(), apexes_.size());
  if (is_new) apexes_.emplace_back(apex);
  return known->second;
}

// ---- chance and hashes

uint64_t Walk::HashOfName(NameView name) {
  const auto wire = name.wire();
  return absl::HashOf(absl::string_view(
      reinterpret_cast<const char*>(wire.data()), wire.size()));
}

// The same seed makes the same walk.
uint64_t Walk::Random() { return Mix(seed_, ++drawn_); }

IpAddress Walk::RandomBelow(const NibbleNode& node) {
  constexpr int kTries = 64;
  const int known = 4 * node.depth;
  const absl::uint128 mask =
      known == 0 ? ~absl::uint128{0} : (absl::uint128{1} << (128 - known)) - 1;
  IpAddress address;
  for (int i = 0; i < kTries; ++i) {
    const absl::uint128 random = absl::MakeUint128(Random(), Random());
    address = IpAddress::V6(node.first.value() | (random & mask));
    if (!IsExcluded(NibbleNode::OfAddress(address))) break;
  }
  return address;
}

bool Walk::IsMine(const NibbleNode& node) const {
  if (node.depth < kSharedDepth || options_.shards == 1) return true;
  const NibbleNode site = node.Above(node.depth - kSharedDepth);
  return Mix(0, site.first.value()) % options_.shards == options_.shard;
}

}  // namespace scanner
