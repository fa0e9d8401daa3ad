#include "scanner/targets/special_use.h"

#include <optional>
#include <string>

#include "absl/numeric/int128.h"
#include "dnswire/ip_address.h"
#include "gtest/gtest.h"

namespace scanner {
namespace {

using dnswire::IpAddress;
using dnswire::IpPrefix;
using dnswire::IpRange;

IpAddress Address(absl::string_view text) {
  const auto address = IpAddress::Parse(text);
  EXPECT_TRUE(address) << text;
  return address.value_or(IpAddress());
}

IpRange Range(absl::string_view first, absl::string_view last) {
  return {Address(first), Address(last)};
}

IpRange RangeOf(absl::string_view prefix_text) {
  const auto prefix = IpPrefix::Parse(prefix_text);
  EXPECT_TRUE(prefix) << prefix_text;
  return prefix ? IpRange{prefix->first(), prefix->last()} : IpRange();
}

// The address beside `address`, nullopt outside the family's space.
std::optional<IpAddress> Neighbour(const IpAddress& address, int step) {
  const IpAddress edge =
      step < 0 ? address.WithValue(0) : IpPrefix::Covering(address, 0).last();
  if (address == edge) return std::nullopt;
  return address.WithValue(step < 0 ? address.value() - 1
                                    : address.value() + 1);
}

// VERDICTS.md 2.2, with what lies just before and just after each block:
// special-use too or not.
struct Block {
  const char* prefix;
  bool before;
  bool after;
};
constexpr Block kBlocks[] = {
    {"0.0.0.0/8", false, false},
    {"10.0.0.0/8", false, false},
    {"100.64.0.0/10", false, false},
    {"127.0.0.0/8", false, false},
    {"169.254.0.0/16", false, false},
    {"172.16.0.0/12", false, false},
    {"192.0.0.0/24", false, false},
    {"192.0.2.0/24", false, false},
    {"192.168.0.0/16", false, false},
    {"198.18.0.0/15", false, false},
    {"198.51.100.0/24", false, false},
    {"203.0.113.0/24", false, false},
    {"224.0.0.0/4", false, true},
    {"240.0.0.0/4", true, false},
    {"::/128", false, true},
    {"::1/128", true, false},
    {"::ffff:0.0.0.0/96", false, false},
    {"64:ff9b:1::/48", false, false},
    {"100::/64", false, true},
    {"100:0:0:1::/64", true, false},
    {"2001:2::/48", false, false},
    {"2001:10::/28", false, false},
    {"2001:db8::/32", false, false},
    {"3fff::/20", false, false},
    {"5f00::/16", false, false},
    {"fc00::/7", false, false},
    {"fe80::/10", false, true},
    {"fec0::/10", true, true},
    {"ff00::/8", true, false},
};

TEST(SpecialUseTest, CoversEachBlockExactly) {
  for (const Block& block : kBlocks) {
    const IpRange range = RangeOf(block.prefix);
    EXPECT_TRUE(IsSpecialUse(range.first)) << block.prefix;
    EXPECT_TRUE(IsSpecialUse(range.last)) << block.prefix;
    if (const auto before = Neighbour(range.first, -1)) {
      EXPECT_EQ(IsSpecialUse(*before), block.before) << before->ToString();
    }
    if (const auto after = Neighbour(range.last, 1)) {
      EXPECT_EQ(IsSpecialUse(*after), block.after) << after->ToString();
    }
  }
}

TEST(SpecialUseTest, LeavesOutTheTwoReachableAnycastAddresses) {
  EXPECT_TRUE(IsSpecialUse(Address("192.0.0.8")));
  EXPECT_FALSE(IsSpecialUse(Address("192.0.0.9")));
  EXPECT_FALSE(IsSpecialUse(Address("192.0.0.10")));
  EXPECT_TRUE(IsSpecialUse(Address("192.0.0.11")));
}

TEST(SpecialUseTest, OrdinaryAddressesAreNotSpecial) {
  for (const char* text :
       {"1.1.1.1", "8.8.8.8", "192.0.1.1", "193.0.0.1", "198.20.0.0",
        "223.255.255.255", "2000::", "2001::1", "2001:4860:4860::8888",
        "2400:cb00::1", "2a00::1", "64:ff9b::1", "::2"}) {
    EXPECT_FALSE(IsSpecialUse(Address(text))) << text;
  }
}

TEST(SpecialUseTest, LoopbackIs127Slash8AndOne) {
  for (const char* text :
       {"127.0.0.0", "127.0.0.1", "127.0.53.11", "127.255.255.255", "::1"}) {
    EXPECT_TRUE(IsLoopback(Address(text))) << text;
  }
  for (const char* text : {"126.255.255.255", "128.0.0.0", "10.0.0.1",
                           "::", "::2", "::ffff:127.0.0.1", "::7f00:1"}) {
    EXPECT_FALSE(IsLoopback(Address(text))) << text;
  }
}

TEST(SpecialUseTest, RangeMustLieInOneBlock) {
  const struct {
    const char* label;
    IpRange range;
    bool expected;
  } kCases[] = {
      {"private /16", RangeOf("10.1.0.0/16"), true},
      {"a whole block", RangeOf("10.0.0.0/8"), true},
      {"one private address", Range("10.0.0.1", "10.0.0.1"), true},
      {"documentation", RangeOf("192.0.2.0/24"), true},
      {"wider by one before", Range("9.255.255.255", "10.255.255.255"), false},
      {"wider by one after", Range("10.0.0.0", "11.0.0.0"), false},
      {"sweeps over several blocks", RangeOf("192.0.0.0/8"), false},
      {"from one block to another", Range("10.0.0.0", "192.168.0.1"), false},
      {"two blocks that touch", Range("239.0.0.0", "240.0.0.1"), false},
      {"around an exception", RangeOf("192.0.0.0/24"), true},
      {"the exception", Range("192.0.0.9", "192.0.0.9"), false},
      {"ordinary", RangeOf("8.8.8.0/24"), false},
      {"everything", RangeOf("0.0.0.0/0"), false},
      {"IPv6 documentation", RangeOf("2001:db8:a001::/48"), true},
      {"IPv6 wider", RangeOf("2001:db8::/31"), false},
      {"unique local", RangeOf("fd53::/64"), true},
      {"all IPv6", RangeOf("::/0"), false},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(IsInsideSpecialUseBlock(c.range), c.expected) << c.label;
  }
}

}  // namespace
}  // namespace scanner
