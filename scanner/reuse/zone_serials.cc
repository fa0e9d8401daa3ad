#include "scanner/reuse/zone_serials.h"

#include <algorithm>

namespace scanner {
namespace {

absl::string_view KeyOf(dnswire::NameView apex) {
  const auto wire = apex.wire();
  return {reinterpret_cast<const char*>(wire.data()), wire.size()};
}

void AddServer(const io::Endpoint& server, SeenZone* zone) {
  std::vector<io::Endpoint>& servers = zone->servers;
  if (servers.size() >= ZoneSerials::kMaxServers) return;
  if (std::find(servers.begin(), servers.end(), server) == servers.end()) {
    servers.push_back(server);
  }
}

// What is known of the serial, of two that looked.
void MergeSerial(const SeenZone& other, SeenZone* zone) {
  if (!other.serial) return;
  if (!zone->serial) {
    zone->serial = other.serial;
    zone->since_us = other.since_us;
    zone->mname = other.mname;
    zone->rname = other.rname;
    return;
  }
  if (*zone->serial != *other.serial) zone->serial_moved = true;
  zone->since_us = std::min(zone->since_us, other.since_us);
}

}  // namespace

SeenZone* ZoneSerials::RecordOf(dnswire::NameView apex) {
  const auto known = zones_.find(KeyOf(apex));
  if (known != zones_.end()) return &known->second;
  if (zones_.size() >= kMaxZones) return nullptr;
  SeenZone& zone = zones_[KeyOf(apex)];
  zone.apex = std::string(KeyOf(apex));
  return &zone;
}

void ZoneSerials::NoteSoa(const SoaSeen& seen) {
  SeenZone* const zone = RecordOf(seen.apex);
  if (zone == nullptr) return;
  AddServer(seen.server, zone);
  if (zone->serial == seen.serial) return;
  zone->serial_moved = zone->serial.has_value();
  if (zone->serial) return;
  zone->serial = seen.serial;
  zone->since_us = seen.now_us;
  zone->mname = WireOf(seen.mname);
  zone->rname = WireOf(seen.rname);
}

void ZoneSerials::NoteUnchanged(const SeenZone& earlier) {
  SeenZone* const zone = RecordOf(NameOfWire(earlier.apex));
  if (zone != nullptr) MergeSerial(earlier, zone);
}

bool ZoneSerials::NoteRow(dnswire::NameView apex, bool reused) {
  SeenZone* const zone = RecordOf(apex);
  if (zone == nullptr) return false;
  if (reused) ++zone->reused;
  return ++zone->rows == 1 && !zone->serial;
}

void ZoneSerials::NoteLies(dnswire::NameView apex) {
  if (SeenZone* const zone = RecordOf(apex)) zone->serial_lies = true;
}

void ZoneSerials::NoteBroken(dnswire::NameView apex) {
  if (SeenZone* const zone = RecordOf(apex)) zone->ent_broken = true;
}

void ZoneSerials::Add(const SeenZone& theirs) {
  SeenZone* const zone = RecordOf(NameOfWire(theirs.apex));
  if (zone == nullptr) return;
  MergeSerial(theirs, zone);
  zone->serial_moved |= theirs.serial_moved;
  zone->serial_lies |= theirs.serial_lies;
  zone->ent_broken |= theirs.ent_broken;
  for (const io::Endpoint& server : theirs.servers) AddServer(server, zone);
  zone->rows += theirs.rows;
  zone->reused += theirs.reused;
}

void ZoneSerials::Merge(const ZoneSerials& other) {
  for (const auto& [key, zone] : other.zones_) Add(zone);
}

std::vector<SeenZone> ZoneSerials::Sorted() const {
  std::vector<SeenZone> zones;
  zones.reserve(zones_.size());
  for (const auto& [key, zone] : zones_) zones.push_back(zone);
  std::sort(
      zones.begin(), zones.end(), [](const SeenZone& a, const SeenZone& b) {
        return NameOfWire(a.apex).CompareCanonical(NameOfWire(b.apex)) < 0;
      });
  return zones;
}

}  // namespace scanner
