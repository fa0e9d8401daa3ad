// CanaryNames: names that must exist, by which the denials of resolvers are
// tested (WIRE.md section 6, "Canaries"); one set for all resolvers of an
// engine. Three tiers of 16 slots: what the user named, PTR answers of this
// run got at the first try, apexes of zones seen in negatives. Constant memory.
//
// Learning is called for every answer and must cost nothing, so each of the two
// learnt tiers looks only at few of the names it is given:
//   * at every one while a slot is empty, so that few answers are enough;
//   * at one in kLearnEvery once all are taken: it replaces the oldest, so a
//     name stays for a million answers (at 200,000 a second 5 s, at 1,000 a
//     second 17 minutes), and most have been learnt long enough ago that they
//     do not all come out of one resolver's cache;
//   * after one that it knows already it skips a sixteenth of the number of
//     those seen so far, at most kLearnEvery: a run with a single apex is given
//     the same one over and over.
// Everything else is an increment and a comparison.
#ifndef PTRSWEEP_SCANNER_UPSTREAM_CANARY_NAMES_H_
#define PTRSWEEP_SCANNER_UPSTREAM_CANARY_NAMES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "dnswire/ip_address.h"
#include "dnswire/name.h"

namespace scanner {

class CanaryNames {
 public:
  static constexpr size_t kPerTier = 16;
  static constexpr uint64_t kLearnEvery = 65536;

  struct Ptr {
    dnswire::IpAddress address;
    dnswire::Name name;  // one of its PTR names
  };

  // The user's word. False, and nothing happens, if there are 16 already.
  bool Configure(const dnswire::IpAddress& address, const dnswire::Name& name);
  // A PTR answer got at the first try.
  void Learn(const dnswire::IpAddress& address, dnswire::NameView name);
  // The owner of an SOA seen in a negative.
  void LearnApex(dnswire::NameView apex);

  // What CanaryWatch chooses from: kSlots slots, the best tier first.
  enum class Tier : uint8_t { kConfigured, kPtr, kApex };
  static constexpr size_t kSlots = 3 * kPerTier;
  static constexpr Tier TierOf(size_t slot) {
    return static_cast<Tier>(slot / kPerTier);
  }
  struct Candidate {
    uint64_t id = 0;  // from 1, ascending, never used again; 0: empty slot
    Ptr ptr;          // kApex: the name is the apex, the address means nothing
  };
  const Candidate& at(size_t slot) const { return slots_[slot]; }
  bool has_configured() const { return slots_[0].id != 0; }
  uint64_t next_id() const { return next_id_; }  // above all ids so far
  // Takes a learnt name out; no-op if it is gone or not learnt.
  void Drop(uint64_t id);

 private:
  // Which calls of one kind are looked at.
  struct Gate {
    bool Opens() { return ++calls >= open_at; }

    uint64_t calls = 0;
    uint64_t open_at = 0;
  };

  std::span<Candidate> SlotsOf(Tier tier) {
    return std::span(slots_).subspan(static_cast<size_t>(tier) * kPerTier,
                                     kPerTier);
  }
  // Puts a name into the empty or oldest slot unless it is `known`, and sets
  // the gate.
  void Admit(Tier tier, bool known, const dnswire::IpAddress& address,
             dnswire::NameView name, Gate* gate);

  std::array<Candidate, kSlots> slots_;
  uint64_t next_id_ = 1;
  Gate ptr_gate_;
  Gate apex_gate_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_UPSTREAM_CANARY_NAMES_H_
