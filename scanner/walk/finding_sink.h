// FindingSink: where findings go, beside the rows of an io::RowSink. One thread
// calls it.
#ifndef PTRSWEEP_SCANNER_WALK_FINDING_SINK_H_
#define PTRSWEEP_SCANNER_WALK_FINDING_SINK_H_

#include <cstdint>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "scanner/walk/finding.h"

namespace scanner {

class FindingSink {
 public:
  virtual ~FindingSink() = default;
  virtual absl::Status Write(std::span<const Finding> findings) = 0;
  // All that was written is on the disk. Octets of it, by which a resumed walk
  // goes on behind them.
  virtual absl::StatusOr<uint64_t> Sync() = 0;
  // The whole file under its name. Called once, last, of a walk that ended.
  virtual absl::Status Finish() = 0;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_WALK_FINDING_SINK_H_
