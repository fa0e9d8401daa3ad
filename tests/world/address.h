// IP addresses of the world: parsed and printed by the C library, so that they
// are a second opinion on dnswire's.
#ifndef PTRSWEEP_TESTS_WORLD_ADDRESS_H_
#define PTRSWEEP_TESTS_WORLD_ADDRESS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace world {

class Address {
 public:
  static std::optional<Address> Parse(std::string_view text);
  // For addresses written in the source. REQUIRES: text is an address.
  static Address Of(std::string_view text);
  static Address FromOctets(bool is_v4, const uint8_t* octets);

  bool is_v4() const { return is_v4_; }
  uint8_t octet(size_t i) const { return octets_[i]; }
  std::string ToText() const;       // RFC 5952
  std::string ReverseName() const;  // in-addr.arpa or ip6.arpa

  // The address `offset` further on.
  Address Plus(uint32_t offset) const;
  // The first `bits` bits are equal. REQUIRES: same family.
  bool SharesPrefix(const Address& other, int bits) const;

  bool IsLoopback() const;  // 127/8, ::1
  // IANA special-purpose space (VERDICTS.md 2.2), as far as the world uses it.
  bool IsSpecialUse() const;
  // VERDICTS.md 4.1: last octet 0 or 255; lower 64 bits zero.
  bool IsEdge() const;

  friend bool operator==(const Address&, const Address&) = default;
  friend bool operator<(const Address& a, const Address& b) {
    return std::tie(a.is_v4_, a.octets_) < std::tie(b.is_v4_, b.octets_);
  }

 private:
  bool is_v4_ = true;
  std::array<uint8_t, 16> octets_{};  // IPv4: the first 4
};

struct Prefix {
  Address first;
  int length = 0;

  // REQUIRES: text is a prefix without host bits.
  static Prefix Of(std::string_view text);
  bool Contains(const Address& address) const;
  // All its addresses, ascending. REQUIRES: at most 2^16 of them.
  std::vector<Address> Addresses() const;
};

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_ADDRESS_H_
