// Nsec3Store: what the NSEC3 records of one zone, seen so far, tell of its
// names, so that names need not be asked for (ITERATION.md 3.4).
//
// A record says that one hash exists, which types are there, and that none
// exists between it and the next. So a record is two points on the circle of
// hashes, and a gap between them that is closed; a gap that no record has told
// of is open:
//
//     a ======= b        c === d === e        records a -> b, c -> d, d -> e
//       closed    (open)    closed     (open, round to a)
//
//     in a closed gap     absent
//     a, c, d             present, with types
//     b, e                present, but no record has told its types yet:
//     unknown in an open gap      unknown
//
// Two records share a point, so a whole chain costs as many points as it has
// names: 32 octets each, measured with 1,000,000 in random order.
// Records that contradict each other (the chain changed meanwhile) open the
// gap: nothing is claimed there until a record is seen again.
#ifndef PTRSWEEP_SCANNER_WALK_NSEC3_STORE_H_
#define PTRSWEEP_SCANNER_WALK_NSEC3_STORE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/btree_map.h"
#include "dnswire/dnssec/nsec.h"
#include "dnswire/message.h"
#include "dnswire/name.h"
#include "scanner/walk/name_types.h"

namespace scanner {

// What all stores of a walk may take together.
struct Nsec3Room {
  size_t octets = 0;  // left
};

class Nsec3Store {
 public:
  enum class Existence : uint8_t {
    kUnknown,  // ask for it
    kAbsent,
    kPresent,
  };
  struct Knowledge {
    Existence existence = Existence::kUnknown;
    NameTypes types;  // of a kPresent; none: an empty non-terminal
  };

  // What there is no room for is not learnt; what is known stays. `room`
  // outlives this and has back what this took.
  explicit Nsec3Store(Nsec3Room* room) : room_(room) {}
  ~Nsec3Store() { Clear(); }
  Nsec3Store(const Nsec3Store&) = delete;
  Nsec3Store& operator=(const Nsec3Store&) = delete;

  // Learns the NSEC3 records of zone `apex` in the authority section that are
  // of the chain of the first one. False: the chain tells nothing of names (a
  // record leaves some out, is made for the question, or wants more iterations
  // than we spend), so the zone is to be walked by asking; from then on all is
  // unknown. True too if there are no such records.
  // REQUIRES: `response` was accepted, its sections are parsed, and `apex` is
  // the same in every call.
  bool Learn(const dnswire::Message& response, dnswire::NameView apex);

  // About `name` itself: one that is absent may match a wildcard, and one below
  // a delegation or DNAME is absent in this zone whatever lies there. Costs
  // iterations + 1 rounds of SHA-1, 0.3 us each.
  // REQUIRES: it is at or below the apex.
  Knowledge Look(dnswire::NameView name) const;

  // About what a question for it would say: absent only if no wildcard answers
  // for it either; unknown if one does or may. Costs up to two Look().
  // REQUIRES: it is below the apex, and its parent exists.
  Knowledge LookWithWildcard(dnswire::NameView name) const;

  bool is_usable() const { return is_usable_; }
  size_t point_count() const { return points_.size(); }

 private:
  struct Point {
    NameTypes types;
    bool types_known : 1 = false;
    bool gap_closed : 1 = false;  // from here to the next point
  };
  using Points = absl::btree_map<dnswire::NameHash, Point>;

  bool Take(const dnswire::Nsec3& nsec3);
  void Add(const dnswire::Nsec3& nsec3);
  Points::iterator Put(const dnswire::NameHash& hash);
  void Clear();

  Nsec3Room* room_;
  bool is_usable_ = true;
  bool has_chain_ = false;
  uint16_t iterations_ = 0;
  std::vector<uint8_t> salt_;
  Points points_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_WALK_NSEC3_STORE_H_
