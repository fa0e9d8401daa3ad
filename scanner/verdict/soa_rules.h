// Whose zone denied a PTR, by its SOA (VERDICTS.md sections 2 and 4.1).
#ifndef PTRSWEEP_SCANNER_VERDICT_SOA_RULES_H_
#define PTRSWEEP_SCANNER_VERDICT_SOA_RULES_H_

#include "scanner/verdict/evidence.h"

namespace scanner {

// Locally served space (flag local_zone; RFC 6303, 7534, 7535): the denial
// says nothing about the public DNS.
bool IsLocalZone(const NegativeSoa& soa);

// A registry's zone (status undelegated): one of the two reverse roots, or a
// zone at the height of registry blocks that a registry runs.
bool IsRegistrySoa(const NegativeSoa& soa);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_VERDICT_SOA_RULES_H_
