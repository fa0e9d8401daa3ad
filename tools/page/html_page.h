// The page of a report: one HTML file that asks for nothing. Its policy allows
// its own style and script by their digests, and no request at all; all that
// comes from rows is data, which the script shows as text.
#ifndef PTRSWEEP_TOOLS_PAGE_HTML_PAGE_H_
#define PTRSWEEP_TOOLS_PAGE_HTML_PAGE_H_

#include <string>

#include "tools/page/report_view.h"

namespace tools {

// `plain`: the report as text, for readers whose browser runs no script.
std::string HtmlPage(const ReportInput& input, const std::string& plain);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_PAGE_HTML_PAGE_H_
