// Encodes one DNS query (WIRE.md section 1) straight into a send buffer.
#ifndef PTRSWEEP_DNSWIRE_QUERY_H_
#define PTRSWEEP_DNSWIRE_QUERY_H_

#include <cstddef>
#include <cstdint>

#include "dnswire/ip_address.h"
#include "dnswire/name.h"

namespace dnswire {

// Header, the longest question, an empty OPT record (RFC 6891 section 6.1.2).
inline constexpr size_t kMaxQueryOctets =
    kHeaderOctets + kMaxNameOctets + 4 + 11;

struct QueryOptions {
  bool recursion_desired = true;
  bool edns = true;
};

// Writes a query for (name, type, IN) with `id` to `out` (kMaxQueryOctets or
// more) and returns its size. Opcode QUERY; AA, TC, Z, AD and CD are 0; OPT
// with payload 1232 and no option.
size_t EncodeQuery(uint16_t id, NameView name, uint16_t type,
                   const QueryOptions& options, uint8_t* out);
// The same for the PTR question of `address`.
size_t EncodePtrQuery(uint16_t id, const IpAddress& address,
                      const QueryOptions& options, uint8_t* out);

}  // namespace dnswire

#endif  // PTRSWEEP_DNSWIRE_QUERY_H_
