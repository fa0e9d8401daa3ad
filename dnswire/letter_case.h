// Random letter case in query names ("0x20", draft-vixie-dnsext-dns0x20): a
// server copies the question as it came, so each letter of the name is one more
// bit that a forger has to guess.
#ifndef PTRSWEEP_DNSWIRE_LETTER_CASE_H_
#define PTRSWEEP_DNSWIRE_LETTER_CASE_H_

#include <cstdint>
#include <span>

#include "dnswire/name.h"

namespace dnswire {

// Gives the letters of a lower-case wire name the case that `seed` says: bit i
// decides the i-th letter; past 64 letters the seed is stretched.
void ApplyCase(uint64_t seed, std::span<uint8_t> wire_name);

// `answered` equals `asked` and has the case that `seed` gives it. `asked` may
// be of any case.
bool HasCase(uint64_t seed, NameView asked, NameView answered);

}  // namespace dnswire

#endif  // PTRSWEEP_DNSWIRE_LETTER_CASE_H_
