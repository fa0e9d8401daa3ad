// The SOA of the zone that a name is in, asked by the means of a scan: through
// its resolvers, or by own iteration (step 3 of VERDICTS.md 9).
#ifndef PTRSWEEP_SCANNER_AUDIT_SOA_FINDER_H_
#define PTRSWEEP_SCANNER_AUDIT_SOA_FINDER_H_

#include <optional>

#include "absl/status/statusor.h"
#include "dnswire/name.h"
#include "scanner/audit/zone_evidence.h"
#include "scanner/options.h"

namespace scanner {

// Asks `name SOA` and waits for what comes of it, at most 30 s. Behind an alias
// the zone is that of its end. nullopt: no answer, or none that has an SOA.
// Errors: sockets that cannot be had.
absl::StatusOr<std::optional<ZoneSoa>> FindSoa(const ScanOptions& options,
                                               dnswire::NameView name);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_AUDIT_SOA_FINDER_H_
