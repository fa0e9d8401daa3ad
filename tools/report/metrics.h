// --metrics: a finished run as text for Prometheus (exposition format 0.0.4),
// such as node_exporter's textfile collector reads. Never a series an address.
#ifndef PTRSWEEP_TOOLS_REPORT_METRICS_H_
#define PTRSWEEP_TOOLS_REPORT_METRICS_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "scanner/asking/stats.h"
#include "tools/options/shard.h"
#include "tools/report/row_tally.h"

namespace tools {

struct RunMetrics {
  const scanner::Stats& stats;
  // nullptr: not all rows were seen, for the run was resumed and is not whole.
  const RowTally* tally = nullptr;
  Shard shard = {};    // a label of all series, if there are several
  bool walks = false;  // it does not know how many targets there are
  bool complete = false;
  int exit_code = 0;
  absl::Duration elapsed = {};
  absl::Time end = {};
};

std::string FormatMetrics(const RunMetrics& metrics);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_REPORT_METRICS_H_
