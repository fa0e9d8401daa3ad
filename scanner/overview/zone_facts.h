// ZoneFacts: what `zones` found out, joined to rows (VERDICTS.md 6, last
// paragraph).
#ifndef PTRSWEEP_SCANNER_OVERVIEW_ZONE_FACTS_H_
#define PTRSWEEP_SCANNER_OVERVIEW_ZONE_FACTS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "dnswire/ip_address.h"
#include "io/formats/status.h"
#include "scanner/audit/zone_evidence.h"
#include "scanner/audit/zone_verdict.h"

namespace scanner {

// A row of `zones`, as far as a report needs it.
struct ZoneFacts {
  dnswire::IpPrefix prefix;
  std::string zone;  // empty: none is known
  ZoneVerdict verdict = ZoneVerdict::kUnknown;
  std::vector<std::string> name_servers;     // names, each once
  std::vector<std::string> failing_servers;  // "name/address=result"
  std::optional<ZoneSoa> soa;
  ZoneFlagSet flags;
};

// Immutable once made.
class ZoneFactsTable {
 public:
  ZoneFactsTable() = default;
  explicit ZoneFactsTable(std::vector<ZoneFacts> rows);

  bool empty() const { return rows_.empty(); }
  // The row of that zone, else the one with the longest prefix that holds the
  // address; nullptr if there is none.
  const ZoneFacts* Find(absl::string_view zone,
                        const dnswire::IpAddress& address) const;

 private:
  std::vector<ZoneFacts> rows_;
  absl::flat_hash_map<std::string, size_t> by_zone_;
  absl::flat_hash_map<dnswire::IpAddress, std::vector<size_t>> by_first_;
  std::vector<int> lengths_[2];  // by family, that occur, the longest first
};

// What a report shows beside the cause of a reverse_timeout or reverse_error
// row of the zone: lame, all_ns_unreachable, ns_unresolvable; else kNone.
io::Cause CauseBeside(io::Status status, const ZoneFacts* facts);

// A zone's flags as a report names them: "zone_single_ns"; wildcard and
// synthesized, which rows have too, as they are.
std::vector<std::string> ReportFlagNames(ZoneFlagSet flags);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_OVERVIEW_ZONE_FACTS_H_
