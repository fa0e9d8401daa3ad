// How much of each label's addresses was scanned, and how they are: for the
// summary of a scan or walk with --labels (VERDICTS.md section 8).
#ifndef PTRSWEEP_TOOLS_REPORT_LABEL_TALLY_H_
#define PTRSWEEP_TOOLS_REPORT_LABEL_TALLY_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "io/formats/row.h"
#include "scanner/targets/label_table.h"
#include "scanner/targets/target_set.h"
#include "scanner/verdict/severity.h"

namespace tools {

class LabelTally {
 public:
  // `labels` must outlive the tally. Without a label in it nothing is counted.
  LabelTally(const scanner::LabelTable& labels, scanner::Profile profile);

  void Add(std::span<const io::Row> rows);

  // A line a label, the worst first, `max_labels` of them (0: all); then the
  // labels without a row, those apart that have no address among `targets`.
  // Empty if no label was given.
  std::string Table(const scanner::TargetSet& targets, size_t max_labels) const;
  // The same of a walk, of which nobody knows how much there is, in words:
  // "acme 120 (2 crit), initech 4; no host: umbrella".
  std::string Words(size_t max_labels) const;

 private:
  struct Counts {
    uint64_t rows = 0;
    uint64_t crit = 0;
    uint64_t warn = 0;
    uint64_t unknown = 0;
  };
  using Entry = std::pair<absl::string_view, Counts>;

  // Labels with rows, those with most to mend first.
  std::vector<Entry> WorstFirst() const;
  // Sorted.
  std::vector<absl::string_view> WithoutRow() const;
  // Labels without a row that have an address among `targets`.
  absl::flat_hash_set<absl::string_view> Within(
      const scanner::TargetSet& targets) const;

  const scanner::LabelTable& labels_;
  const scanner::Profile profile_;
  absl::flat_hash_map<absl::string_view, Counts> counts_;  // of all labels
  Counts without_label_;
};

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_REPORT_LABEL_TALLY_H_
