// ZoneSerials: the zones of a scan's rows, with their serials and who told
// them. Each engine notes what it sees; at the end the notes of all are merged.
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
  // Zones noted, with about 300 octets each, and servers of a zone. Of others
  // nothing is noted: their rows are asked again another time.
  static constexpr size_t kMaxZones = 131072;
  static constexpr size_t kMaxServers = 16;

  struct SoaSeen {
    dnswire::NameView apex;  // lower case, like the other names
    dnswire::NameView mname;
    dnswire::NameView rname;
    uint32_t serial = 0;
    io::Endpoint server;
    int64_t now_us = 0;  // since 1970
  };
  void NoteSoa(const SoaSeen& seen);
  // The zone is as an earlier scan saw it: its servers have told its serial
  // since then.
  void NoteUnchanged(const SeenZone& earlier);
  // The server answered with a PTR, and no word of the serial. True if it is to
  // be asked for that: the first time.
  [[nodiscard]] bool NoteAnswer(dnswire::NameView apex,
                                const io::Endpoint& server);
  // A row with this zone is written.
  void NoteRow(dnswire::NameView apex, bool reused);
  void NoteLies(dnswire::NameView apex);
  void NoteBroken(dnswire::NameView apex);
  // The server was believed to tell absent names from empty ones.
  void NoteHonest(dnswire::NameView apex, const io::Endpoint& server,
                  Honesty::State honesty);
  // Takes in what another engine, or another shard, noted.
  void Add(const SeenZone& theirs);
  void Merge(const ZoneSerials& other);

  // In the canonical order of their names (RFC 4034 section 6.1).
  std::vector<SeenZone> Sorted() const;

 private:
  // Null if there is no room for another zone.
  SeenZone* ZoneOf(dnswire::NameView apex);

  absl::flat_hash_map<std::string, SeenZone> zones_;  // by apex, wire form
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_REUSE_ZONE_SERIALS_H_
