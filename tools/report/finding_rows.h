// Findings of a walk (ITERATION.md 3.8), for the formats of table_cells.
#ifndef PTRSWEEP_TOOLS_REPORT_FINDING_ROWS_H_
#define PTRSWEEP_TOOLS_REPORT_FINDING_ROWS_H_

#include <span>
#include <vector>

#include "io/formats/row.h"
#include "scanner/walk/finding.h"
#include "tools/report/table_cells.h"

namespace tools {

std::span<const io::Column> FindingColumns();
// A cell for each.
std::vector<Cell> FindingCells(const scanner::Finding& finding);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_REPORT_FINDING_ROWS_H_
