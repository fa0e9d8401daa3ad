// Area: what BlockPlan knows of a super-block (an IPv4 /16) or of a block (a
// /24, an IPv6 /64).
#ifndef PTRSWEEP_SCANNER_PLANNING_AREA_H_
#define PTRSWEEP_SCANNER_PLANNING_AREA_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "dnswire/ip_address.h"
#include "dnswire/name.h"
#include "scanner/asking/slab.h"
#include "scanner/targets/target_order.h"
#include "scanner/upstream/honesty.h"

namespace scanner {

using AreaId = uint32_t;  // kNil: no area

// Prefix lengths of areas. In IPv6 a super-block has one block.
inline int SuperLength(const dnswire::IpAddress& address) {
  return address.is_v4() ? 16 : 64;
}
inline int BlockLength(const dnswire::IpAddress& address) {
  return address.is_v4() ? 24 : 64;
}
// Whose areas are asked of one server, as far as it goes, for what it says
// counts for itself alone: the first address of an IPv4 /16, an IPv6 /48.
inline dnswire::IpAddress TogetherAskedOf(const dnswire::IpAddress& address) {
  return dnswire::IpPrefix::Covering(address, address.is_v4() ? 16 : 48)
      .first();
}
// The zone is one above an IPv4 super-block (b.a.in-addr.arpa).
inline bool IsAboveSuperBlock(dnswire::NameView apex) {
  return apex.label_count() < 4;
}
// Leaves of a block that are asked before its name, through a resolver.
inline constexpr uint8_t kBlockFirstLeaves = 2;

// What happens to the targets of an area, and what it waits for.
enum class AreaState : uint8_t {
  kFirstLeaves,  // leaves asked before the probe (resolver mode)
  kProbing,      // NAME SOA asked
  kChild,        // a cut there: SOA asked of the child
  kProving,      // NXDOMAIN; a DO=1 question to its server is on its way
  kSampling,     // NXDOMAIN; leaves asked of its server
  kTesting,      // silence everywhere; 2 leaves asked
  kParked,       // NXDOMAIN of a server that is not known to be honest
  kHeld,         // absent, as an honest server says; rows wait for the zone
  kDown,         // super-block only: its blocks decide
  kOpen,         // every target is asked
  kCut,          // every target is pruned
  kDead,         // every target is put off
  kAbsorbed,     // block only: its super-block has taken its targets
};

// Targets of one area in the order in which they came, linked in a slab.
struct TargetList {
  uint32_t head = kNil;
  uint32_t tail = kNil;
  uint32_t size = 0;
};

struct Area {
  static constexpr size_t kMaxZones = 8;

  bool super = false;
  AreaState state = AreaState::kOpen;
  dnswire::IpPrefix prefix;
  AreaId parent = kNil;  // of a block

  uint64_t total = 0;       // targets it can have; fewer come after a resume
  uint64_t given = 0;       // that came
  TargetList targets;       // that came and were not handed out
  uint32_t out = 0;         // leaves and questions handed out, not answered
  uint32_t leaves_out = 0;  // of them, leaves
  uint64_t zone = 0;        // in which these are counted

  // Sampling.
  uint8_t needed = 0;  // leaves still to be handed out
  uint8_t denied = 0;  // leaves answered NXDOMAIN
  uint8_t failed = 0;  // samples without evidence
  ZoneServer denier;   // who said NXDOMAIN
  bool said_nx = false;
  // What Honesty was told of leaves below its name since something was last
  // said of that name: each further leaf would tell it the same.
  enum class Told : uint8_t { kNothing, kExists, kPtr };
  Told told = Told::kNothing;

  // Of a block.
  bool denied_above = false;  // by a zone above its super-block
  bool resolved = false;      // parked, held, or all its rows are on their way
  bool had_ptr = false;       // a leaf
  bool evidence_asked = false;  // probed when it was finished (resolver mode)
  bool special_asked = false;   // the wildcard probe, or the random addresses
  uint8_t equal_ptrs = 0;  // leaves with the first PTR seen; IPv6: with any
  uint64_t first_ptr = 0;

  // Of a super-block.
  AreaId first_block = kNil;
  uint32_t unresolved = 0;  // blocks, those that have not come yet included
  uint32_t cut_blocks = 0;  // with a denier of a zone above the super-block
  uint8_t evidence = 0;     // finished blocks probed
  bool ended = false;       // no further target will come
  bool live = false;        // counted in its zones
  uint8_t zone_count = 0;
  std::array<uint32_t, kMaxZones> zones = {};

  AreaId next_block = kNil;  // of the same super-block
  bool resting = false;      // linked in the list of resting areas
  AreaId rest_before = kNil;
  AreaId rest_after = kNil;
  bool draining = false;  // in the queue of those that hand out targets
  bool stalled = false;   // has some to hand out; its zone has enough out
};

// Parked or held, its targets are kept until something else decides.
inline bool IsKeptBack(const Area& area) {
  return area.resting && area.state != AreaState::kProving;
}

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_PLANNING_AREA_H_
