// ReportView: what both forms of a report show, in their order and in words.
#ifndef PTRSWEEP_TOOLS_PAGE_REPORT_VIEW_H_
#define PTRSWEEP_TOOLS_PAGE_REPORT_VIEW_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "io/formats/status.h"
#include "scanner/overview/overview.h"
#include "scanner/walk/finding.h"

namespace tools {

// Beside the rows. Texts are carried text.
struct ReportInput {
  using Names = std::vector<std::string>;

  const scanner::Overview& overview;
  std::span<const scanner::Finding> findings;
  Names files;
  std::string profile;
  int64_t made_us = 0;  // UTC
};

// The statuses in the order of a report (VERDICTS.md 2): what is wrong first.
std::span<const io::Status> StatusesInOrder();
// The letter by which a map shows a status; a second channel beside colour.
char StatusLetter(io::Status status);
// A few words: "no PTR record".
absl::string_view StatusWords(io::Status status);

// One kind of trouble in one zone, with what is to be done.
struct ProblemView {
  io::Status status = io::Status::kSkipped;
  std::string cause;  // "timeout", "timeout (zones: lame)", ""
  absl::string_view severity;
  absl::string_view actor;  // "reverse_owner"
  std::string zone;
  uint64_t rows = 0;
  std::string where;  // who runs the zone, and where its PTRs are set
  std::string fix;    // of the first example
  std::vector<std::string> examples;  // explanations
};
std::vector<ProblemView> ProblemViews(const scanner::Overview& overview);

// A zone, with what `zones` knows of it.
struct ZoneView {
  const scanner::ZoneTotal* total = nullptr;
  std::string verdict;  // "" unless `zones` was joined
  std::string flags;    // separated by spaces
  std::string where;
};
// The worst first, at most `limit`.
std::vector<ZoneView> ZoneViews(const scanner::Overview& overview,
                                size_t limit);

struct FlagView {
  absl::string_view name;
  absl::string_view words;
  uint64_t rows = 0;
  std::string examples;  // addresses, separated by ", "
};
// The most rows first.
std::vector<FlagView> FlagViews(const scanner::Overview& overview);

// A /24 and one of its child zones (RFC 2317).
struct ClasslessView {
  std::string range;  // "192.0.2.128-192.0.2.255"
  std::string zone;
  uint32_t rows = 0;
  std::string holes;     // last octets, "3-5 9"; "": none
  std::string dangling;  // the same
  std::string verdict;   // of the child zone; "" if `zones` was not joined
};
std::vector<ClasslessView> ClasslessViews(const scanner::Overview& overview);

// "1,234"; "12.3 %", "<0.1 %" of what is not nothing.
std::string CountText(uint64_t count);
std::string ShareText(uint64_t part, uint64_t whole);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_PAGE_REPORT_VIEW_H_
