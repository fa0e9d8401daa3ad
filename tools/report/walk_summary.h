// What a walk says at its end, for people: at most 24 lines of 80 columns, 26
// with labels.
#ifndef PTRSWEEP_TOOLS_REPORT_WALK_SUMMARY_H_
#define PTRSWEEP_TOOLS_REPORT_WALK_SUMMARY_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "absl/strings/string_view.h"
#include "scanner/run/scan_report.h"
#include "scanner/walk/finding.h"
#include "tools/options/shard.h"

namespace tools {

// Findings by their kind: how many, and the first one.
class FindingTally {
 public:
  void Add(std::span<const scanner::Finding> findings);

  uint64_t count(scanner::FindingKind kind) const { return At(kind).count; }
  // REQUIRES: count(kind) > 0.
  const scanner::Finding& first(scanner::FindingKind kind) const {
    return *At(kind).first;
  }

 private:
  struct OfKind {
    uint64_t count = 0;
    std::optional<scanner::Finding> first;
  };

  const OfKind& At(scanner::FindingKind kind) const {
    return kinds_[static_cast<size_t>(kind)];
  }

  std::array<OfKind, scanner::kFindingKindCount> kinds_;
};

// What a kind means, for a table: no sentence.
absl::string_view FindingMeaning(scanner::FindingKind kind);

struct WalkSummaryText {
  const scanner::ScanReport& report;
  const FindingTally& findings;
  Shard shard;
  std::string file;      // where the findings are; empty: nowhere
  std::string labels;    // LabelTally::Words(); empty: there are none
  bool resumed = false;  // the findings, time and packets are those of this run
};
// Ends with a line feed.
std::string FormatWalkSummary(const WalkSummaryText& walk);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_REPORT_WALK_SUMMARY_H_
