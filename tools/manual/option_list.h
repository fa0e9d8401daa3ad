// The parts of the man page that list commands and their options, as mdoc.
#ifndef PTRSWEEP_TOOLS_MANUAL_OPTION_LIST_H_
#define PTRSWEEP_TOOLS_MANUAL_OPTION_LIST_H_

#include <span>
#include <string>

#include "tools/options/command_line.h"

namespace tools {

std::string SynopsisLines(std::span<const CommandForm> commands);
std::string CommandList(std::span<const CommandForm> commands);

// Every option once, below its heading, with the commands that have it; those
// that several commands explain in other words, once for each.
std::string OptionList(std::span<const CommandForm> commands);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_MANUAL_OPTION_LIST_H_
