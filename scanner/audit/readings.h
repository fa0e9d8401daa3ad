// What one answer says when `NAME SOA` was asked: on the way down to the zones,
// and of a single server. Pure functions.
#ifndef PTRSWEEP_SCANNER_AUDIT_READINGS_H_
#define PTRSWEEP_SCANNER_AUDIT_READINGS_H_

#include <optional>
#include <string>
#include <vector>

#include "dnswire/answer.h"
#include "dnswire/message.h"
#include "dnswire/name.h"
#include "scanner/asking/question.h"
#include "scanner/audit/zone_evidence.h"

namespace scanner {

// A name that was visited (VERDICTS.md section 6, steps 1 to 4).
struct Visit {
  enum class Kind : uint8_t {
    kApex,    // a zone begins at the name
    kExists,  // or may: what lies below is to be visited
    kDenied,  // it does not exist, nor does anything below (RFC 8020)
  };
  Kind kind = Kind::kExists;
  // The deepest zone at or above the name; unset: as before.
  std::optional<dnswire::Name> zone;
  std::optional<ZoneSoa> soa;  // that zone's
  bool odd_soa = false;        // the answer had one from above the zone
};

// `asked_zone`: apex of the zone whose servers answered; `followed`: the
// question had been led on by an alias.
Visit ReadVisit(dnswire::NameView name, dnswire::NameView asked_zone,
                bool followed, const dnswire::Message& message,
                const dnswire::Answer& answer);

// What a server of the zone at `apex` said; *soa is set if that was its SOA.
ServerEvidence ReadServer(dnswire::NameView apex,
                          const dnswire::Message& message,
                          const dnswire::Answer& answer,
                          std::optional<ZoneSoa>* soa);
// The same of one that was not heard, or failed.
ServerEvidence ReadFailure(const Question& question);

// The SOA of the zone that the name is in, at the end of its aliases: that of
// the answer, else that of the denial. nullopt: there is none.
std::optional<ZoneSoa> ReadZoneSoa(const dnswire::Message& message,
                                   const dnswire::Answer& answer);

// NS names of an answer to `apex NS`, lower case, sorted, each once.
std::vector<std::string> ReadNsNames(const dnswire::Message& message,
                                     const dnswire::Answer& answer);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_AUDIT_READINGS_H_
