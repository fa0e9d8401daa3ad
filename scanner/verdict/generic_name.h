// Generic names (VERDICTS.md section 5): does a PTR name merely embed the
// address, and what kind of host does it speak of? Pure, allocates nothing,
// compares with the real address.
#ifndef PTRSWEEP_SCANNER_VERDICT_GENERIC_NAME_H_
#define PTRSWEEP_SCANNER_VERDICT_GENERIC_NAME_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "dnswire/ip_address.h"
#include "dnswire/name.h"
#include "io/formats/status.h"

namespace scanner {

// The first code of 5.3 that holds, in its order; IPv6 codes after them.
enum class GenericCode : uint8_t {
  kNone,
  kDec4f, kDec4r, kPad12, kHex8, kHexdash, kInt32, kDec4any,  // strong
  kDec3, kPad9,                                               // medium
  kDec2, kPad6,                                               // weak
  kNib32f, kNib32r, kText6, kHext7, kHext6, kHext5, kHext4, kIid16, kMac,
};

enum class GenericClass : uint8_t { kDynamic, kStatic, kAccess, kUnknown };

struct GenericVerdict {
  // generic, dynamic_name, access_name, static_name, mail_name,
  // placeholder_name, provider_default, mac_in_name.
  io::FlagSet flags;
  GenericCode code = GenericCode::kNone;
  GenericClass name_class = GenericClass::kUnknown;
};

// `name` in lower case. Names at or below in-addr.arpa and ip6.arpa: no flag.
GenericVerdict ClassifyName(const dnswire::IpAddress& address,
                            dnswire::NameView name);

// "dec4r/static", as VERDICTS.md 5.6 prints it.
std::string GenericReason(const GenericVerdict& verdict);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_VERDICT_GENERIC_NAME_H_
