#include "tools/scan_command.h"

#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "io/formats/carried_text.h"
#include "tools/exit_code.h"
#include "tools/options/option_value.h"
#include "tools/report/plan.h"
#include "tools/report/progress.h"
#include "tools/scan_config.h"
#include "tools/scan_run.h"

namespace tools {
namespace {

constexpr char kResolvConf[] = "/etc/resolv.conf";

void Say(const std::string& text) { std::fputs(text.c_str(), stderr); }

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
  TellNotes(targets->notes);
  if (arguments.dry_run) {
    Say(DescribePlan(*config, *targets));
    return kExitComplete;
  }
  std::unique_ptr<const scanner::KnownRows> known;
  const absl::Status status =
      TakeEarlierScan(*config, arguments, &targets->targets, &known);
  if (!status.ok()) return ReportError(status);
  return ScanRun(*config, *targets, arguments).Run();
}

}  // namespace tools
