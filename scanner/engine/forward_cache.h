// ForwardCache: what equal forward questions came to, so that each is asked
// once. Bounded memory, taken once: answers lie one behind the other in a ring
// of octets, a new one overwrites the oldest, and a table of places in the ring
// finds them by hash. Losing an answer costs a query, never correctness: the
// table is never cleared of what the ring has overwritten, for places only grow
// and tell by themselves what is gone, and of too many answers with the same
// bucket the oldest is lost.
//
//   ring:   [entry][entry]...      ^head: next entry, behind it the oldest
//   entry:  header, name (wire, lower case), addresses (4 or 16 octets each),
//           padded to kAlign
//   index:  buckets of eight slots, a line of the processor's cache each; a
//           slot is a part of the hash, and the entry's place / kAlign
#ifndef PTRSWEEP_SCANNER_ENGINE_FORWARD_CACHE_H_
#define PTRSWEEP_SCANNER_ENGINE_FORWARD_CACHE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "dnswire/ip_address.h"
#include "dnswire/name.h"
#include "io/formats/status.h"
#include "io/net/time.h"
#include "scanner/upstream/route.h"
#include "scanner/verdict/evidence.h"

namespace scanner {

// What a forward question came to, for every target that wants to know.
struct ForwardAnswer {
  ForwardResult result = ForwardResult::kError;
  io::Cause cause = io::Cause::kNone;
  bool cname = false;
  bool final = true;       // false: a late pass may learn more
  ServerIndex server = 0;  // who gave it
};

inline bool IsNegative(const ForwardAnswer& answer) {
  return answer.result == ForwardResult::kNxdomain ||
         answer.result == ForwardResult::kNodata;
}

// A forward question and its hash, worked out once.
struct ForwardKey {
  ForwardKey(dnswire::NameView asked_name, uint16_t asked_type);
  ForwardKey(dnswire::NameView asked_name, uint16_t asked_type,
             uint64_t known_hash)
      : name(asked_name), type(asked_type), hash(known_hash) {}

  dnswire::NameView name;
  uint16_t type;
  uint64_t hash;
};

class ForwardCache {
 public:
  // About `octets` in all, at least ScanOptions::kMinCacheOctets.
  explicit ForwardCache(size_t octets);

  // Begins to fetch what Find() or Insert() will look at: the index does not
  // fit into the processor's caches.
  void Prefetch(uint64_t hash) const { __builtin_prefetch(&BucketOf(hash)); }
  // The answer if it is known and fresh; its addresses, ascending, replace
  // *addresses.
  std::optional<ForwardAnswer> Find(
      const ForwardKey& key, io::TimeNs now,
      std::vector<dnswire::IpAddress>* addresses) const;
  // Keeps an answer until `expiry`. An older one for the same question stays
  // behind, unreachable, until the ring comes round. An answer that takes more
  // than a quarter of the ring is not kept.
  void Insert(const ForwardKey& key, const ForwardAnswer& answer,
              std::span<const dnswire::IpAddress> addresses, io::TimeNs expiry);
  // Forgets every answer that is not final: a late pass asks them again.
  void ForgetUnfinished() {
    if (++pass_ == 0) Clear();
  }
  // Forgets every denial: whoever gave it may have lied.
  void ForgetNegatives() {
    if (++doubts_ == 0) Clear();
  }

 private:
  static constexpr size_t kAlign = 8;
  static constexpr int kPlaceBits = 48;
  static constexpr uint64_t kPlaceMask = (uint64_t{1} << kPlaceBits) - 1;

  struct Header {
    io::TimeNs expiry;
    uint32_t address_count;
    uint16_t type;
    uint8_t name_octets;
    uint8_t pass;
    ForwardAnswer answer;
    uint8_t doubts;
  };
  // The hash's upper bits above the place; 0: free.
  struct alignas(64) Bucket {
    std::array<uint64_t, 8> slots = {};
  };
  // Octets ever written before an entry, with those left free at the ring's
  // end: what is kAlign * 2^48 is never reached.
  using Place = uint64_t;

  Bucket& BucketOf(uint64_t hash) const {
    return index_[hash & (buckets_ - 1)];
  }
  static Place PlaceOf(uint64_t slot) { return (slot & kPlaceMask) * kAlign; }
  // Nothing was written over it.
  bool IsThere(Place place) const { return place + ring_octets_ >= head_; }
  // Of an entry that is there.
  uint8_t* At(Place place) const {
    return ring_.get() +
           (place >= lap_ ? place - lap_ : place + ring_octets_ - lap_);
  }
  const Header& HeaderAt(Place place) const {
    return *reinterpret_cast<const Header*>(At(place));
  }
  bool Holds(uint64_t slot, const ForwardKey& key) const;
  Place Allocate(size_t size);
  void Clear();
  void ReadAddresses(Place place,
                     std::vector<dnswire::IpAddress>* addresses) const;

  size_t ring_octets_;
  std::unique_ptr<uint8_t[]> ring_;
  size_t buckets_;  // a power of two
  std::unique_ptr<Bucket[]> index_;
  Place head_;  // of the next entry
  Place lap_;   // what the ring's first octet is now
  uint8_t pass_ = 0;
  uint8_t doubts_ = 0;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ENGINE_FORWARD_CACHE_H_
