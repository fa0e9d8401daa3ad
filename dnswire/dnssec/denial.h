// Denial: does a response prove that a name does not exist, in a way that only
// a server which tells absent names from empty ones can
// (ITERATION.md 2.3, 3.4)?
//
// Many servers say NXDOMAIN for empty non-terminals. One whose chain was made
// beforehand, over all names of the zone, cannot: the chain lists what exists
// below the name. A server that makes its records for each question knows no
// more than its NXDOMAIN does, so its proof is no evidence. Signatures are not
// checked: the trust is that of plain DNS.
#ifndef PTRSWEEP_DNSWIRE_DNSSEC_DENIAL_H_
#define PTRSWEEP_DNSWIRE_DNSSEC_DENIAL_H_

#include <cstdint>

#include "dnswire/dnssec/nsec.h"
#include "dnswire/message.h"
#include "dnswire/name.h"

namespace dnswire {

// More would let a server choose how long we hash (RFC 9276 section 3.2).
inline constexpr uint16_t kMaxIterations = 150;

enum class Denial : uint8_t {
  kNone,     // no NSEC or NSEC3 of the zone denies the name
  kNotReal,  // one does, but may be made for the question, or leave names out
  kNsec,     // real
  kNsec3,    // real
};

// What `response`, an NXDOMAIN to a question with DO=1, proves of `name`, the
// name it speaks of (Answer::last_name). `zone` is Answer::soa_owner of it.
// kNone too for any other rcode, a fault anywhere in the message, or a name
// that is not below the zone. Looks at the first 8 NSEC3 records of the zone (a
// proof has 3) and at all NSEC. Allocates nothing; at most one HashName() a
// label. REQUIRES: ParseSections() has run.
Denial JudgeDenial(const Message& response, NameView name, NameView zone);

// The record proves that nothing exists at or below `name` (RFC 4035 section
// 5.4, RFC 6840 section 4.1): it is of the zone and covers the name, the next
// name is not below it (that would be an empty non-terminal), and its owner is
// no cut or DNAME above it.
bool Denies(const Nsec& nsec, NameView name, NameView zone);

// Not made for the question, as far as a record can show it. NSEC: nothing but
// a-z 0-9 - _ * / in owner and next, where online signing (RFC 4470) puts
// octets that no name uses. NSEC3: no opt-out, at most kMaxIterations, next at
// least 3 behind the hash, where online signing (RFC 7129 appendix B) answers
// with the hash less and plus 1.
bool IsReal(const Nsec& nsec);
bool IsReal(const Nsec3& nsec3);

}  // namespace dnswire

#endif  // PTRSWEEP_DNSWIRE_DNSSEC_DENIAL_H_
