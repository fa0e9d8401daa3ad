// LabelTotals: rows counted by label, and labels of a file of which no row is.
#ifndef PTRSWEEP_SCANNER_OVERVIEW_LABEL_TOTALS_H_
#define PTRSWEEP_SCANNER_OVERVIEW_LABEL_TOTALS_H_

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "io/files/label_file.h"
#include "scanner/overview/tally.h"
#include "scanner/review/run_review.h"

namespace scanner {

struct LabelTotal {
  std::string label;  // as in the file; not yet safe to show
  Tally tally;
};

class LabelTotals {
 public:
  // Labels beyond these are counted as one, kOthers.
  static constexpr size_t kMaxLabels = 131072;
  static constexpr const char* kOthers = "(further labels)";

  // Rows without a label do not count.
  void Add(absl::string_view label, const Judged& judged);
  // The worst first.
  std::vector<LabelTotal> Sorted() const;

 private:
  std::vector<LabelTotal> totals_;
  absl::flat_hash_map<std::string, size_t> index_;
};

// Those lines of the label file whose target has no row. `rows`: of the run,
// ascending by address.
std::vector<io::LabelLine> NotScanned(std::span<const io::LabelLine> lines,
                                      std::span<const RunReview::Entry> rows);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_OVERVIEW_LABEL_TOTALS_H_
