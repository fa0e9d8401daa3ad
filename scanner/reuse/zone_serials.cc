#include "scanner/reuse/zone_serials.h"

#include <algorithm>

namespace scanner {
namespace {

// Null if there is no room for another server. *is_new: it was not noted.
SeenServer* ServerOf(const io::Endpoint& server, SeenZone* zone,
                     bool* is_new = nullptr) {
  if (is_new != nullptr) *is_new = false;
  for (SeenServer& each : zone->servers) {
    if (each.server == server) return &each;
  }
  if (zone->servers.size() >= ZoneSerials::kMaxServers) return nullptr;
  if (is_new != nullptr) *is_new = true;
  return &zone->servers.emplace_back(SeenServer{.server = server});
}

void AddServer(const SeenServer& theirs, SeenZone* zone) {
  SeenServer* const server = ServerOf(theirs.server, zone);
  if (server == nullptr) return;
  if (server->since_us == 0) {
    server->since_us = theirs.since_us;
  } else if (theirs.since_us != 0) {
    server->since_us = std::min(server->since_us, theirs.since_us);
  }
  server->honesty = std::max(server->honesty, theirs.honesty);
}

// What is known of the serial, of two that looked.
void AddSerial(const SeenZone& theirs, SeenZone* zone) {
  if (!theirs.serial) return;
  if (!zone->serial) {
    zone->serial = theirs.serial;
    zone->mname = theirs.mname;
    zone->rname = theirs.rname;
  } else if (*zone->serial != *theirs.serial) {
    zone->serial_moved = true;
  }
}

}  // namespace

SeenZone* ZoneSerials::ZoneOf(dnswire::NameView apex) {
  const absl::string_view key = WireText(apex);
  const auto known = zones_.find(key);
  if (known != zones_.end()) return &known->second;
  if (zones_.size() >= kMaxZones) return nullptr;
  SeenZone& zone = zones_[key];
  zone.apex = std::string(key);
  return &zone;
}

void ZoneSerials::NoteSoa(const SoaSeen& seen) {
  SeenZone* const zone = ZoneOf(seen.apex);
  if (zone == nullptr) return;
  if (!zone->serial) {
    zone->serial = seen.serial;
    zone->mname = std::string(WireText(seen.mname));
    zone->rname = std::string(WireText(seen.rname));
  } else if (*zone->serial != seen.serial) {
    zone->serial_moved = true;
    return;
  }
  SeenServer* const server = ServerOf(seen.server, zone);
  if (server != nullptr && server->since_us == 0) {
    server->since_us = seen.now_us;
  }
}

void ZoneSerials::NoteUnchanged(const SeenZone& earlier) {
  SeenZone* const zone = ZoneOf(NameOfWire(earlier.apex));
  if (zone == nullptr) return;
  AddSerial(earlier, zone);
  for (const SeenServer& server : earlier.servers) AddServer(server, zone);
}

bool ZoneSerials::NoteAnswer(dnswire::NameView apex,
                             const io::Endpoint& server) {
  SeenZone* const zone = ZoneOf(apex);
  bool is_new = false;
  return zone != nullptr && ServerOf(server, zone, &is_new) != nullptr &&
         is_new;
}

void ZoneSerials::NoteRow(dnswire::NameView apex, bool reused) {
  SeenZone* const zone = ZoneOf(apex);
  if (zone == nullptr) return;
  ++zone->rows;
  if (reused) ++zone->reused;
}

void ZoneSerials::NoteLies(dnswire::NameView apex) {
  if (SeenZone* const zone = ZoneOf(apex)) zone->serial_lies = true;
}

void ZoneSerials::NoteBroken(dnswire::NameView apex) {
  if (SeenZone* const zone = ZoneOf(apex)) zone->ent_broken = true;
}

void ZoneSerials::NoteHonest(dnswire::NameView apex, const io::Endpoint& server,
                             Honesty::State honesty) {
  SeenZone* const zone = ZoneOf(apex);
  if (zone != nullptr) AddServer({.server = server, .honesty = honesty}, zone);
}

void ZoneSerials::Add(const SeenZone& theirs) {
  SeenZone* const zone = ZoneOf(NameOfWire(theirs.apex));
  if (zone == nullptr) return;
  AddSerial(theirs, zone);
  zone->serial_moved |= theirs.serial_moved;
  zone->serial_lies |= theirs.serial_lies;
  zone->ent_broken |= theirs.ent_broken;
  for (const SeenServer& server : theirs.servers) AddServer(server, zone);
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
