// Rows of `zones`, for the formats of table_cells.
#ifndef PTRSWEEP_TOOLS_REPORT_ZONE_ROWS_H_
#define PTRSWEEP_TOOLS_REPORT_ZONE_ROWS_H_

#include <span>
#include <vector>

#include "io/formats/row.h"
#include "scanner/audit/zone_row.h"
#include "tools/report/table_cells.h"

namespace tools {

std::span<const io::Column> ZoneColumns();
// A cell for each.
std::vector<Cell> ZoneCells(const scanner::ZoneRow& row);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_REPORT_ZONE_ROWS_H_
