#include "scanner/overview/label_totals.h"

#include <algorithm>

namespace scanner {

void LabelTotals::Add(absl::string_view label, const Judged& judged) {
  if (label.empty()) return;
  auto found = index_.find(label);
  if (found == index_.end()) {
    if (totals_.size() >= kMaxLabels) label = kOthers;
    found = index_.try_emplace(std::string(label), totals_.size()).first;
    if (found->second == totals_.size()) {
      totals_.push_back({.label = std::string(label), .tally = {}});
    }
  }
  totals_[found->second].tally.Add(judged);
}

std::vector<LabelTotal> LabelTotals::Sorted() const {
  std::vector<LabelTotal> sorted = totals_;
  std::sort(sorted.begin(), sorted.end(),
            [](const LabelTotal& a, const LabelTotal& b) {
              if (IsWorse(a.tally, b.tally)) return true;
              return !IsWorse(b.tally, a.tally) && a.label < b.label;
            });
  return sorted;
}

std::vector<io::LabelLine> NotScanned(std::span<const io::LabelLine> lines,
                                      std::span<const RunReview::Entry> rows) {
  std::vector<io::LabelLine> missing;
  for (const io::LabelLine& line : lines) {
    const auto at = std::lower_bound(
        rows.begin(), rows.end(), line.target.first(),
        [](const RunReview::Entry& entry, const dnswire::IpAddress& address) {
          return entry.ip < address;
        });
    if (at == rows.end() || !line.target.Contains(at->ip)) {
      missing.push_back(line);
    }
  }
  return missing;
}

}  // namespace scanner
