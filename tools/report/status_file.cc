#include "tools/report/status_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "io/formats/carried_text.h"
#include "io/formats/status.h"
#include "tools/report/summary.h"

namespace tools {
namespace {

// A line comes this much early rather than a whole report late.
constexpr absl::Duration kSlack = absl::Milliseconds(50);

absl::string_view StateName(RunState state) {
  constexpr absl::string_view kNames[] = {"running", "stopping", "done",
                                          "failed"};
  return kNames[static_cast<size_t>(state)];
}

void AppendCount(absl::string_view name, uint64_t count, std::string* out) {
  absl::StrAppend(out, out->back() == '{' ? "\"" : ",\"", name, "\":", count);
}

void AppendCounts(const scanner::Stats& stats, std::string* out) {
  absl::StrAppend(out, ",\"statuses\":{");
  for (size_t i = 0; i < io::kStatusCount; ++i) {
    AppendCount(io::StatusName(static_cast<io::Status>(i)),
                stats.rows_by_status[i], out);
  }
  absl::StrAppend(out, "},\"outcomes\":{");
  for (size_t i = 0; i < scanner::kOutcomeCount; ++i) {
    AppendCount(OutcomeName(i), stats.outcomes[i], out);
  }
  absl::StrAppend(out, "},\"counters\":{");
  for (const scanner::NamedCounter& counter : scanner::Counters()) {
    AppendCount(counter.name, stats.*counter.value, out);
  }
  absl::StrAppend(out, "}");
}

absl::Status ErrorOf(absl::string_view name, int error) {
  return absl::InternalError(absl::StrCat(name, ": ", std::strerror(error)));
}

}  // namespace

std::string FormatStatus(const RunStatus& status, absl::Time time) {
  const scanner::Progress& progress = status.progress;
  const scanner::Stats& stats = *progress.stats;
  const double unknown = stats.rows == 0
                             ? 0
                             : static_cast<double>(stats.unknown_rows) /
                                   static_cast<double>(stats.rows);
  std::string line = absl::StrCat(
      "{\"time\":\"",
      absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", time, absl::UTCTimeZone()),
      "\",\"state\":\"", StateName(status.state), "\",\"exit_code\":",
      status.exit_code ? absl::StrCat(*status.exit_code) : "null",
      ",\"shard\":", status.shard.index, ",\"shards\":", status.shard.count);
  absl::StrAppendFormat(&line, ",\"elapsed_s\":%.3f",
                        absl::ToDoubleSeconds(progress.elapsed));
  absl::StrAppend(&line, ",\"targets\":", stats.targets,
                  ",\"rows\":", stats.rows);
  absl::StrAppendFormat(&line, ",\"rate\":%.1f,\"unknown_share\":%.6f",
                        status.rate, unknown);
  absl::StrAppend(&line, ",\"open\":", progress.open,
                  ",\"deferred\":", progress.deferred);
  AppendCounts(stats, &line);
  absl::StrAppend(&line, "}\n");
  return line;
}

absl::StatusOr<std::unique_ptr<StatusFile>> StatusFile::Open(
    const std::string& path, const Shard& shard) {
  const int fd =
      open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  const std::string name = io::CarriedText(path);
  if (fd < 0) return ErrorOf(name, errno);
  return std::unique_ptr<StatusFile>(new StatusFile(fd, name, shard));
}

StatusFile::StatusFile(int fd, std::string name, const Shard& shard)
    : fd_(fd), name_(std::move(name)), shard_(shard) {}

StatusFile::~StatusFile() { close(fd_); }

absl::Status StatusFile::Show(const scanner::Progress& progress) {
  if (shown_at_ && progress.elapsed - *shown_at_ < kInterval - kSlack) {
    return absl::OkStatus();
  }
  const absl::Duration since =
      progress.elapsed - shown_at_.value_or(absl::ZeroDuration());
  const uint64_t rows = progress.stats->rows - shown_rows_;
  shown_at_ = progress.elapsed;
  shown_rows_ = progress.stats->rows;
  return Write({.state = stopping_ ? RunState::kStopping : RunState::kRunning,
                .progress = progress,
                .rate = static_cast<double>(rows) /
                        std::max(absl::ToDoubleSeconds(since), 1e-3)});
}

absl::Status StatusFile::Finish(const scanner::Progress& progress,
                                int exit_code) {
  const bool failed = exit_code == 2 || exit_code == 4;
  return Write(
      {.state = failed ? RunState::kFailed : RunState::kDone,
       .exit_code = exit_code,
       .progress = progress,
       .rate = static_cast<double>(progress.stats->rows) /
               std::max(absl::ToDoubleSeconds(progress.elapsed), 1e-3)});
}

absl::Status StatusFile::Write(RunStatus status) {
  if (failed_) return absl::OkStatus();
  status.shard = shard_;
  const std::string line = FormatStatus(status, absl::Now());
  const ssize_t written = write(fd_, line.data(), line.size());
  if (written == static_cast<ssize_t>(line.size())) return absl::OkStatus();
  failed_ = true;
  return ErrorOf(name_, written < 0 ? errno : ENOSPC);
}

}  // namespace tools
