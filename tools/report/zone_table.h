// What `zones` says to people: a line a zone, below each that has a problem
// what to do about it, at the end a count of verdicts.
#ifndef PTRSWEEP_TOOLS_REPORT_ZONE_TABLE_H_
#define PTRSWEEP_TOOLS_REPORT_ZONE_TABLE_H_

#include <cstdint>
#include <span>
#include <string>

#include "scanner/audit/zone_row.h"

namespace tools {

std::string FormatZoneTable(std::span<const scanner::ZoneRow> rows,
                            uint64_t packets);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_REPORT_ZONE_TABLE_H_
