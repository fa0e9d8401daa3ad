// A scan or a walk that runs: its outputs, what it says meanwhile and at its
// end, its exit code.
#ifndef PTRSWEEP_TOOLS_SCAN_RUN_H_
#define PTRSWEEP_TOOLS_SCAN_RUN_H_

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "io/files/output_file.h"
#include "io/formats/row.h"
#include "scanner/run/scan.h"
#include "tools/options/arguments.h"
#include "tools/report/label_tally.h"
#include "tools/report/progress.h"
#include "tools/report/row_tally.h"
#include "tools/report/status_file.h"
#include "tools/report/walk_summary.h"
#include "tools/scan_config.h"
#include "tools/scan_output.h"
#include "tools/walk_config.h"

namespace tools {

class ScanRun {
 public:
  // All are borrowed. `walk`: it is one, of which `config` and `targets` are a
  // part.
  ScanRun(const ScanConfig& config, const TargetConfig& targets,
          const ScanArguments& arguments, const WalkConfig* walk = nullptr)
      : config_(config),
        targets_(targets),
        arguments_(arguments),
        walk_(walk),
        labels_(targets.targets.labels, config.profile),
        progress_(arguments.quiet, walk != nullptr) {}

  // Before Run(): count rows, also without --metrics.
  void WantTally() { tally_.emplace(config_.profile); }
  // Returns the exit code.
  int Run();
  // After it: what the rows were; nullptr if nobody wanted that.
  const RowTally* tally() const { return tally_ ? &*tally_ : nullptr; }
  const scanner::ScanReport& report() const { return report_; }

 private:
  class SeenFindings;

  int RunWithMetrics();
  int RunWithStatus();
  absl::Status WriteMetrics(int exit_code);
  absl::Status TallyResumed();
  absl::StatusOr<scanner::ScanReport> RunWith(ScanOutput* output);
  absl::StatusOr<FindingsLeft> LookForFindings() const;
  absl::Status OpenFindings(const ScanOutput& output);
  void KeepZones();
  int ConcludeFinished(const ScanOutput& output);
  int Conclude(bool can_resume) const;
  int ConcludeEarly(bool can_resume) const;
  double UnknownPercent() const;
  scanner::ScanHooks Hooks();
  std::string Summary(bool resumed) const;
  void Show(const scanner::Progress& now);
  void CheckStatusFile(const absl::Status& status);
  void Look(std::span<const io::Row> rows);
  void Look(std::span<const scanner::Finding> findings);
  void Warn(const std::string& what);
  std::optional<scanner::TargetSet> ReloadExclusions();
  void Stopping();

  const ScanConfig& config_;
  const TargetConfig& targets_;
  const ScanArguments& arguments_;
  const WalkConfig* const walk_;
  LabelTally labels_;  // the writer's, whose thread ends with the run
  ProgressLine progress_;
  std::unique_ptr<StatusFile> status_file_;
  scanner::ScanJournal* journal_ = nullptr;  // of the output, if it has one
  std::string zones_path_;                   // of its zone table, if it has one
  std::unique_ptr<scanner::FindingSink> findings_;  // of a walk, if wanted
  // The writer's, whose thread ends with the run, as the next.
  bool fail_condition_ = false;
  FindingTally findings_tally_;
  std::optional<RowTally> tally_;
  // Of --metrics: the rows of earlier runs are in this file too; empty: there
  // are none.
  std::string resumed_rows_;
  scanner::ScanReport report_;
};

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_SCAN_RUN_H_
