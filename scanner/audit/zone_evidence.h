// ZoneEvidence: all that was seen of one reverse zone, or of blocks that have
// none, and all that JudgeZone may use (VERDICTS.md section 6). Values that own
// their text: zones are few.
#ifndef PTRSWEEP_SCANNER_AUDIT_ZONE_EVIDENCE_H_
#define PTRSWEEP_SCANNER_AUDIT_ZONE_EVIDENCE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dnswire/ip_address.h"
#include "dnswire/name.h"
#include "io/formats/status.h"

namespace scanner {

// What one server said when it was asked for the SOA of the apex.
enum class ServerResult : uint8_t {
  kOk,            // NOERROR, AA=1, one SOA, owned by the apex
  kNoSoa,         // AA=1 without it
  kNotAuth,       // AA=0
  kNxdomain,      // it denies the apex
  kTimeout,       // nothing
  kSpecialUse,    // in special-use address space: not asked
  kUnresolvable,  // a name without address
  kLookupFailed,  // a name whose addresses nobody could tell
  kError,         // anything else: ServerEvidence::cause
};

// An address of a name server, or the name of one without a known address.
struct ServerEvidence {
  std::string name;
  // Not of kUnresolvable and kLookupFailed.
  std::optional<dnswire::IpAddress> address;
  ServerResult result = ServerResult::kTimeout;
  io::Cause cause = io::Cause::kNone;  // of kError
  std::optional<uint32_t> serial;      // of kOk
  bool cname = false;                  // the name is an alias
  bool special_use = false;            // asked or not
  bool no_tcp = false;                 // UDP works, TCP does not
  bool no_edns = false;                // works, but without OPT only
  bool recursive = false;              // RA=1
  bool odd_soa = false;  // it denies with an SOA from above the zone
};

struct ZoneSoa {
  dnswire::Name owner;
  dnswire::Name mname;
  dnswire::Name rname;
};

struct ZoneEvidence {
  // kZone: a zone whose servers were asked. The others speak of blocks: their
  // deepest zone has no delegation for them, or nobody knows.
  enum class Kind : uint8_t { kZone, kAbsent, kFailed };
  Kind kind = Kind::kZone;

  std::string zone;    // apex; kAbsent: the zone that denies
  std::string parent;  // empty: unknown
  // Of kFailed: why the question failed; nodata: a registry's zone goes on
  // below the name that was visited last.
  io::Cause cause = io::Cause::kNone;
  std::optional<ZoneSoa> soa;

  // NS names, sorted; empty where unknown.
  std::vector<std::string> parent_ns;
  std::vector<std::string> apex_ns;
  std::vector<ServerEvidence> servers;
  // The zone's servers are at addresses that there is no route to.
  bool unroutable = false;
  bool denies_empty = false;  // a name below a denied one exists
  bool odd_soa = false;       // seen on the way
  bool wildcard = false;
  bool synthesized = false;
  bool served_by_you = false;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_AUDIT_ZONE_EVIDENCE_H_
