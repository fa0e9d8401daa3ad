// Rows of `zones` and findings of a walk, read back for a report.
#ifndef PTRSWEEP_TOOLS_PAGE_TABLE_FILE_H_
#define PTRSWEEP_TOOLS_PAGE_TABLE_FILE_H_

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "scanner/overview/zone_facts.h"
#include "scanner/walk/finding.h"

namespace tools {

// CSV or NDJSON, seen from the first octet. Errors name the file and the line,
// or the column that is missing; Parquet, which is for other readers, is
// refused. Text with control characters is no text of ours.
absl::StatusOr<std::vector<scanner::ZoneFacts>> ReadZoneFacts(
    const std::string& path);
absl::StatusOr<std::vector<scanner::Finding>> ReadFindings(
    const std::string& path);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_PAGE_TABLE_FILE_H_
