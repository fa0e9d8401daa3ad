// A report for a terminal, and for pages whose script does not run.
#ifndef PTRSWEEP_TOOLS_PAGE_TEXT_PAGE_H_
#define PTRSWEEP_TOOLS_PAGE_TEXT_PAGE_H_

#include <cstddef>
#include <string>

#include "tools/page/report_view.h"

namespace tools {

struct TextStyle {
  size_t width = 80;    // columns
  bool colour = false;  // ISO 6429, 256 colours; letters say the same
};

// Lines ending in '\n'. Without colour printable only, plus the UTF-8 of
// labels.
std::string TextPage(const ReportInput& input, const TextStyle& style);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_PAGE_TEXT_PAGE_H_
