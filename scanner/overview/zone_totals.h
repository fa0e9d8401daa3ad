// ZoneTotals: rows counted by reverse zone, and by what is wrong with them
// there.
#ifndef PTRSWEEP_SCANNER_OVERVIEW_ZONE_TOTALS_H_
#define PTRSWEEP_SCANNER_OVERVIEW_ZONE_TOTALS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "dnswire/ip_address.h"
#include "io/formats/row.h"
#include "scanner/overview/tally.h"
#include "scanner/overview/zone_facts.h"

namespace scanner {

// A reverse zone, of undelegated rows the registry's; or a block (/24, /48) of
// which the zone is not known.
struct ZoneTotal {
  std::string name;
  bool is_block = false;
  // Of the first row that was seen.
  dnswire::IpAddress example;
  io::Status status = io::Status::kSkipped;
  // Its SOA, as text; empty without one.
  std::string soa_owner;
  std::string mname;
  std::string rname;
  const ZoneFacts* facts = nullptr;
  Tally tally;
  uint64_t ticket_rows = 0;  // that somebody should be told of
};

// Rows of one status and cause in one zone, on which somebody must act; of
// status pass those with unexpected_name.
struct Problem {
  io::Status status = io::Status::kSkipped;
  io::Cause cause = io::Cause::kNone;
  Severity severity = Severity::kOk;  // the highest of them, without kind E
  size_t zone = 0;                    // its place in zones()
  uint64_t rows = 0;
};

// What the first pass knows of a row.
struct Surveyed {
  Severity severity = Severity::kOk;  // without kind E
  bool problem = false;               // somebody must act
  bool ticket = false;                // somebody else should be told
};

class ZoneTotals {
 public:
  // Zones beyond these are counted as one, kOthers.
  static constexpr size_t kMaxZones = 131072;
  static constexpr const char* kOthers = "(further zones)";

  // `facts` must outlive this.
  explicit ZoneTotals(const ZoneFactsTable& facts) : facts_(facts) {}

  // The place of the row's zone, in both passes the same.
  size_t ZoneOf(const io::Row& row);
  // First pass: counts problems, and rows for tickets.
  void Survey(const io::Row& row, size_t zone, const Surveyed& surveyed);
  // Second pass.
  void Add(size_t zone, const Judged& judged) {
    zones_[zone].tally.Add(judged);
  }

  const std::vector<ZoneTotal>& zones() const { return zones_; }
  // The highest severity first, then the most rows, then by name.
  std::vector<Problem> Problems() const;
  // The same place for the rows of one status, cause and zone.
  static uint64_t KeyOf(io::Status status, io::Cause cause, size_t zone);

 private:
  struct Count {
    uint64_t rows = 0;
    Severity severity = Severity::kOk;
  };

  const ZoneFactsTable& facts_;
  std::vector<ZoneTotal> zones_;
  absl::flat_hash_map<std::string, size_t> index_;
  absl::flat_hash_map<uint64_t, Count> counts_;
  std::string name_;  // reused
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_OVERVIEW_ZONE_TOTALS_H_
