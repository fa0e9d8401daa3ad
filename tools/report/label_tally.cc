#include "tools/report/label_tally.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "io/formats/carried_text.h"
#include "io/formats/status.h"
#include "tools/report/progress.h"

namespace tools {
namespace {

constexpr size_t kShownOctets = 40;  // of a label

std::string Shown(absl::string_view label) {
  return io::CutCarriedText(label, kShownOctets);
}

bool IsCut(size_t max, size_t count) { return max > 0 && count > max; }

// "a, b and 3 more".
std::string ListOf(const std::vector<absl::string_view>& labels, size_t max) {
  const size_t shown = IsCut(max, labels.size()) ? max : labels.size();
  std::string text;
  for (size_t i = 0; i < shown; ++i) {
    absl::StrAppend(&text, i == 0 ? "" : ", ", Shown(labels[i]));
  }
  if (shown < labels.size()) {
    absl::StrAppend(&text, " and ", WithCommas(labels.size() - shown), " more");
  }
  return text;
}

}  // namespace

LabelTally::LabelTally(const scanner::LabelTable& labels,
                       scanner::Profile profile)
    : labels_(labels), profile_(profile) {
  for (const io::LabelLine& line : labels.lines()) {
    if (!line.label.empty()) counts_.try_emplace(line.label);
  }
}

void LabelTally::Add(std::span<const io::Row> rows) {
  if (counts_.empty()) return;
  for (const io::Row& row : rows) {
    Counts& counts = row.label.empty() ? without_label_ : counts_.at(row.label);
    const scanner::Severity severity = scanner::RowSeverity(row, profile_);
    ++counts.rows;
    if (severity == scanner::Severity::kCrit) ++counts.crit;
    if (severity == scanner::Severity::kWarn) ++counts.warn;
    if (io::IsIndefinite(row.status, row.cause)) ++counts.unknown;
  }
}

std::vector<LabelTally::Entry> LabelTally::WorstFirst() const {
  std::vector<Entry> entries;
  for (const auto& [label, counts] : counts_) {
    if (counts.rows > 0) entries.emplace_back(label, counts);
  }
  const auto key = [](const Entry& entry) {
    const Counts& counts = entry.second;
    return std::tuple(~counts.crit, ~counts.warn, ~counts.unknown, entry.first);
  };
  std::sort(entries.begin(), entries.end(),
            [&key](const Entry& a, const Entry& b) { return key(a) < key(b); });
  return entries;
}

std::vector<absl::string_view> LabelTally::WithoutRow() const {
  std::vector<absl::string_view> labels;
  for (const auto& [label, counts] : counts_) {
    if (counts.rows == 0) labels.push_back(label);
  }
  std::sort(labels.begin(), labels.end());
  return labels;
}

absl::flat_hash_set<absl::string_view> LabelTally::Within(
    const scanner::TargetSet& targets) const {
  absl::flat_hash_set<absl::string_view> within;
  for (const io::LabelLine& line : labels_.lines()) {
    if (line.label.empty() || counts_.at(line.label).rows > 0) continue;
    const dnswire::IpRange range = {line.target.first(), line.target.last()};
    if (targets.CountWithin(range) > 0) within.insert(line.label);
  }
  return within;
}

std::string LabelTally::Table(const scanner::TargetSet& targets,
                              size_t max_labels) const {
  if (counts_.empty()) return "";
  const std::vector<Entry> entries = WorstFirst();
  std::string text =
      absl::StrCat("labels    ", WithCommas(entries.size()), " of ",
                   WithCommas(counts_.size()), " have rows\n");
  absl::StrAppendFormat(&text, "  %-24s %12s %10s %10s %10s\n", "label", "rows",
                        "crit", "warn", "unknown");
  const auto line = [&text](const std::string& label, const Counts& counts) {
    absl::StrAppendFormat(&text, "  %-24s %12s %10s %10s %10s\n", label,
                          WithCommas(counts.rows), WithCommas(counts.crit),
                          WithCommas(counts.warn), WithCommas(counts.unknown));
  };
  const size_t shown =
      IsCut(max_labels, entries.size()) ? max_labels : entries.size();
  for (size_t i = 0; i < shown; ++i) {
    line(Shown(entries[i].first), entries[i].second);
  }
  if (shown < entries.size()) {
    absl::StrAppend(&text, "  (", WithCommas(entries.size() - shown),
                    " more, --verbose shows all)\n");
  }
  if (without_label_.rows > 0) line("(no label)", without_label_);
  std::vector<absl::string_view> open = WithoutRow();
  const auto within = Within(targets);
  const auto outside = std::stable_partition(
      open.begin(), open.end(),
      [&within](absl::string_view label) { return within.contains(label); });
  const std::vector<absl::string_view> apart(outside, open.end());
  open.erase(outside, open.end());
  if (!open.empty()) {
    absl::StrAppend(&text, "  no row here: ", ListOf(open, max_labels), "\n");
  }
  if (!apart.empty()) {
    absl::StrAppend(&text, "  not scanned, no target lies there: ",
                    ListOf(apart, max_labels), "\n");
  }
  return text;
}

std::string LabelTally::Words(size_t max_labels) const {
  const std::vector<Entry> entries = WorstFirst();
  std::string text;
  const auto word = [&text](uint64_t count, absl::string_view what) {
    if (count == 0) return;
    absl::StrAppend(&text, text.back() == '(' ? "" : ", ", WithCommas(count),
                    " ", what);
  };
  for (size_t i = 0; i < entries.size(); ++i) {
    absl::StrAppend(&text, i == 0 ? "" : ", ");
    if (i == max_labels) {
      absl::StrAppend(&text, WithCommas(entries.size() - i), " more");
      break;
    }
    const Counts& counts = entries[i].second;
    absl::StrAppend(&text, Shown(entries[i].first), " ",
                    WithCommas(counts.rows));
    if (counts.crit + counts.warn + counts.unknown == 0) continue;
    absl::StrAppend(&text, " (");
    word(counts.crit, "crit");
    word(counts.warn, "warn");
    word(counts.unknown, "unknown");
    absl::StrAppend(&text, ")");
  }
  const std::vector<absl::string_view> open = WithoutRow();
  if (open.empty()) return text;
  absl::StrAppend(&text, text.empty() ? "" : "; ",
                  "no host: ", ListOf(open, max_labels));
  return text;
}

}  // namespace tools
