#include "tools/scan_run.h"

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "io/formats/row_batch.h"
#include "scanner/engine/engine.h"
#include "scanner/progress/division.h"
#include "scanner/targets/special_use.h"
#include "scanner/upstream/resolver_route.h"
#include "tools/exit_code.h"
#include "tools/hardening.h"
#include "tools/report/finding_file.h"
#include "tools/report/metrics.h"
#include "tools/report/summary.h"
#include "tools/row_files.h"
#include "tools/since/zone_file.h"

namespace tools {
namespace {

constexpr rlim_t kOtherFiles = 32;  // output, standard streams, libraries
constexpr rlim_t kLoopFiles = 8;    // of an engine's event loop
// Above this a resolver of others may take a scan for an attack.
constexpr double kPoliteRate = 1000;
// In the summary of a scan, and of a walk, whose lines are few.
constexpr size_t kShownLabels = 20;
constexpr size_t kWalkLabels = 6;

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

}  // namespace

// Sees findings on their way to the file, if there is one.
class ScanRun::SeenFindings : public scanner::FindingSink {
 public:
  explicit SeenFindings(ScanRun* run) : run_(run) {}

  absl::Status Write(std::span<const scanner::Finding> findings) override {
    run_->Look(findings);
    return sink() == nullptr ? absl::OkStatus() : sink()->Write(findings);
  }
  absl::StatusOr<uint64_t> Sync() override {
    return sink() == nullptr ? 0 : sink()->Sync();
  }
  absl::Status Finish() override {
    return sink() == nullptr ? absl::OkStatus() : sink()->Finish();
  }

 private:
  scanner::FindingSink* sink() const { return run_->findings_.get(); }

  ScanRun* const run_;
};

int ScanRun::Run() {
  const absl::Status limit = RaiseFileLimit(config_.options);
  if (!limit.ok()) return ReportError(limit);
  if (!config_.status_file.empty()) {
    auto file = StatusFile::Open(config_.status_file, targets_.shard);
    if (!file.ok()) return ReportError(file.status());
    status_file_ = *std::move(file);
  }
  const int exit_code = RunWithMetrics();
  if (status_file_) {
    CheckStatusFile(status_file_->Finish(
        {.stats = &report_.stats, .elapsed = report_.elapsed}, exit_code));
  }
  return exit_code;
}

// Its file is opened first, so that a wrong path does not show at the end of a
// night, but written at the end: other runs may have the same.
int ScanRun::RunWithMetrics() {
  if (config_.metrics.empty()) return RunWithStatus();
  {
    const auto file = io::OutputFile::Open(config_.metrics);
    if (!file.ok()) return ReportError(file.status());
    (*file)->Discard();
  }
  WantTally();
  int exit_code = RunWithStatus();
  const bool ran = report_.complete || report_.stats.started > 0;
  const absl::Status written = ran ? WriteMetrics(exit_code) : absl::OkStatus();
  if (!written.ok()) exit_code = ReportError(written);
  return exit_code;
}

absl::Status ScanRun::WriteMetrics(int exit_code) {
  const bool all_seen = resumed_rows_.empty() || report_.finished();
  if (!resumed_rows_.empty() && all_seen) {
    absl::Status status = TallyResumed();
    if (!status.ok()) return status;
  }
  const auto file = io::OutputFile::Open(config_.metrics);
  if (!file.ok()) return file.status();
  absl::Status status =
      (*file)->Write(FormatMetrics({.stats = report_.stats,
                                    .tally = all_seen ? tally() : nullptr,
                                    .shard = targets_.shard,
                                    .walks = walk_ != nullptr,
                                    .complete = report_.complete,
                                    .exit_code = exit_code,
                                    .elapsed = report_.elapsed,
                                    .end = absl::Now()}));
  if (status.ok()) status = (*file)->Finish();
  if (!status.ok()) (*file)->Discard();
  return status;
}

// All rows are in the output, of which this run wrote but the last.
absl::Status ScanRun::TallyResumed() {
  WantTally();
  const auto files = RowFilesOf(resumed_rows_);
  if (!files.ok()) return files.status();
  io::RowBatch batch;
  for (const std::string& path : *files) {
    auto reader = OpenRows(path);
    if (!reader.ok()) return reader.status();
    while (true) {
      batch.Clear();
      const auto more = (*reader)->Next(&batch);
      if (!more.ok()) return more.status();
      if (!*more) break;
      for (const io::Row& row : batch.rows()) tally_->Add(row);
    }
  }
  return absl::OkStatus();
}

int ScanRun::RunWithStatus() {
  const auto findings = LookForFindings();
  if (!findings.ok()) return ReportError(findings.status());
  auto output = OpenScanOutput(config_, targets_.targets, *findings);
  if (!output.ok()) return ReportError(output.status());
  journal_ = output->journal.get();
  zones_path_ = output->zones_path;
  if (!output->is_new || output->was_finished) {
    resumed_rows_ = output->rows_path;
  }
  fail_condition_ = journal_ != nullptr && journal_->noted();
  if (output->was_finished) return ConcludeFinished(*output);
  WarnOfRates(config_.options);
  if (IsRoot()) {
    Warn("running as root, which no scan needs: any user will do");
  }
  auto report = RunWith(&*output);
  progress_.Clear();
  if (!report.ok()) {
    if (journal_ != nullptr && output->is_new) {
      journal_->Remove().IgnoreError();
    }
    return ReportError(report.status());
  }
  report_ = *std::move(report);
  KeepZones();
  if (!arguments_.quiet) Say(Summary(!output->is_new));
  return Conclude(journal_ != nullptr);
}

absl::StatusOr<scanner::ScanReport> ScanRun::RunWith(ScanOutput* output) {
  const absl::Status opened = OpenFindings(*output);
  if (!opened.ok()) return opened;
  SeenFindings findings(this);
  return scanner::RunScan(config_.options, targets_.targets, output->sink.get(),
                          Hooks(), journal_, &config_.transfers,
                          walk_ == nullptr ? nullptr : &findings);
}

// Of a walk that is gone on with.
absl::StatusOr<FindingsLeft> ScanRun::LookForFindings() const {
  FindingsLeft left;
  if (walk_ == nullptr || walk_->findings.empty()) return left;
  auto place = FindingsPlace(walk_->findings, walk_->findings_format,
                             walk_->scan.output);
  if (!place.ok()) return place.status();
  left.place = *std::move(place);
  const auto octets = FindingsOctets(walk_->findings, walk_->findings_format);
  if (!octets.ok()) return octets.status();
  left.octets = *octets;
  return left;
}

absl::Status ScanRun::OpenFindings(const ScanOutput& output) {
  if (walk_ == nullptr || walk_->findings.empty()) return absl::OkStatus();
  auto findings =
      output.is_new
          ? tools::OpenFindings(walk_->findings, walk_->findings_format)
          : ContinueFindings(walk_->findings, walk_->findings_format,
                             output.findings_octets);
  if (!findings.ok()) return findings.status();
  findings_ = *std::move(findings);
  return absl::OkStatus();
}

// Beside rows of another kind the table of an earlier scan would mislead.
void ScanRun::KeepZones() {
  if (zones_path_.empty() || !report_.finished()) return;
  report_.output = config_.options.iterative
                       ? WriteZones(zones_path_, report_.zones)
                       : RemoveZones(zones_path_);
}

// An earlier run has done everything, or all but remove its journal.
int ScanRun::ConcludeFinished(const ScanOutput& output) {
  if (journal_ == nullptr) {
    Warn("this shard is finished already; nothing is left to do");
    report_.stats.targets = output.finished_rows;
    report_.stats.rows = output.finished_rows;
    report_.complete = true;
    return kExitComplete;
  }
  absl::Status finished;
  if (walk_ != nullptr && !walk_->findings.empty()) {
    finished = FinishFindings(walk_->findings, walk_->findings_format,
                              output.findings_octets);
  }
  // Killed before the zone table was written: that of earlier rows may stand
  // there.
  finished.Update(RemoveZones(zones_path_));
  if (finished.ok()) finished = journal_->Remove();
  if (!finished.ok()) return ReportError(finished);
  if (walk_ != nullptr) {
    const auto summary = scanner::Engine::SummaryOf(
        walk_->walk, journal_->resumed().walk->state);
    if (summary) report_.walk = *summary;
  }
  journal_->earlier().AddTo(&report_.stats);
  report_.complete = true;
  return Conclude(false);
}

double ScanRun::UnknownPercent() const {
  const scanner::Stats& stats = report_.stats;
  if (walk_ != nullptr) {
    return UnknownShare(report_.walk, stats.rows, stats.unknown_rows);
  }
  if (stats.rows == 0) return 0;  // an empty shard
  return 100 * static_cast<double>(stats.unknown_rows) /
         static_cast<double>(stats.rows);
}

// The most severe first (4, 3, 1), with a line for each reason. `can_resume`:
// the output has a journal.
int ScanRun::Conclude(bool can_resume) const {
  for (const std::string& identity : report_.broken_identities) {
    Say(absl::StrCat("ptrsweep: our own counters disagree: ", identity, "\n"));
  }
  if (!report_.output.ok()) return ReportError(report_.output);
  if (!report_.broken_identities.empty()) return kExitFile;
  if (!report_.complete) return ConcludeEarly(can_resume);
  const double unknown = UnknownPercent();
  if (unknown > config_.max_unknown_percent) {
    Say(absl::StrFormat(
        "ptrsweep: %.1f %% of the %s are unknown, more than the %g %% of "
        "--max-unknown\n",
        unknown, walk_ == nullptr ? "rows" : "rows, prefixes and zones",
        config_.max_unknown_percent));
    return kExitIncomplete;
  }
  return fail_condition_ ? kExitFailOn : kExitComplete;
}

int ScanRun::ConcludeEarly(bool can_resume) const {
  const std::string missing =
      walk_ == nullptr
          ? absl::StrCat(report_.stats.targets - report_.stats.rows,
                         " addresses have no row")
          : "the walk is not at its end";
  Say(absl::StrCat(
      "ptrsweep: ", StopText(report_.stop_reason, report_.iterative), "; ",
      missing,
      !can_resume        ? "\n"
      : walk_ == nullptr ? "; --resume goes on with them\n"
                         : "; --resume goes on with it\n"));
  return report_.stop_reason == scanner::StopReason::kTime ? kExitTime
                                                           : kExitIncomplete;
}

std::string ScanRun::Summary(bool resumed) const {
  std::string text;
  if (walk_ == nullptr || arguments_.verbose) {
    text = FormatSummary(report_, targets_.shard, arguments_.verbose);
  }
  if (walk_ == nullptr) {
    text += labels_.Table(targets_.targets.targets,
                          arguments_.verbose ? 0 : kShownLabels);
  }
  if (walk_ == nullptr) return text;
  std::string file = walk_->findings;
  if (!file.empty() && !report_.finished()) {
    file = UnfinishedFindings(file, walk_->findings_format);
  }
  return absl::StrCat(text,
                      FormatWalkSummary({.report = report_,
                                         .findings = findings_tally_,
                                         .shard = targets_.shard,
                                         .file = file,
                                         .labels = labels_.Words(kWalkLabels),
                                         .resumed = resumed}));
}

scanner::ScanHooks ScanRun::Hooks() {
  return {.progress = [this](const scanner::Progress& now) { Show(now); },
          .progress_interval = progress_.interval(),
          .rows = [this](std::span<const io::Row> rows) { Look(rows); },
          .warn = [this](const std::string& what) { Warn(what); },
          .reload_exclusions = [this] { return ReloadExclusions(); },
          .status =
              [this](const scanner::Progress& now) { progress_.ShowNow(now); },
          .stopping = [this] { Stopping(); }};
}

void ScanRun::Show(const scanner::Progress& now) {
  progress_.Show(now);
  if (status_file_) CheckStatusFile(status_file_->Show(now));
}

// A scan does not end because nobody can see how far it is.
void ScanRun::CheckStatusFile(const absl::Status& status) {
  if (!status.ok()) Warn(absl::StrCat("no more status: ", status.message()));
}

void ScanRun::Look(std::span<const io::Row> rows) {
  labels_.Add(rows);
  for (const io::Row& row : rows) {
    fail_condition_ |= config_.fail_on.Fails(row, config_.profile);
    if (tally_) tally_->Add(row);
  }
  if (fail_condition_ && journal_ != nullptr) journal_->Note();
}

void ScanRun::Look(std::span<const scanner::Finding> findings) {
  findings_tally_.Add(findings);
  for (const scanner::Finding& finding : findings) {
    fail_condition_ |= walk_->fail_on.Fails(finding.kind);
  }
  if (fail_condition_ && journal_ != nullptr) journal_->Note();
}

void ScanRun::Warn(const std::string& what) {
  if (arguments_.quiet) return;
  progress_.Clear();
  Say(absl::StrCat("ptrsweep: ", what, "\n"));
}

std::optional<scanner::TargetSet> ScanRun::ReloadExclusions() {
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

void ScanRun::Stopping() {
  if (status_file_) status_file_->Stopping();
  progress_.Clear();
  Say("ptrsweep: stopping; waiting up to 5 s for open queries (again to quit "
      "at once)\n");
}

}  // namespace tools
