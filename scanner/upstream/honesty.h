// Honesty: does a server tell a name that does not exist from one that exists
// only because names below it do (an empty non-terminal)? Servers that say
// NXDOMAIN to both are common, so absence below a name is inferred only from
// one that has shown that it tells them apart (ITERATION.md 2.3). Fed with
// events.
//
//                    NODATA at 2 names, below each a leaf has a PTR
//      kUnknown ------------------------------------------> kHonest
//         |   \                                             /   |
//         |    `---- an NXDOMAIN with real denial -----.   /    |
//         |                                             v v     |
//         |                                          kSigned    |
//         |                                             |       |
//         `-- something exists below an NXDOMAIN name --+-------'
//                                  v
//                               kBroken, for good
//
// The evidence is of one server of one zone. Leaves show what the zone holds,
// whoever answered for them: they count for every server that said something of
// a name above.
//
// Memory: fixed, 1 MiB. What was said of names: the last 32,768 or so;
// states: of the last 16,384 zones and servers. Who is forgotten is unknown
// again, which costs queries: unknown servers have nothing cut.
#ifndef PTRSWEEP_SCANNER_UPSTREAM_HONESTY_H_
#define PTRSWEEP_SCANNER_UPSTREAM_HONESTY_H_

#include <array>
#include <cstdint>

#include "scanner/upstream/way_table.h"

namespace scanner {

// A server of a zone; the caller numbers both.
struct ZoneServer {
  uint32_t zone = 0;
  uint16_t server = 0;

  friend bool operator==(const ZoneServer&, const ZoneServer&) = default;
};

class Honesty {
 public:
  enum class State : uint8_t { kUnknown, kSigned, kHonest, kBroken };

  Honesty();

  State StateOf(ZoneServer who) const;

  // Names are 64-bit hashes, which the caller makes in one way always.
  //
  // An NXDOMAIN at `name` that may be evidence (ITERATION.md 1.3, NX: AA=1, no
  // chain, SOA of the zone, at or above the name). True for the first one, and
  // once only: the same question is now to be asked of that server with DO=1,
  // and the result told to OnProof().
  [[nodiscard]] bool OnNx(ZoneServer who, uint64_t name);
  // The same question is due by another denial of its: true once only.
  [[nodiscard]] bool WantsProof(ZoneServer who);
  // What came back: `real` if dnswire::JudgeDenial() found kNsec or kNsec3, and
  // not if there was no answer at all.
  void OnProof(ZoneServer who, bool real);
  // As an earlier scan found it. kUnknown changes nothing, nor does this change
  // what is known.
  void Assume(ZoneServer who, State state);
  // NOERROR with AA=1 without the asked type at `name`: it exists.
  void OnNodata(ZoneServer who, uint64_t name);

  // A leaf below `name` exists: it has a PTR, or (not `has_ptr`) it has other
  // records, an alias or a delegation. Calls `changed(ZoneServer)` for each
  // state that this changes. Call it for each name above the leaf that was
  // asked for.
  template <typename Changed>
  void OnLeaf(uint64_t name, bool has_ptr, Changed changed) {
    said_.ForEach(name, [this, has_ptr, &changed](Said& said) {
      if (Learn(has_ptr, &said)) changed(said.who);
    });
  }

 private:
  struct Said {
    ZoneServer who;
    bool nx = false;       // else NODATA
    bool counted = false;  // as one of the two names
  };
  struct Record {
    ZoneServer who;
    State state = State::kUnknown;
    bool proof_asked = false;
    uint8_t confirmed = 0;  // names with NODATA and a PTR below
  };

  // The record of a server, made if there is none.
  Record& RecordOf(ZoneServer who);
  void Note(ZoneServer who, uint64_t name, bool nx);
  // True if the server's state changes.
  bool Learn(bool has_ptr, Said* said);

  WayTable<Said> said_;
  // Looking up changes nothing.
  mutable WayTable<Record> records_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_UPSTREAM_HONESTY_H_
