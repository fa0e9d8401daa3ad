#include "tools/check_command.h"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "io/formats/status.h"
#include "tools/exit_code.h"
#include "tools/options/option_table.h"
#include "tools/report/row_tally.h"
#include "tools/scan_config.h"
#include "tools/scan_run.h"
#include "tools/target_config.h"

namespace tools {
namespace {

using scanner::Severity;

constexpr char kResolvConf[] = "/etc/resolv.conf";
constexpr absl::string_view kWords[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};

// "no_ptr", "pass (generic special_use)".
std::string StateText(const RowTally::Bad& row) {
  std::vector<absl::string_view> flags;
  io::ForEachFlagByName(row.flags, [&flags](io::Flag flag) {
    flags.push_back(io::FlagName(flag));
  });
  return absl::StrCat(
      io::StatusName(row.status),
      flags.empty() ? "" : absl::StrCat(" (", absl::StrJoin(flags, " "), ")"));
}

std::string WorstText(const RowTally& tally) {
  const uint64_t bad =
      tally.Count(Severity::kWarn) + tally.Count(Severity::kCrit);
  if (bad == 0) return "";
  std::vector<std::string> rows;
  for (const RowTally::Bad& row : tally.worst()) {
    rows.push_back(absl::StrCat(row.ip.ToString(), " ", StateText(row)));
  }
  const uint64_t more = bad - rows.size();
  return absl::StrCat("; ", absl::StrJoin(rows, ", "),
                      more > 0 ? absl::StrCat(" and ", more, " more") : "");
}

// "name=value;warn;crit;min;max" each, always the same ones.
std::string PerformanceData(const RowTally& tally, absl::Duration elapsed) {
  const uint64_t rows = tally.rows();
  std::string text =
      absl::StrFormat("time=%.3fs;;;0", absl::ToDoubleSeconds(elapsed));
  absl::StrAppend(&text, " addresses=", rows, ";;;0");
  const auto append = [&](absl::string_view name, uint64_t count) {
    absl::StrAppend(&text, " ", name, "=", count, ";;;0;", rows);
  };
  for (const Severity severity :
       {Severity::kCrit, Severity::kWarn, Severity::kInfo, Severity::kOk}) {
    append(SeverityName(severity), tally.Count(severity));
  }
  append("unknown", tally.unknown());
  for (size_t i = 0; i < io::kStatusCount; ++i) {
    append(io::StatusName(static_cast<io::Status>(i)), tally.statuses()[i]);
  }
  return text;
}

// Why a scan with this exit code is no answer; "" if it is one.
std::string WhyUnknown(int exit_code, const scanner::ScanReport& report) {
  switch (exit_code) {
    case kExitComplete:
    case kExitFailOn:
      return "";
    case kExitIncomplete:
    case kExitTime:
      return report.complete
                 ? "more unknown than --max-unknown"
                 : absl::StrCat("not complete, ",
                                report.stats.targets - report.stats.rows,
                                " addresses have no row");
    default:
      return absl::StrCat("the scan failed with exit code ", exit_code,
                          ", stderr says why");
  }
}

int CodeOf(const RowTally& tally) {
  if (tally.Count(Severity::kCrit) > 0) return kCheckCritical;
  return tally.Count(Severity::kWarn) > 0 ? kCheckWarning : kCheckOk;
}

int Conclude(int exit_code, const ScanRun& run) {
  const RowTally& tally = *run.tally();
  const std::string why = WhyUnknown(exit_code, run.report());
  const int code = why.empty() ? CodeOf(tally) : kCheckUnknown;
  std::string line = absl::StrCat(
      "PTRSWEEP ", kWords[code], ": ", why, why.empty() ? "" : "; ",
      tally.Count(Severity::kCrit), " crit, ", tally.Count(Severity::kWarn),
      " warn, ", tally.Count(Severity::kInfo), " info, ",
      tally.Count(Severity::kOk), " ok of ", tally.rows(),
      tally.rows() == 1 ? " address" : " addresses");
  if (tally.unknown() > 0) {
    absl::StrAppend(&line, ", ", tally.unknown(), " of them unknown");
  }
  absl::StrAppend(&line, WorstText(tally), " | ",
                  PerformanceData(tally, run.report().elapsed), "\n");
  std::fputs(line.c_str(), stdout);
  return code;
}

}  // namespace

int RunCheckCommand(const ScanArguments& given,
                    const char* const* environment) {
  ScanArguments arguments = OnlyOf(given, kUseCheck);
  arguments.output = OptionText("/dev/null");  // only their tally is wanted
  arguments.quiet = true;
  const auto targets = MakeTargetConfig(arguments.target, environment);
  if (!targets.ok()) return ReportCheckUnknown(targets.status().message());
  const auto config = MakeScanConfig(arguments, *targets, kResolvConf);
  if (!config.ok()) return ReportCheckUnknown(config.status().message());
  ScanRun run(*config, *targets, arguments);
  run.WantTally();
  const int exit_code = run.Run();
  return Conclude(exit_code, run);
}

}  // namespace tools
