// The arguments of a command: what was written, as text, and where. The default
// of every option is here.
#ifndef PTRSWEEP_TOOLS_OPTIONS_ARGUMENTS_H_
#define PTRSWEEP_TOOLS_OPTIONS_ARGUMENTS_H_

#include <string>
#include <utility>
#include <vector>

namespace tools {

// A value and its origin, with which errors begin: "--rate", "PTRSWEEP_RATE",
// "night.toml:3:8: rate". A default has none, and is never wrong.
struct OptionText {
  OptionText() = default;
  explicit OptionText(const char* value) : text(value) {}  // a default
  OptionText(std::string value, std::string where)
      : text(std::move(value)), origin(std::move(where)) {}

  bool empty() const { return text.empty(); }

  std::string text;
  std::string origin;
};

// Options that say what to look at; shared by all commands that scan.
struct TargetArguments {
  std::vector<OptionText> targets;        // as given; "-" is stdin
  std::vector<OptionText> target_files;   // --targets
  std::vector<OptionText> exclusions;     // --exclude
  std::vector<OptionText> exclude_files;  // --exclude-file
  OptionText labels;
  OptionText max_targets{"4294967296"};
  OptionText seed{"0"};
  OptionText shards{"1"};
  OptionText shard;
  bool include_special = false;
};

struct ScanArguments {
  OptionText config;
  TargetArguments target;
  // Of a walk.
  std::vector<OptionText> known;
  OptionText zone_budget{"1000000"};
  OptionText broken_budget{"20000"};
  bool exhaustive = false;
  bool i_mean_it = false;
  OptionText findings;
  // Of explain.
  OptionText expect;
  bool zones = false;
  // How to ask.
  std::vector<OptionText> resolvers;
  bool iterative = false;
  OptionText root_hints;
  OptionText transport{"auto"};
  bool allow_special_servers = false;
  OptionText prune;
  OptionText since;
  OptionText since_max_age{"7d"};
  std::vector<OptionText> my_ns;  // of zones, as the next
  OptionText providers;
  OptionText axfr;
  OptionText tsig_keys;
  OptionText axfr_max{"64MiB"};
  bool compare_resolvers = false;
  bool both_families = false;
  bool dual_stack = false;
  bool ptr_only = false;
  OptionText max_names{"10"};
  OptionText late_passes{"1"};
  OptionText late_pause;
  OptionText max_queries_per_target;
  OptionText max_queries{"0"};
  OptionText max_outage{"300s"};
  // Whom to believe.
  OptionText cookies{"auto"};
  OptionText case_random{"auto"};
  std::vector<OptionText> canaries;
  bool no_canary = false;
  // How fast.
  OptionText threads{"1"};
  OptionText rate{"0"};
  OptionText total_rate{"0"};
  OptionText resolver_rate;
  OptionText resolver_window;
  std::vector<OptionText> authority_rate;  // without a number: 100
  OptionText authority_max{"1000"};
  OptionText zone_rate;
  OptionText max_in_flight{"16384"};
  OptionText sockets{"8"};
  OptionText source_ports;
  OptionText cache_size{"16"};
  OptionText max_tcp{"256"};
  OptionText offload{"auto"};
  // What comes out.
  OptionText output{"-"};
  OptionText format;
  OptionText dataset;
  OptionText run_date;
  OptionText part_rows{"10000000"};
  bool resume = false;
  OptionText record_every{"1s"};
  OptionText max_time;
  OptionText fail_on;
  OptionText profile{"mail"};
  OptionText max_unknown{"5"};
  OptionText status_file;
  OptionText metrics;
  bool dry_run = false;
  bool quiet = false;
  bool verbose = false;
};

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_OPTIONS_ARGUMENTS_H_
