// ScanJournal: what a scan writes into its journal, and takes up from it.
//
// The writer's order (WIRE.md section 10):
//
//   rows -> sink -> Sync() -> octets and rows on the disk -> Append(record)
//
// so a record never says more than the disk holds. A row whose octets the sink
// still keeps back (a row group that is not whole) counts as open; while there
// are such rows and no new ones on the disk there is nothing worth a record.
#ifndef PTRSWEEP_SCANNER_PROGRESS_SCAN_JOURNAL_H_
#define PTRSWEEP_SCANNER_PROGRESS_SCAN_JOURNAL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "io/files/journal.h"
#include "io/formats/row.h"
#include "io/formats/row_sink.h"
#include "scanner/asking/stats.h"
#include "scanner/progress/division.h"
#include "scanner/progress/progress_map.h"

namespace scanner {

// Rows on the disk, of all runs.
struct RowTally {
  uint64_t rows = 0;
  uint64_t unknown = 0;  // indefinite ones
  std::array<uint64_t, io::kStatusCount> by_status{};
  bool noted = false;  // ScanJournal::Note()

  // Counts them as targets that have their rows.
  void AddTo(Stats* stats) const;
};

// Made and taken up in the thread that starts the scan, then the writer's.
class ScanJournal {
 public:
  // Of a run that starts at the first position.
  explicit ScanJournal(std::unique_ptr<io::Journal> journal);

  // Takes up what an earlier run left. kDataLoss: it is not what we write.
  absl::Status TakeUp(const io::JournalContent& content);
  // What was taken up; nobody changes it.
  const ProgressMap& resumed() const { return resumed_; }
  const RowTally& earlier() const { return earlier_; }

  void BeginRun(const std::vector<EngineShare>& shares);
  // To be remembered with the rows written from now on, for whoever resumes.
  void Note() { noted_ = true; }
  bool noted() const { return earlier_.noted; }
  // These rows were given to the sink, those of the events' `finished`.
  void Add(std::span<const io::Row> rows, const ProgressEvents& events);
  // Something has happened since the last record.
  bool has_news() const { return has_news_; }
  // Makes the sink's rows durable, then records them. kEnd: every target has
  // its row, and nothing is left but to give the output its name.
  absl::Status Record(io::RowSink* sink, io::SyncTo to);
  // Takes away what follows the record taken up. REQUIRES: before BeginRun().
  absl::Status Cut() { return journal_->Cut(); }
  // Once the output has its name, or nothing was begun.
  absl::Status Remove() { return journal_->Remove(); }

 private:
  // A row that may not be on the disk.
  struct Pending {
    uint64_t number;  // ProgressEvents::finished
    uint32_t shard;
    io::Status status;
    bool unknown;
    bool noted;
  };

  void Finish(const Pending& row);
  absl::Status Write(const io::SyncedRows& synced, bool complete);

  std::unique_ptr<io::Journal> journal_;
  ProgressMap resumed_;
  ProgressMap map_;
  RowTally earlier_;
  RowTally tally_;
  std::vector<Pending> pending_;                    // in the order of the rows
  std::deque<ProgressMap::Position> late_pending_;  // for each kLate in them
  uint64_t finished_rows_ = 0;                      // of this run
  size_t recorded_state_ = 0;  // octets of SyncedRows::state
  bool noted_ = false;
  bool has_news_ = false;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_PROGRESS_SCAN_JOURNAL_H_
