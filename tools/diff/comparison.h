// Comparison: two runs side by side, by address.
#ifndef PTRSWEEP_TOOLS_DIFF_COMPARISON_H_
#define PTRSWEEP_TOOLS_DIFF_COMPARISON_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scanner/review/difference.h"
#include "tools/diff/run_table.h"

namespace tools {

// Rows of a change, by kind.
using ChangeCounts = std::array<uint64_t, scanner::kChangeCount>;

uint64_t TotalOf(const ChangeCounts& counts);
// Of kinds that are a change (scanner::IsChange).
uint64_t ChangedOf(const ChangeCounts& counts);

// A prefix or a label, and what became of its addresses.
struct ChangeGroup {
  std::string name;
  ChangeCounts counts = {};
};

struct ChangeTally {
  ChangeCounts all = {};
  // Those with a change, most first, at most as many as were wanted.
  std::vector<ChangeGroup> prefixes;  // /24, IPv6 /64
  std::vector<ChangeGroup> labels;
  size_t prefixes_changed = 0;  // of all
  size_t labels_changed = 0;
};

class Comparison {
 public:
  // Both are borrowed.
  Comparison(const RunTable& older, const RunTable& newer)
      : older_(older), newer_(newer) {}

  ChangeTally Tally(size_t groups_wanted) const;

  // Calls `visit(change, older, newer)` for each address, ascending, with
  // places in the tables; nullopt: that run does not have it.
  template <typename Visit>
  void ForEach(Visit visit) const {
    size_t i = 0;
    size_t j = 0;
    while (i < older_.size() || j < newer_.size()) {
      const bool in_older = j == newer_.size() ||
                            (i < older_.size() && older_.ip(i) <= newer_.ip(j));
      const bool in_newer = i == older_.size() ||
                            (j < newer_.size() && newer_.ip(j) <= older_.ip(i));
      const auto* const a = in_older ? &older_.compared(i) : nullptr;
      const auto* const b = in_newer ? &newer_.compared(j) : nullptr;
      visit(scanner::ChangeOf(a, b),
            in_older ? std::optional<size_t>(i) : std::nullopt,
            in_newer ? std::optional<size_t>(j) : std::nullopt);
      i += in_older;
      j += in_newer;
    }
  }

  const RunTable& older() const { return older_; }
  const RunTable& newer() const { return newer_; }

 private:
  const RunTable& older_;
  const RunTable& newer_;
};

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_DIFF_COMPARISON_H_
