// What earlier runs have done, as an engine is told that goes on behind them.
#ifndef PTRSWEEP_SCANNER_PROGRESS_RESUMED_H_
#define PTRSWEEP_SCANNER_PROGRESS_RESUMED_H_

#include <string>
#include <vector>

#include "dnswire/ip_address.h"
#include "scanner/progress/progress_map.h"

namespace scanner {

struct ResumedWalk {
  std::string state;  // OutputBatch::walk_state; empty: nothing was done
  // Finished, says the state, but their rows were not on the disk: to be asked
  // again, in their order. From then on they are what the states of the new run
  // speak of as of every other address.
  std::vector<dnswire::IpAddress> again;
};

// Both null: there is no journal, and an engine need not tell what one needs.
struct Resumed {
  const ProgressMap* scan = nullptr;
  const ResumedWalk* walk = nullptr;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_PROGRESS_RESUMED_H_
