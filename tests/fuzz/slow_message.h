// The obviously right decoder of messages, written from WIRE.md 3 and compared
// with dnswire's: it copies everything and stops at the first fault. Shares no
// code with dnswire.
#ifndef PTRSWEEP_TESTS_FUZZ_SLOW_MESSAGE_H_
#define PTRSWEEP_TESTS_FUZZ_SLOW_MESSAGE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fuzz {

// A question, or a record; names uncompressed.
struct SlowRecord {
  std::string owner;  // letter case of the message
  std::string lower_owner;
  uint16_t type = 0;
  uint16_t record_class = 0;
  uint32_t ttl = 0;
  size_t rdata_at = 0;
  std::string rdata;               // as sent
  std::vector<std::string> names;  // of rdata that is decoded, lower case

  bool Is(uint16_t of_type) const {
    return type == of_type && record_class == 1;
  }
};

struct SlowMessage {
  // "ok", or the place of the first fault as WIRE.md 3 names it; sections from
  // there on are empty.
  std::string fault = "bad:header";
  std::array<uint16_t, 6> header{};  // id, flags, four counts
  std::vector<SlowRecord> questions;
  std::array<std::vector<SlowRecord>, 3> sections;
  const SlowRecord* opt = nullptr;  // in sections; only with "ok"
  size_t trailing = 0;              // octets after the last record

  bool Flag(uint16_t bit) const { return (header[1] & bit) != 0; }
};

// What is returned points into itself: it is not to be copied.
SlowMessage SlowParse(std::span<const uint8_t> octets);

// Calls `visit(code, octets)` for each option of an OPT record's rdata, until
// one does not fit; true if they fill it exactly.
template <typename Visit>
bool SlowForEachOption(const std::string& rdata, Visit visit) {
  const auto octet = [&rdata](size_t at) -> size_t {
    return static_cast<uint8_t>(rdata[at]);
  };
  size_t at = 0;
  while (at + 4 <= rdata.size()) {
    const size_t length = octet(at + 2) * 256 + octet(at + 3);
    if (at + 4 + length > rdata.size()) return false;
    visit(octet(at) * 256 + octet(at + 1), rdata.substr(at + 4, length));
    at += 4 + length;
  }
  return at == rdata.size();
}

}  // namespace fuzz

#endif  // PTRSWEEP_TESTS_FUZZ_SLOW_MESSAGE_H_
