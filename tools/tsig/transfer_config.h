// The options of zone transfers, from text to values, and the files they name.
#ifndef PTRSWEEP_TOOLS_TSIG_TRANSFER_CONFIG_H_
#define PTRSWEEP_TOOLS_TSIG_TRANSFER_CONFIG_H_

#include "absl/status/statusor.h"
#include "scanner/transfer/transfer_phase.h"
#include "tools/options/arguments.h"

namespace tools {

// Of --axfr, --tsig-keys, --axfr-max; without --axfr there are no zones in it.
// Errors: files that cannot be read, or in which something is wrong; a zone
// that is none of the reverse tree, or whose key is not there; options that
// need --axfr.
absl::StatusOr<scanner::TransferPlan> MakeTransferPlan(
    const ScanArguments& arguments);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_TSIG_TRANSFER_CONFIG_H_
