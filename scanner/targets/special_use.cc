#include "scanner/targets/special_use.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "absl/numeric/int128.h"

namespace scanner {
namespace {

using dnswire::IpAddress;
using dnswire::IpRange;

struct Block {
  IpAddress first;
  int length;

  constexpr bool Contains(const IpAddress& address) const {
    const int host_bits = first.bits() - length;
    return address.family() == first.family() &&
           address.value() >> host_bits == first.value() >> host_bits;
  }
};

constexpr Block V4(uint32_t first, int length) {
  return {IpAddress::V4(first), length};
}

constexpr Block V6(uint64_t high, uint64_t low, int length) {
  return {IpAddress::V6(absl::MakeUint128(high, low)), length};
}

constexpr Block kBlocks[] = {
    V4(0x00000000, 8),              // 0.0.0.0/8, RFC 791
    V4(0x0a000000, 8),              // 10.0.0.0/8, RFC 1918
    V4(0x64400000, 10),             // 100.64.0.0/10, RFC 6598
    V4(0x7f000000, 8),              // 127.0.0.0/8, RFC 1122
    V4(0xa9fe0000, 16),             // 169.254.0.0/16, RFC 3927
    V4(0xac100000, 12),             // 172.16.0.0/12, RFC 1918
    V4(0xc0000000, 24),             // 192.0.0.0/24, RFC 6890
    V4(0xc0000200, 24),             // 192.0.2.0/24, RFC 5737
    V4(0xc0a80000, 16),             // 192.168.0.0/16, RFC 1918
    V4(0xc6120000, 15),             // 198.18.0.0/15, RFC 2544
    V4(0xc6336400, 24),             // 198.51.100.0/24, RFC 5737
    V4(0xcb007100, 24),             // 203.0.113.0/24, RFC 5737
    V4(0xe0000000, 4),              // 224.0.0.0/4, RFC 5771
    V4(0xf0000000, 4),              // 240.0.0.0/4, RFC 1112
    V6(0, 0, 128),                  // ::, RFC 4291
    V6(0, 1, 128),                  // ::1, RFC 4291
    V6(0, 0xffff00000000, 96),      // ::ffff:0:0/96, RFC 4291
    V6(0x0064ff9b00010000, 0, 48),  // 64:ff9b:1::/48, RFC 8215
    V6(0x0100000000000000, 0, 64),  // 100::/64, RFC 6666
    V6(0x0100000000000001, 0, 64),  // 100:0:0:1::/64, RFC 9780
    V6(0x2001000200000000, 0, 48),  // 2001:2::/48, RFC 5180
    V6(0x2001001000000000, 0, 28),  // 2001:10::/28, RFC 4843
    V6(0x20010db800000000, 0, 32),  // 2001:db8::/32, RFC 3849
    V6(0x3fff000000000000, 0, 20),  // 3fff::/20, RFC 9637
    V6(0x5f00000000000000, 0, 16),  // 5f00::/16, RFC 9602
    V6(0xfc00000000000000, 0, 7),   // fc00::/7, RFC 4193
    V6(0xfe80000000000000, 0, 10),  // fe80::/10, RFC 4291
    V6(0xfec0000000000000, 0, 10),  // fec0::/10, RFC 3879
    V6(0xff00000000000000, 0, 8),   // ff00::/8, RFC 4291
};

// Anycast addresses inside 192.0.0.0/24 that are globally reachable.
constexpr IpAddress kReachable[] = {
    IpAddress::V4(0xc0000009),  // 192.0.0.9, RFC 7723
    IpAddress::V4(0xc000000a),  // 192.0.0.10, RFC 8155
};

}  // namespace

bool IsSpecialUse(const IpAddress& address) {
  return IsInsideSpecialUseBlock({address, address});
}

bool IsLoopback(const IpAddress& address) {
  return V4(0x7f000000, 8).Contains(address) || V6(0, 1, 128).Contains(address);
}

bool IsInsideSpecialUseBlock(const IpRange& range) {
  const bool reachable = range.first == range.last &&
                         std::find(std::begin(kReachable), std::end(kReachable),
                                   range.first) != std::end(kReachable);
  return !reachable && std::any_of(std::begin(kBlocks), std::end(kBlocks),
                                   [&range](const Block& block) {
                                     return block.Contains(range.first) &&
                                            block.Contains(range.last);
                                   });
}

}  // namespace scanner
