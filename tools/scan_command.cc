#include "tools/scan_command.h"

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "io/formats/carried_text.h"
#include "scanner/progress/division.h"
#include "scanner/run/scan.h"
#include "scanner/targets/special_use.h"
#include "scanner/targets/target_order.h"
#include "scanner/upstream/resolver_route.h"
#include "tools/exit_code.h"
#include "tools/hardening.h"
#include "tools/options/option_value.h"
#include "tools/report/progress.h"
#include "tools/report/status_file.h"
#include "tools/report/summary.h"
#include "tools/scan_config.h"
#include "tools/scan_output.h"
#include "tools/since/zone_file.h"

namespace tools {
namespace {

constexpr char kResolvConf[] = "/etc/resolv.conf";
constexpr rlim_t kOtherFiles = 32;  // output, standard streams, libraries
constexpr rlim_t kLoopFiles = 8;    // of an engine's event loop
// Above this a resolver of others may take a scan for an attack.
constexpr double kPoliteRate = 1000;

void Say(const std::string& text) { std::fputs(text.c_str(), stderr); }

// Sockets, connections and files must fit the limit of open files. Each engine
// has sockets of its own: one more a family while another is replaced, and one
// connection a resolver; of authorities there is no number.
absl::Status RaiseFileLimit(const scanner::ScanOptions& options) {
  const rlim_t engines = scanner::MaxEngines(options);
  const rlim_t connections =
      options.iterative ? rlim_t{options.max_tcp}
                        : std::min<rlim_t>(options.max_tcp,
                                           engines * options.resolvers.size());
  const rlim_t wanted =
      engines * (2 * (rlim_t{options.sockets} + 1) + kLoopFiles) + connections +
      kOtherFiles;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= wanted) return absl::OkStatus();
  limit.rlim_cur = std::min(wanted, limit.rlim_max);
  if (limit.rlim_cur >= wanted && setrlimit(RLIMIT_NOFILE, &limit) == 0) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "--sockets ", options.sockets, " in --threads ", options.threads,
      " needs ", wanted, " open files, the limit is ", limit.rlim_max,
      " (ulimit -n)"));
}

uint64_t CountOfShard(const TargetConfig& targets) {
  return scanner::TargetOrder::ShardSizes(
      targets.targets.targets, targets.shard.index, targets.shard.count, 1)[0];
}

// "84 of 256", or "256" where this process has them all.
std::string AddressesText(const TargetConfig& targets, uint64_t own) {
  const uint64_t all = absl::Uint128Low64(targets.targets.targets.size());
  if (targets.shard.count == 1) return WithCommas(all);
  return absl::StrCat(WithCommas(own), " of ", WithCommas(all));
}

void AppendTransfers(const scanner::TransferPlan& plan,
                     const scanner::TargetSet& targets, std::string* out) {
  for (const scanner::ListedZone& zone : plan.zones) {
    if (!scanner::HoldsTargets(zone, targets)) continue;
    absl::StrAppend(out, "transfer  ", zone.apex.ToText(), " from ",
                    zone.servers.empty() ? "its name servers" : "");
    for (const io::Endpoint& server : zone.servers) {
      absl::StrAppend(out, &server == zone.servers.data() ? "" : ", else ",
                      server.ToString());
    }
    absl::StrAppend(out, "\n");
  }
}

// Packets and time if nothing is lost and every address has one name.
std::string DescribePlan(const ScanConfig& config,
                         const TargetConfig& targets) {
  const uint64_t addresses = CountOfShard(targets);
  const double packets =
      static_cast<double>(addresses) * (config.options.ptr_only ? 1 : 2);
  std::string text = absl::StrFormat(
      "%s%s addresses in %d ranges, about %s packets\n",
      ShardText(targets.shard), AddressesText(targets, addresses),
      targets.targets.targets.range_count(),
      WithCommas(static_cast<uint64_t>(packets)));
  for (const scanner::ServerPlan& server :
       scanner::PlanServers(config.options)) {
    absl::StrAppend(&text, "resolver  ", server.endpoint.ToString(), ": ");
    const scanner::PaceLimits& limits = server.limits;
    if (limits.start_qps == 0) {
      absl::StrAppend(&text, "no rate limit");
    } else {
      absl::StrAppendFormat(&text, "%g packets/s", limits.start_qps);
    }
    if (limits.cap_qps > limits.start_qps) {
      absl::StrAppendFormat(&text, ", up to %g if nothing is lost",
                            limits.cap_qps);
    }
    absl::StrAppendFormat(&text, ", window %d to %d\n", limits.window_start,
                          limits.window_max);
  }
  if (config.options.iterative) {
    absl::StrAppendFormat(&text,
                          "servers   authorities, from the root down: %g "
                          "packets/s each, up to %g "
                          "if nothing is lost\n",
                          config.options.authority_rate_qps,
                          config.options.authority_max_qps);
    for (const scanner::ListedRate& listed : config.options.listed_rates) {
      absl::StrAppendFormat(&text, "          %s: ", listed.prefix.ToString());
      absl::StrAppend(&text,
                      listed.qps == 0
                          ? "no limit\n"
                          : absl::StrCat(listed.qps, " packets/s each\n"));
    }
  }
  AppendTransfers(config.transfers, targets.targets.targets, &text);
  const double rate = scanner::PlannedRate(config.options);
  if (rate > 0) {
    absl::StrAppend(&text, "time      at least ",
                    FormatElapsed(absl::Seconds(packets / rate)), " at ",
                    WithCommas(static_cast<uint64_t>(rate)), " packets/s\n");
  }
  return text;
}

absl::string_view StopText(scanner::StopReason reason, bool iterative) {
  switch (reason) {
    case scanner::StopReason::kOutage:
      return iterative
                 ? "gave up, no server answered for longer than --max-outage"
                 : "gave up, no resolver answered for longer than --max-outage";
    case scanner::StopReason::kUnheard:
      return iterative ? "gave up, no name server of the root answered"
                       : "gave up, no resolver ever answered";
    case scanner::StopReason::kLying:
      return "gave up, every resolver denies names that exist, for longer than "
             "--max-outage";
    case scanner::StopReason::kTime:
      return "stopped, --max-time is over";
    case scanner::StopReason::kNone:
    case scanner::StopReason::kAsked:
      return "stopped";
  }
  return "stopped";
}

// Warnings for whoever asks others' resolvers at full speed, all shards
// together.
void WarnOfRates(const scanner::ScanOptions& options) {
  for (const scanner::ServerPlan& server : scanner::PlanServers(options)) {
    const double rate_qps = options.shards * std::max(server.limits.start_qps,
                                                      server.limits.cap_qps);
    const bool unlimited = server.limits.start_qps == 0;
    const bool throttled = options.rate_qps > 0 &&
                           options.rate_qps * options.shards <= kPoliteRate;
    if (scanner::IsLoopback(server.endpoint.address) || throttled) continue;
    if (!unlimited && rate_qps <= kPoliteRate) continue;
    Say(absl::StrCat("ptrsweep: over ", kPoliteRate, " packets/s to ",
                     server.endpoint.ToString(),
                     options.shards > 1 ? " from all shards" : "",
                     ": its operator should have agreed\n"));
  }
}

// The exit code of a scan that ran, most severe first (4, 3, 1), with a line
// for each reason. `can_resume`: the output has a journal.
int Conclude(const scanner::ScanReport& report, const ScanConfig& config,
             bool fail_condition, bool can_resume) {
  for (const std::string& identity : report.broken_identities) {
    Say(absl::StrCat("ptrsweep: our own counters disagree: ", identity, "\n"));
  }
  if (!report.output.ok()) return ReportError(report.output);
  if (!report.broken_identities.empty()) return kExitFile;
  const scanner::Stats& stats = report.stats;
  if (stats.rows < stats.targets) {
    Say(absl::StrCat(
        "ptrsweep: ", StopText(report.stop_reason, report.iterative), "; ",
        stats.targets - stats.rows, " addresses have no row",
        can_resume ? "; --resume goes on with them\n" : "\n"));
    return report.stop_reason == scanner::StopReason::kTime ? kExitTime
                                                            : kExitIncomplete;
  }
  if (stats.rows == 0) return kExitComplete;  // an empty shard
  const double unknown = 100 * static_cast<double>(stats.unknown_rows) /
                         static_cast<double>(stats.rows);
  if (unknown > config.max_unknown_percent) {
    Say(absl::StrFormat(
        "ptrsweep: %.1f %% of the rows are unknown, more than the %g %% of "
        "--max-unknown\n",
        unknown, config.max_unknown_percent));
    return kExitIncomplete;
  }
  return fail_condition ? kExitFailOn : kExitComplete;
}

// A scan, and what it says meanwhile.
class Scan {
 public:
  Scan(const ScanConfig& config, const TargetConfig& targets,
       const ScanArguments& arguments)
      : config_(config),
        targets_(targets),
        arguments_(arguments),
        progress_(arguments.quiet) {}

  // Returns the exit code.
  int Run() {
    if (!config_.status_file.empty()) {
      auto file = StatusFile::Open(config_.status_file, targets_.shard);
      if (!file.ok()) return ReportError(file.status());
      status_file_ = *std::move(file);
    }
    const int exit_code = RunWithStatus();
    if (status_file_) {
      CheckStatusFile(status_file_->Finish(
          {.stats = &report_.stats, .elapsed = report_.elapsed}, exit_code));
    }
    return exit_code;
  }

 private:
  int RunWithStatus() {
    auto output = OpenScanOutput(config_, targets_.targets);
    if (!output.ok()) return ReportError(output.status());
    journal_ = output->journal.get();
    zones_path_ = output->zones_path;
    fail_condition_ = journal_ != nullptr && journal_->noted();
    if (output->was_finished) return ConcludeFinished(output->finished_rows);
    WarnOfRates(config_.options);
    if (IsRoot()) {
      Warn("running as root, which no scan needs: any user will do");
    }
    auto report =
        scanner::RunScan(config_.options, targets_.targets, output->sink.get(),
                         Hooks(), journal_, &config_.transfers);
    progress_.Clear();
    if (!report.ok()) {
      if (journal_ != nullptr && output->is_new) {
        journal_->Remove().IgnoreError();
      }
      return ReportError(report.status());
    }
    report_ = *std::move(report);
    KeepZones();
    if (!arguments_.quiet) {
      Say(FormatSummary(report_, targets_.shard, arguments_.verbose));
    }
    return Conclude(report_, config_, fail_condition_, journal_ != nullptr);
  }

  // Beside rows of another kind the table of an earlier scan would mislead.
  void KeepZones() {
    if (zones_path_.empty() || !report_.output.ok() ||
        report_.stats.rows < report_.stats.targets) {
      return;
    }
    report_.output = config_.options.iterative
                         ? WriteZones(zones_path_, report_.zones)
                         : RemoveZones(zones_path_);
  }

  // An earlier run has done everything, or all but remove its journal.
  int ConcludeFinished(uint64_t finished_rows) {
    if (journal_ == nullptr) {
      Warn("this shard is finished already; nothing is left to do");
      report_.stats.targets = finished_rows;
      report_.stats.rows = finished_rows;
      return kExitComplete;
    }
    // Killed before the zone table was written: that of earlier rows may stand
    // there.
    absl::Status removed = RemoveZones(zones_path_);
    removed.Update(journal_->Remove());
    if (!removed.ok()) return ReportError(removed);
    journal_->earlier().AddTo(&report_.stats);
    return Conclude(report_, config_, fail_condition_, false);
  }

  scanner::ScanHooks Hooks() {
    return {
        .progress = [this](const scanner::Progress& now) { Show(now); },
        .progress_interval = progress_.interval(),
        .rows = [this](std::span<const io::Row> rows) { Look(rows); },
        .warn = [this](const std::string& what) { Warn(what); },
        .reload_exclusions = [this] { return ReloadExclusions(); },
        .status =
            [this](const scanner::Progress& now) { progress_.ShowNow(now); },
        .stopping = [this] { Stopping(); }};
  }

  void Show(const scanner::Progress& now) {
    progress_.Show(now);
    if (status_file_) CheckStatusFile(status_file_->Show(now));
  }

  // A scan does not end because nobody can see how far it is.
  void CheckStatusFile(const absl::Status& status) {
    if (!status.ok()) Warn(absl::StrCat("no more status: ", status.message()));
  }

  void Look(std::span<const io::Row> rows) {
    for (const io::Row& row : rows) {
      fail_condition_ |= config_.fail_on.Fails(row, config_.profile);
    }
    if (fail_condition_ && journal_ != nullptr) journal_->Note();
  }

  void Warn(const std::string& what) {
    if (arguments_.quiet) return;
    progress_.Clear();
    Say(absl::StrCat("ptrsweep: ", what, "\n"));
  }

  std::optional<scanner::TargetSet> ReloadExclusions() {
    progress_.Clear();
    auto excluded = ReadExclusions(arguments_.target);
    if (!excluded.ok()) {
      Say(absl::StrCat("ptrsweep: exclusions stay as they were: ",
                       excluded.status().message(), "\n"));
      return std::nullopt;
    }
    Say("ptrsweep: exclusions read again\n");
    return *std::move(excluded);
  }

  void Stopping() {
    if (status_file_) status_file_->Stopping();
    progress_.Clear();
    Say("ptrsweep: stopping; waiting up to 5 s for open queries (again to quit "
        "at once)\n");
  }

  const ScanConfig& config_;
  const TargetConfig& targets_;
  const ScanArguments& arguments_;
  ProgressLine progress_;
  std::unique_ptr<StatusFile> status_file_;
  scanner::ScanJournal* journal_ = nullptr;  // of the output, if it has one
  std::string zones_path_;                   // of its zone table, if it has one
  bool fail_condition_ =
      false;  // the writer's, whose thread ends with the scan
  scanner::ScanReport report_;
};

absl::Status TakeEarlierScan(
    const ScanConfig& config, const ScanArguments& arguments,
    scanner::ScanTargets* targets,
    std::unique_ptr<const scanner::KnownRows>* known_rows) {
  if (config.since.empty()) return absl::OkStatus();
  auto earlier = ReadEarlierScan(config.since, *targets, absl::Now());
  if (!earlier.ok()) return At(arguments.since, earlier.status());
  *known_rows = std::move(earlier->rows);
  targets->known = known_rows->get();
  if (arguments.quiet) return absl::OkStatus();
  if (earlier->found.empty()) {
    Say("ptrsweep: --since previous: there is no earlier run; all is asked\n");
    return absl::OkStatus();
  }
  const scanner::KnownRows& known = **known_rows;
  Say(absl::StrCat("ptrsweep: ", WithCommas(known.rows().size()),
                   " addresses in ", WithCommas(known.zones().size()),
                   " zones are known from ", io::CarriedText(earlier->found),
                   "\n"));
  return absl::OkStatus();
}

}  // namespace

int RunScanCommand(const ScanArguments& arguments,
                   const char* const* environment,
                   const io::RowGroupLimits& row_group) {
  auto targets = MakeTargetConfig(arguments.target, environment);
  if (!targets.ok()) return ReportError(targets.status());
  auto config = MakeScanConfig(arguments, *targets, kResolvConf);
  if (!config.ok()) return ReportError(config.status());
  config->row_group = row_group;
  for (const std::string& note : targets->notes) {
    Say(absl::StrCat("ptrsweep: ", note, "\n"));
  }
  if (arguments.dry_run) {
    Say(DescribePlan(*config, *targets));
    return kExitComplete;
  }
  absl::Status status = RaiseFileLimit(config->options);
  std::unique_ptr<const scanner::KnownRows> known;
  if (status.ok()) {
    status = TakeEarlierScan(*config, arguments, &targets->targets, &known);
  }
  if (!status.ok()) return ReportError(status);
  return Scan(*config, *targets, arguments).Run();
}

}  // namespace tools
