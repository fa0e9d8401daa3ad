// IANA special-purpose address space that is not globally reachable
// (VERDICTS.md 2.2).
#ifndef PTRSWEEP_SCANNER_TARGETS_SPECIAL_USE_H_
#define PTRSWEEP_SCANNER_TARGETS_SPECIAL_USE_H_

#include "dnswire/ip_address.h"

namespace scanner {

bool IsSpecialUse(const dnswire::IpAddress& address);
// 127.0.0.0/8 or ::1.
bool IsLoopback(const dnswire::IpAddress& address);
// All of the range lies in one special-use block: who names private space as
// target means it. For a single address the same as IsSpecialUse().
bool IsInsideSpecialUseBlock(const dnswire::IpRange& range);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_TARGETS_SPECIAL_USE_H_
