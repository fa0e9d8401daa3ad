// What `walk --fail-on` waits for: kinds of findings, or what a row has
// (FailCondition): statuses, flags, "warn", "crit". A word that is both
// (undelegated) means both.
#ifndef PTRSWEEP_SCANNER_WALK_WALK_FAIL_CONDITION_H_
#define PTRSWEEP_SCANNER_WALK_WALK_FAIL_CONDITION_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "scanner/verdict/severity.h"
#include "scanner/walk/finding.h"

namespace scanner {

class WalkFailCondition {
 public:
  WalkFailCondition() = default;  // nothing fails
  // Comma-separated. Errors name the unknown word and the nearest known one.
  static absl::StatusOr<WalkFailCondition> Parse(absl::string_view list);

  bool Fails(FindingKind kind) const {
    return ((kinds_ >> static_cast<int>(kind)) & 1) != 0;
  }
  const FailCondition& rows() const { return rows_; }

 private:
  uint32_t kinds_ = 0;  // bit per FindingKind
  FailCondition rows_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_WALK_WALK_FAIL_CONDITION_H_
