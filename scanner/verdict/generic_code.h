// How a name embeds an address: the codes of VERDICTS.md 5.3. Pure, allocates
// nothing, compares with the real address.
#ifndef PTRSWEEP_SCANNER_VERDICT_GENERIC_CODE_H_
#define PTRSWEEP_SCANNER_VERDICT_GENERIC_CODE_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "dnswire/ip_address.h"
#include "scanner/verdict/name_runs.h"

namespace scanner {

// The first code of 5.3 that holds, in its order; IPv6 codes after them.
enum class GenericCode : uint8_t {
  kNone,
  kDec4f,
  kDec4r,
  kPad12,
  kHex8,
  kHexdash,
  kInt32,
  kDec4any,  // strong
  kDec3,
  kPad9,  // medium
  kDec2,
  kPad6,  // weak
  kNib32f,
  kNib32r,
  kText6,
  kHext7,
  kHext6,
  kHext5,
  kHext4,
  kIid16,
  kMac,
};

enum class CodeStrength : uint8_t { kNone, kWeak, kMedium, kStrong };

CodeStrength StrengthOf(GenericCode code);
absl::string_view GenericCodeName(GenericCode code);  // "" for kNone

// What a name holds of an address.
struct EmbeddedAddress {
  GenericCode code = GenericCode::kNone;
  bool mac = false;  // the name holds a MAC address (flag mac_in_name)
};

// `runs` of S; `with_domain`: S is H.R.
EmbeddedAddress FindV4(const dnswire::IpAddress& address, const NameRuns& runs,
                       bool with_domain);
EmbeddedAddress FindV6(const dnswire::IpAddress& address,
                       absl::string_view host, const NameRuns& runs);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_VERDICT_GENERIC_CODE_H_
