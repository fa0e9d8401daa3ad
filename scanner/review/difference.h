// Differences of two runs (VERDICTS.md 4, last paragraph).
#ifndef PTRSWEEP_SCANNER_REVIEW_DIFFERENCE_H_
#define PTRSWEEP_SCANNER_REVIEW_DIFFERENCE_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "io/formats/row.h"
#include "scanner/review/review_flag.h"
#include "scanner/verdict/severity.h"

namespace scanner {

// What became of an address; the first that fits.
enum class Change : uint8_t {
  kAppeared,     // only the newer run has it
  kDisappeared,  // only the older one
  kUnknown,      // a side is indefinite or skipped: never a change
  kNewProblem,   // the status' severity rose to warn or crit
  kFixed,        // it fell to ok or info
  kChangedStatus,
  kChangedName,     // N
  kChangedForward,  // the addresses that its names have
  kChangedFlags,    // of kinds S and E
  kSame,
};
inline constexpr size_t kChangeCount = 10;

absl::string_view ChangeName(Change change);
std::optional<Change> ParseChange(absl::string_view name);
// It is something to be told of: neither same nor unknown.
inline bool IsChange(Change change) {
  return change != Change::kSame && change != Change::kUnknown;
}

// All of a row that is compared. Sets of names and of addresses are hashes,
// which hold within this process.
struct ComparedRow {
  uint64_t names = 0;
  uint64_t addresses = 0;
  io::FlagSet flags;
  ReviewFlagSet review_flags;  // RunReview gives them later
  io::Status status = io::Status::kSkipped;
  Severity status_severity = Severity::kOk;
  bool known = false;  // neither indefinite nor skipped
};

ComparedRow CompareBy(const io::Row& row, Profile profile);

// nullptr: that run has no row of the address. REQUIRES: not both.
Change ChangeOf(const ComparedRow* older, const ComparedRow* newer);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_REVIEW_DIFFERENCE_H_
