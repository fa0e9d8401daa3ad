// The journal of the output of a scan or a walk: whose it is, and whether this
// run may go on with it.
#ifndef PTRSWEEP_TOOLS_RUN_JOURNAL_H_
#define PTRSWEEP_TOOLS_RUN_JOURNAL_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "io/files/journal.h"
#include "scanner/targets/scan_targets.h"
#include "tools/scan_config.h"

namespace tools {

// Of a walk.
struct FindingsLeft {
  std::string place;    // where they go (FindingsPlace())
  uint64_t octets = 0;  // that are there
};

// "PATH WHY", kFailedPrecondition.
absl::Status RefuseJournal(const std::string& path, absl::string_view why);

// A new one of this run. Refused if there is one, with both ways out.
absl::StatusOr<std::unique_ptr<io::Journal>> CreateJournal(
    const std::string& path, const ScanConfig& config,
    const scanner::ScanTargets& targets);

// The one that an earlier run left of an output that has `data_octets` octets,
// and of a walk whose findings are `findings`. Refused if that was another run:
// other targets, options or resolvers, a scan where this is a walk, or findings
// that go elsewhere. kNotFound: there is none.
absl::StatusOr<io::Journal::Opened> OpenJournal(
    const std::string& path, uint64_t data_octets, const ScanConfig& config,
    const scanner::ScanTargets& targets, const FindingsLeft& findings = {});

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_RUN_JOURNAL_H_
