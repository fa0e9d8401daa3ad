#include "tools/report/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace tools {
namespace {

// Less a little, so that a line is not put off by a whole report.
constexpr absl::Duration kPlainInterval = absl::Milliseconds(9900);

double Percent(uint64_t part, uint64_t whole) {
  return whole == 0
             ? 0
             : 100 * static_cast<double>(part) / static_cast<double>(whole);
}

double SecondsOf(const scanner::Progress& progress) {
  return std::max(absl::ToDoubleSeconds(progress.elapsed), 1e-3);
}

void AppendTrouble(const scanner::Progress& progress, std::string* line) {
  const uint64_t drops = progress.stats->local_drops;
  if (drops > 0) absl::StrAppend(line, "  local drops ", WithCommas(drops));
  if (progress.deferred > 0) {
    absl::StrAppend(line, "  to ask again ", WithCommas(progress.deferred));
  }
}

}  // namespace

ProgressLine::ProgressLine(bool quiet, bool walks)
    : quiet_(quiet), walks_(walks), terminal_(isatty(STDERR_FILENO) == 1) {}

std::string ProgressLine::Format(const scanner::Progress& progress) const {
  return walks_ ? FormatWalkProgress(progress) : FormatProgress(progress);
}

absl::Duration ProgressLine::interval() const {
  return terminal_ ? absl::Milliseconds(250) : absl::Seconds(1);
}

void ProgressLine::Show(const scanner::Progress& progress) {
  if (quiet_) return;
  if (!terminal_ && progress.elapsed - shown_at_ < kPlainInterval) return;
  shown_at_ = progress.elapsed;
  const std::string line = Format(progress);
  // CR and "erase to the end of the line" redraw it in place.
  const char* format = terminal_ ? "\r%s\x1b[K" : "%s\n";
  std::fprintf(stderr, format, line.c_str());
  std::fflush(stderr);
  shown_ = true;
}

void ProgressLine::ShowNow(const scanner::Progress& progress) {
  Clear();
  std::fprintf(stderr, "ptrsweep: %s\n", Format(progress).c_str());
}

void ProgressLine::Clear() {
  if (!shown_ || !terminal_) return;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
  shown_ = false;
}

std::string FormatProgress(const scanner::Progress& progress) {
  const scanner::Stats& stats = *progress.stats;
  const double rate = static_cast<double>(stats.rows) / SecondsOf(progress);
  std::string line =
      absl::StrFormat("%s of %s rows  %.1f %%  %s rows/s  unknown %.2f %%",
                      WithCommas(stats.rows), WithCommas(stats.targets),
                      Percent(stats.rows, stats.targets),
                      WithCommas(static_cast<uint64_t>(rate)),
                      Percent(stats.unknown_rows, stats.rows));
  AppendTrouble(progress, &line);
  const auto left = static_cast<double>(stats.targets - stats.rows);
  if (rate > 0 && left > 0) {
    absl::StrAppend(&line, "  eta ", FormatElapsed(absl::Seconds(left / rate)));
  }
  return line;
}

std::string FormatWalkProgress(const scanner::Progress& progress) {
  const scanner::Stats& stats = *progress.stats;
  const double rate =
      static_cast<double>(stats.packets()) / SecondsOf(progress);
  std::string line =
      absl::StrFormat("%s hosts  %s packets  %s packets/s  unknown %.2f %%",
                      WithCommas(stats.rows), WithCommas(stats.packets()),
                      WithCommas(static_cast<uint64_t>(rate)),
                      Percent(stats.unknown_rows, stats.rows));
  AppendTrouble(progress, &line);
  return line;
}

std::string WithCommas(uint64_t number) {
  std::string digits = absl::StrCat(number);
  for (size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

std::string FormatElapsed(absl::Duration elapsed) {
  const double seconds = absl::ToDoubleSeconds(elapsed);
  if (seconds < 10) return absl::StrFormat("%.1f s", seconds);
  const int64_t whole = absl::ToInt64Seconds(elapsed);
  if (whole < 60) return absl::StrCat(whole, " s");
  if (whole < 3600) {
    return absl::StrFormat("%d m %02d s", whole / 60, whole % 60);
  }
  return absl::StrFormat("%d h %02d m", whole / 3600, whole / 60 % 60);
}

}  // namespace tools
