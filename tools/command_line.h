// The command line: what was written, as text. Meaning and limits of the
// values are scan_config's business; CLI11 only takes argv apart.
#ifndef PTRSWEEP_TOOLS_COMMAND_LINE_H_
#define PTRSWEEP_TOOLS_COMMAND_LINE_H_

#include <optional>
#include <string>
#include <vector>

namespace tools {

// Options that say what to look at; shared by all commands that scan.
struct TargetArguments {
  std::vector<std::string> targets;        // as given; "-" is stdin
  std::vector<std::string> target_files;   // --targets
  std::vector<std::string> exclusions;     // --exclude
  std::vector<std::string> exclude_files;  // --exclude-file
  std::string labels;                      // --labels
  std::string max_targets = "4294967296";
  std::string seed = "0";
  bool include_special = false;
};

struct ScanArguments {
  TargetArguments target;
  // How to ask.
  std::vector<std::string> resolvers;
  bool ptr_only = false;
  std::string max_names = "10";
  std::string late_passes = "1";
  std::string late_pause;
  std::string max_queries_per_target;
  std::string max_queries = "0";
  std::string max_outage = "300s";
  // Whom to believe.
  std::string cookies = "auto";
  std::string case_random = "auto";
  std::vector<std::string> canaries;
  bool no_canary = false;
  // How fast.
  std::string threads = "1";
  std::string rate = "0";
  std::string resolver_rate;
  std::string resolver_window;
  std::string max_in_flight = "16384";
  std::string sockets = "8";
  std::string source_ports;
  std::string cache_size = "16";
  std::string max_tcp = "256";
  std::string offload = "auto";
  // What comes out.
  std::string output = "-";
  std::string format;
  std::string fail_on;
  std::string profile = "mail";
  std::string max_unknown = "5";
  bool dry_run = false;
  bool quiet = false;
  bool verbose = false;
};

struct CatArguments {
  std::vector<std::string> files;
  std::vector<std::string> where;  // --where: statuses
  std::string output = "-";
  std::string format;
};

struct CommandLine {
  enum class Command { kScan, kTargets, kCat };
  Command command = Command::kScan;
  ScanArguments scan;
  TargetArguments targets;
  CatArguments cat;
};

// nullopt: nothing is left to do but to exit with *exit_code; help, version or
// the error has been printed.
std::optional<CommandLine> ParseCommandLine(int argc, char** argv,
                                            int* exit_code);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_COMMAND_LINE_H_
