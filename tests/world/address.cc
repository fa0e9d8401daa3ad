#include "tests/world/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstdlib>

namespace world {
namespace {

// The part of VERDICTS.md 2.2's list that the world's records touch.
constexpr const char* kSpecialUse[] = {
    "0.0.0.0/8",      "10.0.0.0/8",     "100.64.0.0/10",   "127.0.0.0/8",
    "169.254.0.0/16", "172.16.0.0/12",  "192.0.2.0/24",    "192.168.0.0/16",
    "192.0.0.0/24",   "198.18.0.0/15",  "198.51.100.0/24", "203.0.113.0/24",
    "224.0.0.0/4",    "240.0.0.0/4",    "::/128",          "::1/128",
    "::ffff:0:0/96",  "64:ff9b:1::/48", "100::/64",        "2001:2::/48",
    "2001:10::/28",   "2001:db8::/32",  "3fff::/20",       "fc00::/7",
    "fe80::/10",      "ff00::/8",
};

std::string ReverseV4(const Address& address) {
  std::string name;
  for (size_t i = 4; i-- > 0;) {
    name += std::to_string(address.octet(i)) + ".";
  }
  return name + "in-addr.arpa";
}

std::string ReverseV6(const Address& address) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string name;
  for (size_t i = 16; i-- > 0;) {
    name.push_back(kHex[address.octet(i) & 0xF]);
    name.push_back('.');
    name.push_back(kHex[address.octet(i) >> 4]);
    name.push_back('.');
  }
  return name + "ip6.arpa";
}

std::vector<Prefix> SpecialUseBlocks() {
  std::vector<Prefix> blocks;
  for (const char* text : kSpecialUse) blocks.push_back(Prefix::Of(text));
  return blocks;
}

}  // namespace

std::optional<Address> Address::Parse(std::string_view text) {
  Address address;
  const std::string copy(text);
  address.is_v4_ = text.find(':') == std::string_view::npos;
  const int family = address.is_v4_ ? AF_INET : AF_INET6;
  if (inet_pton(family, copy.c_str(), address.octets_.data()) != 1) {
    return std::nullopt;
  }
  return address;
}

Address Address::Of(std::string_view text) {
  const std::optional<Address> address = Parse(text);
  if (!address) std::abort();
  return *address;
}

Address Address::FromOctets(bool is_v4, const uint8_t* octets) {
  Address address;
  address.is_v4_ = is_v4;
  std::copy_n(octets, is_v4 ? 4 : 16, address.octets_.begin());
  return address;
}

std::string Address::ToText() const {
  char text[INET6_ADDRSTRLEN];
  inet_ntop(is_v4_ ? AF_INET : AF_INET6, octets_.data(), text, sizeof(text));
  return text;
}

std::string Address::ReverseName() const {
  return is_v4_ ? ReverseV4(*this) : ReverseV6(*this);
}

Address Address::Plus(uint32_t offset) const {
  Address sum = *this;
  uint64_t carry = offset;
  for (size_t i = is_v4_ ? 4 : 16; i-- > 0 && carry != 0;) {
    carry += sum.octets_[i];
    sum.octets_[i] = static_cast<uint8_t>(carry & 0xFF);
    carry >>= 8;
  }
  return sum;
}

bool Address::SharesPrefix(const Address& other, int bits) const {
  for (int bit = 0; bit < bits; ++bit) {
    const auto at = static_cast<size_t>(bit / 8);
    const int mask = 0x80 >> (bit % 8);
    if (((octets_[at] ^ other.octets_[at]) & mask) != 0) return false;
  }
  return true;
}

bool Address::IsLoopback() const {
  return is_v4_ ? octets_[0] == 127 : *this == Of("::1");
}

bool Address::IsSpecialUse() const {
  if (*this == Of("192.0.0.9") || *this == Of("192.0.0.10")) return false;
  static const std::vector<Prefix> blocks = SpecialUseBlocks();
  return std::any_of(blocks.begin(), blocks.end(), [this](const Prefix& block) {
    return block.Contains(*this);
  });
}

bool Address::IsEdge() const {
  if (is_v4_) return octets_[3] == 0 || octets_[3] == 255;
  return std::all_of(octets_.begin() + 8, octets_.end(),
                     [](uint8_t octet) { return octet == 0; });
}

Prefix Prefix::Of(std::string_view text) {
  const size_t slash = text.find('/');
  return {.first = Address::Of(text.substr(0, slash)),
          .length = std::atoi(std::string(text.substr(slash + 1)).c_str())};
}

bool Prefix::Contains(const Address& address) const {
  return address.is_v4() == first.is_v4() &&
         address.SharesPrefix(first, length);
}

std::vector<Address> Prefix::Addresses() const {
  const int host_bits = (first.is_v4() ? 32 : 128) - length;
  if (host_bits > 16) std::abort();
  std::vector<Address> addresses;
  for (uint32_t i = 0; i < uint32_t{1} << host_bits; ++i) {
    addresses.push_back(first.Plus(i));
  }
  return addresses;
}

}  // namespace world
