// ZoneLedger: what has been found out of each zone so far, which blocks it is
// the deepest zone of, and the rows that come of it. Neither clock nor socket.
#ifndef PTRSWEEP_SCANNER_AUDIT_ZONE_LEDGER_H_
#define PTRSWEEP_SCANNER_AUDIT_ZONE_LEDGER_H_

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "dnswire/ip_address.h"
#include "dnswire/name.h"
#include "io/formats/status.h"
#include "scanner/audit/block_tree.h"
#include "scanner/audit/zone_evidence.h"
#include "scanner/audit/zone_row.h"

namespace scanner {

// Of the ledger; kNoRecord: none.
using RecordIndex = uint32_t;
inline constexpr RecordIndex kNoRecord = ~RecordIndex{0};

struct ZoneRecord {
  dnswire::Name apex;
  ZoneEvidence evidence;
  bool in_targets = false;  // its apex is
  bool asked = false;       // its servers are asked, or have been
  // Blocks it is the deepest zone of: `existing` are IPv6 ones at whose names
  // there is something.
  std::vector<dnswire::IpRange> denied;
  std::vector<dnswire::IpRange> existing;
  // Targets of which nobody knows, because its servers failed.
  std::map<io::Cause, std::vector<dnswire::IpRange>> failed;
  uint64_t queries = 0;
  int64_t time_us = 0;
};

class ZoneLedger {
 public:
  // `tree` must outlive the ledger; `you` and `listed`: see ProviderEvidence.
  ZoneLedger(const BlockTree* tree, std::vector<dnswire::Name> you,
             std::vector<io::ListedProvider> listed = {})
      : tree_(tree), you_(std::move(you)), listed_(std::move(listed)) {}

  // The record of the zone at `apex`, known or new.
  RecordIndex Get(dnswire::NameView apex);
  // A zone above it; the deepest one is its parent.
  void AddAncestor(RecordIndex record, dnswire::NameView apex);
  ZoneRecord& operator[](RecordIndex record) { return records_[record]; }
  size_t size() const { return records_.size(); }

  // Its servers are to be asked: it is a zone of the targets, or of blocks that
  // no registry has kept.
  bool IsToBeAsked(RecordIndex record) const;

  // By prefix, all that there is to say.
  std::vector<ZoneRow> Rows() const;

 private:
  bool IsRegistrys(const ZoneRecord& record) const;
  ZoneRow RowOfZone(const ZoneRecord& record) const;
  void AddRowsOfBlocks(const ZoneRecord& record, const ZoneEvidence& evidence,
                       const std::vector<dnswire::IpRange>& blocks,
                       std::vector<ZoneRow>* rows) const;
  void AddRowsOfFailures(const ZoneRecord& record,
                         std::vector<ZoneRow>* rows) const;
  void AddRows(const ZoneRecord& record, std::vector<ZoneRow>* rows) const;

  const BlockTree* tree_;
  const std::vector<dnswire::Name> you_;
  const std::vector<io::ListedProvider> listed_;
  std::deque<ZoneRecord> records_;  // never moves
  absl::flat_hash_map<std::string, RecordIndex> by_apex_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_AUDIT_ZONE_LEDGER_H_
