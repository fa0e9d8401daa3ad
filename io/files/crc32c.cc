#include "io/files/crc32c.h"

#include <array>
#include <cstddef>

namespace io {
namespace {

constexpr uint32_t kReflected = 0x82f63b78;  // of 0x1edc6f41

// What an octet does to the register. One octet a step: a journal has some
// kilobytes a second.
constexpr std::array<uint32_t, 256> MakeTable() {
  std::array<uint32_t, 256> table{};
  for (uint32_t octet = 0; octet < table.size(); ++octet) {
    uint32_t rest = octet;
    for (int bit = 0; bit < 8; ++bit) {
      rest = (rest >> 1) ^ ((rest & 1) != 0 ? kReflected : 0);
    }
    table[octet] = rest;
  }
  return table;
}

constexpr std::array<uint32_t, 256> kTable = MakeTable();

}  // namespace

uint32_t Crc32c(absl::string_view octets) {
  uint32_t crc = ~uint32_t{0};
  for (const char c : octets) {
    crc = (crc >> 8) ^ kTable[(crc ^ static_cast<uint8_t>(c)) & 0xff];
  }
  return ~crc;
}

}  // namespace io
