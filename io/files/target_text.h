// TargetText: the one place that reads an address or prefix and, if it is
// none, says what is wrong with it. Shared by target lists and label files.
#ifndef PTRSWEEP_IO_FILES_TARGET_TEXT_H_
#define PTRSWEEP_IO_FILES_TARGET_TEXT_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dnswire/ip_address.h"

namespace io {

// What "ADDRESS" or "ADDRESS/LENGTH" says; host bits may be set.
struct AddressAndLength {
  dnswire::IpAddress address;
  int length = 0;  // address.bits() if none was given

  bool HasHostBits() const {
    return !dnswire::IpPrefix::Make(address, length).has_value();
  }
  dnswire::IpPrefix Covering() const {
    return dnswire::IpPrefix::Covering(address, length);
  }
};

// IPv4-mapped IPv6 becomes IPv4: ::ffff:192.0.2.0/120 is 192.0.2.0/24.
absl::StatusOr<AddressAndLength> ParseAddressAndLength(absl::string_view text);

// An address; the error says why not, with a hint for common slips. Mapped
// addresses become IPv4.
absl::StatusOr<dnswire::IpAddress> ParseTargetAddress(absl::string_view text);

// Text from outside as messages show it: quoted, safe, cut to a sane length.
std::string Quoted(absl::string_view text);

// Without spaces and tabs, and a carriage return at the end, around it.
absl::string_view Trim(absl::string_view text);

// An error about a line of a file: "SOURCE:LINE: MESSAGE".
absl::Status LineError(absl::string_view source, size_t line,
                       absl::string_view message);

// The longest line of a list or label file, without its line end.
inline constexpr size_t kMaxLineOctets = 4096;

// Calls `visit(line)` for each line of a list that holds anything, in order,
// without what a '#' starts and the blanks around it. Lines may end in CR LF
// and the text may start with a UTF-8 byte order mark. Ends with the first
// error of `visit`, or of a line over kMaxLineOctets, as LineError().
struct ListLine {
  absl::string_view text;
  size_t number = 0;  // from 1
};
absl::Status ForEachListLine(
    absl::string_view text, absl::string_view source,
    absl::FunctionRef<absl::Status(const ListLine& line)> visit);

}  // namespace io

#endif  // PTRSWEEP_IO_FILES_TARGET_TEXT_H_
