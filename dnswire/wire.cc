#include "dnswire/wire.h"

#include "absl/strings/str_cat.h"

namespace dnswire {
namespace {

// IANA "DNS RCODEs" registry, by value.
constexpr const char* kRcodeNames[] = {
    "NOERROR",  "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP",  "REFUSED",
    "YXDOMAIN", "YXRRSET", "NXRRSET",  "NOTAUTH",  "NOTZONE", "DSOTYPENI",
};
constexpr const char* kExtendedRcodeNames[] = {
    "BADVERS", "BADKEY", "BADTIME",  "BADMODE",
    "BADNAME", "BADALG", "BADTRUNC", "BADCOOKIE",
};

}  // namespace

std::string RcodeName(uint16_t rcode) {
  if (rcode < std::size(kRcodeNames)) return kRcodeNames[rcode];
  if (rcode >= kRcodeBadvers &&
      rcode < kRcodeBadvers + std::size(kExtendedRcodeNames)) {
    return kExtendedRcodeNames[rcode - kRcodeBadvers];
  }
  return absl::StrCat("RCODE", rcode);
}

}  // namespace dnswire
