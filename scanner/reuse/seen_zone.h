// SeenZone: what a scan learnt of a zone and a later one may go by
// (ITERATION.md 2.7); a line of the zone table that stands beside the rows.
#ifndef PTRSWEEP_SCANNER_REUSE_SEEN_ZONE_H_
#define PTRSWEEP_SCANNER_REUSE_SEEN_ZONE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "dnswire/name.h"
#include "io/net/endpoint.h"
#include "scanner/upstream/honesty.h"

namespace scanner {

// A server that answered for the zone.
struct SeenServer {
  io::Endpoint server;
  // When it first told the zone's serial, in microseconds since 1970; 0: it did
  // not. What it answered before may be of another version, for servers of one
  // zone lag.
  int64_t since_us = 0;
  // Of kSigned and kHonest blocks were not asked on its word.
  Honesty::State honesty = Honesty::State::kUnknown;
};

struct SeenZone {
  // Names in wire form and lower case; empty: not known.
  std::string apex;
  std::string mname;
  std::string rname;
  // Of its SOA; nullopt if nobody told it.
  std::optional<uint32_t> serial;
  bool serial_moved = false;  // two serials in one scan
  bool serial_lies = false;   // a PTR set had changed under the same serial
  bool ent_broken = false;    // a server denies names that exist
  std::vector<SeenServer> servers;  // some of them
  uint64_t rows = 0;                // that carry its name
  uint64_t reused = 0;              // of them, from an earlier scan

  // Null if it was not noted.
  const SeenServer* Find(const io::Endpoint& server) const {
    for (const SeenServer& each : servers) {
      if (each.server == server) return &each;
    }
    return nullptr;
  }
};

inline absl::string_view WireText(dnswire::NameView name) {
  const auto wire = name.wire();
  return {reinterpret_cast<const char*>(wire.data()), wire.size()};
}

// REQUIRES: `wire` is not empty.
inline dnswire::NameView NameOfWire(absl::string_view wire) {
  return dnswire::NameView::FromValidWire(
      {reinterpret_cast<const uint8_t*>(wire.data()), wire.size()});
}

// Whether rows of the zone may be taken over while its serial stays as it is.
inline bool MayGoBy(const SeenZone& zone) {
  return zone.serial.has_value() && !zone.serial_moved && !zone.serial_lies &&
         !zone.ent_broken;
}

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_REUSE_SEEN_ZONE_H_
