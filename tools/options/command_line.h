// The arguments of the command: from its command line, the environment and the
// configuration file, the first of these that has an option winning. CLI11 only
// takes argv apart; option_table says what there is.
#ifndef PTRSWEEP_TOOLS_OPTIONS_COMMAND_LINE_H_
#define PTRSWEEP_TOOLS_OPTIONS_COMMAND_LINE_H_

#include <optional>
#include <string>
#include <vector>

#include "tools/options/arguments.h"

namespace tools {

struct CatArguments {
  std::vector<std::string> files;
  std::vector<std::string> where;  // --where: statuses
  std::string output = "-";
  std::string format;
};

struct DiffArguments {
  std::string older;
  std::string newer;
  std::string output = "-";
  std::string format;
  std::string profile = "mail";
  std::vector<std::string> fail_on;  // kinds of changes
  bool quiet = false;
};

struct CommandLine {
  enum class Command {
    kScan,
    kTargets,
    kZones,
    kWalk,
    kCheck,
    kExplain,
    kCat,
    kDiff,
    kFinalize,
  };
  Command command = Command::kScan;
  ScanArguments arguments;  // of other commands, only those they have
  CatArguments cat;
  DiffArguments diff;
  std::string finalize;  // its folder
};

// Targets of the command line are the only ones: with them, --targets of the
// environment or the configuration file is not heeded. nullopt: nothing is left
// to do but to exit with *exit_code; help, version or the error has been
// printed.
std::optional<CommandLine> ParseCommandLine(int argc, const char* const* argv,
                                            const char* const* environment,
                                            int* exit_code);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_OPTIONS_COMMAND_LINE_H_
