// Part of Engine: targets whose zone was transferred whole. They
// have their reverse answer when their turn comes, and no packet is spent on
// it; their names are asked as everybody's.
#include "scanner/engine/engine.h"

namespace scanner {

// False if the target has to be asked. Also of a late pass, where it is names
// that were put off.
bool Engine::StartTransferred(const Lookup& begun) {
  if (transferred_->empty() || IsExcluded(begun.target)) return false;
  const TransferredZone* const zone =
      transferred_->Ask(begun.target, &zone_answer_);
  if (zone == nullptr) return false;
  const bool asks =
      zone_answer_.outcome == dnswire::Outcome::kData && !options_.ptr_only;
  if (asks && begun.pass == 0 && IsRunBudgetSpent()) return false;
  if (options_.note_zones) {
    zone_serials_.NoteSoa({.apex = zone->image->apex(),
                           .mname = zone->image->mname(),
                           .rname = zone->image->rname(),
                           .serial = zone->image->serial(),
                           .server = zone->server,
                           .now_us = zone->time_us});
  }
  const uint32_t index = NewLookup(begun);
  lookups_[index].reverse = ReverseResultOf(zone_answer_.outcome);
  GatheredOf(index).KeepTransferred(*zone, zone_answer_, &sorter_);
  if (asks) AskNames(index);
  Advance(index);
  return true;
}

}  // namespace scanner
