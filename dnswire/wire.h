// Constants of the DNS wire format, each with the section that defines it.
#ifndef PTRSWEEP_DNSWIRE_WIRE_H_
#define PTRSWEEP_DNSWIRE_WIRE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace dnswire {

// Sizes (RFC 1035 section 2.3.4, RFC 6891 section 6.2.5).
inline constexpr size_t kHeaderOctets = 12;
inline constexpr size_t kMaxLabelOctets = 63;
inline constexpr size_t kMaxNameOctets = 255;  // with length octets and root
inline constexpr size_t kMaxLabels = 127;      // of a name, root not counted
inline constexpr size_t kMaxMessageOctets = 65535;
inline constexpr uint16_t kEdnsPayload = 1232;
inline constexpr uint16_t kPort = 53;
// COOKIE option (RFC 7873 section 4): a client cookie of 8 octets, then nothing
// or a server cookie of 8 to 32.
inline constexpr size_t kClientCookieOctets = 8;
inline constexpr size_t kMinServerCookieOctets = 8;
inline constexpr size_t kMaxServerCookieOctets = 32;
inline constexpr size_t kMaxCookieOctets =
    kClientCookieOctets + kMaxServerCookieOctets;

// Record types: plain constants, because any 16-bit value may arrive.
inline constexpr uint16_t kTypeA = 1;       // RFC 1035 section 3.2.2
inline constexpr uint16_t kTypeNs = 2;      // RFC 1035 section 3.2.2
inline constexpr uint16_t kTypeCname = 5;   // RFC 1035 section 3.2.2
inline constexpr uint16_t kTypeSoa = 6;     // RFC 1035 section 3.2.2
inline constexpr uint16_t kTypePtr = 12;    // RFC 1035 section 3.2.2
inline constexpr uint16_t kTypeAaaa = 28;   // RFC 3596 section 2.1
inline constexpr uint16_t kTypeDname = 39;  // RFC 6672 section 2.1
inline constexpr uint16_t kTypeOpt = 41;    // RFC 6891 section 6.1.1
inline constexpr uint16_t kTypeDs = 43;     // RFC 4034 section 5
inline constexpr uint16_t kTypeRrsig = 46;  // RFC 4034 section 3
inline constexpr uint16_t kTypeNsec = 47;   // RFC 4034 section 4
inline constexpr uint16_t kTypeNsec3 = 50;  // RFC 5155 section 3
inline constexpr uint16_t kTypeTsig = 250;  // RFC 8945 section 4.2
inline constexpr uint16_t kTypeAxfr = 252;  // RFC 5936 section 2

inline constexpr uint16_t kClassIn = 1;  // RFC 1035 section 3.2.4

// Response codes (RFC 1035 section 4.1.1, RFC 6895 section 2.3). Values above
// 15 need the OPT record's high octet (RFC 6891 section 6.1.3).
inline constexpr uint16_t kRcodeNoerror = 0;
inline constexpr uint16_t kRcodeFormerr = 1;
inline constexpr uint16_t kRcodeServfail = 2;
inline constexpr uint16_t kRcodeNxdomain = 3;
inline constexpr uint16_t kRcodeNotimp = 4;
inline constexpr uint16_t kRcodeRefused = 5;
inline constexpr uint16_t kRcodeNotauth = 9;
inline constexpr uint16_t kRcodeBadvers = 16;
inline constexpr uint16_t kRcodeBadcookie = 23;

// EDNS options and extended errors (RFC 8914 section 4).
inline constexpr uint16_t kOptionCookie = 10;         // RFC 7873 section 4
inline constexpr uint16_t kOptionExtendedError = 15;  // RFC 8914 section 2
inline constexpr uint16_t kEdeStaleAnswer = 3;
inline constexpr uint16_t kEdeForgedAnswer = 4;
inline constexpr uint16_t kEdeDnssecBogus = 6;
inline constexpr uint16_t kEdeNsecMissing = 12;
inline constexpr uint16_t kEdeBlocked = 15;
inline constexpr uint16_t kEdeCensored = 16;
inline constexpr uint16_t kEdeFiltered = 17;
inline constexpr uint16_t kEdeStaleNxdomain = 19;
inline constexpr uint16_t kEdeNoReachableAuthority = 22;
inline constexpr uint16_t kEdeNetworkError = 23;

// Name of a response code by the IANA registry ("NOERROR", "NXDOMAIN", ...),
// else "RCODEn" with n in decimal.
std::string RcodeName(uint16_t rcode);
// The other way; nullopt for what RcodeName() does not write.
std::optional<uint16_t> ParseRcode(absl::string_view name);

}  // namespace dnswire

#endif  // PTRSWEEP_DNSWIRE_WIRE_H_
