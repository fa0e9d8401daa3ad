// Reads `--axfr`: zones that may be transferred whole (ITERATION.md 2.6).
#ifndef PTRSWEEP_IO_FILES_TRANSFER_LIST_H_
#define PTRSWEEP_IO_FILES_TRANSFER_LIST_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dnswire/name.h"
#include "io/net/endpoint.h"

namespace io {

struct ListedTransfer {
  dnswire::Name apex;                // lower case
  std::vector<Endpoint> servers;     // in their order; none: the zone's own
  std::optional<dnswire::Name> key;  // lower case; a name of --tsig-keys
  size_t line = 0;
};

// One zone a line, its parts apart by blanks; '#' starts a comment:
//
//     APEX [SERVER,...] [KEY]
//     10.in-addr.arpa          192.0.2.53,[2001:db8::53]:5353  transfer-key
//     2001:db8::/32            192.0.2.53
//     2.0.192.in-addr.arpa     transfer-key
//
// APEX is the zone's name, or the prefix whose zone it is: octets of IPv4,
// nibbles of IPv6. SERVER is as Endpoint::Parse(); KEY a name that does not
// look like an address. In the order of the text. Errors: "SOURCE:LINE: ..."
// for a bad part, a part too many, a zone given twice.
absl::StatusOr<std::vector<ListedTransfer>> ParseTransferList(
    absl::string_view text, absl::string_view source);

}  // namespace io

#endif  // PTRSWEEP_IO_FILES_TRANSFER_LIST_H_
