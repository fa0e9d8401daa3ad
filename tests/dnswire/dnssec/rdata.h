// Rdata of NSEC and NSEC3 for tests, made without dnswire.
#ifndef PTRSWEEP_TESTS_DNSWIRE_DNSSEC_RDATA_H_
#define PTRSWEEP_TESTS_DNSWIRE_DNSSEC_RDATA_H_

#include <cstdint>
#include <set>
#include <string>

#include "tests/support/packet_builder.h"

namespace testing_support {

namespace rr {
inline constexpr uint16_t kDs = 43;
inline constexpr uint16_t kNsec = 47;
inline constexpr uint16_t kNsec3 = 50;
}  // namespace rr

// RFC 4034 section 4.1.2.
inline Octets TypeBits(const std::set<uint16_t>& types) {
  Octets bits;
  for (int window = 0; window < 256; ++window) {
    Octets octets;
    for (const uint16_t type : types) {
      if (type / 256 != window) continue;
      octets.resize(type % 256u / 8 + 1);
      octets.back() = static_cast<uint8_t>(octets.back() | 128 >> type % 8);
    }
    if (octets.empty()) continue;
    bits = Concat(
        {bits,
         {static_cast<uint8_t>(window), static_cast<uint8_t>(octets.size())},
         octets});
  }
  return bits;
}

inline Octets NsecRdata(const WireName& next, const std::set<uint16_t>& types) {
  return Concat({next.octets, TypeBits(types)});
}

// The 20 octets of a hash in base32hex (RFC 4648 section 7), bit by bit.
inline Octets HashOctets(const std::string& base32) {
  const std::string digits = "0123456789abcdefghijklmnopqrstuv";
  Octets octets(20);
  for (size_t bit = 0; bit < 160; ++bit) {
    const size_t digit = digits.find(base32[bit / 5]);
    if ((digit >> (4 - bit % 5) & 1) == 0) continue;
    octets[bit / 8] = static_cast<uint8_t>(octets[bit / 8] | 128 >> bit % 8);
  }
  return octets;
}

struct Nsec3Fields {
  uint8_t algorithm = 1;
  uint8_t flags = 0;
  uint16_t iterations = 12;
  Octets salt = {0xaa, 0xbb, 0xcc, 0xdd};
  Octets next;
  std::set<uint16_t> types = {rr::kPtr, rr::kRrsig};
};

inline Octets Nsec3Rdata(const Nsec3Fields& fields) {
  return Concat({{fields.algorithm, fields.flags,
                  static_cast<uint8_t>(fields.iterations >> 8),
                  static_cast<uint8_t>(fields.iterations),
                  static_cast<uint8_t>(fields.salt.size())},
                 fields.salt,
                 {static_cast<uint8_t>(fields.next.size())},
                 fields.next,
                 TypeBits(fields.types)});
}

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_DNSWIRE_DNSSEC_RDATA_H_
