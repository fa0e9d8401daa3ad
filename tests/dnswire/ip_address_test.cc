#include "dnswire/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dnswire {
namespace {

using testing::ElementsAre;

constexpr uint64_t kDoc = 0x20010db800000000;  // 2001:db8::/64

IpAddress V6(uint64_t high, uint64_t low) {
  return IpAddress::V6(absl::MakeUint128(high, low));
}

IpAddress Address(absl::string_view text) {
  const auto address = IpAddress::Parse(text);
  EXPECT_TRUE(address) << text;
  return address.value_or(IpAddress());
}

IpPrefix Prefix(absl::string_view text) {
  const auto prefix = IpPrefix::Parse(text);
  EXPECT_TRUE(prefix) << text;
  return prefix.value_or(IpPrefix());
}

// Octets by the C library, empty if it refuses the text.
std::vector<uint8_t> LibcOctets(const std::string& text) {
  std::array<uint8_t, 16> octets;
  if (inet_pton(AF_INET, text.c_str(), octets.data()) == 1) {
    return {octets.begin(), octets.begin() + 4};
  }
  if (inet_pton(AF_INET6, text.c_str(), octets.data()) == 1) {
    return {octets.begin(), octets.end()};
  }
  return {};
}

std::vector<uint8_t> Octets(const std::optional<IpAddress>& address) {
  std::vector<uint8_t> octets;
  for (int i = 0; address && i < address->bits() / 8; ++i) {
    octets.push_back(address->octet(i));
  }
  return octets;
}

TEST(IpAddressTest, ParsesEveryFormOfRfc4291) {
  const struct {
    const char* text;
    IpAddress expected;
  } kCases[] = {
      {"0.0.0.0", IpAddress::V4(0)},
      {"192.0.2.1", IpAddress::V4(0xc0000201)},
      {"255.255.255.255", IpAddress::V4(0xffffffff)},
      {"::", V6(0, 0)},
      {"::1", V6(0, 1)},
      {"1::", V6(0x0001000000000000, 0)},
      {"2001:db8::1", V6(kDoc, 1)},
      {"2001:DB8::A", V6(kDoc, 0xa)},
      {"2001:0db8:0000:0000:0000:0000:0000:000a", V6(kDoc, 0xa)},
      {"1:2:3:4:5:6:7:8", V6(0x0001000200030004, 0x0005000600070008)},
      {"1:2:3:4:5:6:7::", V6(0x0001000200030004, 0x0005000600070000)},
      {"::2:3:4:5:6:7:8", V6(0x0000000200030004, 0x0005000600070008)},
      {"1:2:3::7:8", V6(0x0001000200030000, 0x0000000000070008)},
      {"::ffff:192.0.2.1", V6(0, 0x0000ffffc0000201)},
      {"::192.0.2.1", V6(0, 0xc0000201)},
      {"1:2:3:4:5:6:192.0.2.1", V6(0x0001000200030004, 0x00050006c0000201)},
      {"64:ff9b::192.0.2.1", V6(0x0064ff9b00000000, 0xc0000201)},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(IpAddress::Parse(c.text), c.expected) << c.text;
  }
}

TEST(IpAddressTest, RefusesWhatIsNotOneAddress) {
  for (const char* text : {"",
                           " ",
                           ".",
                           ":",
                           ":::",
                           "1",
                           "1.2.3",
                           "1.2.3.4.5",
                           "1.2.3.",
                           ".1.2.3",
                           "1..2.3",
                           "256.0.0.1",
                           "1.2.3.256",
                           "1.2.3.1000",
                           "01.2.3.4",
                           "1.2.3.00",
                           "+1.2.3.4",
                           "-1.2.3.4",
                           "1.2.3.4 ",
                           " 1.2.3.4",
                           "0x1.2.3.4",
                           "1.2.3.a",
                           "1:2:3:4:5:6:7",
                           "1:2:3:4:5:6:7:8:9",
                           "1:2:3:4:5:6:7:8::",
                           "::1:2:3:4:5:6:7:8",
                           "1:2:3:4::5:6:7:8",
                           "1::2::3",
                           ":1:2:3:4:5:6:7:8",
                           ":1",
                           "1:",
                           "1:::2",
                           "12345::",
                           "g::",
                           "::g",
                           "fe80::1%eth0",
                           "1.2.3.4::",
                           "::1.2.3.4:5",
                           "::1.2.3",
                           "::1.2.3.256",
                           "::01.2.3.4",
                           "1:2:3:4:5:6:7:1.2.3.4",
                           "::1.2.3.4.5",
                           "[::1]",
                           "::1/64",
                           "::-1"}) {
    EXPECT_EQ(IpAddress::Parse(text), std::nullopt) << text;
  }
}

// Found by target_list_fuzz: eight groups left no room for any behind "::", and
// the count of what is left went below zero, so that any number was stored.
TEST(RegressionTest, RefusesGroupsBehindEightAndTwoColons) {
  for (const char* text :
       {"1:2:3:4:5:6:7:8::1", "1:2:3:4:5:6:7:8::1:2:3:4:5:6:7:8:9:a:b:c:d:e:f",
        "1:2:3:4:5:6:192.0.2.1::1:2:3:4:5:6:7:8:9:a:b:c:d:e:f"}) {
    EXPECT_EQ(IpAddress::Parse(text), std::nullopt) << text;
  }
}

TEST(IpAddressTest, RefusesTextWithANulInside) {
  EXPECT_FALSE(IpAddress::Parse(absl::string_view("1.2.3.4\0", 8)));
  EXPECT_FALSE(IpAddress::Parse(absl::string_view("::1\0", 4)));
}

// Damages good texts at random; the C library decides what is still good.
TEST(IpAddressTest, AcceptsExactlyWhatTheCLibraryAccepts) {
  const std::string kGood[] = {"192.0.2.1", "2001:db8::1", "::ffff:10.0.0.255",
                               "1:2:3:4:5:6:7:8", "fe80::"};
  const std::string kPieces = "0123456789abF.::.:g";
  std::mt19937 random(1);
  int accepted = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string text = kGood[random() % 5];
    for (auto edits = 1 + random() % 3; edits > 0; --edits) {
      const size_t at = random() % (text.size() + 1);
      const char piece = kPieces[random() % kPieces.size()];
      if (random() % 2 == 0) {
        text.insert(at, 1, piece);
      } else if (at < text.size()) {
        text.erase(at, 1);
      }
    }
    const auto octets = Octets(IpAddress::Parse(text));
    ASSERT_EQ(octets, LibcOctets(text)) << text;
    accepted += octets.empty() ? 0 : 1;
  }
  EXPECT_GT(accepted, 10'000);
  EXPECT_LT(accepted, 190'000);
}

TEST(IpAddressTest, WritesTextByRfc5952) {
  const struct {
    IpAddress address;
    const char* expected;
  } kCases[] = {
      {IpAddress::V4(0), "0.0.0.0"},
      {IpAddress::V4(0xffffffff), "255.255.255.255"},
      {IpAddress::V4(0x0a640109), "10.100.1.9"},
      {V6(0, 0), "::"},
      {V6(0, 1), "::1"},
      {V6(0x0001000000000000, 0), "1::"},
      {V6(kDoc, 0xABCD), "2001:db8::abcd"},
      // Section 4.2.2: one zero group is not shortened.
      {V6(0x20010db800000001, 0x0001000100010001), "2001:db8:0:1:1:1:1:1"},
      // Section 4.2.3: the longest run, the first of equals.
      {V6(0x2001000000000001, 0x0000000000000001), "2001:0:0:1::1"},
      {V6(0x20010db800000000, 0x0001000000000001), "2001:db8::1:0:0:1"},
      {V6(0x0000000000000001, 0x0002000000000000), "::1:2:0:0:0"},
      {V6(0x0001000200030004, 0x0005000600000000), "1:2:3:4:5:6::"},
      {V6(0x0000000000030004, 0x0005000600070008), "::3:4:5:6:7:8"},
      // Section 5: IPv4-mapped addresses, and only those.
      {V6(0, 0x0000ffffc0000201), "::ffff:192.0.2.1"},
      {V6(0, 0x00000000c0000201), "::c000:201"},
      {V6(1, 0x0000ffffc0000201), "::1:0:ffff:c000:201"},
      {V6(~0ull, ~0ull), "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(c.address.ToString(), c.expected);
  }
}

TEST(IpAddressTest, LongestTextsFitTheirRoom) {
  EXPECT_EQ(V6(~0ull, ~0ull).ToString().size(), IpAddress::kMaxTextOctets);
  char text[IpAddress::kMaxTextOctets + 1];
  std::fill(std::begin(text), std::end(text), '#');
  const size_t size = V6(~0ull, ~0ull).Format(text);
  EXPECT_EQ(size, IpAddress::kMaxTextOctets);
  EXPECT_EQ(text[size], '#');
}

TEST(IpAddressTest, AppendKeepsWhatIsThere) {
  std::string text = "to ";
  IpAddress::V4(1).AppendTo(&text);
  EXPECT_EQ(text, "to 0.0.0.1");
}

TEST(IpAddressTest, TextReadsBackAsTheSameAddress) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 20'000; ++i) {
    // Masks of 16-bit groups make runs of zeros likely.
    uint64_t halves[2];
    for (uint64_t& half : halves) {
      half = random();
      for (int group = 0; group < 4; ++group) {
        if (random() % 2 == 0) half &= ~(0xffffull << (16 * group));
      }
    }
    const IpAddress address = V6(halves[0], halves[1]);
    ASSERT_EQ(IpAddress::Parse(address.ToString()), address);
    ASSERT_EQ(LibcOctets(address.ToString()), Octets(address));
    const auto v4 = IpAddress::V4(static_cast<uint32_t>(halves[0]));
    ASSERT_EQ(IpAddress::Parse(v4.ToString()), v4);
  }
}

TEST(IpAddressTest, OctetsAreInNetworkOrder) {
  const std::array<uint8_t, 4> v4 = {192, 0, 2, 1};
  EXPECT_EQ(IpAddress::FromV4Octets(v4), Address("192.0.2.1"));
  EXPECT_THAT(Octets(Address("192.0.2.1")), ElementsAre(192, 0, 2, 1));
  const std::array<uint8_t, 16> v6 = {0x20, 0x01, 0x0d, 0xb8, 1, 2,  3,  4,
                                      5,    6,    7,    8,    9, 10, 11, 12};
  const IpAddress address = IpAddress::FromV6Octets(v6);
  EXPECT_EQ(address, V6(0x20010db801020304, 0x05060708090a0b0c));
  EXPECT_EQ(Octets(address), std::vector<uint8_t>(v6.begin(), v6.end()));
}

TEST(IpAddressTest, UnmapsIpv4MappedAddressesOnly) {
  EXPECT_EQ(Address("::ffff:192.0.2.1").Unmapped(), Address("192.0.2.1"));
  EXPECT_EQ(Address("::ffff:0:0").Unmapped(), Address("0.0.0.0"));
  EXPECT_EQ(Address("::ffff:255.255.255.255").Unmapped(),
            Address("255.255.255.255"));
  for (const char* text : {"192.0.2.1", "::fffe:ffff:ffff", "::1:0:0:0",
                           "::1:ffff:0:0", "1::ffff:0:0", "::"}) {
    EXPECT_EQ(Address(text).Unmapped(), Address(text)) << text;
  }
}

TEST(IpAddressTest, OrdersByFamilyThenValue) {
  const IpAddress kAscending[] = {
      Address("0.0.0.0"),     Address("9.255.255.255"),
      Address("10.0.0.0"),    Address("255.255.255.255"),
      Address("::"),          Address("::ffff:ffff:ffff:ffff"),
      Address("0:0:0:1::"),   Address("2001:db8::"),
      Address("2001:db8::1"), Address("ffff::")};
  for (size_t i = 0; i < std::size(kAscending); ++i) {
    for (size_t j = 0; j < std::size(kAscending); ++j) {
      EXPECT_EQ(kAscending[i] < kAscending[j], i < j) << i << " " << j;
      EXPECT_EQ(kAscending[i] == kAscending[j], i == j) << i << " " << j;
    }
  }
}

TEST(IpAddressTest, WithValueKeepsTheFamily) {
  EXPECT_EQ(Address("10.0.0.1").WithValue(5), Address("0.0.0.5"));
  EXPECT_EQ(Address("2001:db8::").WithValue(5), Address("::5"));
}

TEST(IpPrefixTest, ParsesAddressAndLength) {
  const struct {
    const char* text;
    const char* first;
    const char* last;
    int length;
  } kCases[] = {
      {"0.0.0.0/0", "0.0.0.0", "255.255.255.255", 0},
      {"128.0.0.0/1", "128.0.0.0", "255.255.255.255", 1},
      {"192.0.2.0/24", "192.0.2.0", "192.0.2.255", 24},
      {"192.0.2.2/31", "192.0.2.2", "192.0.2.3", 31},
      {"192.0.2.3/32", "192.0.2.3", "192.0.2.3", 32},
      {"::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 0},
      {"2001:db8::/32", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
       32},
      {"2001:db8::/63", "2001:db8::", "2001:db8:0:1:ffff:ffff:ffff:ffff", 63},
      {"2001:db8::/64", "2001:db8::", "2001:db8::ffff:ffff:ffff:ffff", 64},
      {"2001:db8::/65", "2001:db8::", "2001:db8::7fff:ffff:ffff:ffff", 65},
      {"2001:db8::1/128", "2001:db8::1", "2001:db8::1", 128},
  };
  for (const auto& c : kCases) {
    const IpPrefix prefix = Prefix(c.text);
    EXPECT_EQ(prefix.first(), Address(c.first)) << c.text;
    EXPECT_EQ(prefix.last(), Address(c.last)) << c.text;
    EXPECT_EQ(prefix.length(), c.length) << c.text;
    EXPECT_EQ(prefix.ToString(), c.text);
  }
}

TEST(IpPrefixTest, RefusesHostBitsAndBadLengths) {
  for (const char* text : {"192.0.2.0",
                           "192.0.2.0/",
                           "/24",
                           "192.0.2.0/33",
                           "192.0.2.0/-1",
                           "192.0.2.0/+24",
                           "192.0.2.0/024",
                           "192.0.2.0/24 ",
                           "192.0.2.0/ 24",
                           "192.0.2.0/24/24",
                           "192.0.2.0/2a",
                           "192.0.2.1/24",
                           "192.0.2.1/31",
                           "128.0.0.0/0",
                           "2001:db8::/129",
                           "2001:db8::/1000",
                           "2001:db8::1/127",
                           "2001:db8::/31x",
                           "2001:db8:8000::/32",
                           "x/8"}) {
    EXPECT_EQ(IpPrefix::Parse(text), std::nullopt) << text;
  }
}

TEST(IpPrefixTest, MakeChecksLengthAndHostBits) {
  EXPECT_TRUE(IpPrefix::Make(Address("10.0.0.0"), 8));
  EXPECT_TRUE(IpPrefix::Make(Address("10.0.0.0"), 32));
  EXPECT_FALSE(IpPrefix::Make(Address("10.0.0.0"), 33));
  EXPECT_FALSE(IpPrefix::Make(Address("10.0.0.0"), -1));
  EXPECT_FALSE(IpPrefix::Make(Address("10.0.0.0"), 6));
  EXPECT_TRUE(IpPrefix::Make(Address("2001:db8::"), 128));
  EXPECT_FALSE(IpPrefix::Make(Address("2001:db8::"), 129));
}

TEST(IpPrefixTest, CoveringDropsHostBits) {
  const IpAddress v4 = Address("192.0.2.171");
  EXPECT_EQ(IpPrefix::Covering(v4, 0), Prefix("0.0.0.0/0"));
  EXPECT_EQ(IpPrefix::Covering(v4, 24), Prefix("192.0.2.0/24"));
  EXPECT_EQ(IpPrefix::Covering(v4, 29), Prefix("192.0.2.168/29"));
  EXPECT_EQ(IpPrefix::Covering(v4, 32), Prefix("192.0.2.171/32"));
  const IpAddress v6 = Address("2001:db8:1:2:ffff::1");
  EXPECT_EQ(IpPrefix::Covering(v6, 0), Prefix("::/0"));
  EXPECT_EQ(IpPrefix::Covering(v6, 64), Prefix("2001:db8:1:2::/64"));
  EXPECT_EQ(IpPrefix::Covering(v6, 66), Prefix("2001:db8:1:2:c000::/66"));
}

TEST(IpPrefixTest, ContainsItsEndsAndNothingBeside) {
  const struct {
    const char* prefix;
    const char* inside[3];
    const char* outside[3];
  } kCases[] = {
      {"192.0.2.0/24",
       {"192.0.2.0", "192.0.2.77", "192.0.2.255"},
       {"192.0.1.255", "192.0.3.0", "::c000:200"}},
      {"2001:db8::/32",
       {"2001:db8::", "2001:db8:1::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"},
       {"2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::", "32.1.13.184"}},
      {"::/0",
       {"::", "::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
       {"0.0.0.0", "255.255.255.255", "127.0.0.1"}},
  };
  for (const auto& c : kCases) {
    for (const char* text : c.inside) {
      EXPECT_TRUE(Prefix(c.prefix).Contains(Address(text))) << text;
    }
    for (const char* text : c.outside) {
      EXPECT_FALSE(Prefix(c.prefix).Contains(Address(text))) << text;
    }
  }
}

}  // namespace
}  // namespace dnswire
