#include "tools/report/metrics.h"

#include <initializer_list>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "io/formats/carried_text.h"
#include "io/formats/status.h"

namespace tools {
namespace {

using scanner::Severity;

// A label's value: of what must be escaped, carried text has no line feed.
void AppendEscaped(absl::string_view text, std::string* out) {
  for (const char letter : text) {
    if (letter == '\\' || letter == '"') out->push_back('\\');
    out->push_back(letter);
  }
}

// Families of gauges, one after the other.
class MetricsText {
 public:
  using Label = std::pair<absl::string_view, absl::string_view>;

  explicit MetricsText(const Shard& shard) {
    if (shard.count > 1) shard_ = absl::StrCat(shard.index);
  }

  void Begin(absl::string_view name, absl::string_view help) {
    name_ = absl::StrCat("ptrsweep_", name);
    absl::StrAppend(&text_, "# HELP ", name_, " ", help, "\n# TYPE ", name_,
                    " gauge\n");
  }
  void Add(std::initializer_list<Label> labels, absl::string_view value) {
    absl::StrAppend(&text_, name_);
    char separator = '{';
    if (!shard_.empty()) AddLabel({"shard", shard_}, &separator);
    for (const Label& label : labels) AddLabel(label, &separator);
    absl::StrAppend(&text_, separator == '{' ? "" : "}", " ", value, "\n");
  }
  void AddOne(absl::string_view name, absl::string_view help,
              absl::string_view value) {
    Begin(name, help);
    Add({}, value);
  }
  std::string Take() { return std::move(text_); }

 private:
  void AddLabel(const Label& label, char* separator) {
    absl::StrAppend(&text_, absl::string_view(separator, 1), label.first,
                    "=\"");
    AppendEscaped(label.second, &text_);
    text_.push_back('"');
    *separator = ',';
  }

  std::string shard_;
  std::string name_;
  std::string text_;
};

absl::string_view NameOf(size_t status) {
  return io::StatusName(static_cast<io::Status>(status));
}

// Statuses that occur: there are many prefixes and labels.
void AddCounts(absl::string_view label, absl::string_view value,
               const StatusCounts& counts, MetricsText* text) {
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    text->Add({{label, value}, {"status", NameOf(i)}}, absl::StrCat(counts[i]));
  }
}

void AddTally(const RowTally& tally, MetricsText* text) {
  text->Begin("severity_addresses", "Addresses by severity of their row.");
  for (size_t i = 0; i < tally.severities().size(); ++i) {
    text->Add({{"severity", SeverityName(static_cast<Severity>(i))}},
              absl::StrCat(tally.severities()[i]));
  }
  text->Begin("addresses", "Addresses by prefix and status.");
  for (const auto& [prefix, counts] : tally.Prefixes()) {
    AddCounts("prefix", prefix.ToString(), counts, text);
  }
  if (tally.labels().empty()) return;
  text->Begin("label_addresses", "Addresses by label and status.");
  for (const auto& [label, counts] : tally.labels()) {
    AddCounts("label", io::CarriedText(label), counts, text);
  }
}

std::string Seconds(double seconds) { return absl::StrFormat("%.3f", seconds); }

}  // namespace

std::string FormatMetrics(const RunMetrics& metrics) {
  const scanner::Stats& stats = metrics.stats;
  MetricsText text(metrics.shard);
  text.AddOne("complete", "1 if every address has its row, else 0.",
              metrics.complete ? "1" : "0");
  text.AddOne("exit_code", "Of the run.", absl::StrCat(metrics.exit_code));
  text.AddOne("end_timestamp_seconds", "When the run ended, Unix time.",
              Seconds(absl::ToDoubleSeconds(metrics.end - absl::UnixEpoch())));
  text.AddOne("duration_seconds",
              "How long the run took, since it was resumed.",
              Seconds(absl::ToDoubleSeconds(metrics.elapsed)));
  if (!metrics.walks) {
    text.AddOne("targets", "Addresses to be judged.",
                absl::StrCat(stats.targets));
  }
  // A run that finds another one's work finished has the tally alone.
  const RowTally* const tally = metrics.tally;
  text.AddOne("rows", "Addresses judged.",
              absl::StrCat(tally != nullptr ? tally->rows() : stats.rows));
  text.AddOne(
      "unknown_rows", "Of them, those whose state is unknown.",
      absl::StrCat(tally != nullptr ? tally->unknown() : stats.unknown_rows));
  text.AddOne("packets", "Packets sent, since it was resumed.",
              absl::StrCat(stats.packets()));
  text.Begin("status_addresses", "Addresses by status.");
  const StatusCounts& statuses =
      tally != nullptr ? tally->statuses() : stats.rows_by_status;
  for (size_t i = 0; i < statuses.size(); ++i) {
    text.Add({{"status", NameOf(i)}}, absl::StrCat(statuses[i]));
  }
  if (tally != nullptr) AddTally(*tally, &text);
  return text.Take();
}

}  // namespace tools
