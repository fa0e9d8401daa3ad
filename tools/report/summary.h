// What a scan says at its end, for people.
#ifndef PTRSWEEP_TOOLS_REPORT_SUMMARY_H_
#define PTRSWEEP_TOOLS_REPORT_SUMMARY_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "scanner/run/scan.h"
#include "tools/options/shard.h"

namespace tools {

// The name of a dnswire::Outcome. REQUIRES: below scanner::kOutcomeCount.
absl::string_view OutcomeName(size_t outcome);

// Lines about the zones that were to be transferred, each after a heading of 10
// columns; empty if there were none.
std::string TransfersText(const scanner::ScanReport& report);

// Counts per status that add up to the targets, packets, servers; with
// `verbose` every counter. Ends with a line feed.
std::string FormatSummary(const scanner::ScanReport& report, const Shard& shard,
                          bool verbose);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_REPORT_SUMMARY_H_
