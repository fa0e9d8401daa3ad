// Reverse names: 192.0.2.10 <-> 10.2.0.192.in-addr.arpa (RFC 1035 section
// 3.5), 2001:db8::1 <-> 1.0.0...8.b.d.0.1.0.0.2.ip6.arpa (RFC 3596 section
// 2.5).
#ifndef PTRSWEEP_DNSWIRE_REVERSE_H_
#define PTRSWEEP_DNSWIRE_REVERSE_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "dnswire/ip_address.h"
#include "dnswire/name.h"

namespace dnswire {

// Wire size of the longest reverse name: 32 nibble labels and ip6.arpa.
inline constexpr size_t kMaxReverseOctets = 74;

// "in-addr.arpa" and "ip6.arpa".
NameView InAddrArpa();
NameView Ip6Arpa();

// Writes the reverse name in wire form to `out` (kMaxReverseOctets or more)
// and returns its size in octets. Allocates nothing.
size_t EncodeReverseName(const IpAddress& address, uint8_t* out);
Name ReverseName(const IpAddress& address);
// The reverse name of the first `labels` octets (IPv4) or nibbles (IPv6) of
// the prefix: its zone name. REQUIRES: length is a multiple of 8 or 4.
Name ReverseZoneName(const IpPrefix& prefix);
// The prefix whose zone name that is, in any letter case; nullopt if it is
// none's.
std::optional<IpPrefix> ParseReverseZoneName(NameView name);

// The address that `name` is the reverse name of, in any letter case; nullopt
// if it is not the name of one whole address.
std::optional<IpAddress> ParseReverseName(NameView name);

}  // namespace dnswire

#endif  // PTRSWEEP_DNSWIRE_REVERSE_H_
