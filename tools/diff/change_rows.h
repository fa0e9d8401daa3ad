// What changed, as rows (CSV, NDJSON) and as text for people.
#ifndef PTRSWEEP_TOOLS_DIFF_CHANGE_ROWS_H_
#define PTRSWEEP_TOOLS_DIFF_CHANGE_ROWS_H_

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "io/formats/row.h"
#include "scanner/review/difference.h"
#include "tools/diff/comparison.h"
#include "tools/report/table_cells.h"

namespace tools {

// One address. nullopt: that run does not have it; one of them does.
struct ChangedAddress {
  scanner::Change change;
  std::optional<ComparedEntry> older;
  std::optional<ComparedEntry> newer;

  const ComparedEntry& either() const { return newer ? *newer : *older; }
};

std::span<const io::Column> ChangeColumns();
// A cell for each.
std::vector<Cell> ChangeCells(const ChangedAddress& changed);

// A line: "new_problem  192.0.2.7  pass a.example.net  ->  no_ptr (nxdomain)".
void AppendChangeLine(const ChangedAddress& changed, std::string* out);
// Totals, then prefixes and labels with a change.
std::string FormatChangeTally(const ChangeTally& tally);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_DIFF_CHANGE_ROWS_H_
