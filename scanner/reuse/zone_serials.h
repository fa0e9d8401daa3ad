// ZoneSerials: the zones of a scan's rows, with their serials and who told
// them. Each engine notes what it sees; at the end the notes of all are merged.
//
// A zone takes about 200 octets, its name in an arena, found by a 64-bit hash;
// names of the SOA and servers, which many zones share, are kept once. Zones of
// which few answers come are not noted: to look into them would cost as much as
// to ask them again.
#ifndef PTRSWEEP_SCANNER_REUSE_ZONE_SERIALS_H_
#define PTRSWEEP_SCANNER_REUSE_ZONE_SERIALS_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "dnswire/name.h"
#include "io/net/endpoint.h"
#include "scanner/asking/slab.h"
#include "scanner/reuse/seen_zone.h"

namespace scanner {

class ZoneSerials {
 public:
  // Zones noted, and servers of a zone. Of others nothing is noted: their rows
  // are asked again another time.
  static constexpr size_t kMaxZones = 131072;
  static constexpr size_t kMaxServers = 16;
  // Answers that make a zone worth a note, and a server of one that is noted
  // worth a question for the SOA.
  static constexpr uint8_t kFewAnswers = 8;

  struct SoaSeen {
    dnswire::NameView apex;  // lower case, like the other names
    dnswire::NameView mname;
    dnswire::NameView rname;
    uint32_t serial = 0;
    io::Endpoint server;
    int64_t now_us = 0;    // since 1970
    bool of_leaf = false;  // it came with the denial of one address
  };
  void NoteSoa(const SoaSeen& seen);
  // The zone is as an earlier scan saw it: its servers have told its serial
  // since then.
  void NoteUnchanged(const SeenZone& earlier);
  // The server answered with a PTR, and no word of the serial. True if it is to
  // be asked for that: once.
  [[nodiscard]] bool NoteAnswer(dnswire::NameView apex,
                                const io::Endpoint& server);
  // A row with this zone is written; counted if the zone is noted.
  void NoteRow(dnswire::NameView apex, bool reused);
  void NoteLies(dnswire::NameView apex);
  void NoteBroken(dnswire::NameView apex);
  // The server was believed to tell absent names from empty ones.
  void NoteHonest(dnswire::NameView apex, const io::Endpoint& server,
                  Honesty::State honesty);
  // Takes in what another engine, or another shard, noted.
  void Add(const SeenZone& theirs);
  void Merge(const ZoneSerials& other);

  bool empty() const { return notes_.empty(); }
  // Calls `visit` for each zone, in the canonical order of their names (RFC
  // 4034 section 6.1).
  void ForEach(const std::function<void(const SeenZone&)>& visit) const;
  // Zones with rows whose serials lie.
  size_t lying() const;

 private:
  // Things that are kept once, by number.
  template <typename T>
  struct Numbers {
    std::vector<T> all;
    absl::flat_hash_map<T, uint32_t> by_value;
  };
  struct ServerNote {
    int64_t since_us = 0;
    uint32_t server = 0;  // of servers_
    uint32_t next = kNil;
    uint8_t answers = 0;
    Honesty::State honesty = Honesty::State::kUnknown;
  };
  struct Note {
    uint64_t rows = 0;
    uint64_t reused = 0;
    uint32_t apex_at = 0;  // of apexes_
    uint32_t serial = 0;
    uint32_t mname = 0;  // of names_; valid with has_serial
    uint32_t rname = 0;
    uint32_t first_server = kNil;  // of server_notes_
    uint8_t apex_octets = 0;
    bool has_serial = false;
    bool serial_moved = false;
    bool serial_lies = false;
    bool ent_broken = false;
  };

  dnswire::NameView ApexOf(const Note& note) const;
  // Null if it is not noted.
  Note* Find(dnswire::NameView apex, uint64_t hash);
  // Null if there is no room for another zone.
  Note* NoteOf(dnswire::NameView apex);
  bool IsWorthANote(uint64_t hash);
  // Null if there is no room for another server.
  ServerNote* ServerOf(const io::Endpoint& server, Note* note);
  void AddSerial(const SeenZone& theirs, Note* note);
  void AddServer(const SeenServer& theirs, Note* note);
  uint32_t NumberOf(absl::string_view name);
  SeenZone Export(const Note& note) const;

  std::deque<Note> notes_;
  absl::flat_hash_map<uint64_t, uint32_t> by_hash_;  // of the apex: of notes_
  std::vector<uint8_t> apexes_;                      // wire forms
  std::deque<ServerNote> server_notes_;
  Numbers<std::string> names_;  // wire forms
  Numbers<io::Endpoint> servers_;
  // Answers of zones that are not noted, by hash; of late, for what is open in
  // an order is answered within a window.
  std::vector<uint8_t> few_;
  uint32_t counted_ = 0;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_REUSE_ZONE_SERIALS_H_
