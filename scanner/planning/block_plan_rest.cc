// Areas of a BlockPlan that rest, what ends their rest, and the zones they wait
// for.
#include <algorithm>
#include <cassert>

#include "scanner/planning/block_plan.h"

namespace scanner {

AreaId BlockPlan::SuperOf(AreaId id) const {
  return areas_[id].super ? id : areas_[id].parent;
}

void BlockPlan::Rest(AreaId id, AreaState state) {
  Area& area = areas_[id];
  area.state = state;
  area.needed = 0;
  area.resting = true;
  if (IsKeptBack(area)) resting_ += area.targets.size;
  area.rest_before = youngest_resting_;
  area.rest_after = kNil;
  if (youngest_resting_ == kNil) {
    oldest_resting_ = id;
  } else {
    areas_[youngest_resting_].rest_after = id;
  }
  youngest_resting_ = id;
  if (area.super) {
    if (state == AreaState::kHeld) Absorb(id);
    UpdateLive(id);
  } else if (state != AreaState::kProving) {
    SetResolved(id, true);
  }
  if (state != AreaState::kProving) to_settle_.push_back(area.denier.zone);
  if (state == AreaState::kParked) {
    ++stats_.parked;
    SeekEvidence(area.parent);
  }
  if (state == AreaState::kHeld) {
    ++stats_.held;
    if (!area.super) CountCut(id);
  }
}

void BlockPlan::Unrest(AreaId id) {
  Area& area = areas_[id];
  if (!area.resting) return;
  if (IsKeptBack(area)) resting_ -= area.targets.size;
  area.resting = false;
  AreaId& before = area.rest_before == kNil
                       ? oldest_resting_
                       : areas_[area.rest_before].rest_after;
  AreaId& after = area.rest_after == kNil ? youngest_resting_
                                          : areas_[area.rest_after].rest_before;
  before = area.rest_after;
  after = area.rest_before;
  if (!area.super) SetResolved(id, false);
}

// Every target is asked; of a super-block, as its blocks decide.
void BlockPlan::Open(AreaId id) {
  if (areas_[id].state == AreaState::kHeld ||
      areas_[id].state == AreaState::kParked) {
    ++stats_.reopened;
  }
  Unrest(id);
  areas_[id].needed = 0;
  to_close_.push_back(id);
  if (!areas_[id].super) {
    areas_[id].state = AreaState::kOpen;
    Drain(id);
    return;
  }
  areas_[id].state = AreaState::kDown;
  if (areas_[id].draining) {
    std::erase(draining_, id);
    areas_[id].draining = false;
    ready_ -= areas_[id].targets.size;
  }
  while (areas_[id].targets.size > 0) {
    const PlannedTarget target = Pop(id);
    const AreaId block = FindOrOpen(target.item.address, false);
    ++areas_[block].given;
    Give(block, target);
  }
  UpdateLive(id);
}

void BlockPlan::Cut(AreaId id) {
  Unrest(id);
  Area& area = areas_[id];
  const bool was_held = area.state == AreaState::kHeld;
  area.state = AreaState::kCut;
  area.needed = 0;
  ++stats_.cut;
  to_close_.push_back(id);
  if (area.super) {
    Absorb(id);
    UpdateLive(id);
  } else if (!was_held) {
    CountCut(id);
  }
  Drain(id);
}

// The super-block takes over what its blocks have not handed out.
void BlockPlan::Absorb(AreaId super) {
  for (AreaId id = areas_[super].first_block; id != kNil;
       id = areas_[id].next_block) {
    Area& block = areas_[id];
    if (block.state == AreaState::kCut || block.state == AreaState::kOpen ||
        block.state == AreaState::kDead) {
      continue;
    }
    Unrest(id);
    block.state = AreaState::kAbsorbed;
    block.needed = 0;
    while (block.targets.size > 0) {
      Push(super, Pop(id));
      --block.given;
    }
    SetResolved(id, true);
  }
}

// The state of a server has changed, or a proof has come.
void BlockPlan::Reconsider(ZoneServer who) {
  std::vector<AreaId> resting;
  for (AreaId id = oldest_resting_; id != kNil; id = areas_[id].rest_after) {
    if (areas_[id].denier == who) resting.push_back(id);
  }
  const bool broken = honesty_->StateOf(who) == Honesty::State::kBroken;
  for (const AreaId id : resting) {
    if (!areas_[id].resting) continue;  // taken over by its super-block
    if (broken) {
      Open(id);
    } else {
      Unrest(id);
      Weigh(id);
    }
  }
}

// The zone was met in the super-block.
void BlockPlan::Attach(AreaId id, uint32_t zone) {
  Area& super = areas_[id];
  const auto end = super.zones.begin() + super.zone_count;
  if (std::find(super.zones.begin(), end, zone) != end ||
      super.zone_count == Area::kMaxZones) {
    return;
  }
  super.zones[super.zone_count++] = zone;
  if (super.live) ++live_[zone];
}

void BlockPlan::SetResolved(AreaId id, bool resolved) {
  Area& block = areas_[id];
  if (block.resolved == resolved) return;
  block.resolved = resolved;
  Area& super = areas_[block.parent];
  super.unresolved += resolved ? ~uint32_t{0} : 1;
  UpdateLive(block.parent);
}

void BlockPlan::UpdateLive(AreaId id) {
  Area& super = areas_[id];
  const bool decided =
      super.state == AreaState::kHeld || super.state == AreaState::kCut;
  const bool live =
      super.state == AreaState::kDown ? super.unresolved > 0 : !decided;
  if (live == super.live) return;
  super.live = live;
  for (size_t i = 0; i < super.zone_count; ++i) {
    const uint32_t zone = super.zones[i];
    if (live) {
      ++live_[zone];
    } else if (--live_[zone] == 0) {
      live_.erase(zone);
      to_settle_.push_back(zone);
    }
  }
}

void BlockPlan::SettleAll() {
  while (!to_close_.empty() || !to_settle_.empty()) {
    if (!to_close_.empty()) {
      const AreaId id = to_close_.back();
      to_close_.pop_back();
      Close(id);
      continue;
    }
    const uint32_t zone = to_settle_.back();
    to_settle_.pop_back();
    if (!live_.contains(zone)) SettleZone(zone);
  }
}

void BlockPlan::SettleZone(uint32_t zone) {
  std::vector<AreaId> parked;
  std::vector<AreaId> held;
  for (AreaId id = oldest_resting_; id != kNil; id = areas_[id].rest_after) {
    if (areas_[id].denier.zone != zone) continue;
    if (areas_[id].state == AreaState::kParked) parked.push_back(id);
    if (areas_[id].state == AreaState::kHeld) held.push_back(id);
  }
  for (const AreaId id : parked) Open(id);
  if (!parked.empty()) return;  // the zone lives on in them
  for (const AreaId id : held) Cut(id);
}

// REQUIRES: resting_ > 0.
void BlockPlan::ReleaseOldest() {
  AreaId id = oldest_resting_;
  while (!IsKeptBack(areas_[id]) || areas_[id].targets.size == 0) {
    id = areas_[id].rest_after;
  }
  if (areas_[id].state == AreaState::kHeld) {
    ++stats_.held_released;
    Cut(id);
  } else {
    ++stats_.parked_released;
    Open(id);
  }
}

}  // namespace scanner
