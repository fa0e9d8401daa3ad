// Reads `--tsig-keys`: the secrets that sign zone transfers.
#ifndef PTRSWEEP_TOOLS_TSIG_TSIG_KEYS_H_
#define PTRSWEEP_TOOLS_TSIG_TSIG_KEYS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dnswire/name.h"

namespace tools {

struct TsigKey {
  dnswire::Name name;     // lower case
  std::string algorithm;  // "hmac-sha256": one of those below
  std::string secret;     // base64, padded
};

// One key a line, its parts apart by blanks; '#' starts a comment:
//
//     NAME ALGORITHM SECRET
//     transfer-key hmac-sha256 cGxlYXNlIHVzZSBhIHJhbmRvbSBvbmU=
//
// ALGORITHM is hmac-sha1, hmac-sha256 or hmac-sha512 (RFC 8945 section 6;
// ldns 1.8.3 knows hmac-sha384 by a misspelt name only), SECRET is base64.
// Errors: "SOURCE:LINE: ..." for a part that is missing, too many or wrong, and
// for a key given twice; they show nothing of the line, which may be a secret.
absl::StatusOr<std::vector<TsigKey>> ParseTsigKeys(absl::string_view text,
                                                   absl::string_view source);

// ParseTsigKeys of a regular file that only its owner may read or write, and
// whose owner is this user or root. Errors name the path, and the mode that is
// too wide.
absl::StatusOr<std::vector<TsigKey>> ReadTsigKeyFile(absl::string_view path);

// The key of that name, or null.
const TsigKey* FindTsigKey(const std::vector<TsigKey>& keys,
                           dnswire::NameView name);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_TSIG_TSIG_KEYS_H_
