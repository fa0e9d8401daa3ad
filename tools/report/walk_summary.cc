#include "tools/report/walk_summary.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "io/formats/status.h"
#include "scanner/walk/walk_summary.h"
#include "tools/report/finding_file.h"
#include "tools/report/progress.h"
#include "tools/report/summary.h"

namespace tools {
namespace {

using scanner::Finding;
using scanner::FindingKind;

constexpr size_t kColumns = 80;
constexpr size_t kIndent = 10;
constexpr size_t kMaxLines = 24;
// What surely fits into two lines.
constexpr size_t kLabelColumns = 100;

// What to mend first.
constexpr FindingKind kReportOrder[] = {
    FindingKind::kLame,         FindingKind::kUnreachable,
    FindingKind::kNoServers,    FindingKind::kEntBroken,
    FindingKind::kRedirectLoop, FindingKind::kUnknown,
    FindingKind::kBudget,       FindingKind::kUndelegated,
    FindingKind::kWildcardHole, FindingKind::kWildcardDense,
    FindingKind::kSynthesized,  FindingKind::kWildcard,
    FindingKind::kEmpty,
};
// As it should be, or as it was wanted: one line for all.
constexpr FindingKind kNothingToMend[] = {
    FindingKind::kCut, FindingKind::kRedirect, FindingKind::kExcluded};
static_assert(std::size(kReportOrder) + std::size(kNothingToMend) ==
              scanner::kFindingKindCount);

// Indexed by the enum.
constexpr absl::string_view kMeanings[] = {
    "a wildcard names all that has no record of its own",
    "wildcards in every part, not looked at one by one",
    "hosts took the wildcard from the addresses beside them",
    "the server makes up a name for every address",
    "names are denied together with those above them",
    "a DNAME: its names are in another tree, walked too",
    "DNAMEs that lead nowhere",
    "delegated to a zone of its own",
    "delegated to servers that do not serve the zone",
    "delegated to servers that do not answer",
    "delegated to servers without an address",
    "nobody has the prefix, says the registry's zone",
    "a zone, or part of one, without names",
    "could not be looked at",
    "left when the budget was spent",
    "not looked at: it was to be left out, or makes no sense",
};
static_assert(std::size(kMeanings) == scanner::kFindingKindCount);

std::string Plural(uint64_t count, absl::string_view one,
                   absl::string_view many) {
  return absl::StrCat(WithCommas(count), " ", count == 1 ? one : many);
}

// A heading in the first columns, then words in lines that fit beside it.
void AppendWrapped(absl::string_view heading, absl::string_view text,
                   std::vector<std::string>* lines) {
  std::string line = absl::StrFormat("%-*s", kIndent, heading);
  bool is_empty = true;
  for (const absl::string_view word : absl::StrSplit(text, ' ')) {
    if (!is_empty && line.size() + 1 + word.size() > kColumns) {
      lines->push_back(line);
      line.assign(kIndent, ' ');
      is_empty = true;
    }
    absl::StrAppend(&line, is_empty ? "" : " ", word);
    is_empty = false;
  }
  lines->push_back(line);
}

// At most `max` octets of a list, and that there is more.
std::string CutAtComma(const std::string& text, size_t max) {
  if (text.size() <= max) return text;
  const size_t comma = text.rfind(',', max);
  if (comma == std::string::npos) return "...";
  return text.substr(0, comma + 1) + " ...";
}

// "1,200 pass, 30 no_forward".
std::string RowsText(const scanner::Stats& stats) {
  std::vector<std::string> texts;
  for (size_t i = io::kStatusCount; i-- > 0;) {
    if (stats.rows_by_status[i] == 0) continue;
    texts.push_back(absl::StrCat(WithCommas(stats.rows_by_status[i]), " ",
                                 io::StatusName(static_cast<io::Status>(i))));
  }
  return texts.empty() ? "none" : absl::StrJoin(texts, ", ");
}

void AppendHead(const WalkSummaryText& text, std::vector<std::string>* lines) {
  const scanner::ScanReport& report = text.report;
  const scanner::WalkSummary& walk = report.walk;
  lines->push_back(
      absl::StrCat(ShardText(text.shard), Plural(walk.hosts, "host", "hosts"),
                   " found in ", FormatElapsed(report.elapsed), ", ",
                   Plural(walk.questions, "question", "questions"), ", ",
                   Plural(report.stats.packets(), "packet", "packets")));
  if (text.resumed) {
    lines->push_back("          (time and packets since the walk went on)");
  }
  std::string walked =
      absl::StrCat(Plural(walk.expanded, "prefix", "prefixes"), " expanded in ",
                   Plural(walk.zones, "zone", "zones"));
  const auto left = [&walked](uint64_t count, absl::string_view one,
                              absl::string_view many) {
    if (count > 0) absl::StrAppend(&walked, "; ", Plural(count, one, many));
  };
  left(walk.zones_unentered, "zone not entered", "zones not entered");
  left(walk.unexpanded, "prefix left", "prefixes left");
  left(walk.skipped, "skipped in wildcards", "skipped in wildcards");
  left(walk.nameless, "name without a PTR", "names without a PTR");
  left(walk.unknown, "name without an answer", "names without an answer");
  AppendWrapped("walked", walked, lines);
  AppendWrapped("rows", RowsText(report.stats), lines);
  if (!text.labels.empty()) {
    AppendWrapped("labels", CutAtComma(text.labels, kLabelColumns), lines);
  }
  for (const absl::string_view line :
       absl::StrSplit(TransfersText(report), '\n', absl::SkipEmpty())) {
    AppendWrapped(line.substr(0, kIndent), line.substr(kIndent), lines);
  }
  lines->push_back(absl::StrFormat(
      "%-*s%.2f %% of rows, prefixes and zones", kIndent, "unknown",
      UnknownShare(walk, report.stats.rows, report.stats.unknown_rows)));
}

std::string KindLine(FindingKind kind, uint64_t count) {
  return absl::StrFormat("  %-14s %6s  %s", FindingKindName(kind),
                         WithCommas(count), FindingMeaning(kind));
}

// What to do, about the first one.
std::vector<std::string> FixLines(const Finding& finding, uint64_t count) {
  std::vector<std::string> lines;
  AppendWrapped("    fix",
                absl::StrCat(count == 1 ? "" : "e.g. ", FixText(finding)),
                &lines);
  return lines;
}

// "  besides   33 cut, 3 redirect"; empty: there are none.
std::string BesidesLine(const FindingTally& findings) {
  std::string line;
  for (const FindingKind kind : kNothingToMend) {
    if (findings.count(kind) == 0) continue;
    absl::StrAppend(&line, line.empty() ? "  besides " : ", ",
                    WithCommas(findings.count(kind)), " ",
                    FindingKindName(kind));
  }
  return line;
}

// A line for each kind; what to do as long as there is room.
void AppendFindings(const FindingTally& findings,
                    std::vector<std::string>* lines) {
  std::vector<FindingKind> kinds;
  std::copy_if(std::begin(kReportOrder), std::end(kReportOrder),
               std::back_inserter(kinds), [&findings](FindingKind kind) {
                 return findings.count(kind) > 0;
               });
  const std::string besides = BesidesLine(findings);
  const size_t needed =
      lines->size() + kinds.size() + (besides.empty() ? 0 : 1);
  size_t room = kMaxLines - std::min(needed, kMaxLines);
  for (const FindingKind kind : kinds) {
    const uint64_t count = findings.count(kind);
    lines->push_back(KindLine(kind, count));
    const auto fix = FixLines(findings.first(kind), count);
    if (fix.size() > room) continue;
    lines->insert(lines->end(), fix.begin(), fix.end());
    room -= fix.size();
  }
  if (!besides.empty()) lines->push_back(besides);
}

}  // namespace

void FindingTally::Add(std::span<const Finding> findings) {
  for (const Finding& finding : findings) {
    OfKind& kind = kinds_[static_cast<size_t>(finding.kind)];
    if (kind.count++ == 0) kind.first = finding;
  }
}

absl::string_view FindingMeaning(FindingKind kind) {
  return kMeanings[static_cast<size_t>(kind)];
}

std::string FormatWalkSummary(const WalkSummaryText& walk) {
  std::vector<std::string> lines;
  AppendHead(walk, &lines);
  const std::string where = walk.file.empty()
                                ? "(--findings FILE has each of them)"
                                : FindingsName(walk.file);
  const bool unfinished = !walk.file.empty() && !walk.report.finished();
  lines.push_back(
      absl::StrCat("findings  ", where, unfinished ? ", unfinished" : "",
                   walk.resumed ? "; since the walk went on:" : ""));
  AppendFindings(walk.findings, &lines);
  return absl::StrCat(absl::StrJoin(lines, "\n"), "\n");
}

}  // namespace tools
