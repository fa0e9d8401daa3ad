#include "dnswire/reverse.h"

#include <charconv>
#include <cstring>

namespace dnswire {
namespace {

constexpr uint8_t kInAddrArpa[] = "\7in-addr\4arpa";  // its NUL is the root
constexpr uint8_t kIp6Arpa[] = "\3ip6\4arpa";
constexpr int kV4Labels = 4;
constexpr int kV6Labels = 32;
constexpr absl::string_view kHexDigits = "0123456789abcdef";

uint8_t* AppendOctetLabel(uint8_t octet, uint8_t* out) {
  char* digits = reinterpret_cast<char*>(out) + 1;
  const auto size = std::to_chars(digits, digits + 3, octet).ptr - digits;
  *out = static_cast<uint8_t>(size);
  return out + 1 + size;
}

uint8_t Nibble(const IpAddress& address, int i) {
  const uint8_t octet = address.octet(i / 2);
  return i % 2 == 0 ? octet >> 4 : octet & 0xf;
}

// The labels of the first `labels` octets or nibbles, last one first.
size_t EncodeReverseZone(const IpAddress& address, int labels, uint8_t* out) {
  uint8_t* end = out;
  if (address.is_v4()) {
    for (int i = labels - 1; i >= 0; --i) {
      end = AppendOctetLabel(address.octet(i), end);
    }
    std::memcpy(end, kInAddrArpa, sizeof kInAddrArpa);
    end += sizeof kInAddrArpa;
  } else {
    for (int i = labels - 1; i >= 0; --i) {
      *end++ = 1;
      *end++ = static_cast<uint8_t>(kHexDigits[Nibble(address, i)]);
    }
    std::memcpy(end, kIp6Arpa, sizeof kIp6Arpa);
    end += sizeof kIp6Arpa;
  }
  return static_cast<size_t>(end - out);
}

std::optional<IpAddress> ParseV4Labels(NameView name) {
  uint32_t value = 0;
  for (int i = 0; i < kV4Labels; ++i, name = name.parent()) {
    const absl::string_view label = name.first_label();
    unsigned octet = 0;
    const char* end = label.data() + label.size();
    const auto [stop, error] = std::from_chars(label.data(), end, octet);
    if (error != std::errc() || stop != end || octet > 255) return {};
    if (label.size() > 1 && label[0] == '0') return {};
    value |= octet << (8 * i);
  }
  return IpAddress::V4(value);
}

std::optional<IpAddress> ParseV6Labels(NameView name) {
  absl::uint128 value = 0;
  for (int i = 0; i < kV6Labels; ++i, name = name.parent()) {
    const absl::string_view label = name.first_label();
    if (label.size() != 1) return {};
    const uint8_t digit = LowerOctet(static_cast<uint8_t>(label[0]));
    const size_t nibble = kHexDigits.find(static_cast<char>(digit));
    if (nibble == absl::string_view::npos) return {};
    value |= absl::uint128(nibble) << (4 * i);
  }
  return IpAddress::V6(value);
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

std::optional<IpAddress> ParseReverseName(NameView name) {
  const int labels = name.label_count();
  if (labels == kV4Labels + 2 && name.IsBelow(InAddrArpa())) {
    return ParseV4Labels(name);
  }
  if (labels == kV6Labels + 2 && name.IsBelow(Ip6Arpa())) {
    return ParseV6Labels(name);
  }
  return std::nullopt;
}

}  // namespace dnswire
