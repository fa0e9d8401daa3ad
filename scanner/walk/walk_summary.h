// What a walk came to.
#ifndef PTRSWEEP_SCANNER_WALK_WALK_SUMMARY_H_
#define PTRSWEEP_SCANNER_WALK_WALK_SUMMARY_H_

#include <cstdint>

namespace scanner {

struct WalkSummary {
  uint64_t hosts = 0;       // names at depth 32 with a PTR or an alias
  uint64_t nameless = 0;    // without
  uint64_t expanded = 0;    // nodes, of all zones
  uint64_t unexpanded = 0;  // left when a budget was spent or a zone was silent
  uint64_t skipped = 0;     // in dense wildcards
  uint64_t zones = 0;       // entered
  uint64_t zones_unentered = 0;  // no server of theirs answered
  uint64_t unknown = 0;          // names without an answer
  uint64_t questions = 0;
};

// Percent of what there was to look at that had no answer (ITERATION.md 3.7):
// of `rows`, of which `unknown_rows` are indefinite, of nodes and of zones.
inline double UnknownShare(const WalkSummary& walk, uint64_t rows,
                           uint64_t unknown_rows) {
  const uint64_t unlooked =
      walk.unknown + walk.unexpanded + walk.zones_unentered;
  const uint64_t all = rows + walk.expanded + walk.zones + unlooked;
  if (all == 0) return 0;
  return 100 * static_cast<double>(unknown_rows + unlooked) /
         static_cast<double>(all);
}

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_WALK_WALK_SUMMARY_H_
