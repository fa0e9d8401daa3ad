#include "tools/options/command_line.h"

#include <algorithm>
#include <cstdio>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "io/formats/carried_text.h"
#include "tools/exit_code.h"
#include "tools/options/config_file.h"
#include "tools/options/environment.h"
#include "tools/options/option_table.h"
#include "tools/version.h"

namespace tools {
namespace {

constexpr char kDescription[] =
    "Bulk reverse DNS: prefixes in, one judged row per address out";

constexpr char kFooter[] =
    R"(Exit codes: 0 complete; 1 complete, but --fail-on occurred; 2 usage;
3 incomplete, or too many unknown; 4 a file cannot be read or written;
75 stopped by --max-time.)";

constexpr char kFinalizeFooter[] =
    R"(Exit codes: 0 proved; 2 usage; 3 incomplete: a shard is missing or not
finished; 4 a file is damaged, of another run or cannot be read.)";

constexpr char kCheckFooter[] =
    R"(Prints one line: state, counts, the worst addresses, performance data.
Exit codes, as Nagios wants them: 0 ok; 1 a row is warn; 2 a row is crit, by
--profile; 3 unknown: not complete, more unknown than --max-unknown, a file that
cannot be read, or a mistake in these options.)";

constexpr char kDiffFooter[] =
    R"(Rows that are unknown or skipped on a side are no change.
Exit codes: 0 complete; 1 a change that --fail-on names; 2 usage; 4 a file
cannot be read or written.)";

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

// Has CLI11 take the option; its values are read after parsing. One value a
// flag, flags of a list may repeat, its values may be joined by commas: a list
// never swallows the targets that follow it.
void AddOption(CLI::App* app, const Option& option) {
  if (option.kind == OptionKind::kFlag) {
    app->add_flag(option.flags)
        ->description(Wrap(option.help))
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
        ->group(option.group);
    return;
  }
  std::string help = option.help;
  const auto* text = std::get_if<OptionText*>(&option.value);
  if (text != nullptr && !(*text)->empty()) {
    absl::StrAppend(&help, " (", (*text)->text, ")");
  }
  CLI::Option* added = app->add_option(option.flags);
  added->description(Wrap(help))
      ->type_name(option.placeholder)
      ->group(option.group);
  if (IsList(option.kind)) {
    added->delimiter(',')
        ->expected(1)
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }
}

CLI::App* AddCommand(CLI::App* app, const char* name, const char* description,
                     OptionUse use, std::span<const Option> options) {
  CLI::App* command = app->add_subcommand(name, description);
  // Read with the options; the type has it take any number.
  command
      ->add_option_function<std::vector<std::string>>(
          "target", [](const std::vector<std::string>&) {},
          Wrap(use == kUseWalk
                   ? "IPv6 prefix: 2001:db8::/32; - reads them from stdin"
               : use == kUseExplain
                   ? "Address: 192.0.2.10, 2001:db8::1"
                   : "Prefix, address or range: 192.0.2.0/24, 2001:db8::1, "
                     "192.0.2.1-192.0.2.9; - reads targets from stdin"))
      ->type_name(" ");
  for (const Option& option : options) {
    if ((option.uses & use) != 0) AddOption(command, option);
  }
  if (use != kUseTargets) command->footer(kFooter);
  return command;
}

// A walk goes through no resolver, and says so: to name one is a mistake with
// a reason of its own (walk_config).
CLI::App* AddWalk(CLI::App* app, std::span<const Option> options) {
  CLI::App* walk = AddCommand(
      app, "walk",
      "Find every name of IPv6 prefixes in the reverse tree, one row each",
      kUseWalk, options);
  walk->add_option("-r,--resolver")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->group("");
  return walk;
}

std::vector<OptionText> TextsOf(const CLI::Option& option,
                                const std::string& origin) {
  std::vector<OptionText> texts;
  for (const std::string& text : option.results()) {
    texts.emplace_back(text, origin);
  }
  return texts;
}

// Assigns what the command line says.
absl::Status ReadCommand(const CLI::App& command,
                         std::span<const Option> options,
                         ScanArguments* arguments) {
  const CLI::Option& target = *command.get_option("target");
  arguments->target.targets = TextsOf(target, "");
  if (target.count() > 0) arguments->target.target_files.clear();
  for (const Option& option : options) {
    const std::string flag = absl::StrCat("--", option.name());
    const CLI::Option* given = command.get_option_no_throw(flag);
    if (given == nullptr || given->count() == 0) continue;
    absl::Status status = Assign(option, TextsOf(*given, flag));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// The configuration file that the command line or the environment names; empty
// if none.
std::string ConfigPath(const CLI::App& command,
                       const char* const* environment) {
  const CLI::Option& given = *command.get_option("--config");
  if (given.count() > 0) return given.results().back();
  return std::string(FindVariable(environment, "PTRSWEEP_CONFIG").value_or(""));
}

// Each source overwrites what the one before it said.
absl::Status ReadArguments(const CLI::App& command,
                           const char* const* environment,
                           ScanArguments* arguments) {
  const std::vector<Option> options = OptionsOf(arguments);
  const std::string config = ConfigPath(command, environment);
  absl::Status status;
  if (!config.empty()) status = ReadConfigFile(config, options);
  if (status.ok()) status = ReadEnvironment(environment, options);
  if (status.ok()) status = ReadCommand(command, options, arguments);
  return status;
}

CLI::App* AddCat(CLI::App* app, CatArguments* arguments) {
  CLI::App* cat = app->add_subcommand(
      "cat", "Print the rows of files of any format as CSV or NDJSON");
  cat->add_option("file", arguments->files,
                  Wrap("CSV, NDJSON or Parquet, as scan writes them"))
      ->type_name(" ")
      ->required();
  cat->add_option("--where", arguments->where,
                  Wrap("Only rows of this status, or of one of these"))
      ->type_name("STATUS")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  cat->add_option("-o,--output", arguments->output,
                  Wrap("File for the rows, - for stdout (-)"))
      ->type_name("FILE");
  cat->add_option("-f,--format", arguments->format,
                  Wrap("csv or ndjson; default: by the file's ending, else "
                       "csv"))
      ->type_name("FORMAT");
  return cat;
}

CLI::App* AddCheck(CLI::App* app, std::span<const Option> options) {
  CLI::App* check = AddCommand(
      app, "check",
      "Scan, and print one line as a plugin of Nagios, Icinga or checkmk",
      kUseCheck, options);
  check->footer(kCheckFooter);
  return check;
}

CLI::App* AddDiff(CLI::App* app, DiffArguments* arguments) {
  CLI::App* diff = app->add_subcommand(
      "diff", "Tell what became of each address between two runs");
  const char* const run =
      "CSV, NDJSON or Parquet, or DIR/date=YYYY-MM-DD of a dataset";
  diff->add_option("old", arguments->older,
                   Wrap(absl::StrCat("Earlier: ", run)))
      ->type_name(" ")
      ->required();
  diff->add_option("new", arguments->newer, Wrap(absl::StrCat("Later: ", run)))
      ->type_name(" ")
      ->required();
  diff->add_option("-o,--output", arguments->output,
                   Wrap("File for the changes, - for stdout (-)"))
      ->type_name("FILE");
  diff->add_option("-f,--format", arguments->format,
                   Wrap("text, csv or ndjson; default: text on a terminal, "
                        "else by the file's ending, else csv"))
      ->type_name("FORMAT");
  diff->add_option("--profile", arguments->profile,
                   Wrap("What is a problem: mail, hosting or infra (mail)"))
      ->type_name("NAME");
  diff->add_option("--fail-on", arguments->fail_on,
                   Wrap("Exit 1 if there is one of these: new_problem, fixed, "
                        "changed_status, changed_name, changed_forward, "
                        "changed_flags, appeared, disappeared, unknown"))
      ->type_name("KIND")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  diff->add_flag("-q,--quiet", arguments->quiet, Wrap("No summary on stderr"));
  diff->footer(kDiffFooter);
  return diff;
}

CLI::App* AddReport(CLI::App* app, ReportArguments* arguments) {
  CLI::App* report = app->add_subcommand(
      "report", "Show rows as a page that needs no network, or as text");
  report
      ->add_option("file", arguments->files,
                   Wrap("CSV, NDJSON or Parquet, or DIR/date=YYYY-MM-DD of a "
                        "dataset"))
      ->type_name(" ")
      ->required();
  const auto add = [report](const char* flags, std::string* value,
                            const char* placeholder, const char* help) {
    report->add_option(flags, *value, Wrap(help))->type_name(placeholder);
  };
  add("-o,--output", &arguments->output, "FILE",
      "File for the page, - for stdout (-)");
  add("-f,--format", &arguments->format, "FORMAT",
      "html, or text for a terminal; default: text for FILE.txt, else html");
  add("--profile", &arguments->profile, "NAME",
      "What warn and crit mean: mail, hosting or infra (mail)");
  add("--labels", &arguments->labels, "FILE",
      "CSV as for scan: labels of rows without one, and which of its targets "
      "have no row");
  add("--zones", &arguments->zones, "FILE",
      "Rows of ptrsweep zones, CSV or NDJSON: who serves the reverse zones");
  add("--findings", &arguments->findings, "FILE",
      "Findings of a walk, CSV or NDJSON");
  add("--providers", &arguments->providers, "FILE",
      "Who runs which name servers, as for zones");
  report
      ->add_option("--my-ns", arguments->my_ns,
                   Wrap("Name servers of your own: zones they serve are yours "
                        "to change"))
      ->type_name("SUFFIX")
      ->delimiter(',')
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  return report;
}

CLI::App* AddFinalize(CLI::App* app, std::string* folder) {
  CLI::App* finalize = app->add_subcommand(
      "finalize", "Prove that a dataset is whole, and write its _SUCCESS");
  finalize
      ->add_option("folder", *folder,
                   Wrap("DIR/date=YYYY-MM-DD, as scan --dataset DIR wrote it"))
      ->type_name(" ")
      ->required();
  finalize->footer(kFinalizeFooter);
  return finalize;
}

void SetHelpForm(CLI::App* command) {
  command->get_formatter()->column_width(kHelpColumn);
  command->get_formatter()->label("REQUIRED", "");
}

using CommandWithOptions = std::pair<CommandLine::Command, CLI::App*>;

// Adds every command, what they are given going into *line. Returns those whose
// options are the table's.
std::vector<CommandWithOptions> AddCommands(CLI::App* app,
                                            std::span<const Option> options,
                                            CommandLine* line) {
  using enum CommandLine::Command;
  app->set_version_flag("--version", std::string("ptrsweep ") + kVersion);
  app->require_subcommand(1);
  std::vector<CommandWithOptions> with_options = {
      {kScan, AddCommand(app, "scan",
                         "Judge the reverse DNS of every address, one row each",
                         kUseScan, options)},
      {kTargets,
       AddCommand(app, "targets",
                  "Print the addresses a scan would ask, in its order",
                  kUseTargets, options)},
      {kZones, AddCommand(app, "zones",
                          "Find the reverse zones of prefixes and ask each of "
                          "their name servers",
                          kUseZones, options)},
      {kWalk, AddWalk(app, options)},
      {kCheck, AddCheck(app, options)},
      {kExplain,
       AddCommand(app, "explain",
                  "Look addresses up step by step, and say what to do",
                  kUseExplain, options)}};
  AddCat(app, &line->cat);
  AddDiff(app, &line->diff);
  AddFinalize(app, &line->finalize);
  AddReport(app, &line->report);
  for (CLI::App* command : app->get_subcommands({})) SetHelpForm(command);
  SetHelpForm(app);
  return with_options;
}

// `text` as one line: undoes Wrap().
std::string OneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

CommandForm FormOf(const CLI::App& command) {
  CommandForm form{.name = command.get_name(),
                   .description = command.get_description()};
  for (const CLI::Option* option : command.get_options()) {
    const std::string help = OneLine(option->get_description());
    if (option->get_positional()) {
      form.operands.push_back({.name = option->get_name(true),
                               .help = help,
                               .required = option->get_required(),
                               .repeats = option->get_expected_max() > 1});
    } else if (!option->get_group().empty()) {  // that one is hidden
      const bool has_value = option->get_type_size() > 0;
      form.options.push_back(
          {.flags = option->get_name(false, true),
           .placeholder = has_value ? option->get_type_name() : "",
           .help = help,
           .group = option->get_group(),
           .repeats = option->get_multi_option_policy() ==
                      CLI::MultiOptionPolicy::TakeAll});
    }
  }
  return form;
}

bool IsCommand(const CLI::App& app, const std::string& name) {
  return !app.get_subcommands([&name](const CLI::App* command) {
               return command->check_name(name);
             })
              .empty();
}

// False if nothing is left to do but to exit.
bool TakeApart(CLI::App* app, int argc, const char* const* argv,
               int* exit_code) {
  try {
    app->parse(argc, argv);
  } catch (const CLI::Success& success) {  // help or version
    *exit_code = app->exit(success) == 0 ? kExitComplete : kExitFile;
    return false;
  } catch (const CLI::ParseError& error) {
    if (app->got_subcommand("check")) {
      *exit_code = ReportCheckUnknown(
          absl::StrCat(error.what(), " (see ptrsweep check --help)"));
      return false;
    }
    std::string command;
    for (const char* name : {"scan", "zones", "walk", "explain"}) {
      if (app->got_subcommand(name)) command = absl::StrCat(name, " ");
    }
    std::fprintf(stderr, "ptrsweep: %s (see ptrsweep %s--help)\n", error.what(),
                 command.c_str());
    *exit_code = kExitUsage;
    return false;
  }
  return true;
}

}  // namespace

std::optional<CommandLine> ParseCommandLine(int argc, const char* const* argv,
                                            const char* const* environment,
                                            int* exit_code) {
  using enum CommandLine::Command;
  CommandLine line;
  CLI::App app(kDescription, "ptrsweep");
  const std::vector<Option> options = OptionsOf(&line.arguments);
  const auto with_options = AddCommands(&app, options, &line);
  if (argc > 1 && argv[1][0] != '-' && !IsCommand(app, argv[1])) {
    std::fprintf(stderr, "ptrsweep: no command '%s' (see ptrsweep --help)\n",
                 io::CarriedText(argv[1]).c_str());
    *exit_code = kExitUsage;
    return std::nullopt;
  }
  if (!TakeApart(&app, argc, argv, exit_code)) return std::nullopt;
  constexpr std::pair<const char*, CommandLine::Command> kOthers[] = {
      {"cat", kCat},
      {"diff", kDiff},
      {"finalize", kFinalize},
      {"report", kReport}};
  for (const auto& [name, command] : kOthers) {
    if (!app.got_subcommand(name)) continue;
    line.command = command;
    return line;
  }
  for (const auto& [command, parsed] : with_options) {
    if (!parsed->parsed()) continue;
    line.command = command;
    const absl::Status status =
        ReadArguments(*parsed, environment, &line.arguments);
    *exit_code = command == kCheck && !status.ok()
                     ? ReportCheckUnknown(status.message())
                     : ReportError(status);
    if (!status.ok()) return std::nullopt;
  }
  return line;
}

std::vector<CommandForm> CommandForms() {
  CommandLine line;
  CLI::App app(kDescription, "ptrsweep");
  const std::vector<Option> options = OptionsOf(&line.arguments);
  AddCommands(&app, options, &line);
  std::vector<CommandForm> forms;
  for (const CLI::App* command : app.get_subcommands({})) {
    forms.push_back(FormOf(*command));
  }
  return forms;
}

}  // namespace tools
