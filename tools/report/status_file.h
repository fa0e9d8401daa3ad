// --status-file: what a run is doing, for programs. A JSON object a line,
// appended about every second and at the end; each line is one write to a file
// opened for appending, so that a reader never sees a part of one. The README
// says what the keys mean ("Watch it").
#ifndef PTRSWEEP_TOOLS_REPORT_STATUS_FILE_H_
#define PTRSWEEP_TOOLS_REPORT_STATUS_FILE_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "scanner/run/scan_hooks.h"
#include "tools/options/shard.h"

namespace tools {

enum class RunState { kRunning, kStopping, kDone, kFailed };

struct RunStatus {
  RunState state = RunState::kRunning;
  std::optional<int> exit_code;
  Shard shard;
  scanner::Progress progress;
  double rate = 0;  // rows a second
};

// The line, with its line feed.
std::string FormatStatus(const RunStatus& status, absl::Time time);

class StatusFile {
 public:
  static constexpr absl::Duration kInterval = absl::Seconds(1);

  // Creates the file if there is none, and appends to it otherwise. Errors name
  // the path and errno.
  static absl::StatusOr<std::unique_ptr<StatusFile>> Open(
      const std::string& path, const Shard& shard);
  ~StatusFile();
  StatusFile(const StatusFile&) = delete;
  StatusFile& operator=(const StatusFile&) = delete;

  // From the first call on the run is stopping.
  void Stopping() { stopping_ = true; }
  // Writes a line if the last one is about kInterval old. After an error, which
  // is returned once, nothing is written any more.
  absl::Status Show(const scanner::Progress& progress);
  // The last line.
  absl::Status Finish(const scanner::Progress& progress, int exit_code);

 private:
  StatusFile(int fd, std::string name, const Shard& shard);
  absl::Status Write(RunStatus status);

  int fd_;
  std::string name_;
  Shard shard_;
  bool stopping_ = false;
  bool failed_ = false;
  std::optional<absl::Duration> shown_at_;  // since the start of the run
  uint64_t shown_rows_ = 0;
};

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_REPORT_STATUS_FILE_H_
