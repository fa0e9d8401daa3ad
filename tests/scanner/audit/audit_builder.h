// Evidence of zones, in few words.
#ifndef PTRSWEEP_TESTS_SCANNER_AUDIT_AUDIT_BUILDER_H_
#define PTRSWEEP_TESTS_SCANNER_AUDIT_AUDIT_BUILDER_H_

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "scanner/audit/zone_evidence.h"

namespace scanner {

inline dnswire::Name N(absl::string_view text) {
  return *dnswire::Name::Parse(text);
}

// The n-th server of a zone, with that result.
inline ServerEvidence ServerOf(int n, ServerResult result,
                               io::Cause cause = io::Cause::kNone) {
  ServerEvidence server = {.name = absl::StrCat("ns", n, ".example.net"),
                           .result = result,
                           .cause = cause};
  if (result != ServerResult::kUnresolvable) {
    server.address =
        dnswire::IpAddress::V4(0xc0000200U + static_cast<uint32_t>(n));
  }
  if (result == ServerResult::kOk) server.serial = 1;
  server.special_use = result == ServerResult::kSpecialUse;
  return server;
}

// 2.0.192.in-addr.arpa with these servers, in both NS sets.
inline ZoneEvidence ZoneWith(const std::vector<ServerEvidence>& servers) {
  ZoneEvidence zone = {.zone = "2.0.192.in-addr.arpa",
                       .parent = "192.in-addr.arpa",
                       .servers = servers};
  for (const ServerEvidence& server : servers) {
    zone.parent_ns.push_back(server.name);
  }
  zone.apex_ns = zone.parent_ns;
  return zone;
}

inline ZoneSoa SoaOf(absl::string_view owner, absl::string_view mname,
                     absl::string_view rname) {
  return {.owner = N(owner), .mname = N(mname), .rname = N(rname)};
}

}  // namespace scanner

#endif  // PTRSWEEP_TESTS_SCANNER_AUDIT_AUDIT_BUILDER_H_
