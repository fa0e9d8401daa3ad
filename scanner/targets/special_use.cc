#include "scanner/targets/special_use.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

#include "absl/numeric/int128.h"

namespace scanner {
namespace {

using dnswire::IpAddress;
using dnswire::IpRange;

struct BlockV4 {
  uint32_t first;
  int length;

  constexpr bool Contains(const IpAddress& address) const {
    return (address.v4() ^ first) >> (32 - length) == 0;
  }
  constexpr int first_octet() const { return static_cast<int>(first >> 24); }
};

struct BlockV6 {
  uint64_t high;
  uint64_t low;
  int length;

  constexpr bool Contains(const IpAddress& address) const {
    const absl::uint128 first = absl::MakeUint128(high, low);
    return (address.value() ^ first) >> (128 - length) == 0;
  }
  constexpr int first_octet() const { return static_cast<int>(high >> 56); }
};

constexpr BlockV4 kBlocksV4[] = {
    {0x00000000, 8},   // 0.0.0.0/8, RFC 791
    {0x0a000000, 8},   // 10.0.0.0/8, RFC 1918
    {0x64400000, 10},  // 100.64.0.0/10, RFC 6598
    {0x7f000000, 8},   // 127.0.0.0/8, RFC 1122
    {0xa9fe0000, 16},  // 169.254.0.0/16, RFC 3927
    {0xac100000, 12},  // 172.16.0.0/12, RFC 1918
    {0xc0000000, 24},  // 192.0.0.0/24, RFC 6890
    {0xc0000200, 24},  // 192.0.2.0/24, RFC 5737
    {0xc0a80000, 16},  // 192.168.0.0/16, RFC 1918
    {0xc6120000, 15},  // 198.18.0.0/15, RFC 2544
    {0xc6336400, 24},  // 198.51.100.0/24, RFC 5737
    {0xcb007100, 24},  // 203.0.113.0/24, RFC 5737
    {0xe0000000, 4},   // 224.0.0.0/4, RFC 5771
    {0xf0000000, 4},   // 240.0.0.0/4, RFC 1112
};

constexpr BlockV6 kBlocksV6[] = {
    {0, 0, 128},                  // ::, RFC 4291
    {0, 1, 128},                  // ::1, RFC 4291
    {0, 0xffff00000000, 96},      // ::ffff:0:0/96, RFC 4291
    {0x0064ff9b00010000, 0, 48},  // 64:ff9b:1::/48, RFC 8215
    {0x0100000000000000, 0, 64},  // 100::/64, RFC 6666
    {0x0100000000000001, 0, 64},  // 100:0:0:1::/64, RFC 9780
    {0x2001000200000000, 0, 48},  // 2001:2::/48, RFC 5180
    {0x2001001000000000, 0, 28},  // 2001:10::/28, RFC 4843
    {0x20010db800000000, 0, 32},  // 2001:db8::/32, RFC 3849
    {0x3fff000000000000, 0, 20},  // 3fff::/20, RFC 9637
    {0x5f00000000000000, 0, 16},  // 5f00::/16, RFC 9602
    {0xfc00000000000000, 0, 7},   // fc00::/7, RFC 4193
    {0xfe80000000000000, 0, 10},  // fe80::/10, RFC 4291
    {0xfec0000000000000, 0, 10},  // fec0::/10, RFC 3879
    {0xff00000000000000, 0, 8},   // ff00::/8, RFC 4291
};

// By first octet of an address: the first block of which some addresses begin
// with it; beyond all blocks if there is none. Most addresses need to be
// compared with no block, others with few.
constexpr uint8_t kNone = 0xff;
using FirstBlocks = std::array<uint8_t, 256>;

template <typename Block, size_t kSize>
constexpr FirstBlocks FirstBlocksOf(const Block (&blocks)[kSize]) {
  FirstBlocks firsts;
  firsts.fill(kNone);
  for (size_t i = kSize; i-- > 0;) {
    const auto octet = static_cast<size_t>(blocks[i].first_octet());
    const size_t octets =
        blocks[i].length < 8 ? 1u << (8 - blocks[i].length) : 1;
    for (size_t k = 0; k < octets; ++k) {
      firsts[octet + k] = static_cast<uint8_t>(i);
    }
  }
  return firsts;
}

constexpr FirstBlocks kFirstBlocksV4 = FirstBlocksOf(kBlocksV4);
constexpr FirstBlocks kFirstBlocksV6 = FirstBlocksOf(kBlocksV6);

template <typename Block, size_t kSize>
bool LiesInOneOf(const Block (&blocks)[kSize], uint8_t first_block,
                 const IpAddress& first, const IpAddress& last) {
  for (size_t i = first_block; i < kSize; ++i) {
    if (blocks[i].Contains(first) && blocks[i].Contains(last)) return true;
  }
  return false;
}

bool LiesInOneBlock(const IpAddress& first, const IpAddress& last) {
  return first.is_v4()
             ? LiesInOneOf(kBlocksV4, kFirstBlocksV4[first.v4() >> 24], first,
                           last)
             : LiesInOneOf(kBlocksV6, kFirstBlocksV6[first.octet(0)], first,
                           last);
}

// Anycast addresses inside 192.0.0.0/24 that are globally reachable: 192.0.0.9,
// RFC 7723, and 192.0.0.10, RFC 8155.
bool IsReachable(const IpAddress& address) {
  return address.is_v4() &&
         (address.v4() == 0xc0000009 || address.v4() == 0xc000000a);
}

}  // namespace

bool IsSpecialUse(const IpAddress& address) {
  return LiesInOneBlock(address, address) && !IsReachable(address);
}

bool IsLoopback(const IpAddress& address) {
  return address.is_v4() ? address.v4() >> 24 == 127 : address.value() == 1;
}

bool IsInsideSpecialUseBlock(const IpRange& range) {
  return LiesInOneBlock(range.first, range.last) &&
         !(range.first == range.last && IsReachable(range.first));
}

}  // namespace scanner
