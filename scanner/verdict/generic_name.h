// Generic names (VERDICTS.md section 5): does a PTR name merely embed the
// address, and what kind of host does it speak of? Pure, allocates nothing,
// compares with the real address.
#ifndef PTRSWEEP_SCANNER_VERDICT_GENERIC_NAME_H_
#define PTRSWEEP_SCANNER_VERDICT_GENERIC_NAME_H_

#include <cstdint>
#include <string>

#include "dnswire/ip_address.h"
#include "dnswire/name.h"
#include "io/formats/status.h"
#include "scanner/verdict/generic_code.h"
#include "scanner/verdict/name_shape.h"

namespace scanner {

enum class GenericClass : uint8_t { kDynamic, kStatic, kAccess, kUnknown };

struct GenericVerdict {
  // generic, dynamic_name, access_name, static_name, mail_name,
  // placeholder_name, provider_default, mac_in_name.
  io::FlagSet flags;
  // The first code that holds. A weak or medium one does not by itself make
  // the name generic.
  GenericCode code = GenericCode::kNone;
  GenericClass name_class = GenericClass::kUnknown;
};

// The shape's name in lower case and usable (VERDICTS.md 4.2). No flag for
// names at or below in-addr.arpa and ip6.arpa and for a bare registrable
// domain.
GenericVerdict ClassifyName(const dnswire::IpAddress& address,
                            const NameShape& shape);
inline GenericVerdict ClassifyName(const dnswire::IpAddress& address,
                                   dnswire::NameView name) {
  return ClassifyName(address, NameShape(name));
}

// Why the name is generic: "dec4r/static", as VERDICTS.md 5.6 prints it; ""
// if it is not.
std::string GenericReason(const GenericVerdict& verdict);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_VERDICT_GENERIC_NAME_H_
