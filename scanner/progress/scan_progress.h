// ScanProgress: what of a scan is done, as its journal records it: which
// positions of the one order have their rows on the disk, and which are put
// off.
#ifndef PTRSWEEP_SCANNER_PROGRESS_SCAN_PROGRESS_H_
#define PTRSWEEP_SCANNER_PROGRESS_SCAN_PROGRESS_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "io/files/journal_format.h"
#include "scanner/progress/division.h"
#include "scanner/progress/output_batch.h"
#include "scanner/progress/progress_map.h"

namespace scanner {

class ScanProgress {
 public:
  // False: the records say nothing sensible. REQUIRES: there is one.
  bool TakeUp(const io::JournalContent& content);
  // What was taken up; nobody changes it.
  const ProgressMap& resumed() const { return resumed_; }
  void BeginRun(const std::vector<EngineShare>& shares) {
    map_.BeginRun(shares);
  }

  // The batch was written, but its rows may not be on the disk ...
  void Add(const OutputBatch& batch);
  // ... and the first so many of all that are not are there now.
  void Finish(size_t rows);

  // For a record: with what has changed since the one before, or with all.
  void PutChanges(io::JournalRecord* record);
  void PutAll(io::JournalRecord* record);

 private:
  // Rows in a row from one engine.
  struct Run {
    uint32_t shard;
    size_t rows;
  };

  void Finish(uint32_t shard, uint64_t number);

  ProgressMap resumed_;
  ProgressMap map_;
  // The rows that may not be on the disk, in their order: ProgressEvents::
  // finished, and whose they are.
  std::vector<uint64_t> pending_;
  std::deque<Run> shards_;
  std::deque<ProgressMap::Position> late_pending_;  // for each kLate in them
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_PROGRESS_SCAN_PROGRESS_H_
