// AreaDenials: who denied a whole block of targets, and with what: the SOA that
// the rows of its addresses carry. Zones are numbered here, as Honesty and
// BlockPlan know them.
#ifndef PTRSWEEP_SCANNER_ENGINE_AREA_DENIALS_H_
#define PTRSWEEP_SCANNER_ENGINE_AREA_DENIALS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "dnswire/answer.h"
#include "dnswire/name_list.h"
#include "scanner/asking/question.h"
#include "scanner/upstream/honesty.h"

namespace scanner {

struct AreaDenial {
  dnswire::NameList soa;  // owner, MNAME, RNAME
  Responder responder;
  uint32_t ttl_s = 0;
  bool has_ttl = false;
  bool authoritative = false;  // AA
};

// REQUIRES: answer.has_soa.
AreaDenial DenialOf(const dnswire::Answer& answer, const Responder& responder);

class AreaDenials {
 public:
  // A zone has one number for as long as it is known. 0: there is no room for
  // another zone, and its denials are no evidence.
  uint32_t NumberOf(dnswire::NameView apex);
  void Keep(ZoneServer who, AreaDenial denial);
  // Null if nothing was kept.
  const AreaDenial* Find(ZoneServer who) const;

 private:
  // Each takes some 300 octets, once for each server that denied: 10 MiB with
  // one a zone.
  static constexpr size_t kMaxZones = 32768;

  static uint64_t KeyOf(ZoneServer who) {
    return uint64_t{who.zone} << 16 | who.server;
  }

  absl::flat_hash_map<std::string, uint32_t> zones_;  // by wire form
  absl::flat_hash_map<uint64_t, AreaDenial> denials_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ENGINE_AREA_DENIALS_H_
