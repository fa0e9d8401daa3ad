#include "scanner/planning/block_plan.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "scanner/planning/area_size.h"

namespace scanner {
namespace {

constexpr uint64_t kProbeFrom = 16;  // targets that make a probe worth it
constexpr size_t kEnoughReady = 1024;
constexpr size_t kDecisionSets = 2048;

PlanWork::Kind KindFor(AreaState state) {
  switch (state) {
    case AreaState::kCut:
      return PlanWork::Kind::kPruned;
    case AreaState::kDead:
      return PlanWork::Kind::kDefer;
    default:
      return PlanWork::Kind::kLeaf;
  }
}

bool HandsOut(AreaState state) {
  return state == AreaState::kOpen || state == AreaState::kCut ||
         state == AreaState::kDead;
}

// The targets of such a super-block go to its blocks. Through a resolver the
// blocks go on while their super-block is looked at.
bool LeadsDown(const Area& super, bool iterative) {
  switch (super.state) {
    case AreaState::kDown:
      return true;
    case AreaState::kFirstLeaves:
    case AreaState::kProbing:
    case AreaState::kProving:
      return !iterative;
    default:
      return false;
  }
}

}  // namespace

BlockPlan::BlockPlan(const TargetSet* targets, Honesty* honesty,
                     const BlockPlanOptions& options, ZoneOf zone_of)
    : targets_(targets),
      honesty_(honesty),
      options_(options),
      zone_of_(std::move(zone_of)),
      decisions_(kDecisionSets) {}

BlockPlan::Key BlockPlan::KeyOf(const dnswire::IpAddress& address, bool super) {
  if (address.is_v4()) {
    const int length = super ? SuperLength(address) : BlockLength(address);
    return {address.v4() >> (32 - length), super ? 0 : 1};
  }
  return {absl::Uint128High64(address.value()), super ? 2 : 3};
}

bool BlockPlan::WantsTargets() {
  Settle();
  while (resting_ >= options_.max_waiting) ReleaseOldest();
  Settle();
  if (waiting_ - ready_ >= options_.max_waiting + options_.max_waiting / 4) {
    return false;
  }
  return ready_ + urgent_targets_ < kEnoughReady;
}

void BlockPlan::Add(const PlannedTarget& target) {
  const auto& address = target.item.address;
  const AreaId super = FindOrOpen(address, true);
  ++areas_[super].given;
  if (!LeadsDown(areas_[super], options_.iterative)) {
    Give(super, target);
    return;
  }
  const AreaId block = FindOrOpen(address, false);
  ++areas_[block].given;
  if (areas_[super].needed > 0) {
    HandOutSample(super, target);
  } else {
    Give(block, target);
  }
}

AreaId BlockPlan::FindOrOpen(const dnswire::IpAddress& address, bool super) {
  const auto [found, is_new] = open_.try_emplace(KeyOf(address, super), kNil);
  if (!is_new) return found->second;
  const auto prefix = dnswire::IpPrefix::Covering(
      address, super ? SuperLength(address) : BlockLength(address));
  const AreaId id = areas_.Acquire();
  found->second = id;
  Area& area = areas_[id];
  area = Area();
  area.super = super;
  area.prefix = prefix;
  const AreaSize size =
      SizeOfArea(*targets_, prefix, options_.shard, options_.shards);
  area.total = size.targets;
  if (super) {
    area.unresolved = size.blocks;
    OpenSuper(&area);
    if (area.state == AreaState::kProbing) {
      PushWork(PlanWork::Kind::kProbe, id);
    }
    UpdateLive(id);
  } else {
    OpenBlock(id);
  }
  return id;
}

void BlockPlan::OpenSuper(Area* area) {
  const bool worth_it = area->unresolved >= 2 && area->total >= kProbeFrom;
  const bool asked =
      worth_it && options_.iterative && options_.prune != Prune::kOff;
  area->state = asked ? AreaState::kProbing : AreaState::kDown;
}

void BlockPlan::OpenBlock(AreaId id) {
  Area& area = areas_[id];
  area.parent = open_.at(KeyOf(area.prefix.first(), true));
  Area& super = areas_[area.parent];
  area.next_block = super.first_block;
  super.first_block = id;
  if (super.ended) ++super.unresolved;  // else it is counted
  if (area.total < kProbeFrom || options_.prune == Prune::kOff) return;
  if (const Decision* known = decisions_.Find(NameKey(area.prefix))) {
    area.state = known->cut ? AreaState::kCut : AreaState::kOpen;
    area.denier = known->denier;
    area.said_nx = known->cut;
  } else if (options_.iterative) {
    area.state = AreaState::kProbing;
    PushWork(PlanWork::Kind::kProbe, id);
  } else {
    area.state = AreaState::kFirstLeaves;
    area.needed = kBlockFirstLeaves;
  }
}

void BlockPlan::Give(AreaId id, const PlannedTarget& target) {
  Area& area = areas_[id];
  if (area.needed > 0) {
    HandOutSample(id, target);
    return;
  }
  if (area.state == AreaState::kAbsorbed) {
    area.state = AreaState::kOpen;
    SetResolved(id, false);  // its super-block has given it back
  }
  if (area.state == AreaState::kCut && options_.prune == Prune::kVerify &&
      honesty_->StateOf(area.denier) == Honesty::State::kBroken) {
    Open(id);
    if (area.super) {
      const AreaId block = FindOrOpen(target.item.address, false);
      ++areas_[block].given;
      return Give(block, target);
    }
  }
  Push(id, target);
  if (HandsOut(area.state)) Drain(id);
}

void BlockPlan::HandOutSample(AreaId id, const PlannedTarget& target) {
  Area& area = areas_[id];
  --area.needed;
  ++area.out;
  CountOut(&area);
  ++urgent_targets_;
  urgent_.push_back(
      {.kind = area.said_nx ? PlanWork::Kind::kSample : PlanWork::Kind::kLeaf,
       .area = id,
       .prefix = area.prefix,
       .target = target,
       .who = area.denier});
}

void BlockPlan::Push(AreaId id, const PlannedTarget& target) {
  TargetList& list = areas_[id].targets;
  const uint32_t place = waiting_targets_.Acquire();
  waiting_targets_[place] = {target, kNil};
  if (list.size++ == 0) {
    list.head = place;
  } else {
    waiting_targets_[list.tail].next = place;
  }
  list.tail = place;
  ++waiting_;
  if (areas_[id].draining) ++ready_;
  if (IsKeptBack(areas_[id])) ++resting_;
}

PlannedTarget BlockPlan::Pop(AreaId id) {
  TargetList& list = areas_[id].targets;
  const uint32_t place = list.head;
  const PlannedTarget target = waiting_targets_[place].target;
  list.head = waiting_targets_[place].next;
  waiting_targets_.Release(place);
  --list.size;
  --waiting_;
  if (areas_[id].draining) --ready_;
  if (IsKeptBack(areas_[id])) --resting_;
  return target;
}

// The area hands out what it has from now on.
void BlockPlan::Drain(AreaId id) {
  Area& area = areas_[id];
  if (area.draining || area.stalled || area.targets.size == 0) return;
  area.draining = true;
  ready_ += area.targets.size;
  draining_.push_back(id);
}

std::optional<PlanWork> BlockPlan::NextWork() {
  Settle();
  if (urgent_.empty()) return DrainOne();
  const PlanWork work = urgent_.front();
  urgent_.pop_front();
  if (work.kind == PlanWork::Kind::kSample ||
      work.kind == PlanWork::Kind::kLeaf) {
    --urgent_targets_;
  }
  return work;
}

std::optional<PlanWork> BlockPlan::DrainOne() {
  while (!draining_.empty() && HasEnoughOut(draining_.front())) {
    Stall(draining_.front());
  }
  if (draining_.empty()) return std::nullopt;
  const AreaId id = draining_.front();
  draining_.pop_front();
  Area& area = areas_[id];
  PlanWork work = {.kind = KindFor(area.state),
                   .area = id,
                   .prefix = area.prefix,
                   .target = Pop(id),
                   .who = area.denier};
  if (area.targets.size > 0) {
    draining_.push_back(id);
  } else {
    area.draining = false;
  }
  if (work.kind == PlanWork::Kind::kLeaf) {
    ++area.out;
    CountOut(&area);
  } else {
    if (work.kind == PlanWork::Kind::kPruned) ++stats_.pruned;
    work.area = kNil;
    Close(id);
  }
  return work;
}

void BlockPlan::PushWork(PlanWork::Kind kind, AreaId id) {
  Area& area = areas_[id];
  switch (kind) {
    case PlanWork::Kind::kProbe:
    case PlanWork::Kind::kChildSoa:
    case PlanWork::Kind::kProof:
      ++area.out;
      break;
    default:
      break;
  }
  urgent_.push_back(
      {.kind = kind, .area = id, .prefix = area.prefix, .who = area.denier});
}

bool BlockPlan::AllCame(const Area& area) const {
  if (area.given >= area.total) return true;
  return area.super ? area.ended : AllCame(areas_[area.parent]);
}

bool BlockPlan::IsFinished(const Area& area) const {
  if (area.resting || area.out > 0 || area.targets.size > 0) return false;
  return AllCame(area) &&
         (HandsOut(area.state) || area.state == AreaState::kDown ||
          area.state == AreaState::kAbsorbed);
}

// Lets go of what is finished.
void BlockPlan::Close(AreaId id) {
  const Area& area = areas_[id];
  if (area.out > 0) return;
  const auto known = open_.find(KeyOf(area.prefix.first(), area.super));
  if (known == open_.end() || known->second != id) return;  // gone already
  if (area.needed > 0 && AllCame(area)) {
    Open(id);  // there is nothing left to sample, nor to ask
    return;
  }
  if (!IsFinished(area)) return;
  if (area.super) {
    CloseSuper(id);
    return;
  }
  if (!area.resolved) {
    SetResolved(id, true);
    if (area.had_ptr) SeekEvidence(area.parent);
  }
  Close(area.parent);
}

void BlockPlan::CloseSuper(AreaId id) {
  for (AreaId block = areas_[id].first_block; block != kNil;
       block = areas_[block].next_block) {
    if (!IsFinished(areas_[block])) return;
  }
  AreaId block = areas_[id].first_block;
  while (block != kNil) {
    Area& area = areas_[block];
    const AreaId next = area.next_block;
    if (!area.prefix.first().is_v4() && area.total >= kProbeFrom &&
        area.state != AreaState::kDead) {
      decisions_.Add(NameKey(area.prefix),
                     {area.state == AreaState::kCut, area.denier});
    }
    open_.erase(KeyOf(area.prefix.first(), false));
    areas_.Release(block);
    block = next;
  }
  Area& super = areas_[id];
  super.unresolved = 0;
  UpdateLive(id);
  open_.erase(KeyOf(super.prefix.first(), true));
  areas_.Release(id);
}

// What could not be sampled for want of targets is open: nothing is left in it.
void BlockPlan::EndGroup() {
  std::vector<AreaId> supers;
  for (const auto& [key, id] : open_) {
    if (areas_[id].super && !areas_[id].ended) supers.push_back(id);
  }
  std::sort(supers.begin(), supers.end());  // the map's order is no order
  for (const AreaId id : supers) {
    Area& super = areas_[id];
    super.ended = true;
    super.unresolved = 0;
    std::vector<AreaId> blocks;
    for (AreaId block = super.first_block; block != kNil;
         block = areas_[block].next_block) {
      if (!areas_[block].resolved) ++super.unresolved;
      blocks.push_back(block);
    }
    for (const AreaId block : blocks) {
      if (areas_[block].needed > 0 && areas_[block].out == 0) Open(block);
    }
    if (super.needed > 0 && super.out == 0) Open(id);
    UpdateLive(id);
  }
  for (const AreaId id : supers) {
    for (AreaId block = areas_[id].first_block; block != kNil;
         block = areas_[block].next_block) {
      if (!areas_[block].resolved && IsFinished(areas_[block])) {
        SetResolved(block, true);
      }
    }
    Close(id);
  }
  Settle();
}

}  // namespace scanner
