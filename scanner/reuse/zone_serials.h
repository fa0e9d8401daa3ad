// ZoneSerials: the zones of a scan's rows, with their serials. Each engine
// notes what it sees; at the end the notes of all are merged.
#ifndef PTRSWEEP_SCANNER_REUSE_ZONE_SERIALS_H_
#define PTRSWEEP_SCANNER_REUSE_ZONE_SERIALS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "dnswire/name.h"
#include "io/net/endpoint.h"
#include "scanner/reuse/seen_zone.h"

namespace scanner {

class ZoneSerials {
 public:
  // Zones noted; each takes about 250 octets. Of others nothing is noted: their
  // rows are asked again another time.
  static constexpr size_t kMaxZones = 131072;
  static constexpr size_t kMaxServers = 8;

  struct SoaSeen {
    dnswire::NameView apex;  // lower case, like the other names
    dnswire::NameView mname;
    dnswire::NameView rname;
    uint32_t serial = 0;
    io::Endpoint server;
    int64_t now_us = 0;  // since 1970
  };
  void NoteSoa(const SoaSeen& seen);
  // The serial is that of an earlier scan: its `since_us` stands.
  void NoteUnchanged(const SeenZone& earlier);
  // A row with this zone is written. True for the first one of a zone whose
  // serial nobody has told: it is to be asked for.
  [[nodiscard]] bool NoteRow(dnswire::NameView apex, bool reused);
  void NoteLies(dnswire::NameView apex);
  void NoteBroken(dnswire::NameView apex);
  // Takes in what another engine, or another shard, noted.
  void Add(const SeenZone& theirs);
  void Merge(const ZoneSerials& other);

  // In the canonical order of their names (RFC 4034 section 6.1).
  std::vector<SeenZone> Sorted() const;

 private:
  // Null if there is no room for another zone.
  SeenZone* RecordOf(dnswire::NameView apex);

  absl::flat_hash_map<std::string, SeenZone> zones_;  // by apex, wire form
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_REUSE_ZONE_SERIALS_H_
