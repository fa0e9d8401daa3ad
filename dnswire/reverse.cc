#include "dnswire/reverse.h"

#include <array>
#include <charconv>
#include <cstring>

namespace dnswire {
namespace {

constexpr uint8_t kInAddrArpa[] = "\7in-addr\4arpa";  // its NUL is the root
constexpr uint8_t kIp6Arpa[] = "\3ip6\4arpa";
constexpr int kV4Labels = 4;
constexpr int kV6Labels = 32;
constexpr absl::string_view kHexDigits = "0123456789abcdef";

// What one octet of an address becomes: a label of its decimal digits, or one
// label for each of its two nibbles, the low one first.
struct OctetLabels {
  uint8_t size;  // octets in use
  uint8_t octets[4];
};
using OctetTable = std::array<OctetLabels, 256>;

constexpr OctetTable kV4OctetLabels = [] {
  OctetTable table{};
  for (int octet = 0; octet < 256; ++octet) {
    const int digits = octet >= 100 ? 3 : octet >= 10 ? 2 : 1;
    OctetLabels& labels = table[static_cast<size_t>(octet)];
    labels.size = static_cast<uint8_t>(1 + digits);
    labels.octets[0] = static_cast<uint8_t>(digits);
    for (int i = digits, rest = octet; i > 0; --i, rest /= 10) {
      labels.octets[i] = static_cast<uint8_t>('0' + rest % 10);
    }
  }
  return table;
}();

constexpr OctetTable kV6OctetLabels = [] {
  OctetTable table{};
  for (size_t octet = 0; octet < 256; ++octet) {
    table[octet] = {4,
                    {1, static_cast<uint8_t>(kHexDigits[octet & 0xf]), 1,
                     static_cast<uint8_t>(kHexDigits[octet >> 4])}};
  }
  return table;
}();

// May write up to three octets behind what it appends.
uint8_t* Append(const OctetLabels& labels, uint8_t* out) {
  std::memcpy(out, labels.octets, sizeof labels.octets);
  return out + labels.size;
}

// The labels of the first `labels` octets, last one first.
size_t EncodeV4Zone(uint32_t address, int labels, uint8_t* out) {
  uint8_t* end = out;
  address >>= (kV4Labels - labels) * 8 % 32;
  for (int i = 0; i < labels; ++i, address >>= 8) {
    end = Append(kV4OctetLabels[address & 0xff], end);
  }
  std::memcpy(end, kInAddrArpa, sizeof kInAddrArpa);
  return static_cast<size_t>(end - out) + sizeof kInAddrArpa;
}

// The labels of the first `labels` octets or nibbles, last one first.
size_t EncodeReverseZone(const IpAddress& address, int labels, uint8_t* out) {
  if (address.is_v4()) return EncodeV4Zone(address.v4(), labels, out);
  uint8_t* end = out;
  if (labels % 2 != 0) {
    *end++ = 1;
    *end++ = static_cast<uint8_t>(kHexDigits[address.octet(labels / 2) >> 4]);
  }
  for (int i = labels / 2 - 1; i >= 0; --i) {
    end = Append(kV6OctetLabels[address.octet(i)], end);
  }
  std::memcpy(end, kIp6Arpa, sizeof kIp6Arpa);
  return static_cast<size_t>(end - out) + sizeof kIp6Arpa;
}

// A decimal octet, or a nibble in hex.
std::optional<unsigned> ParseLabel(absl::string_view label, bool is_v4) {
  unsigned value = 0;
  const char* const end = label.data() + label.size();
  const auto [stop, error] =
      std::from_chars(label.data(), end, value, is_v4 ? 10 : 16);
  if (error != std::errc() || stop != end || value > 255) return {};
  if (label.size() > 1 && (!is_v4 || label[0] == '0')) return {};
  return value;
}

}  // namespace

NameView InAddrArpa() { return NameView::FromValidWire(kInAddrArpa); }

NameView Ip6Arpa() { return NameView::FromValidWire(kIp6Arpa); }

size_t EncodeReverseName(const IpAddress& address, uint8_t* out) {
  return EncodeReverseZone(address, address.is_v4() ? kV4Labels : kV6Labels,
                           out);
}

Name ReverseName(const IpAddress& address) {
  uint8_t wire[kMaxReverseOctets];
  return Name(
      NameView::FromValidWire({wire, EncodeReverseName(address, wire)}));
}

Name ReverseZoneName(const IpPrefix& prefix) {
  uint8_t wire[kMaxReverseOctets];
  const int labels = prefix.length() / (prefix.first().is_v4() ? 8 : 4);
  return Name(NameView::FromValidWire(
      {wire, EncodeReverseZone(prefix.first(), labels, wire)}));
}

std::optional<IpPrefix> ParseReverseZoneName(NameView name) {
  const bool is_v4 = name.IsAtOrBelow(InAddrArpa());
  if (!is_v4 && !name.IsAtOrBelow(Ip6Arpa())) return std::nullopt;
  const int labels = name.label_count() - 2;
  if (labels > (is_v4 ? kV4Labels : kV6Labels)) return std::nullopt;
  const int label_bits = is_v4 ? 8 : 4;
  const int length = labels * label_bits;
  const IpAddress zero = is_v4 ? IpAddress::V4(0) : IpAddress::V6(0);
  absl::uint128 value = 0;
  for (int shift = zero.bits() - length; shift < zero.bits();
       shift += label_bits, name = name.parent()) {
    const auto part = ParseLabel(name.first_label(), is_v4);
    if (!part) return std::nullopt;
    value |= absl::uint128{*part} << shift;
  }
  return IpPrefix::Make(zero.WithValue(value), length);
}

std::optional<IpAddress> ParseReverseName(NameView name) {
  const auto prefix = ParseReverseZoneName(name);
  if (!prefix || prefix->length() < prefix->first().bits()) return {};
  return prefix->first();
}

}  // namespace dnswire
