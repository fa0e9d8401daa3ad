// ZoneTable: the zone cuts that iteration has learnt from parents, with their
// name servers. Bounded: when it grows beyond its octets the zones not used for
// longest go, but for those that questions are in.
#ifndef PTRSWEEP_SCANNER_DELEGATION_ZONE_TABLE_H_
#define PTRSWEEP_SCANNER_DELEGATION_ZONE_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "dnswire/name.h"
#include "dnswire/name_list.h"
#include "io/net/time.h"
#include "scanner/delegation/authorities.h"
#include "scanner/delegation/referral.h"
#include "scanner/upstream/rate_limiter.h"
#include "scanner/upstream/route.h"

namespace scanner {

struct Zone {
  static constexpr uint8_t kNoHost = 0xff;
  // One address of its name servers; a place in masks (RouteRequest).
  struct Place {
    AuthorityRef server;
    io::TimeNs avoid_until = 0;  // it did not serve the zone lately
    uint8_t host = kNoHost;      // of kGlued: the first name that has it
  };
  // What is known of the addresses of a name server.
  enum class HostState : uint8_t {
    kUnasked,
    kGlued,    // from the parent; not asked for
    kAsked,    // under way
    kSettled,  // asked: `places` has what was found
    kFailed,   // asked in vain: again when that has been long enough ago
  };
  // The last bit of a mask stands for servers that may still be found.
  static constexpr size_t kMaxPlaces = 63;

  dnswire::NameView apex() const { return names.view()[0]; }
  dnswire::NameView host(size_t index) const { return names.view()[index + 1]; }

  dnswire::NameList names;  // the apex, then the names of its servers
  std::vector<HostState> hosts;
  std::vector<Place> places;  // only grows
  RateLimiter limiter;        // of all its servers together
  uint64_t hash = 0;
  io::TimeNs ends_at = 0;
  uint32_t pins = 0;            // questions in it, or that wait for it
  uint8_t asked_in_minute = 0;  // names looked up since minute_began
  io::TimeNs minute_began = 0;
  uint8_t labels = 0;           // of the apex
  bool infrastructure = false;  // root, TLD or registry
  bool known = false;           // Find() finds it
  bool used = false;            // found since the clock's hand came by
};

class ZoneTable {
 public:
  explicit ZoneTable(size_t max_octets) : max_octets_(max_octets) {}

  // The zone with this apex, unless its time is over; kNoZone.
  ZoneIndex Find(uint64_t hash, dnswire::NameView apex, io::TimeNs now);
  // Whether any zone's apex has so many labels: else Find() would find none.
  bool HasAnyAt(size_t labels) const { return by_labels_[labels] > 0; }
  // A new zone, instead of one with the same apex: questions in the old one
  // stay there, nobody else finds it. Without places.
  ZoneIndex Put(uint64_t hash, const Referral& referral, io::TimeNs ends_at);
  // A new zone that Find() never finds; gone when its last pin goes.
  ZoneIndex PutAside(const Referral& referral, io::TimeNs ends_at);
  Zone& operator[](ZoneIndex zone) { return zones_[zone]; }
  const Zone& operator[](ZoneIndex zone) const { return zones_[zone]; }
  void Pin(ZoneIndex zone) { ++zones_[zone].pins; }
  void Unpin(ZoneIndex zone);
  // What a place more takes.
  void CountPlace() { octets_ += sizeof(Zone::Place); }

  size_t size() const { return by_hash_.size(); }
  size_t octets() const { return octets_; }

 private:
  static size_t OctetsOf(const Zone& zone);
  void Forget(ZoneIndex zone);
  void Free(ZoneIndex zone);
  void Shrink();

  const size_t max_octets_;
  size_t octets_ = 0;
  std::vector<Zone> zones_;
  std::vector<ZoneIndex> free_;
  absl::flat_hash_map<uint64_t, ZoneIndex> by_hash_;
  std::array<uint32_t, dnswire::kMaxLabels + 1> by_labels_ = {};  // how many
  size_t hand_ = 0;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_DELEGATION_ZONE_TABLE_H_
