// Division: how a scan is divided among its engines. Each has a finer shard of
// the scan's shard of the target order, an equal part of every pace (WIRE.md
// section 7) and, of the run's budget of packets, a part as large as its part
// of the targets.
#ifndef PTRSWEEP_SCANNER_PROGRESS_DIVISION_H_
#define PTRSWEEP_SCANNER_PROGRESS_DIVISION_H_

#include <cstdint>
#include <vector>

#include "scanner/options.h"
#include "scanner/targets/target_set.h"

namespace scanner {

struct EngineShare {
  Part part;            // of rates, windows, connections and memory
  uint32_t shard = 0;   // of the target order
  uint32_t shards = 1;  // which has so many
  uint64_t targets = 0;
  uint64_t max_packets = UINT64_MAX;
};

// As many engines as the limits can be divided among, at most options.threads:
// a rate of 200 packets a second feeds two. A smaller part would let the
// engines together send more at once than the limit's bucket holds, and a
// window or a connection cannot be shared.
uint32_t MaxEngines(const ScanOptions& options);

// The shares of a scan, at least one. Shards that are empty get no engine:
// their part of the limits goes to the others. No targets, as of a walk that
// has yet to find them: one engine, which has all.
std::vector<EngineShare> DivideScan(const ScanOptions& options,
                                    const TargetSet& targets);

// `options` with the limits of this share, less those that EngineShare and
// ResolverRoute know.
ScanOptions OptionsOf(const ScanOptions& options, const EngineShare& share);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_PROGRESS_DIVISION_H_
