#include "scanner/targets/scan_targets.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace scanner {

ScanTargets MakeScanTargets(const std::vector<dnswire::IpRange>& given,
                            const std::vector<dnswire::IpRange>& exclusions,
                            LabelTable labels) {
  std::vector<dnswire::IpRange> named;
  std::copy_if(given.begin(), given.end(), std::back_inserter(named),
               IsInsideSpecialUseBlock);
  ScanTargets targets;
  targets.targets = TargetSet(given, exclusions);
  targets.named_special = TargetSet(named, {});
  targets.labels = std::move(labels);
  return targets;
}

}  // namespace scanner
