// IpAddress and IpPrefix: values, not text. IPv4 and IPv6 in one type, so that
// nothing above needs two of everything.
#ifndef PTRSWEEP_DNSWIRE_IP_ADDRESS_H_
#define PTRSWEEP_DNSWIRE_IP_ADDRESS_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "absl/numeric/int128.h"
#include "absl/strings/string_view.h"

namespace dnswire {

enum class Family : uint8_t { kV4, kV6 };

// Bits of an address of `family`: 32 or 128.
constexpr int AddressBits(Family family) {
  return family == Family::kV4 ? 32 : 128;
}

// An IPv4 or IPv6 address. Ordered by family (IPv4 first), then by value.
// ::ffff:a.b.c.d is an IPv6 address here; Unmapped() gives the IPv4 address
// it stands for.
class IpAddress {
 public:
  // Longest text: eight groups of four hex digits and seven colons, or
  // ::ffff:255.255.255.255.
  static constexpr size_t kMaxTextOctets = 39;

  constexpr IpAddress() = default;  // 0.0.0.0
  static constexpr IpAddress V4(uint32_t value) {
    return IpAddress(Family::kV4, value);
  }
  static constexpr IpAddress V6(absl::uint128 value) {
    return IpAddress(Family::kV6, value);
  }
  // Network byte order: the rdata of an A (RFC 1035 section 3.4.1) or AAAA
  // record (RFC 3596 section 2.2).
  static IpAddress FromV4Octets(std::span<const uint8_t, 4> octets);
  static IpAddress FromV6Octets(std::span<const uint8_t, 16> octets);

  // Four decimal parts without leading zeros, or the forms of RFC 4291 section
  // 2.2 (upper or lower case, "::", a dotted quad at the end). No zone index,
  // no blanks. nullopt for everything else.
  static std::optional<IpAddress> Parse(absl::string_view text);

  constexpr Family family() const { return family_; }
  constexpr bool is_v4() const { return family_ == Family::kV4; }
  constexpr int bits() const { return AddressBits(family_); }
  // The address as a number; IPv4: 0 to 2^32-1.
  constexpr absl::uint128 value() const {
    return absl::MakeUint128(high_, low_);
  }
  // REQUIRES: is_v4().
  constexpr uint32_t v4() const { return static_cast<uint32_t>(low_); }
  // Octet i in network byte order, 0 <= i < bits() / 8.
  constexpr uint8_t octet(int i) const {
    const int shift = bits() - 8 - 8 * i;
    return static_cast<uint8_t>(shift >= 64 ? high_ >> (shift - 64)
                                            : low_ >> shift);
  }

  // ::ffff:a.b.c.d becomes a.b.c.d, everything else stays.
  IpAddress Unmapped() const;
  // `value` in this address's family.
  constexpr IpAddress WithValue(absl::uint128 value) const {
    return IpAddress(family_, value);
  }

  // Text by RFC 5952; IPv4-mapped addresses as ::ffff:a.b.c.d (its section 5).
  std::string ToString() const;
  void AppendTo(std::string* out) const;
  // Writes the text without terminator into `out` (kMaxTextOctets or more) and
  // returns its length.
  size_t Format(char* out) const;

  friend constexpr auto operator<=>(const IpAddress&,
                                    const IpAddress&) = default;
  template <typename H>
  friend H AbslHashValue(H hash, const IpAddress& address) {
    return H::combine(std::move(hash), address.family_, address.high_,
                      address.low_);
  }

 private:
  constexpr IpAddress(Family family, absl::uint128 value)
      : family_(family),
        high_(absl::Uint128High64(value)),
        low_(absl::Uint128Low64(value)) {}

  Family family_ = Family::kV4;
  uint64_t high_ = 0;
  uint64_t low_ = 0;
};

// A network: an address whose host bits are zero, and a length in bits.
class IpPrefix {
 public:
  constexpr IpPrefix() = default;  // 0.0.0.0/0
  // nullopt if length is over address.bits() or host bits are set.
  static std::optional<IpPrefix> Make(const IpAddress& address, int length);
  // The prefix of that length which holds `address`.
  // REQUIRES: 0 <= length <= address.bits().
  static IpPrefix Covering(const IpAddress& address, int length);
  // "ADDRESS/LENGTH", length in decimal without leading zeros; nullopt for
  // everything else, host bits included.
  static std::optional<IpPrefix> Parse(absl::string_view text);

  const IpAddress& first() const { return first_; }
  IpAddress last() const;
  int length() const { return length_; }
  bool Contains(const IpAddress& address) const;
  std::string ToString() const;

  friend auto operator<=>(const IpPrefix&, const IpPrefix&) = default;

 private:
  constexpr IpPrefix(const IpAddress& first, int length)
      : first_(first), length_(length) {}

  IpAddress first_;
  int length_ = 0;
};

// first..last, both included, of one family. REQUIRES: first <= last.
struct IpRange {
  IpAddress first;
  IpAddress last;

  friend auto operator<=>(const IpRange&, const IpRange&) = default;
};

}  // namespace dnswire

#endif  // PTRSWEEP_DNSWIRE_IP_ADDRESS_H_
