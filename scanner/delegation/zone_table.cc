#include "scanner/delegation/zone_table.h"

#include <utility>

namespace scanner {

ZoneIndex ZoneTable::Find(uint64_t hash, dnswire::NameView apex,
                          io::TimeNs now) {
  const auto found = by_hash_.find(hash);
  if (found == by_hash_.end()) return kNoZone;
  Zone& zone = zones_[found->second];
  if (zone.ends_at <= now || !zone.apex().Equals(apex)) return kNoZone;
  zone.used = true;
  return found->second;
}

ZoneIndex ZoneTable::Put(uint64_t hash, const Referral& referral,
                         io::TimeNs ends_at) {
  const auto old = by_hash_.find(hash);
  if (old != by_hash_.end()) Forget(old->second);
  const ZoneIndex index = PutAside(referral, ends_at);
  zones_[index].hash = hash;
  zones_[index].known = true;
  ++by_labels_[zones_[index].labels];
  by_hash_[hash] = index;
  return index;
}

ZoneIndex ZoneTable::PutAside(const Referral& referral, io::TimeNs ends_at) {
  Shrink();
  ZoneIndex index = static_cast<ZoneIndex>(zones_.size());
  if (free_.empty()) {
    zones_.emplace_back();
  } else {
    index = free_.back();
    free_.pop_back();
  }
  Zone& zone = zones_[index];
  zone.names.Add(referral.apex);
  zone.labels = static_cast<uint8_t>(referral.apex.view().label_count());
  for (const dnswire::NameView host : referral.hosts.view()) {
    zone.names.Add(host);
  }
  zone.hosts.assign(referral.hosts.size(), Zone::HostState::kUnasked);
  zone.places.reserve(referral.glue.size());
  zone.ends_at = ends_at;
  octets_ += OctetsOf(zone);
  return index;
}

void ZoneTable::Unpin(ZoneIndex index) {
  Zone& zone = zones_[index];
  if (--zone.pins == 0 && !zone.known) Free(index);
}

// An estimate: what is allocated, and its share of the hash table.
size_t ZoneTable::OctetsOf(const Zone& zone) {
  constexpr size_t kIndexed = 32;
  return sizeof(Zone) + kIndexed + zone.names.packed_octets() +
         zone.hosts.size() + zone.places.size() * sizeof(Zone::Place);
}

void ZoneTable::Forget(ZoneIndex index) {
  by_hash_.erase(zones_[index].hash);
  --by_labels_[zones_[index].labels];
  zones_[index].known = false;
  if (zones_[index].pins == 0) Free(index);
}

void ZoneTable::Free(ZoneIndex index) {
  octets_ -= OctetsOf(zones_[index]);
  zones_[index] = Zone();
  free_.push_back(index);
}

// Two rounds of the hand at most: then all that is left is in use.
void ZoneTable::Shrink() {
  for (size_t i = 0; octets_ > max_octets_ && i < 2 * zones_.size(); ++i) {
    const auto index = static_cast<ZoneIndex>(hand_);
    hand_ = (hand_ + 1) % zones_.size();
    Zone& zone = zones_[index];
    if (!zone.known || zone.pins > 0) continue;
    if (!std::exchange(zone.used, false)) Forget(index);
  }
}

}  // namespace scanner
