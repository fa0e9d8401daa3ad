// Encodes one DNS query (WIRE.md section 1) straight into a send buffer.
#ifndef PTRSWEEP_DNSWIRE_QUERY_H_
#define PTRSWEEP_DNSWIRE_QUERY_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "dnswire/ip_address.h"
#include "dnswire/name.h"

namespace dnswire {

// Header, the longest question, an OPT record (RFC 6891 section 6.1.2) with the
// longest COOKIE option (RFC 7873 section 4).
inline constexpr size_t kMaxQueryOctets =
    kHeaderOctets + kMaxNameOctets + 4 + 11 + 4 + kMaxCookieOctets;

struct QueryOptions {
  bool recursion_desired = true;
  bool edns = true;
  bool checking_disabled = false;  // CD (RFC 4035 section 3.2.2)
  bool dnssec_ok = false;          // DO (RFC 3225); needs `edns`
  // Of the COOKIE option: client cookie, then the server cookie if one is
  // known; empty: no such option. Needs `edns`.
  std::span<const uint8_t> cookie;
  // Random letter case of the name (letter_case.h); 0: lower case as it is.
  uint64_t case_seed = 0;
};

// Writes a query for (name, type, IN) with `id` to `out` (kMaxQueryOctets or
// more) and returns its size. Opcode QUERY; AA, TC, Z and AD are 0; OPT with
// payload 1232 and no option but COOKIE.
size_t EncodeQuery(uint16_t id, NameView name, uint16_t type,
                   const QueryOptions& options, uint8_t* out);
// The same for the PTR question of `address`.
size_t EncodePtrQuery(uint16_t id, const IpAddress& address,
                      const QueryOptions& options, uint8_t* out);

}  // namespace dnswire

#endif  // PTRSWEEP_DNSWIRE_QUERY_H_
