// RowTally: what the rows of a run come to, by status, severity, prefix and
// label: for --metrics and for check.
#ifndef PTRSWEEP_TOOLS_REPORT_ROW_TALLY_H_
#define PTRSWEEP_TOOLS_REPORT_ROW_TALLY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "dnswire/ip_address.h"
#include "io/formats/row.h"
#include "scanner/verdict/severity.h"

namespace tools {

using StatusCounts = std::array<uint64_t, io::kStatusCount>;
using SeverityCounts = std::array<uint64_t, 4>;

// Not thread-safe. Memory: at most kMaxPrefixes prefixes of a family, whatever
// the rows are; each label that occurs.
class RowTally {
 public:
  // If there are more, they are made shorter: /24, /16, /8 and IPv6 /64, /48,
  // /32, ...: so which come out does not depend on the order of the rows.
  static constexpr size_t kMaxPrefixes = 4096;
  static constexpr size_t kWorstKept = 3;

  // A row that is warn or crit.
  struct Bad {
    scanner::Severity severity;
    dnswire::IpAddress ip;
    io::Status status;
    io::FlagSet flags;  // if they, not the status, make it so; else none
  };

  // REQUIRES: max_prefixes > 0.
  explicit RowTally(scanner::Profile profile,
                    size_t max_prefixes = kMaxPrefixes);

  void Add(const io::Row& row);

  const StatusCounts& statuses() const { return statuses_; }
  const SeverityCounts& severities() const { return severities_; }
  uint64_t Count(scanner::Severity severity) const {
    return severities_[static_cast<size_t>(severity)];
  }
  uint64_t rows() const { return rows_; }
  uint64_t unknown() const { return unknown_; }
  // Ascending.
  std::map<dnswire::IpPrefix, StatusCounts> Prefixes() const;
  const std::map<std::string, StatusCounts, std::less<>>& labels() const {
    return labels_;
  }
  // The first kWorstKept by severity, then address.
  const std::vector<Bad>& worst() const { return worst_; }

 private:
  // The prefixes of a family, by their first address.
  struct Family {
    int length;
    int step;  // a prefix becomes shorter by
    absl::flat_hash_map<dnswire::IpAddress, StatusCounts> counts = {};
  };

  void AddPrefix(const io::Row& row);
  static void Shorten(Family* family);
  void Remember(const Bad& bad);

  const scanner::Profile profile_;
  const size_t max_prefixes_;
  uint64_t rows_ = 0;
  uint64_t unknown_ = 0;
  StatusCounts statuses_ = {};
  SeverityCounts severities_ = {};
  Family v4_{.length = 24, .step = 8};
  Family v6_{.length = 64, .step = 16};
  std::map<std::string, StatusCounts, std::less<>> labels_;
  std::vector<Bad> worst_;
};

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_REPORT_ROW_TALLY_H_
