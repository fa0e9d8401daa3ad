// The data of a report's page: one JSON text that is safe inside a <script>.
#ifndef PTRSWEEP_TOOLS_PAGE_REPORT_JSON_H_
#define PTRSWEEP_TOOLS_PAGE_REPORT_JSON_H_

#include <string>

#include "tools/page/report_view.h"

namespace tools {

// Without '<', '>' and '&'. What it has is listed at its reader,
// assets/data.js; how many of what, in the table of limits there.
std::string ReportJson(const ReportInput& input);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_PAGE_REPORT_JSON_H_
