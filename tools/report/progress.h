// Progress on stderr: one redrawn line on a terminal, a plain line every ten
// seconds otherwise.
#ifndef PTRSWEEP_TOOLS_REPORT_PROGRESS_H_
#define PTRSWEEP_TOOLS_REPORT_PROGRESS_H_

#include <string>

#include "absl/time/time.h"
#include "scanner/run/scan.h"

namespace tools {

class ProgressLine {
 public:
  // Silent with `quiet`. A walk does not know how much there is.
  explicit ProgressLine(bool quiet, bool walks = false);

  // How often Show() wants to be called; on a terminal it then redraws.
  absl::Duration interval() const;
  // A line, if it is due.
  void Show(const scanner::Progress& progress);
  // A line that was asked for, also with `quiet`.
  void ShowNow(const scanner::Progress& progress);
  // Clears the line, so that what follows starts on a fresh one.
  void Clear();

 private:
  std::string Format(const scanner::Progress& progress) const;

  bool quiet_;
  bool walks_;
  bool terminal_;
  bool shown_ = false;
  absl::Duration shown_at_;  // the last line's Progress::elapsed
};

// "  12,345 of 65,536 rows  18.8 %  9,876 rows/s  unknown 0.12 %  eta 5 s"
std::string FormatProgress(const scanner::Progress& progress);

// "1,234 hosts  98,765 packets  1,543 packets/s  unknown 0.12 %"
std::string FormatWalkProgress(const scanner::Progress& progress);

// 1234567 -> "1,234,567".
std::string WithCommas(uint64_t number);
// "0.4 s", "12 s", "3 m 05 s", "2 h 10 m".
std::string FormatElapsed(absl::Duration elapsed);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_REPORT_PROGRESS_H_
