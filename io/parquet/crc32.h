// CRC-32 as gzip has it (RFC 1952 section 8, ITU-T V.42): the checksum of
// Parquet's pages (parquet.thrift, PageHeader.crc).
#ifndef PTRSWEEP_IO_PARQUET_CRC32_H_
#define PTRSWEEP_IO_PARQUET_CRC32_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace io {

uint32_t Crc32(absl::string_view octets);

}  // namespace io

#endif  // PTRSWEEP_IO_PARQUET_CRC32_H_
