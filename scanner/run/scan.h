// Scan: the front door. Targets and options in, rows into a sink, a report out;
// of a walk findings too.
#ifndef PTRSWEEP_SCANNER_RUN_SCAN_H_
#define PTRSWEEP_SCANNER_RUN_SCAN_H_

#include "absl/status/statusor.h"
#include "io/formats/row_sink.h"
#include "scanner/options.h"
#include "scanner/progress/scan_journal.h"
#include "scanner/run/scan_hooks.h"
#include "scanner/run/scan_report.h"
#include "scanner/targets/scan_targets.h"
#include "scanner/transfer/transfer_phase.h"
#include "scanner/walk/finding_sink.h"

namespace scanner {

// Runs a scan to its end; the calling thread waits, takes signals and calls
// hooks, the engines and the sink have threads of their own. The sink is
// finished if every target got its row, else only flushed. With a journal the
// scan goes on with what the journal took up, its report counts the rows of all
// runs, and the journal is removed at the end. Zones of `transfers` are fetched
// first, and of what these tell nothing is asked. Errors: what keeps the scan
// from starting (sockets, event loop).
//
// A walk (`targets.walk`) has one engine, a journal of its kind, and
// `findings`, which are written and recorded with the rows. It ends by itself
// or is not finished: then both stay as they are for whoever resumes.
absl::StatusOr<ScanReport> RunScan(const ScanOptions& options,
                                   const ScanTargets& targets,
                                   io::RowSink* sink, const ScanHooks& hooks,
                                   ScanJournal* journal = nullptr,
                                   const TransferPlan* transfers = nullptr,
                                   FindingSink* findings = nullptr);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_RUN_SCAN_H_
