// The man page: prose of ptrsweep.1.in, with what the program knows of itself
// put in. A line of the template that begins with @ is replaced:
//
//   @synopsis                  a line for each command
//   @commands                  each with its description and operands
//   @options                   every option, and the commands that have it
//   @columns rows              name and content of each column; also of zones
//                              and findings
//   @causes                    each with its text and what to do
//   @flags                     each with its text
//   @kinds                     of findings, the same
//   @status pass TEXT          an item of a list: the text, who acts, severity
//   @verdict healthy TEXT      an item: of zones
#ifndef PTRSWEEP_TOOLS_MANUAL_MANUAL_PAGE_H_
#define PTRSWEEP_TOOLS_MANUAL_MANUAL_PAGE_H_

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/options/command_line.h"

namespace tools {

struct Page {
  std::string text;
  // What is wrong with it, a line each: statuses and verdicts that the template
  // has no line for, or a line for though there are none; causes and flags that
  // have no text.
  std::vector<std::string> faults;
};
// Errors name the line: a word after @ that is unknown.
absl::StatusOr<Page> ManualPage(absl::string_view page_template,
                                std::span<const CommandForm> commands);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_MANUAL_MANUAL_PAGE_H_
