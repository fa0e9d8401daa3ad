#include "io/parquet/crc32.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstring>

namespace io {
namespace {

constexpr uint32_t kPolynomial = 0xedb88320;  // bits reversed
constexpr size_t kSlices = 16;

using Table = std::array<std::array<uint32_t, 256>, kSlices>;

// Row k: what an octet does to the checksum that k more octets follow.
constexpr Table MakeTable() {
  Table table = {};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) {
      crc = crc >> 1 ^ ((crc & 1) != 0 ? kPolynomial : 0);
    }
    table[0][i] = crc;
  }
  for (size_t k = 1; k < kSlices; ++k) {
    for (size_t i = 0; i < 256; ++i) {
      const uint32_t crc = table[k - 1][i];
      table[k][i] = crc >> 8 ^ table[0][crc & 0xff];
    }
  }
  return table;
}

constexpr Table kTable = MakeTable();

// Sixteen octets at a time ("slicing by 16"), in two halves.
uint32_t AddSlice(uint32_t crc, const char* octets) {
  static_assert(std::endian::native == std::endian::little);
  constexpr size_t kHalf = sizeof(uint64_t);
  uint64_t halves[2];
  std::memcpy(halves, octets, sizeof halves);
  halves[0] ^= crc;
  crc = 0;
  for (size_t i = 0; i < kHalf; ++i) {
    crc ^= kTable[kSlices - 1 - i][halves[0] >> (8 * i) & 0xff] ^
           kTable[kHalf - 1 - i][halves[1] >> (8 * i) & 0xff];
  }
  return crc;
}

}  // namespace

uint32_t Crc32(absl::string_view octets) {
  uint32_t crc = ~uint32_t{0};
  for (; octets.size() >= kSlices; octets.remove_prefix(kSlices)) {
    crc = AddSlice(crc, octets.data());
  }
  for (const char octet : octets) {
    crc = crc >> 8 ^ kTable[0][(crc ^ static_cast<uint8_t>(octet)) & 0xff];
  }
  return ~crc;
}

}  // namespace io
