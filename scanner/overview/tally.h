// Tally: rows by status and by severity.
#ifndef PTRSWEEP_SCANNER_OVERVIEW_TALLY_H_
#define PTRSWEEP_SCANNER_OVERVIEW_TALLY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>

#include "io/formats/row.h"
#include "io/formats/status.h"
#include "scanner/verdict/severity.h"

namespace scanner {

inline constexpr size_t kSeverityCount = 4;

// What is counted of a row.
struct Judged {
  io::Status status = io::Status::kSkipped;
  io::Cause cause = io::Cause::kNone;
  Severity severity = Severity::kOk;  // of status and all flags
};

struct Tally {
  std::array<uint64_t, io::kStatusCount> by_status{};
  std::array<uint64_t, kSeverityCount> by_severity{};
  uint64_t unknown = 0;  // of them, by io::IsIndefinite

  void Add(const Judged& row) {
    ++by_status[static_cast<size_t>(row.status)];
    ++by_severity[static_cast<size_t>(row.severity)];
    if (io::IsIndefinite(row.status, row.cause)) ++unknown;
  }
  void AddAll(const Tally& other) {
    for (size_t i = 0; i < by_status.size(); ++i) {
      by_status[i] += other.by_status[i];
    }
    for (size_t i = 0; i < by_severity.size(); ++i) {
      by_severity[i] += other.by_severity[i];
    }
    unknown += other.unknown;
  }

  uint64_t rows() const {
    return std::accumulate(by_status.begin(), by_status.end(), uint64_t{0});
  }
  uint64_t Of(io::Status status) const {
    return by_status[static_cast<size_t>(status)];
  }
  uint64_t Of(Severity severity) const {
    return by_severity[static_cast<size_t>(severity)];
  }
};

// Fewer good rows first: by crit, then warn, then all rows; the order in which
// tables show prefixes, labels and zones.
inline bool IsWorse(const Tally& a, const Tally& b) {
  if (a.Of(Severity::kCrit) != b.Of(Severity::kCrit)) {
    return a.Of(Severity::kCrit) > b.Of(Severity::kCrit);
  }
  if (a.Of(Severity::kWarn) != b.Of(Severity::kWarn)) {
    return a.Of(Severity::kWarn) > b.Of(Severity::kWarn);
  }
  return a.rows() > b.rows();
}

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_OVERVIEW_TALLY_H_
