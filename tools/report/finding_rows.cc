#include "tools/report/finding_rows.h"

#include <string>

#include "io/formats/status.h"

namespace tools {
namespace {

using enum io::ColumnType;

constexpr io::Column kFindingColumns[] = {
    {"prefix", kText, "that it speaks of", false},
    {"kind", kText, "what was found: see the table of kinds", false},
    {"zone", kText, "apex; null if none is known"},
    {"cause", kText, "why: a cause as in rows"},
    {"servers", kTextList, "list of name/address=result", false},
    {"depth", kInt, "nibbles of the names that `count` counts", false},
    {"count", kInt, "how many there are", false},
    {"example", kText, "one of them, a name or an address"},
    {"detail", kText, "more of it, for people"},
    {"queries", kInt, "packets sent to the zone until then", false},
    {"time", kTimestamp, "UTC, when it was found", false},
};

}  // namespace

std::span<const io::Column> FindingColumns() { return kFindingColumns; }

std::vector<Cell> FindingCells(const scanner::Finding& finding) {
  return {
      finding.prefix.ToString(),
      std::string(FindingKindName(finding.kind)),
      TextOrNull(finding.zone),
      TextOrNull(io::CauseName(finding.cause)),
      finding.servers,
      uint64_t{finding.depth},
      finding.count,
      TextOrNull(finding.example),
      TextOrNull(finding.detail),
      finding.queries,
      CellTime{finding.time_us},
  };
}

}  // namespace tools
