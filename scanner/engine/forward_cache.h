// ForwardCache: what equal forward questions came to, so that each is asked
// once. Bounded memory, taken once: answers lie one behind the other in a ring
// of octets, a new one overwrites the oldest, and a table of places in the ring
// finds them by hash. Losing an answer costs a query, never correctness.
//
//   ring:   [entry][entry]...      ^head: next entry    ^tail: oldest entry
//   entry:  header, name (wire, lower case), addresses (4 or 16 octets each),
//           padded to kAlign
//   index:  open addressing, linear probing; hash of the entry, and its place
//           / kAlign + 1
#ifndef PTRSWEEP_SCANNER_ENGINE_FORWARD_CACHE_H_
#define PTRSWEEP_SCANNER_ENGINE_FORWARD_CACHE_H_

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
  void Prefetch(const ForwardKey& key) const {
    __builtin_prefetch(&index_[key.hash & (index_.size() - 1)]);
  }
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

  size_t entries() const { return entries_; }

 private:
  static constexpr size_t kAlign = 8;
  struct Header {
    uint32_t size_octets;  // of the entry; kFiller: skip to the ring's start
    uint32_t hash;
    io::TimeNs expiry;
    uint32_t address_count;
    uint16_t type;
    uint8_t name_octets;
    uint8_t pass;
    ForwardAnswer answer;
    uint8_t doubts;
    bool filler;
  };

  struct Slot {
    uint32_t hash = 0;
    uint32_t place = 0;  // 0: free
  };
  // What is looked for in the index.
  struct Wanted {
    uint32_t hash;
    dnswire::NameView name;
    uint16_t type;
  };

  static size_t OffsetOf(const Slot& slot) {
    return size_t{slot.place - 1} * kAlign;
  }
  static uint32_t PlaceOf(size_t offset) {
    return static_cast<uint32_t>(offset / kAlign + 1);
  }
  const Header& At(size_t offset) const {
    return *reinterpret_cast<const Header*>(ring_.get() + offset);
  }
  dnswire::NameView NameAt(size_t offset) const;
  bool IsSame(const Slot& slot, const Wanted& wanted) const;
  // Slot of the index that holds the question, or the free one where it would
  // go.
  size_t FindSlot(const Wanted& wanted) const;
  // Erases the slot of an entry that is about to go, if it has one.
  void EraseSlotOf(const Header& header, uint32_t place);
  // Offset of `size` free octets, old entries evicted for them.
  size_t Allocate(size_t size);
  void EvictOldest();
  void Clear();
  void EraseSlot(size_t slot);
  void ReadAddresses(size_t offset,
                     std::vector<dnswire::IpAddress>* addresses) const;

  size_t ring_octets_;
  std::unique_ptr<uint8_t[]> ring_;
  std::vector<Slot> index_;  // size a power of two
  size_t head_ = 0;
  size_t tail_ = 0;
  size_t used_ = 0;
  size_t entries_ = 0;
  uint8_t pass_ = 0;
  uint8_t doubts_ = 0;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ENGINE_FORWARD_CACHE_H_
