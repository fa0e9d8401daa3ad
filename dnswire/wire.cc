#include "dnswire/wire.h"

#include <iterator>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

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

std::optional<uint16_t> ParseRcode(absl::string_view name) {
  constexpr uint16_t kNamed = kRcodeBadvers + std::size(kExtendedRcodeNames);
  for (uint16_t rcode = 0; rcode < kNamed; ++rcode) {
    if (RcodeName(rcode) == name) return rcode;
  }
  uint32_t rcode = 0;
  if (!absl::SimpleAtoi(absl::StripPrefix(name, "RCODE"), &rcode) ||
      rcode > UINT16_MAX || RcodeName(static_cast<uint16_t>(rcode)) != name) {
    return std::nullopt;
  }
  return static_cast<uint16_t>(rcode);
}

}  // namespace dnswire
