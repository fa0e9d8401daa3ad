#include "tools/report/zone_table.h"

#include <algorithm>
#include <array>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "io/formats/status.h"
#include "tools/report/progress.h"

namespace tools {
namespace {

using scanner::ZoneRow;
using scanner::ZoneVerdict;

constexpr size_t kColumns = 5;
using Cells = std::array<std::string, kColumns>;

std::string VerdictText(const ZoneRow& row) {
  std::string verdict(ZoneVerdictName(row.judgement.verdict));
  if (row.judgement.cause == io::Cause::kNone) return verdict;
  return absl::StrCat(verdict, " (", io::CauseName(row.judgement.cause), ")");
}

Cells CellsOf(const ZoneRow& row) {
  const scanner::ZoneEvidence& evidence = row.evidence;
  const bool is_zone = evidence.kind == scanner::ZoneEvidence::Kind::kZone;
  const std::string flags = absl::StrJoin(NamesOf(row.judgement.flags), " ");
  return {VerdictText(row), evidence.zone.empty() ? "?" : evidence.zone,
          row.prefix.ToString(),
          is_zone
              ? absl::StrCat(ServersOk(evidence), "/", evidence.servers.size())
              : "-",
          flags.empty() ? "-" : flags};
}

void AppendLine(const Cells& cells, const std::array<size_t, kColumns>& widths,
                std::string* out) {
  std::string line;
  for (size_t i = 0; i < kColumns; ++i) {
    const size_t width = i + 1 == kColumns ? 0 : widths[i] + 2;
    absl::StrAppendFormat(&line, "%-*s", width, cells[i]);
  }
  absl::StrAppend(out, line, "\n");
}

void AppendNote(absl::string_view what, absl::string_view text,
                std::string* out) {
  if (!text.empty()) absl::StrAppendFormat(out, "    %-6s %s\n", what, text);
}

// Servers that fail, what to do, and who can.
void AppendProblems(const ZoneRow& row, std::string* out) {
  if (SeverityOf(row.judgement) < scanner::Severity::kWarn) return;
  const size_t ok = ServersOk(row.evidence);
  if (ok < row.evidence.servers.size()) {
    AppendNote("seen", absl::StrJoin(ServerTexts(row.evidence), ", "), out);
  }
  AppendNote("fix", FixText(row), out);
  for (const std::string& text : FlagTexts(row)) AppendNote("fix", text, out);
  AppendNote("who", ProviderText(row.provider), out);
}

// "12 rows: 10 healthy, 2 lame; 318 packets".
std::string CountsText(std::span<const ZoneRow> rows, uint64_t packets) {
  std::string text = absl::StrCat(WithCommas(rows.size()), " rows");
  const char* separator = ": ";
  for (size_t i = scanner::kZoneVerdictCount; i-- > 0;) {
    const auto verdict = static_cast<ZoneVerdict>(i);
    const auto count =
        std::count_if(rows.begin(), rows.end(), [verdict](const ZoneRow& row) {
          return row.judgement.verdict == verdict;
        });
    if (count == 0) continue;
    absl::StrAppend(&text, separator, WithCommas(static_cast<uint64_t>(count)),
                    " ", ZoneVerdictName(verdict));
    separator = ", ";
  }
  return absl::StrCat(text, "; ", WithCommas(packets), " packets\n");
}

}  // namespace

std::string FormatZoneTable(std::span<const ZoneRow> rows, uint64_t packets) {
  std::vector<Cells> lines = {
      {"verdict", "zone", "prefix", "servers", "flags"}};
  for (const ZoneRow& row : rows) lines.push_back(CellsOf(row));
  std::array<size_t, kColumns> widths{};
  for (const Cells& cells : lines) {
    for (size_t i = 0; i < kColumns; ++i) {
      widths[i] = std::max(widths[i], cells[i].size());
    }
  }
  std::string text;
  AppendLine(lines[0], widths, &text);
  for (size_t i = 0; i < rows.size(); ++i) {
    AppendLine(lines[i + 1], widths, &text);
    AppendProblems(rows[i], &text);
  }
  return absl::StrCat(text, CountsText(rows, packets));
}

}  // namespace tools
