// ScanTargets: what a scan or a walk was asked to look at.
#ifndef PTRSWEEP_SCANNER_TARGETS_SCAN_TARGETS_H_
#define PTRSWEEP_SCANNER_TARGETS_SCAN_TARGETS_H_

#include <vector>

#include "dnswire/ip_address.h"
#include "scanner/targets/label_table.h"
#include "scanner/targets/special_use.h"
#include "scanner/targets/target_set.h"

namespace scanner {

class KnownRows;
struct WalkTargets;

struct ScanTargets {
  TargetSet targets;
  // Special-use space that was named directly, and so is asked.
  TargetSet named_special;
  bool include_special = false;  // ask all of it
  LabelTable labels;
  // What an earlier scan found of them; null: nothing. With own iteration.
  const KnownRows* known = nullptr;
  // What a walk goes into; it finds its targets itself, and `targets` is empty.
  // Null: a scan.
  const WalkTargets* walk = nullptr;

  // Special-use space swept in by a wider target gets a row, but no query.
  bool IsSkipped(const dnswire::IpAddress& address) const {
    return !include_special && IsSpecialUse(address) &&
           !named_special.Contains(address);
  }
};

// The targets of `given` less `exclusions`, with what of them names special-use
// space directly.
ScanTargets MakeScanTargets(const std::vector<dnswire::IpRange>& given,
                            const std::vector<dnswire::IpRange>& exclusions,
                            LabelTable labels);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_TARGETS_SCAN_TARGETS_H_
