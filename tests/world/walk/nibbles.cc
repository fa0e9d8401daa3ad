#include "tests/world/walk/nibbles.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "tests/world/names.h"

namespace world {
namespace {

constexpr char kTree[] = "ip6.arpa";
constexpr std::string_view kHex = "0123456789abcdef";

using Octets = std::array<uint8_t, 16>;

Octets OctetsOf(const Address& address) {
  Octets octets{};
  for (size_t i = 0; i < octets.size(); ++i) octets[i] = address.octet(i);
  return octets;
}

// Gives the nibbles from bit `length` on a new value.
void Put(unsigned value, int bits, int length, Octets* octets) {
  for (int bit = 0; bit < bits; ++bit) {
    if ((value >> (bits - 1 - bit) & 1) == 0) continue;
    const int at = length + bit;
    (*octets)[static_cast<size_t>(at / 8)] |=
        static_cast<uint8_t>(0x80 >> (at % 8));
  }
}

std::vector<Prefix> Longer(const Prefix& prefix, int bits) {
  std::vector<Prefix> longer;
  for (unsigned value = 0; value < 1U << bits; ++value) {
    Octets octets = OctetsOf(prefix.first);
    Put(value, bits, prefix.length, &octets);
    longer.push_back(
        {Address::FromOctets(false, octets.data()), prefix.length + bits});
  }
  return longer;
}

}  // namespace

std::string TextOf(const Prefix& prefix) {
  return prefix.first.ToText() + "/" + std::to_string(prefix.length);
}

Prefix PrefixAt(const Address& address, int length) {
  Octets octets = OctetsOf(address);
  for (int bit = length; bit < 128; ++bit) {
    octets[static_cast<size_t>(bit / 8)] &=
        static_cast<uint8_t>(~(0x80 >> (bit % 8)));
  }
  return {Address::FromOctets(false, octets.data()), length};
}

bool IsWithin(const Prefix& inner, const Prefix& outer) {
  return inner.length >= outer.length && outer.Contains(inner.first);
}

std::string NameOf(const Prefix& prefix) {
  const std::string full = prefix.first.ReverseName();
  const auto hidden = static_cast<size_t>(kNibbles - prefix.length / 4);
  return full.substr(2 * hidden);  // a nibble and its dot
}

std::optional<Prefix> PrefixOfName(std::string_view name) {
  if (!IsAtOrBelow(name, kTree)) return std::nullopt;
  std::vector<unsigned> nibbles;
  for (; name != kTree; name = Parent(name)) {
    const std::string_view label = FirstLabel(name);
    const size_t value = label.size() == 1 ? kHex.find(label[0]) : kHex.npos;
    if (value == kHex.npos) return std::nullopt;
    nibbles.push_back(static_cast<unsigned>(value));
  }
  if (nibbles.size() > size_t{kNibbles}) return std::nullopt;
  std::reverse(nibbles.begin(), nibbles.end());
  Octets octets{};
  int length = 0;
  for (const unsigned nibble : nibbles) {
    Put(nibble, kNibbleBits, length, &octets);
    length += kNibbleBits;
  }
  return Prefix{Address::FromOctets(false, octets.data()), length};
}

std::vector<Prefix> StartsOf(const Prefix& prefix) {
  const int beyond = prefix.length % kNibbleBits;
  return Longer(prefix, beyond == 0 ? 0 : kNibbleBits - beyond);
}

std::vector<Prefix> ChildrenOf(const Prefix& prefix) {
  return Longer(prefix, kNibbleBits);
}

}  // namespace world
