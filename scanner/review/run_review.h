// RunReview: the flags of kind E of all rows of a run.
//
//   RunReview review;
//   for each row, in any order: review.Add(row);
//   review.Finish();
//   for each row again, or for addresses: review.Find(ip)
#ifndef PTRSWEEP_SCANNER_REVIEW_RUN_REVIEW_H_
#define PTRSWEEP_SCANNER_REVIEW_RUN_REVIEW_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dnswire/ip_address.h"
#include "io/formats/row.h"
#include "scanner/review/review_flag.h"

namespace scanner {

// Keeps no row. Memory: 64 octets a row, in vectors that may double when they
// grow, 4 more in Finish() and 40 after it; before, also 32 for each address
// that a mismatch leads to. Names are compared by hashes of 64 bits: of runs of
// 1 M different names one in 4e7 would take one for another. Not thread-safe.
class RunReview {
 public:
  // Of one row after Finish().
  struct Entry {
    dnswire::IpAddress ip;
    uint32_t row = 0;  // how many were added before it
    Reviewed reviewed;
  };

  RunReview() = default;
  RunReview(const RunReview&) = delete;
  RunReview& operator=(const RunReview&) = delete;

  // REQUIRES: before Finish(); fewer than 2^32 rows.
  void Add(const io::Row& row);
  // Called once. Returns an address that was added twice, if there is one; it
  // counts as one target, and any of its rows is reviewed.
  std::optional<dnswire::IpAddress> Finish();

  // After Finish(). nullptr: no row of this address was added.
  const Entry* Find(const dnswire::IpAddress& ip) const;
  // Ascending by address.
  std::span<const Entry> entries() const { return entries_; }

 private:
  // What of a row decides.
  struct Seen {
    uint64_t name = 0;      // of J; 0 without one
    uint64_t skeleton = 0;  // 0: no template
    bool usable : 1 = false;
    bool passes : 1 = false;
    bool generic : 1 = false;
    bool numbers_only : 1 = false;
    bool pool_word : 1 = false;
  };
  // An address that a mismatch leads to.
  struct Lead {
    dnswire::IpAddress address;
    uint32_t row;
  };
  class Block;  // the rows of a /24

  std::optional<dnswire::IpAddress> SortOnce();
  void ReviewBlocks();
  void ReviewNames();
  void ReviewLeads();
  const Seen& SeenOf(const Entry& entry) const { return seen_[entry.row]; }

  std::vector<Entry> entries_;
  std::vector<Seen> seen_;  // by Entry::row
  std::vector<Lead> leads_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_REVIEW_RUN_REVIEW_H_
