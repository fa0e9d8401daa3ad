// ScanJournal: what a scan or a walk writes into its journal, and takes up from
// it.
//
// The writer's order (WIRE.md section 10):
//
//   rows -> sink -> Sync() -> octets and rows on the disk -> Append(record)
//
// so a record never says more than the disk holds; nor of findings, which are
// synced before it too. A row whose octets the sink still keeps back (a row
// group that is not whole) counts as open. A scan with such rows and no new
// ones on the disk has nothing worth a record; a walk, of whose questions few
// come to a row, records whatever state it has told.
#ifndef PTRSWEEP_SCANNER_PROGRESS_SCAN_JOURNAL_H_
#define PTRSWEEP_SCANNER_PROGRESS_SCAN_JOURNAL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "io/files/journal.h"
#include "io/formats/row.h"
#include "io/formats/row_sink.h"
#include "scanner/asking/stats.h"
#include "scanner/progress/division.h"
#include "scanner/progress/output_batch.h"
#include "scanner/progress/resumed.h"
#include "scanner/progress/scan_progress.h"
#include "scanner/progress/walk_progress.h"
#include "scanner/walk/finding_sink.h"

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

// Made and taken up in the thread that starts the run, then the writer's.
class ScanJournal {
 public:
  enum class Kind : uint8_t { kScan, kWalk };

  // One that has just been made, or opened.
  explicit ScanJournal(std::unique_ptr<io::Journal> journal,
                       Kind kind = Kind::kScan);

  // What an earlier run left. kDataLoss: it is not what we write.
  absl::Status TakeUp(const io::JournalContent& content);
  // What was taken up; nobody changes it.
  Resumed resumed() const;
  const RowTally& earlier() const { return earlier_; }

  // Where a walk's findings go: its records say so.
  void SetFindingsPlace(std::string place) {
    if (walk() != nullptr) walk()->SetFindingsPlace(std::move(place));
  }
  void BeginRun(const std::vector<EngineShare>& shares);
  // To be remembered with the rows and findings written from now on, for
  // whoever resumes.
  void Note() { noted_ = true; }
  bool noted() const { return earlier_.noted; }
  // The batch was given to the sinks.
  void Add(const OutputBatch& batch);
  // Something worth a record has happened since the last one.
  bool has_news() const { return has_news_; }
  // Makes what the sinks have durable, then records it; nothing at all of a
  // walk whose last batch came without a state. `findings`: a walk's, else
  // null. kEnd: everything is done, and nothing is left but to give the
  // outputs their names.
  absl::Status Record(io::RowSink* sink, FindingSink* findings, io::SyncTo to);
  // Takes away what follows the record taken up. REQUIRES: before BeginRun().
  absl::Status Cut() { return journal_->Cut(); }
  // Once the outputs have their names, or nothing was begun.
  absl::Status Remove() { return journal_->Remove(); }

 private:
  // A row that may not be on the disk.
  struct Pending {
    io::Status status;
    bool unknown;
    bool noted;
  };

  WalkProgress* walk() { return std::get_if<WalkProgress>(&progress_); }
  void Finish(size_t rows);
  void Count(const Pending& row);
  absl::Status Write(const io::SyncedRows& synced, bool complete);

  std::unique_ptr<io::Journal> journal_;
  std::variant<ScanProgress, WalkProgress> progress_;
  RowTally earlier_;
  RowTally tally_;
  std::vector<Pending> pending_;  // in the order of the rows
  uint64_t finished_rows_ = 0;    // of this run
  size_t recorded_state_ = 0;     // octets of SyncedRows::state
  bool noted_ = false;
  bool noted_finding_ = false;  // that may not be on the disk
  bool has_news_ = false;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_PROGRESS_SCAN_JOURNAL_H_
