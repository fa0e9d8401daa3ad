#include "scanner/run/scan.h"

#include "scanner/run/engine_group.h"

namespace scanner {

absl::StatusOr<ScanReport> RunScan(const ScanOptions& options,
                                   const ScanTargets& targets,
                                   io::RowSink* sink, const ScanHooks& hooks,
                                   ScanJournal* journal,
                                   const TransferPlan* transfers,
                                   FindingSink* findings) {
  auto group = EngineGroup::Create(options, targets, sink, &hooks, journal,
                                   transfers, findings);
  if (!group.ok()) return group.status();
  return (*group)->Run();
}

}  // namespace scanner
