// What --dry-run says: what would be asked, whom, how fast.
#ifndef PTRSWEEP_TOOLS_REPORT_PLAN_H_
#define PTRSWEEP_TOOLS_REPORT_PLAN_H_

#include <string>

#include "tools/scan_config.h"
#include "tools/target_config.h"
#include "tools/walk_config.h"

namespace tools {

// Packets and time if nothing is lost and every address has one name.
std::string DescribePlan(const ScanConfig& config, const TargetConfig& targets);
// Nobody knows what a walk will find: where it goes, and its limits.
std::string DescribeWalk(const WalkConfig& config);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_REPORT_PLAN_H_
