// Reads targets: prefixes, single addresses and a-b ranges, from arguments,
// files and stdin.
#ifndef PTRSWEEP_IO_FILES_TARGET_READER_H_
#define PTRSWEEP_IO_FILES_TARGET_READER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dnswire/ip_address.h"

namespace io {

// One target as given: "192.0.2.0/24", "192.0.2.7", "192.0.2.1-192.0.2.9",
// "2001:db8::/112". Blanks around it and around the '-' are ignored.
// IPv4-mapped IPv6 becomes IPv4 (::ffff:192.0.2.0/120 is 192.0.2.0/24). Errors
// say what is wrong and, for host bits, which prefix is meant:
// "192.0.2.10/24 has host bits set; did you mean 192.0.2.0/24?"
absl::StatusOr<dnswire::IpRange> ParseTarget(absl::string_view text);

// Targets of a text of lines, in its order: one a line, '#' starts a comment,
// empty lines skipped; lines may end in CR LF and the text may start with a
// UTF-8 byte order mark. Lines over 4,096 octets are refused. Errors start
// with "SOURCE:LINE: ".
absl::StatusOr<std::vector<dnswire::IpRange>> ParseTargetLines(
    absl::string_view text, absl::string_view source);

// A file's content; "-" is stdin. Errors name the path and errno.
absl::StatusOr<std::string> ReadWholeFile(absl::string_view path);

// ParseTargetLines of a file, "-" for stdin (source "<stdin>").
absl::StatusOr<std::vector<dnswire::IpRange>> ReadTargetFile(
    absl::string_view path);

}  // namespace io

#endif  // PTRSWEEP_IO_FILES_TARGET_READER_H_
