// RootHints: where iteration begins (RFC 8109): the root's name servers.
#ifndef PTRSWEEP_SCANNER_DELEGATION_ROOT_HINTS_H_
#define PTRSWEEP_SCANNER_DELEGATION_ROOT_HINTS_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "scanner/options.h"

namespace scanner {

// When the built-in table was last compared with IANA's file, YYYY-MM-DD.
inline constexpr absl::string_view kRootHintsDate = "2026-11-26";

// The 13 root servers, in both families.
std::vector<RootServer> BuiltInRootHints();

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_DELEGATION_ROOT_HINTS_H_
