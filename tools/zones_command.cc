#include "tools/zones_command.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "io/files/output_file.h"
#include "io/net/event_loop.h"
#include "io/parquet/parquet_table.h"
#include "scanner/audit/zone_auditor.h"
#include "tools/exit_code.h"
#include "tools/report/table_cells.h"
#include "tools/report/zone_rows.h"
#include "tools/report/zone_table.h"
#include "tools/version.h"
#include "tools/zones_config.h"

namespace tools {
namespace {

using End = scanner::ZoneAuditor::End;

void Say(const std::string& text) { std::fputs(text.c_str(), stderr); }

struct Audit {
  End end = End::kDone;
  std::vector<scanner::ZoneRow> rows;
  uint64_t packets = 0;
  int64_t start_us = 0;  // UTC
};

absl::StatusOr<Audit> RunAudit(const ZonesConfig& config) {
  auto loop = io::EventLoop::Create();
  if (!loop.ok()) return loop.status();
  auto auditor = scanner::ZoneAuditor::Create(config.options, config.audit,
                                              config.targets, loop->get());
  if (!auditor.ok()) return auditor.status();
  absl::Status status;
  for (const int signum : {SIGINT, SIGTERM}) {
    status.Update(
        (*loop)->OnSignal(signum, [&auditor] { (*auditor)->Stop(); }));
  }
  if (!status.ok()) return status;
  Audit audit = {.start_us = absl::ToUnixMicros(absl::Now())};
  audit.end = (*auditor)->Run();
  audit.rows = (*auditor)->Rows();
  audit.packets = (*auditor)->stats().packets();
  return audit;
}

absl::Status WriteParquet(const Audit& audit,
                          std::unique_ptr<io::OutputFile> file) {
  io::ParquetTable table(std::move(file), ZoneColumns());
  for (const scanner::ZoneRow& row : audit.rows) {
    absl::Status status = AddCells(ZoneCells(row), &table);
    if (!status.ok()) return status;
  }
  return table.Finish(TableMetadata(audit.start_us), kVersion);
}

absl::Status WriteRows(const Audit& audit, Format format,
                       std::unique_ptr<io::OutputFile> file) {
  if (format == Format::kParquet) return WriteParquet(audit, std::move(file));
  std::string text;
  if (format == Format::kCsv) AppendCsvHeader(ZoneColumns(), &text);
  for (const scanner::ZoneRow& row : audit.rows) {
    if (format == Format::kCsv) {
      AppendCsvLine(ZoneCells(row), &text);
    } else {
      AppendNdjsonLine(ZoneColumns(), ZoneCells(row), &text);
    }
  }
  absl::Status status = file->Write(text);
  if (!status.ok()) return status;
  return file->Finish();
}

absl::Status WriteText(const std::string& text) {
  auto file = io::OutputFile::Open("-");
  if (!file.ok()) return file.status();
  absl::Status status = (*file)->Write(text);
  if (!status.ok()) return status;
  return (*file)->Finish();
}

// Rows where they are wanted, the table on stdout unless rows are there.
absl::Status Write(const Audit& audit, const ZonesConfig& config, bool quiet,
                   std::unique_ptr<io::OutputFile> file) {
  const bool table_on_stdout = !config.rows || config.output != "-";
  if (file != nullptr) {
    absl::Status status = WriteRows(audit, config.format, std::move(file));
    if (!status.ok()) return status;
  }
  if (quiet && config.rows) return absl::OkStatus();
  const std::string table = FormatZoneTable(audit.rows, audit.packets);
  if (table_on_stdout) return WriteText(table);
  Say(table);
  return absl::OkStatus();
}

int Conclude(const Audit& audit, const ZonesConfig& config) {
  const auto unknown = std::count_if(
      audit.rows.begin(), audit.rows.end(), [](const scanner::ZoneRow& row) {
        return row.judgement.verdict == scanner::ZoneVerdict::kUnknown;
      });
  const double percent =
      100 * static_cast<double>(unknown) /
      static_cast<double>(std::max<size_t>(audit.rows.size(), 1));
  if (percent > config.max_unknown_percent) {
    Say(
        absl::StrFormat("ptrsweep: %.1f %% of the zones are unknown, more than "
                        "the %g %% of --max-unknown\n",
                        percent, config.max_unknown_percent));
    return kExitIncomplete;
  }
  const bool fails = std::any_of(audit.rows.begin(), audit.rows.end(),
                                 [&config](const scanner::ZoneRow& row) {
                                   return config.fail_on.Fails(row.judgement);
                                 });
  return fails ? kExitFailOn : kExitComplete;
}

// Half of what there is to say would mislead, and is not gone on with.
void Discard(const std::string& temporary_path) {
  if (!temporary_path.empty()) std::remove(temporary_path.c_str());
}

int ConcludeEarly(End end) {
  Say(end == End::kStopped
          ? "ptrsweep: stopped; nothing was written\n"
          : "ptrsweep: gave up, no name server of the root or none at all "
            "answers; nothing was written\n");
  return kExitIncomplete;
}

}  // namespace

int RunZonesCommand(const ScanArguments& arguments) {
  const auto config = MakeZonesConfig(arguments);
  if (!config.ok()) return ReportError(config.status());
  std::unique_ptr<io::OutputFile> file;
  if (config->rows) {
    auto opened = io::OutputFile::Open(config->output);
    if (!opened.ok()) return ReportError(opened.status());
    file = *std::move(opened);
  }
  const std::string temporary_path =
      file == nullptr ? "" : file->temporary_path();
  const auto audit = RunAudit(*config);
  absl::Status status = audit.status();
  const bool done = audit.ok() && audit->end == End::kDone;
  if (done) {
    status = Write(*audit, *config, arguments.quiet, std::move(file));
  }
  if (!done || !status.ok()) Discard(temporary_path);
  if (!status.ok()) return ReportError(status);
  if (!done) return ConcludeEarly(audit->end);
  return Conclude(*audit, *config);
}

}  // namespace tools
