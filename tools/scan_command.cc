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
#include "io/parquet/run_metadata.h"
#include "scanner/engine/division.h"
#include "scanner/engine/scan.h"
#include "scanner/targets/special_use.h"
#include "scanner/upstream/resolver_route.h"
#include "tools/exit_code.h"
#include "tools/progress.h"
#include "tools/row_files.h"
#include "tools/scan_config.h"
#include "tools/summary.h"
#include "tools/version.h"

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
// connection a resolver.
absl::Status RaiseFileLimit(const scanner::ScanOptions& options) {
  const rlim_t engines = scanner::MaxEngines(options);
  const rlim_t connections =
      std::min<rlim_t>(options.max_tcp, engines * options.resolvers.size());
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

io::RunMetadata MakeRunMetadata(const ScanConfig& config) {
  io::RunMetadata run = {.tool_version = kVersion,
                         .seed = config.options.seed,
                         .start_us = absl::ToUnixMicros(absl::Now())};
  for (const io::Endpoint& resolver : config.options.resolvers) {
    run.resolvers.push_back(resolver.ToString());
  }
  return run;
}

// Packets and time if nothing is lost and every address has one name.
std::string DescribePlan(const ScanConfig& config,
                         const scanner::ScanTargets& targets) {
  const auto addresses =
      static_cast<double>(absl::Uint128Low64(targets.targets.size()));
  const double packets = addresses * (config.options.ptr_only ? 1 : 2);
  std::string text =
      absl::StrFormat("%s addresses in %d ranges, about %s packets\n",
                      WithCommas(absl::Uint128Low64(targets.targets.size())),
                      targets.targets.range_count(),
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
  const double rate = scanner::PlannedRate(config.options);
  if (rate > 0) {
    absl::StrAppend(&text, "time      at least ",
                    FormatElapsed(absl::Seconds(packets / rate)), " at ",
                    WithCommas(static_cast<uint64_t>(rate)), " packets/s\n");
  }
  return text;
}

absl::string_view StopText(scanner::StopReason reason) {
  switch (reason) {
    case scanner::StopReason::kOutage:
      return "gave up, no resolver answered for longer than --max-outage";
    case scanner::StopReason::kUnheard:
      return "gave up, no resolver ever answered";
    case scanner::StopReason::kLying:
      return "gave up, every resolver denies names that exist, for longer than "
             "--max-outage";
    case scanner::StopReason::kNone:
    case scanner::StopReason::kAsked:
      return "stopped";
  }
  return "stopped";
}

// Warnings for whoever asks others' resolvers at full speed.
void WarnOfRates(const scanner::ScanOptions& options) {
  for (const scanner::ServerPlan& server : scanner::PlanServers(options)) {
    const double rate_qps =
        std::max(server.limits.start_qps, server.limits.cap_qps);
    const bool unlimited = server.limits.start_qps == 0;
    const bool throttled =
        options.rate_qps > 0 && options.rate_qps <= kPoliteRate;
    if (scanner::IsLoopback(server.endpoint.address) || throttled) continue;
    if (!unlimited && rate_qps <= kPoliteRate) continue;
    Say(absl::StrCat("ptrsweep: over ", kPoliteRate, " packets/s to ",
                     server.endpoint.ToString(),
                     ": its operator should have agreed\n"));
  }
}

// The exit code of a scan that ran, most severe first (4, 3, 1), with a line
// for each reason.
int Conclude(const scanner::ScanReport& report, const ScanConfig& config,
             bool fail_condition) {
  for (const std::string& identity : report.broken_identities) {
    Say(absl::StrCat("ptrsweep: our own counters disagree: ", identity, "\n"));
  }
  if (!report.output.ok()) return ReportError(report.output);
  if (!report.broken_identities.empty()) return kExitFile;
  const scanner::Stats& stats = report.stats;
  if (stats.rows < stats.targets) {
    Say(absl::StrCat("ptrsweep: ", StopText(report.stop_reason), "; ",
                     stats.targets - stats.rows, " addresses have no row\n"));
    return kExitIncomplete;
  }
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

int Scan(const ScanConfig& config, const scanner::ScanTargets& targets,
         const ScanArguments& arguments) {
  auto sink = OpenSink(config.output, config.format, MakeRunMetadata(config));
  if (!sink.ok()) return ReportError(sink.status());
  ProgressLine progress(arguments.quiet);
  bool fail_condition = false;  // the writer's, whose thread ends with the scan
  const scanner::ScanHooks hooks = {
      .progress = [&](const scanner::Progress& now) { progress.Show(now); },
      .progress_interval = progress.interval(),
      .rows =
          [&](std::span<const io::Row> rows) {
            for (const io::Row& row : rows) {
              fail_condition |= config.fail_on.Fails(row, config.profile);
            }
          },
      .warn =
          [&](const std::string& what) {
            if (arguments.quiet) return;
            progress.Clear();
            Say(absl::StrCat("ptrsweep: ", what, "\n"));
          },
      .reload_exclusions = [&]() -> std::optional<scanner::TargetSet> {
        progress.Clear();
        auto excluded = ReadExclusions(arguments.target);
        if (!excluded.ok()) {
          Say(absl::StrCat("ptrsweep: exclusions stay as they were: ",
                           excluded.status().message(), "\n"));
          return std::nullopt;
        }
        Say("ptrsweep: exclusions read again\n");
        return *std::move(excluded);
      },
      .stopping =
          [&] {
            progress.Clear();
            Say("ptrsweep: stopping; waiting up to 5 s for open queries "
                "(again to quit at once)\n");
          }};
  const auto report =
      scanner::RunScan(config.options, targets, sink->get(), hooks);
  progress.Clear();
  if (!report.ok()) return ReportError(report.status());
  if (!arguments.quiet) Say(FormatSummary(*report, arguments.verbose));
  return Conclude(*report, config, fail_condition);
}

}  // namespace

int RunScanCommand(const ScanArguments& arguments) {
  const auto targets = MakeTargetConfig(arguments.target);
  if (!targets.ok()) return ReportError(targets.status());
  const auto config = MakeScanConfig(arguments, *targets, kResolvConf);
  if (!config.ok()) return ReportError(config.status());
  for (const std::string& note : targets->notes) {
    Say(absl::StrCat("ptrsweep: ", note, "\n"));
  }
  if (arguments.dry_run) {
    Say(DescribePlan(*config, targets->targets));
    return kExitComplete;
  }
  WarnOfRates(config->options);
  const absl::Status files = RaiseFileLimit(config->options);
  if (!files.ok()) return ReportError(files);
  return Scan(*config, targets->targets, arguments);
}

}  // namespace tools
