#include "tools/options/option_table.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "io/formats/carried_text.h"
#include "io/nearest_word.h"

namespace tools {
namespace {

using enum OptionKind;

std::vector<Option> TargetOptions(TargetArguments* a) {
  return {
      {"-t,--targets", kList, "FILE", &a->target_files,
       "File of targets, one a line, # starts a comment"},
      {"-x,--exclude", kList, "TARGET", &a->exclusions,
       "Leave these addresses out"},
      {"--exclude-file", kList, "FILE", &a->exclude_files,
       "File of targets to leave out"},
      {"--labels", kText, "FILE", &a->labels,
       "CSV with columns target, label, expected (name); its targets are "
       "scanned if no other is given"},
      {"--include-special", kFlag, "", &a->include_special,
       "Ask special-use addresses that a wider target sweeps in"},
      {"--max-targets", kNumber, "N", &a->max_targets,
       "Refuse more addresses than this"},
      {"--seed", kNumber, "N", &a->seed,
       "Order of the addresses: same seed, same order"},
      {"--shards", kNumber, "N", &a->shards,
       "Share the targets among N processes; all get the same targets"},
      {"--shard", kNumberOrText, "I", &a->shard,
       "Which of them this is, from 0; auto: as SLURM_ARRAY_TASK_ID, "
       "JOB_COMPLETION_INDEX or AWS_BATCH_JOB_ARRAY_INDEX says"},
  };
}

std::vector<Option> AskOptions(ScanArguments* a) {
  return {
      {"-r,--resolver", kList, "ADDR", &a->resolvers,
       "Recursive resolver: ADDR, ADDR:PORT or [V6]:PORT; default: those of "
       "/etc/resolv.conf"},
      {"--iterative", kFlag, "", &a->iterative,
       "Ask no resolver but the authorities themselves, from the root down"},
      {"--root-hints", kText, "FILE", &a->root_hints,
       "Where that begins, a master file; default: built in"},
      {"--transport", kText, "WHICH", &a->transport,
       "Families that authorities are asked over: auto (those there is a route "
       "for), 4, 6"},
      {"--allow-special-servers", kFlag, "", &a->allow_special_servers,
       "Ask authorities in special-use address space too, such as 10.0.0.0/8"},
      {"--prune", kText, "HOW", &a->prune,
       "Of a block that is denied, do not ask its addresses, or visit names "
       "below it: verify (if who denies it is found to tell absent from empty "
       "names), trust, off; default: verify, with resolvers off"},
      {"--axfr", kText, "FILE", &a->axfr,
       "File of zones (APEX [SERVER,...] [KEY] a line) to transfer whole "
       "before the scan, from these or the zone's own servers; their addresses "
       "are not asked"},
      {"--tsig-keys", kText, "FILE", &a->tsig_keys,
       "File of the keys that it names (NAME ALGORITHM SECRET a line), for "
       "nobody else to read"},
      {"--axfr-max", kNumberOrText, "SIZE", &a->axfr_max,
       "Memory a transferred zone may take, up to 4GiB"},
      {"--since", kText, "PATH", &a->since,
       "Take PTR sets from an earlier scan by --iterative (its output, or the "
       "date folder of a dataset) where a zone's serial is still the same; "
       "previous: the newest run before this one in --dataset"},
      {"--since-max-age", kNumberOrText, "TIME", &a->since_max_age,
       "But ask again what was asked longer ago than this (12h, 7d)"},
      {"--ptr-only", kFlag, "", &a->ptr_only,
       "Ask PTR only: names are not confirmed"},
      {"--max-names", kNumber, "N", &a->max_names,
       "Names looked up per address, 1 to 100"},
      {"--late-passes", kNumber, "N", &a->late_passes,
       "How often the unresolved are asked again at the end, 0 to 3"},
      {"--late-pause", kNumberOrText, "TIME", &a->late_pause,
       "Pause before that (250ms, 5s); default: 10 % of the run, 5 to 30 s"},
      {"--max-queries-per-target", kNumber, "N", &a->max_queries_per_target,
       "Packets per address; default: 48, or 4 a name if more, and 4 for each "
       "further question that --compare-resolvers, --both-families and "
       "--dual-stack may ask"},
      {"--max-queries", kNumber, "N", &a->max_queries,
       "Packets of the whole run, 0: no limit"},
      {"--max-outage", kNumberOrText, "TIME", &a->max_outage,
       "Give up when all resolvers have been silent, or lying, for so long"},
  };
}

// What is asked beside.
std::vector<Option> CheckOptions(ScanArguments* a) {
  return {
      {"--compare-resolvers", kFlag, "", &a->compare_resolvers,
       "Ask every --resolver for each PTR: where they differ the row has the "
       "flag resolver_disagree, and is that of the first in your order"},
      {"--both-families", kFlag, "", &a->both_families,
       "Ask names without an address of the target's family for the other "
       "one: flag other_family_only"},
      {"--dual-stack", kFlag, "", &a->dual_stack,
       "Where an IPv4 address passes, ask for the PTRs of its name's IPv6 "
       "addresses too: flag aaaa_unconfirmed"},
  };
}

std::vector<Option> TrustOptions(ScanArguments* a) {
  return {
      {"--cookies", kText, "WHEN", &a->cookies,
       "DNS cookies: auto (all resolvers but loopback), on, off"},
      {"--case-random", kText, "WHEN", &a->case_random,
       "Random letter case in questions (0x20): auto, on, off"},
      {"--canary", kList, "IP=NAME", &a->canaries,
       "A PTR record that surely exists: a resolver that denies it is not "
       "believed; default: names found in this run"},
      {"--no-canary", kFlag, "", &a->no_canary,
       "Believe every denial without asking for such names"},
  };
}

std::vector<Option> SpeedOptions(ScanArguments* a) {
  return {
      {"--threads", kNumber, "N", &a->threads,
       "Threads that ask, 1 to 64; they share all of the following limits, and "
       "are fewer if a limit or the targets are few"},
      {"--rate", kNumber, "QPS", &a->rate,
       "Packets a second in all, 0: no limit"},
      {"--total-rate", kNumber, "QPS", &a->total_rate,
       "The same for all --shards together: this one sends its part, and no "
       "more than --rate"},
      {"--resolver-rate", kNumber, "QPS", &a->resolver_rate,
       "Packets a second to each resolver, less while it loses them, 0: no "
       "limit; default: 100, up to 500 while all goes well, no limit on "
       "loopback"},
      {"--resolver-window", kNumber, "N", &a->resolver_window,
       "Most open queries per resolver; default: what it can answer"},
      {"--authority-rate", kNumberOrList, "QPS", &a->authority_rate,
       "Packets a second to each authority to start with (default: 100; none "
       "on loopback), or ADDRESS[/LENGTH]=QPS, repeatable: all the time to "
       "those of your own, 0: no limit; their zones have no --zone-rate then"},
      {"--authority-max", kNumber, "QPS", &a->authority_max,
       "The same while all goes well, but for those of the root, of TLDs and "
       "of "
       "registries"},
      {"--zone-rate", kNumber, "QPS", &a->zone_rate,
       "Packets a second to all servers of a zone together, 0: no limit; "
       "default: 1000, no limit on loopback"},
      {"--max-in-flight", kNumber, "N", &a->max_in_flight,
       "Addresses being looked up at a time"},
      {"--sockets", kNumber, "N", &a->sockets,
       "UDP sockets per address family and thread, 1 to 64"},
      {"--source-ports", kText, "A-B", &a->source_ports,
       "Bind them to ports of this range"},
      {"--offload", kText, "WHAT", &a->offload,
       "Let the kernel send and take datagrams in runs: auto (both), gso (only "
       "send), none"},
      {"--max-tcp", kNumber, "N", &a->max_tcp, "TCP connections at a time"},
      {"--cache-size", kNumber, "MIB", &a->cache_size,
       "Memory for forward answers; with --iterative as much again for zones"},
  };
}

std::vector<Option> OutputOptions(ScanArguments* a) {
  return {
      {"-o,--output", kText, "FILE", &a->output,
       "File for the rows, - for stdout"},
      {"--dataset", kText, "DIR", &a->dataset,
       "Instead of a file: Parquet parts in DIR/date=YYYY-MM-DD/shard=NN, to "
       "be "
       "proved by ptrsweep finalize"},
      {"--run-date", kText, "DATE", &a->run_date,
       "That folder's date; default: today's in UTC, or the one of the run "
       "that "
       "is resumed"},
      {"--part-rows", kNumber, "N", &a->part_rows, "Rows of a part"},
      {"--resume", kFlag, "", &a->resume,
       "Go on where a run with the same targets and options was stopped or "
       "killed; needs --output FILE"},
      {"--record-every", kNumberOrText, "TIME", &a->record_every,
       "How often rows are made durable: what a crash may cost"},
      {"--max-time", kNumberOrText, "TIME", &a->max_time,
       "Stop after so long (30s, 2h), exit 75"},
      {"-f,--format", kText, "FORMAT", &a->format,
       "csv, ndjson or parquet; default: by the file's ending, else csv; of "
       "explain: text or json"},
      {"--fail-on", kText, "LIST", &a->fail_on,
       "Exit 1 if a row has one of these: statuses (zones: verdicts), flags, "
       "warn, crit; of a walk also kinds of findings"},
      {"--profile", kText, "NAME", &a->profile,
       "What warn and crit mean: mail, hosting or infra"},
      {"--max-unknown", kNumber, "PERCENT", &a->max_unknown,
       "Exit 3 if more of the rows are unknown"},
      {"--status-file", kText, "FILE", &a->status_file,
       "Append a JSON object about every second: state, rows, counters"},
      {"--metrics", kText, "FILE", &a->metrics,
       "At the end write counts by prefix, status and label for Prometheus "
       "(textfile collector), never by address"},
      {"--dry-run", kFlag, "", &a->dry_run,
       "Send nothing; say what would be asked and how long it takes"},
      {"-q,--quiet", kFlag, "", &a->quiet,
       "No progress and no summary on stderr"},
      {"-v,--verbose", kFlag, "", &a->verbose, "All counters in the summary"},
  };
}

std::vector<Option> ZonesOptions(ScanArguments* a) {
  return {
      {"--my-ns", kList, "SUFFIX", &a->my_ns,
       "Name servers of your own: zones they serve are yours to change"},
      {"--providers", kText, "FILE", &a->providers,
       "Who runs which name servers, and where their PTR records are set: "
       "fields apart by tabs, with the header suffix, provider, where; goes "
       "before the table that is built in"},
  };
}

std::vector<Option> WalkOptions(ScanArguments* a) {
  return {
      {"--known", kList, "FILE", &a->known,
       "File of addresses that are known to have names, one a line: asked too, "
       "where a zone's denials are not to be trusted"},
      {"--zone-budget", kNumber, "N", &a->zone_budget,
       "Questions to a zone, then the rest of it is left"},
      {"--broken-budget", kNumber, "N", &a->broken_budget,
       "Questions for likely addresses in a zone that denies names which have "
       "others below them"},
      {"--exhaustive", kFlag, "", &a->exhaustive,
       "Look below every wildcard, also where there are some in each part of a "
       "prefix (a /48 full of them at /64 takes a million questions)"},
      {"--i-mean-it", kFlag, "", &a->i_mean_it,
       "Walk prefixes shorter than /16 too"},
      {"--findings", kText, "FILE", &a->findings,
       "File for what is found about prefixes; default: beside --output FILE, "
       "rows.findings.csv of rows.csv, none with stdout"},
  };
}

std::vector<Option> ExplainOptions(ScanArguments* a) {
  return {
      {"--expect", kText, "NAME", &a->expect,
       "The name that the addresses should have, as in column expected of "
       "--labels"},
      {"--zones", kFlag, "", &a->zones,
       "Ask each name server of the block's reverse zones too, by own "
       "iteration"},
  };
}

// Those of scan and zones that explain has too.
constexpr absl::string_view kExplainToo[] = {
    "labels",         "resolver",      "iterative",
    "root-hints",     "transport",     "allow-special-servers",
    "ptr-only",       "max-names",     "late-passes",
    "late-pause",     "max-outage",    "max-queries-per-target",
    "cookies",        "case-random",   "canary",
    "no-canary",      "rate",          "resolver-rate",
    "authority-rate", "authority-max", "source-ports",
    "max-time",       "format",        "fail-on",
    "profile",        "max-unknown",   "my-ns",
    "providers",      "config",        "compare-resolvers",
    "both-families",  "dual-stack"};

// Those of scan that zones has too.
constexpr absl::string_view kZonesToo[] = {"prune",
                                           "targets",
                                           "exclude",
                                           "exclude-file",
                                           "root-hints",
                                           "transport",
                                           "allow-special-servers",
                                           "max-outage",
                                           "cookies",
                                           "case-random",
                                           "rate",
                                           "authority-rate",
                                           "authority-max",
                                           "zone-rate",
                                           "sockets",
                                           "source-ports",
                                           "offload",
                                           "max-tcp",
                                           "cache-size",
                                           "output",
                                           "format",
                                           "fail-on",
                                           "max-unknown",
                                           "quiet",
                                           "config"};

// Those of scan that walk has too.
constexpr absl::string_view kWalkToo[] = {
    "targets",        "exclude",       "exclude-file",
    "labels",         "shards",        "shard",
    "root-hints",     "transport",     "allow-special-servers",
    "axfr",           "tsig-keys",     "axfr-max",
    "both-families",  "ptr-only",      "max-names",
    "late-passes",    "late-pause",    "max-queries-per-target",
    "max-queries",    "max-outage",    "cookies",
    "case-random",    "rate",          "total-rate",
    "authority-rate", "authority-max", "zone-rate",
    "max-in-flight",  "sockets",       "source-ports",
    "offload",        "max-tcp",       "cache-size",
    "output",         "resume",        "record-every",
    "max-time",       "format",        "fail-on",
    "profile",        "max-unknown",   "status-file",
    "metrics",        "dry-run",       "quiet",
    "verbose",        "config"};

// Those of scan that check does not have: it asks all targets and prints one
// line.
constexpr absl::string_view kNotCheck[] = {
    "shards",  "shard",       "total-rate", "since",  "since-max-age", "output",
    "dataset", "run-date",    "part-rows",  "resume", "record-every",  "format",
    "fail-on", "status-file", "dry-run",    "quiet",  "verbose"};

template <size_t kSize>
bool IsOneOf(const absl::string_view (&names)[kSize], absl::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

std::vector<Option> ConfigurationOptions(ScanArguments* a) {
  return {
      {"--config", kText, "FILE", &a->config,
       "TOML file of options by their long names (max-in-flight = 64); "
       "PTRSWEEP_MAX_IN_FLIGHT in the environment beats it, the command line "
       "both"},
  };
}

// `name` with one kind of separator.
std::string Dashed(absl::string_view name) {
  return absl::AsciiStrToLower(absl::StrReplaceAll(name, {{"_", "-"}}));
}

}  // namespace

absl::string_view Option::name() const {
  const absl::string_view text = flags;
  return text.substr(text.rfind("--") + 2);
}

std::string Option::variable() const {
  return absl::StrCat("PTRSWEEP_", absl::AsciiStrToUpper(absl::StrReplaceAll(
                                       name(), {{"-", "_"}})));
}

std::vector<Option> OptionsOf(ScanArguments* arguments) {
  std::vector<Option> options;
  const auto add = [&options](std::vector<Option> group, const char* title,
                              unsigned uses) {
    for (Option& option : group) {
      option.group = title;
      option.uses = uses;
      if (IsOneOf(kZonesToo, option.name())) option.uses |= kUseZones;
      if (IsOneOf(kWalkToo, option.name())) option.uses |= kUseWalk;
      if ((uses & kUseScan) != 0 && !IsOneOf(kNotCheck, option.name())) {
        option.uses |= kUseCheck;
      }
      if (IsOneOf(kExplainToo, option.name())) option.uses |= kUseExplain;
      options.push_back(option);
    }
  };
  add(TargetOptions(&arguments->target), "Targets", kUseScan | kUseTargets);
  add(ZonesOptions(arguments), "Zones", kUseZones);
  add(WalkOptions(arguments), "Walk", kUseWalk);
  add(ExplainOptions(arguments), "Explain", kUseExplain);
  add(AskOptions(arguments), "How to ask", kUseScan);
  add(CheckOptions(arguments), "How to ask", kUseScan);
  add(TrustOptions(arguments), "Whom to believe", kUseScan);
  add(SpeedOptions(arguments), "How fast", kUseScan);
  add(OutputOptions(arguments), "Output", kUseScan);
  add(ConfigurationOptions(arguments), "Configuration", kUseScan | kUseTargets);
  return options;
}

ScanArguments OnlyOf(const ScanArguments& given, OptionUse use) {
  ScanArguments arguments = given;
  ScanArguments defaults;
  const auto options = OptionsOf(&arguments);
  const auto plain = OptionsOf(&defaults);
  for (size_t i = 0; i < options.size(); ++i) {
    if ((options[i].uses & use) != 0) continue;
    std::visit(
        [&](auto* value) {
          *value = *std::get<decltype(value)>(plain[i].value);
        },
        options[i].value);
  }
  return arguments;
}

const Option* FindOption(std::span<const Option> options,
                         absl::string_view name) {
  const auto found = std::find_if(
      options.begin(), options.end(),
      [name](const Option& option) { return option.name() == name; });
  return found == options.end() ? nullptr : &*found;
}

const Option* NearestOption(std::span<const Option> options,
                            absl::string_view name) {
  const std::string meant = Dashed(name);
  std::vector<absl::string_view> names;
  for (const Option& option : options) names.push_back(option.name());
  const absl::string_view nearest = io::NearestWord(meant, names);
  if (io::EditDistance(meant, nearest) > 2) return nullptr;
  return FindOption(options, nearest);
}

std::optional<bool> ParseFlag(absl::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}

absl::Status Assign(const Option& option, std::vector<OptionText> texts) {
  if (const auto* list = std::get_if<std::vector<OptionText>*>(&option.value)) {
    **list = std::move(texts);
    return absl::OkStatus();
  }
  OptionText& last = texts.back();
  if (const auto* text = std::get_if<OptionText*>(&option.value)) {
    **text = std::move(last);
    return absl::OkStatus();
  }
  const auto flag = ParseFlag(last.text);
  if (!flag) {
    return absl::InvalidArgumentError(
        absl::StrCat(last.origin, ": '", io::ShownText(last.text),
                     "' is neither true nor false"));
  }
  *std::get<bool*>(option.value) = *flag;
  return absl::OkStatus();
}

}  // namespace tools
