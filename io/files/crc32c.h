// CRC32C: the checksum of journal records.
#ifndef PTRSWEEP_IO_FILES_CRC32C_H_
#define PTRSWEEP_IO_FILES_CRC32C_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace io {

// Castagnoli's polynomial 0x1edc6f41, bits reflected, start and end inverted
// (RFC 3720 section 12.1; its test vectors are in appendix B.4).
uint32_t Crc32c(absl::string_view octets);

}  // namespace io

#endif  // PTRSWEEP_IO_FILES_CRC32C_H_
