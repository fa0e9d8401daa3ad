#include "tools/command_line.h"

#include <cstdio>

#include "CLI/CLI.hpp"
#include "io/formats/carried_text.h"
#include "tools/exit_code.h"
#include "tools/version.h"

namespace tools {
namespace {

constexpr char kFooter[] =
    R"(Exit codes: 0 complete; 1 complete, but --fail-on occurred; 2 usage;
3 incomplete, or too many unknown; 4 a file cannot be read or written.)";

constexpr size_t kHelpColumn = 28;
constexpr size_t kHelpWidth = 80 - kHelpColumn;

// Breaks the text into lines that fit beside the options.
std::string Wrap(const std::string& text) {
  std::string wrapped;
  size_t line_start = 0;
  for (const std::string& word : CLI::detail::split(text, ' ')) {
    if (wrapped.size() + 1 + word.size() - line_start > kHelpWidth) {
      wrapped += '\n';
      line_start = wrapped.size();
    } else if (!wrapped.empty()) {
      wrapped += ' ';
    }
    wrapped += word;
  }
  return wrapped;
}

// A command's options under one heading of its help.
class OptionGroup {
 public:
  OptionGroup(CLI::App* app, std::string title)
      : app_(app), title_(std::move(title)) {}

  // One value a flag, flags may repeat, values may be joined by commas: a list
  // never swallows the targets that follow it.
  void List(const std::string& name, std::vector<std::string>* values,
            const std::string& placeholder, const std::string& help) {
    app_->add_option(name, *values, Wrap(help))
        ->type_name(placeholder)
        ->delimiter(',')
        ->allow_extra_args(false)
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->group(title_);
  }
  void Value(const std::string& name, std::string* value,
             const std::string& placeholder, const std::string& help) {
    const std::string shown =
        value->empty() ? help : help + " (" + *value + ")";
    app_->add_option(name, *value, Wrap(shown))
        ->type_name(placeholder)
        ->group(title_);
  }
  void Flag(const std::string& name, bool* value, const std::string& help) {
    app_->add_flag(name, *value, Wrap(help))->group(title_);
  }

 private:
  CLI::App* app_;
  std::string title_;
};

void AddTargetOptions(CLI::App* app, TargetArguments* arguments) {
  app->add_option("target", arguments->targets,
                  Wrap("Prefix, address or range: 192.0.2.0/24, 2001:db8::1, "
                       "192.0.2.1-192.0.2.9; - reads targets from stdin"))
      ->type_name(" ");
  OptionGroup group(app, "Targets");
  group.List("-t,--targets", &arguments->target_files, "FILE",
             "File of targets, one a line, # starts a comment");
  group.List("-x,--exclude", &arguments->exclusions, "TARGET",
             "Leave these addresses out");
  group.List("--exclude-file", &arguments->exclude_files, "FILE",
             "File of targets to leave out");
  group.Value("--labels", &arguments->labels, "FILE",
              "CSV with columns target, label, expected (name); its targets "
              "are scanned if no other is given");
  group.Flag("--include-special", &arguments->include_special,
             "Ask special-use addresses that a wider target sweeps in");
  group.Value("--max-targets", &arguments->max_targets, "N",
              "Refuse more addresses than this");
  group.Value("--seed", &arguments->seed, "N",
              "Order of the addresses: same seed, same order");
}

void AddAskOptions(CLI::App* app, ScanArguments* arguments) {
  OptionGroup group(app, "How to ask");
  group.List("-r,--resolver", &arguments->resolvers, "ADDR",
             "Recursive resolver: ADDR, ADDR:PORT or [V6]:PORT; default: those "
             "of /etc/resolv.conf");
  group.Flag("--ptr-only", &arguments->ptr_only,
             "Ask PTR only: names are not confirmed");
  group.Value("--max-names", &arguments->max_names, "N",
              "Names looked up per address, 1 to 100");
  group.Value("--late-passes", &arguments->late_passes, "N",
              "How often the unresolved are asked again at the end, 0 to 3");
  group.Value("--late-pause", &arguments->late_pause, "TIME",
              "Pause before that (250ms, 5s); default: 10 % of the run, 5 to "
              "30 s");
  group.Value("--max-queries-per-target", &arguments->max_queries_per_target,
              "N", "Packets per address; default: 48, or 4 a name if more");
  group.Value("--max-queries", &arguments->max_queries, "N",
              "Packets of the whole run, 0: no limit");
  group.Value("--max-outage", &arguments->max_outage, "TIME",
              "Give up when all resolvers have been silent, or lying, for so "
              "long");
}

void AddTrustOptions(CLI::App* app, ScanArguments* arguments) {
  OptionGroup group(app, "Whom to believe");
  group.Value("--cookies", &arguments->cookies, "WHEN",
              "DNS cookies: auto (all resolvers but loopback), on, off");
  group.Value("--case-random", &arguments->case_random, "WHEN",
              "Random letter case in questions (0x20): auto, on, off");
  group.List("--canary", &arguments->canaries, "IP=NAME",
             "A PTR record that surely exists: a resolver that denies it is "
             "not believed; default: names found in this run");
  group.Flag("--no-canary", &arguments->no_canary,
             "Believe every denial without asking for such names");
}

void AddSpeedOptions(CLI::App* app, ScanArguments* arguments) {
  OptionGroup group(app, "How fast");
  group.Value("--threads", &arguments->threads, "N",
              "Threads that ask, 1 to 64; they share all of the following "
              "limits, and are fewer if a limit or the targets are few");
  group.Value("--rate", &arguments->rate, "QPS",
              "Packets a second in all, 0: no limit");
  group.Value("--resolver-rate", &arguments->resolver_rate, "QPS",
              "Packets a second to each resolver, less while it loses them, "
              "0: no limit; default: 100, up to 500 while all goes well, no "
              "limit on loopback");
  group.Value("--resolver-window", &arguments->resolver_window, "N",
              "Most open queries per resolver; default: what it can answer");
  group.Value("--max-in-flight", &arguments->max_in_flight, "N",
              "Addresses being looked up at a time");
  group.Value("--sockets", &arguments->sockets, "N",
              "UDP sockets per address family and thread, 1 to 64");
  group.Value("--source-ports", &arguments->source_ports, "A-B",
              "Bind them to ports of this range");
  group.Value("--offload", &arguments->offload, "WHAT",
              "Let the kernel send and take datagrams in runs: auto (both), "
              "gso (only send), none");
  group.Value("--max-tcp", &arguments->max_tcp, "N",
              "TCP connections at a time");
  group.Value("--cache-size", &arguments->cache_size, "MIB",
              "Memory for forward answers");
}

void AddOutputOptions(CLI::App* app, ScanArguments* arguments) {
  OptionGroup group(app, "Output");
  group.Value("-o,--output", &arguments->output, "FILE",
              "File for the rows, - for stdout");
  group.Value("-f,--format", &arguments->format, "FORMAT",
              "csv, ndjson or parquet; default: by the file's ending, else "
              "csv");
  group.Value("--fail-on", &arguments->fail_on, "LIST",
              "Exit 1 if a row has one of these: statuses, flags, warn, crit");
  group.Value("--profile", &arguments->profile, "NAME",
              "What warn and crit mean: mail, hosting or infra");
  group.Value("--max-unknown", &arguments->max_unknown, "PERCENT",
              "Exit 3 if more of the rows are unknown");
  group.Flag("--dry-run", &arguments->dry_run,
             "Send nothing; say what would be asked and how long it takes");
  group.Flag("-q,--quiet", &arguments->quiet,
             "No progress and no summary on stderr");
  group.Flag("-v,--verbose", &arguments->verbose,
             "All counters in the summary");
}

CLI::App* AddScan(CLI::App* app, ScanArguments* arguments) {
  CLI::App* scan = app->add_subcommand(
      "scan", "Judge the reverse DNS of every address, one row each");
  AddTargetOptions(scan, &arguments->target);
  AddAskOptions(scan, arguments);
  AddTrustOptions(scan, arguments);
  AddSpeedOptions(scan, arguments);
  AddOutputOptions(scan, arguments);
  scan->footer(kFooter);
  return scan;
}

CLI::App* AddTargets(CLI::App* app, TargetArguments* arguments) {
  CLI::App* targets = app->add_subcommand(
      "targets", "Print the addresses a scan would ask, in its order");
  AddTargetOptions(targets, arguments);
  return targets;
}

CLI::App* AddCat(CLI::App* app, CatArguments* arguments) {
  CLI::App* cat = app->add_subcommand(
      "cat", "Print the rows of files of any format as CSV or NDJSON");
  cat->add_option("file", arguments->files,
                  Wrap("CSV, NDJSON or Parquet, as scan writes them"))
      ->type_name(" ")
      ->required();
  OptionGroup group(cat, "Rows");
  group.List("--where", &arguments->where, "STATUS",
             "Only rows of this status, or of one of these");
  group.Value("-o,--output", &arguments->output, "FILE",
              "File for the rows, - for stdout");
  group.Value("-f,--format", &arguments->format, "FORMAT",
              "csv or ndjson; default: by the file's ending, else csv");
  return cat;
}

bool IsCommand(const CLI::App& app, const std::string& name) {
  return !app.get_subcommands([&name](const CLI::App* command) {
               return command->check_name(name);
             })
              .empty();
}

}  // namespace

std::optional<CommandLine> ParseCommandLine(int argc, char** argv,
                                            int* exit_code) {
  CommandLine line;
  CLI::App app("Bulk reverse DNS: prefixes in, one judged row per address out",
               "ptrsweep");
  app.set_version_flag("--version", std::string("ptrsweep ") + kVersion);
  app.require_subcommand(1);
  CLI::App* scan = AddScan(&app, &line.scan);
  CLI::App* targets = AddTargets(&app, &line.targets);
  CLI::App* cat = AddCat(&app, &line.cat);
  for (CLI::App* command : {&app, scan, targets, cat}) {
    command->get_formatter()->column_width(kHelpColumn);
    command->get_formatter()->label("REQUIRED", "");
  }
  if (argc > 1 && argv[1][0] != '-' && !IsCommand(app, argv[1])) {
    std::fprintf(stderr, "ptrsweep: no command '%s' (see ptrsweep --help)\n",
                 io::CarriedText(argv[1]).c_str());
    *exit_code = kExitUsage;
    return std::nullopt;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {  // help or version
    *exit_code = app.exit(success) == 0 ? kExitComplete : kExitFile;
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    std::fprintf(stderr, "ptrsweep: %s (see ptrsweep %s--help)\n", error.what(),
                 scan->parsed() ? "scan " : "");
    *exit_code = kExitUsage;
    return std::nullopt;
  }
  line.command = scan->parsed()  ? CommandLine::Command::kScan
                 : cat->parsed() ? CommandLine::Command::kCat
                                 : CommandLine::Command::kTargets;
  return line;
}

}  // namespace tools
