// Rows of `zones` as CSV (RFC 4180), NDJSON and Parquet, in the manner of a
// scan's: lists are separated by spaces or arrays, null is an empty field or
// null.
#ifndef PTRSWEEP_TOOLS_REPORT_ZONE_ROWS_H_
#define PTRSWEEP_TOOLS_REPORT_ZONE_ROWS_H_

#include <span>
#include <string>

#include "io/formats/row.h"
#include "io/parquet/parquet_table.h"
#include "scanner/audit/zone_row.h"

namespace tools {

std::span<const io::Column> ZoneColumns();

void AppendZonesCsvHeader(std::string* out);
// One line each.
void AppendZoneCsv(const scanner::ZoneRow& row, std::string* out);
void AppendZoneNdjson(const scanner::ZoneRow& row, std::string* out);
// A row of a table of ZoneColumns().
absl::Status AddZone(const scanner::ZoneRow& row, io::ParquetTable* table);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_REPORT_ZONE_ROWS_H_
