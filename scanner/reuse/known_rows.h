// KnownRows: what an earlier scan found of this one's targets, as far as it may
// be taken over where a zone's serial has not changed (ITERATION.md 2.7).
//
//   AddZone, AddZone, ... AddRow, AddRow, ... Finish; then all engines read it,
//   and it never changes but for their rulings.
//
// Memory: 72 octets a row and its names; a zone about 300. It grows with what
// the earlier scan found of the targets.
#ifndef PTRSWEEP_SCANNER_REUSE_KNOWN_ROWS_H_
#define PTRSWEEP_SCANNER_REUSE_KNOWN_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "dnswire/ip_address.h"
#include "dnswire/name_list.h"
#include "io/formats/row.h"
#include "io/net/endpoint.h"
#include "scanner/reuse/seen_zone.h"
#include "scanner/reuse/zone_rulings.h"
#include "scanner/verdict/evidence.h"

namespace scanner {

// The reverse part of one row.
struct KnownRow {
  dnswire::IpAddress ip;
  ReverseResult reverse = ReverseResult::kNodata;  // or kData, kNxdomain
  bool has_ttl = false;
  uint16_t rcode = 0;
  uint32_t ttl_s = 0;
  uint32_t zone = 0;    // index in KnownRows::zones()
  uint32_t server = 0;  // of KnownRows::ServerOf()
  uint32_t names = 0;
  uint64_t names_at = 0;
  uint32_t names_octets = 0;
  int64_t asked_us = 0;  // since 1970
};

class KnownRows {
 public:
  struct Zone {
    SeenZone record;
    std::vector<uint32_t> rows;  // indices, ascending by address
  };

  // Rows asked before `oldest` are not taken.
  explicit KnownRows(absl::Time oldest);

  // REQUIRES: each zone once.
  void AddZone(const SeenZone& zone);
  // Takes the row if its reverse part may stand: definite, in one of the zones,
  // of a server that had told its serial when it was asked, inferred from
  // nothing, reached without an alias, and whole.
  void AddRow(const io::Row& row);
  void Finish();

  // Null if nothing is known of it.
  const KnownRow* Find(const dnswire::IpAddress& ip) const;

  std::span<const KnownRow> rows() const { return rows_; }
  std::span<const Zone> zones() const { return zones_; }
  dnswire::NameListView NamesOf(const KnownRow& row) const;  // sorted
  const io::Endpoint& ServerOf(const KnownRow& row) const {
    return servers_[row.server];
  }
  // The number of a zone by its apex; nullopt: it is not known.
  std::optional<uint32_t> ZoneOf(dnswire::NameView apex) const;
  ZoneRulings& rulings() const { return *rulings_; }
  // Zones whose serials were found to lie: to be noted again.
  std::span<const SeenZone> liars() const { return liars_; }

 private:
  uint32_t NumberOf(const io::Endpoint& server);

  const int64_t oldest_us_;
  std::vector<Zone> zones_;
  std::vector<SeenZone> liars_;
  std::vector<KnownRow> rows_;
  std::vector<uint8_t> names_;  // packed lists, one after the other
  std::vector<io::Endpoint> servers_;
  absl::flat_hash_map<std::string, uint32_t> zone_by_apex_;
  absl::flat_hash_map<io::Endpoint, uint32_t> server_numbers_;
  std::unique_ptr<ZoneRulings> rulings_;  // from Finish() on
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_REUSE_KNOWN_ROWS_H_
