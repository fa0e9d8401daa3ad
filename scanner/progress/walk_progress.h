// WalkProgress: what of a walk is done, as its journal records it: the state
// that the engine last told, and how much of the two outputs it speaks of.
//
//   batches     rows, findings | rows | rows, findings, state | rows | ...
//                                                           ^ a record here
//
// A state holds for the octets written when it came, so a record is made of the
// last batch's or not at all. Rows that the sink kept back then (a row group
// that is not whole) are done for the walk, and not on the disk: the record has
// their addresses.
//
//   progress = octets of the findings u64 | where they go, text | state text
//   changes  = how many of the first addresses kept back until then no longer
//              are, short | count, short, of those that came to them
//              | these, u128 each
#ifndef PTRSWEEP_SCANNER_PROGRESS_WALK_PROGRESS_H_
#define PTRSWEEP_SCANNER_PROGRESS_WALK_PROGRESS_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>

#include "dnswire/ip_address.h"
#include "io/files/journal_format.h"
#include "scanner/progress/output_batch.h"
#include "scanner/progress/resumed.h"

namespace scanner {

class WalkProgress {
 public:
  // Octets of the findings that a walk's record speaks of; 0 if it is none.
  static uint64_t FindingsOctets(const io::JournalRecord& record);
  // And where they go; empty if it is none.
  static std::string FindingsPlace(const io::JournalRecord& record);

  // As those of ScanProgress.
  bool TakeUp(const io::JournalContent& content);
  const ResumedWalk& resumed() const { return resumed_; }
  void Add(const OutputBatch& batch);
  void Finish(size_t rows);
  void PutChanges(io::JournalRecord* record);
  void PutAll(io::JournalRecord* record);

  // What was added last came with a state.
  bool has_state() const { return !state_.empty(); }
  // Where findings go, for whoever resumes.
  void SetFindingsPlace(std::string place) {
    findings_place_ = std::move(place);
  }
  // Of the findings, on the disk.
  void SetFindingsOctets(uint64_t octets) { findings_octets_ = octets; }

 private:
  std::string Progress() const;
  // `gone` of those recorded, and those from `first` on have come.
  std::string Changes(size_t gone, size_t first);

  ResumedWalk resumed_;
  std::string state_;
  std::string findings_place_;
  uint64_t findings_octets_ = 0;
  std::deque<dnswire::IpAddress> kept_back_;  // in the order of the rows
  size_t recorded_ = 0;  // the first of them, that the last record has
  size_t gone_ = 0;      // of those it has
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_PROGRESS_WALK_PROGRESS_H_
