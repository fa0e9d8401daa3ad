#include "tools/explain_command.h"

#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "io/files/output_file.h"
#include "scanner/advice/receivers.h"
#include "tools/exit_code.h"
#include "tools/explain/explain_config.h"
#include "tools/explain/explain_json.h"
#include "tools/explain/explain_text.h"
#include "tools/explain/explained.h"
#include "tools/explain/paper.h"
#include "tools/target_config.h"

namespace tools {
namespace {

constexpr char kResolvConf[] = "/etc/resolv.conf";

void Say(const std::string& text) { std::fputs(text.c_str(), stderr); }

// What the addresses came to together.
struct Tally {
  size_t unknown = 0;
  bool fails = false;
  bool predicted = false;  // receivers, of some address
};

// The exit code of a scan that has given no row for the address.
int ConcludeEarly(const scanner::ScanReport& report,
                  const dnswire::IpAddress& address) {
  const bool in_time = report.stop_reason != scanner::StopReason::kTime;
  Say(absl::StrCat("ptrsweep: stopped; ", address.ToString(),
                   " has no verdict\n"));
  return in_time ? kExitIncomplete : kExitTime;
}

int Conclude(const ExplainConfig& config, const Tally& tally) {
  const double unknown = 100 * static_cast<double>(tally.unknown) /
                         static_cast<double>(config.addresses.size());
  if (unknown > config.scan.max_unknown_percent) {
    Say(
        absl::StrFormat("ptrsweep: %.1f %% of the addresses are unknown, more "
                        "than the %g %% of --max-unknown\n",
                        unknown, config.scan.max_unknown_percent));
    return kExitIncomplete;
  }
  return tally.fails ? kExitFailOn : kExitComplete;
}

std::string TextOf(const ExplainConfig& config, const PaperStyle& style,
                   const Explained& explained, bool first) {
  if (config.json) return ExplainedJson(explained, config.scan.profile);
  Paper paper(style);
  if (!first) paper.Blank();
  PrintExplained(explained, config.scan.profile, &paper);
  return paper.text();
}

// Behind all addresses; other profiles have no mail to send.
std::string EndText(const ExplainConfig& config, const PaperStyle& style,
                    const Tally& tally) {
  const bool mail = config.scan.profile == scanner::Profile::kMail;
  if (config.json || !mail || !tally.predicted) return "";
  Paper paper(style);
  paper.Blank();
  PrintReceiverNotes(&paper);
  return paper.text();
}

// Each address's text as soon as it is there: some wait for a dead server.
absl::Status Write(const std::string& text, io::OutputFile* file) {
  absl::Status status = file->Write(text);
  if (status.ok()) status = file->Flush();
  return status;
}

}  // namespace

int RunExplainCommand(const ScanArguments& arguments,
                      const char* const* environment) {
  const auto config = MakeExplainConfig(arguments, kResolvConf);
  if (!config.ok()) return ReportError(config.status());
  TellNotes(config->notes);
  const PaperStyle style = StyleOfStdout(environment);
  auto file = io::OutputFile::Open("-");
  if (!file.ok()) return ReportError(file.status());
  Tally tally;
  bool first = true;
  for (const dnswire::IpAddress& address : config->addresses) {
    scanner::ScanReport report;
    const auto explained = Explain(*config, address, &report);
    if (!explained.ok()) return ReportError(explained.status());
    if (*explained == nullptr) return ConcludeEarly(report, address);
    const io::Row& row = (*explained)->row();
    if (io::IsIndefinite(row.status, row.cause)) ++tally.unknown;
    tally.predicted |= !scanner::PredictReceivers(row).empty();
    tally.fails |= config->scan.fail_on.Fails(row, config->scan.profile);
    const absl::Status status =
        Write(TextOf(*config, style, **explained, first), file->get());
    if (!status.ok()) return ReportError(status);
    first = false;
  }
  absl::Status status = (*file)->Write(EndText(*config, style, tally));
  if (status.ok()) status = (*file)->Finish();
  if (!status.ok()) return ReportError(status);
  return Conclude(*config, tally);
}

}  // namespace tools
