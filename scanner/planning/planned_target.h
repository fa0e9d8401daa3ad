// PlannedTarget: a target on its way from the order to its lookup.
#ifndef PTRSWEEP_SCANNER_PLANNING_PLANNED_TARGET_H_
#define PTRSWEEP_SCANNER_PLANNING_PLANNED_TARGET_H_

#include <cstdint>

#include "scanner/targets/target_order.h"

namespace scanner {

// As the order gave it, and its number among those that this engine has started
// (ProgressEvents).
struct PlannedTarget {
  TargetOrder::Item item;
  uint64_t number = 0;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_PLANNING_PLANNED_TARGET_H_
