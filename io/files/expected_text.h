// The cell `expected` of a label file (VERDICTS.md section 8).
#ifndef PTRSWEEP_IO_FILES_EXPECTED_TEXT_H_
#define PTRSWEEP_IO_FILES_EXPECTED_TEXT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dnswire/ip_address.h"

namespace io {

// The cell in lower case without a final dot, if it is "", "-", a host name, a
// host name below "*." or, for IPv4, a host name with {a} to {d} that is one
// for every octet put there. Else an error that says what is wrong.
absl::StatusOr<std::string> ParseExpected(absl::string_view cell,
                                          dnswire::Family family);

}  // namespace io

#endif  // PTRSWEEP_IO_FILES_EXPECTED_TEXT_H_
