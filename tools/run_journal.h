// The journal of the output of a scan or a walk: whose it is, and whether this
// run may go on with it.
#ifndef PTRSWEEP_TOOLS_RUN_JOURNAL_H_
#define PTRSWEEP_TOOLS_RUN_JOURNAL_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "io/files/journal.h"
#include "scanner/targets/scan_targets.h"
#include "tools/scan_config.h"

namespace tools {

// "PATH WHY", kFailedPrecondition.
absl::Status RefuseJournal(const std::string& path, absl::string_view why);

// A new one of this run. Refused if there is one, with both ways out.
absl::StatusOr<std::unique_ptr<io::Journal>> CreateJournal(
    const std::string& path, const ScanConfig& config,
    const scanner::ScanTargets& targets);

// The one that an earlier run left of an output that has `data_octets` octets,
// beside which a walk's findings have `findings_octets`. Refused if that was
// another run: other targets, options or resolvers, or a scan where this is a
// walk. kNotFound: there is none.
absl::StatusOr<io::Journal::Opened> OpenJournal(
    const std::string& path, uint64_t data_octets, const ScanConfig& config,
    const scanner::ScanTargets& targets, uint64_t findings_octets = 0);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_RUN_JOURNAL_H_
