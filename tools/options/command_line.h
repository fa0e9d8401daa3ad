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

struct ReportArguments {
  std::vector<std::string> files;
  std::string output = "-";
  std::string format;  // empty: by the output's ending
  std::string profile = "mail";
  std::string labels;
  std::string zones;
  std::string findings;
  std::vector<std::string> my_ns;
  std::string providers;
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
    kReport,
  };
  Command command = Command::kScan;
  ScanArguments arguments;  // of other commands, only those they have
  CatArguments cat;
  DiffArguments diff;
  ReportArguments report;
  std::string finalize;  // its folder
};

// Targets of the command line are the only ones: with them, --targets of the
// environment or the configuration file is not heeded. nullopt: nothing is left
// to do but to exit with *exit_code; help, version or the error has been
// printed.
std::optional<CommandLine> ParseCommandLine(int argc, const char* const* argv,
                                            const char* const* environment,
                                            int* exit_code);

// What --help says of a command, in parts: the man page and the completions of
// shells are made of it.
struct OptionForm {
  std::string flags;        // "-t,--targets"
  std::string placeholder;  // of its value; empty: it has none
  std::string help;         // with its default
  std::string group;        // heading
  bool repeats = false;     // values add up, and may be joined by commas
};
struct OperandForm {  // what is no option
  std::string name;
  std::string help;
  bool required = false;
  bool repeats = false;
};
struct CommandForm {
  std::string name;
  std::string description;
  std::vector<OperandForm> operands;
  std::vector<OptionForm> options;
};
// Of every command, in the order of --help; hidden options are not among them.
std::vector<CommandForm> CommandForms();

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_OPTIONS_COMMAND_LINE_H_
