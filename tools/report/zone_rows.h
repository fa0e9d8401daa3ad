// Rows of `zones` as CSV (RFC 4180) and NDJSON, in the manner of a scan's:
// lists are separated by spaces or arrays, null is an empty field or null.
#ifndef PTRSWEEP_TOOLS_REPORT_ZONE_ROWS_H_
#define PTRSWEEP_TOOLS_REPORT_ZONE_ROWS_H_

#include <span>
#include <string>

#include "absl/strings/string_view.h"
#include "scanner/audit/zone_row.h"

namespace tools {

struct ZoneColumn {
  absl::string_view name;
  absl::string_view doc;
};
std::span<const ZoneColumn> ZoneColumns();

void AppendZonesCsvHeader(std::string* out);
// One line each.
void AppendZoneCsv(const scanner::ZoneRow& row, std::string* out);
void AppendZoneNdjson(const scanner::ZoneRow& row, std::string* out);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_REPORT_ZONE_ROWS_H_
