// Completion of ptrsweep's commands, options and their words, for shells: a
// script for each, made of the commands' forms.
#ifndef PTRSWEEP_TOOLS_MANUAL_COMPLETION_H_
#define PTRSWEEP_TOOLS_MANUAL_COMPLETION_H_

#include <span>
#include <string>

#include "tools/options/command_line.h"

namespace tools {

// For /usr/share/bash-completion/completions/ptrsweep; needs bash alone.
std::string BashCompletion(std::span<const CommandForm> commands);
// For a folder of $fpath, as _ptrsweep.
std::string ZshCompletion(std::span<const CommandForm> commands);
// For vendor_completions.d/ptrsweep.fish.
std::string FishCompletion(std::span<const CommandForm> commands);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_MANUAL_COMPLETION_H_
