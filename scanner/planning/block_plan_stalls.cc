// Areas of a BlockPlan that are stalled, because their zone has enough leaves
// out. Each leaf that comes back, or turns out to be another zone's, lets one
// of them hand out again. So does an area that turns out to be another zone's,
// and a cut that becomes known: of a cut that was not, nothing may come back
// for long.
#include <utility>

#include "scanner/planning/block_plan.h"

namespace scanner {
namespace {

// Stalled areas of a zone that are looked at again when cuts became known.
constexpr uint32_t kRecheckedAtOnce = 16;

}  // namespace

void BlockPlan::CountOut(Area* area) {
  if (options_.max_zone_leaves == 0) return;
  if (area->zone == 0) MoveToItsZone(area);
  ++area->leaves_out;
  ++zones_[area->zone].leaves_out;
}

void BlockPlan::CountBack(Area* area) {
  if (options_.max_zone_leaves == 0) return;
  --area->leaves_out;
  TakeOff(area->zone, 1);
}

void BlockPlan::TakeOff(uint64_t zone, uint32_t leaves) {
  const auto found = zones_.find(zone);
  found->second.leaves_out -= leaves;
  GoOn(&found->second, leaves);
  if (found->second.leaves_out == 0 && found->second.stalled.empty()) {
    zones_.erase(found);
  }
}

// Up to `count` of its areas have their turn again.
void BlockPlan::GoOn(Zone* zone, uint32_t count) {
  for (; count > 0 && !zone->stalled.empty(); --count) {
    const AreaId id = zone->stalled.front();
    zone->stalled.pop_front();
    areas_[id].stalled = false;
    Drain(id);
  }
}

void BlockPlan::OnCuts() {
  for (auto& [key, zone] : zones_) GoOn(&zone, kRecheckedAtOnce);
}

// Cuts become known as a scan goes on: what the area has out is that zone's.
void BlockPlan::MoveToItsZone(Area* area) {
  const uint64_t zone = zone_of_(area->prefix);
  const uint64_t before = std::exchange(area->zone, zone);
  if (zone == before) return;
  if (area->leaves_out > 0) {
    zones_[zone].leaves_out += area->leaves_out;
    TakeOff(before, area->leaves_out);
  }
  // The turn that it had is one of its old zone.
  if (const auto old = zones_.find(before); old != zones_.end()) {
    GoOn(&old->second, 1);
  }
}

// Of the area whose turn it is.
bool BlockPlan::HasEnoughOut(AreaId id) {
  Area& area = areas_[id];
  if (options_.max_zone_leaves == 0 || area.state != AreaState::kOpen) {
    return false;
  }
  const auto is_full = [this, &area] {
    const auto found = zones_.find(area.zone);
    return found != zones_.end() &&
           found->second.leaves_out >= options_.max_zone_leaves;
  };
  if (area.zone == 0 || is_full()) MoveToItsZone(&area);
  return is_full();
}

// REQUIRES: it is its turn, and HasEnoughOut().
void BlockPlan::Stall(AreaId id) {
  Area& area = areas_[id];
  draining_.pop_front();
  area.draining = false;
  ready_ -= area.targets.size;
  area.stalled = true;
  zones_[area.zone].stalled.push_back(id);
  ++stats_.stalled;
}

}  // namespace scanner
