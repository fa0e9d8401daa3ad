#include "dnswire/reverse.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "dnswire/ip_address.h"
#include "dnswire/name.h"
#include "gtest/gtest.h"

namespace dnswire {
namespace {

// The name of 2001:db8::567:89ab, RFC 3596 section 2.5's way.
constexpr char kDocName[] =
    "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa";

IpAddress Address(absl::string_view text) {
  const auto address = IpAddress::Parse(text);
  EXPECT_TRUE(address) << text;
  return address.value_or(IpAddress());
}

std::optional<IpAddress> ParseText(absl::string_view text) {
  const auto name = Name::Parse(text);
  EXPECT_TRUE(name) << text;
  return name ? ParseReverseName(*name) : std::nullopt;
}

TEST(ReverseTest, KnowsTheTwoTrees) {
  EXPECT_EQ(InAddrArpa().ToText(), "in-addr.arpa");
  EXPECT_EQ(Ip6Arpa().ToText(), "ip6.arpa");
}

TEST(ReverseTest, NamesAddresses) {
  const struct {
    const char* address;
    const char* expected;
  } kCases[] = {
      {"0.0.0.0", "0.0.0.0.in-addr.arpa"},
      {"192.0.2.10", "10.2.0.192.in-addr.arpa"},
      {"1.23.99.100", "100.99.23.1.in-addr.arpa"},
      {"255.255.255.255", "255.255.255.255.in-addr.arpa"},
      {"2001:db8::567:89ab", kDocName},
      {"::",
       "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
       "ip6.arpa"},
      {"1234:5678:9abc:def0:fedc:ba98:7654:3210",
       "0.1.2.3.4.5.6.7.8.9.a.b.c.d.e.f.0.f.e.d.c.b.a.9.8.7.6.5.4.3.2.1."
       "ip6.arpa"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(ReverseName(Address(c.address)).ToText(), c.expected);
    EXPECT_EQ(ParseText(c.expected), Address(c.address)) << c.expected;
  }
}

TEST(ReverseTest, EncodesWireForm) {
  uint8_t wire[kMaxReverseOctets];
  const size_t size = EncodeReverseName(Address("192.0.2.10"), wire);
  // The literal's own NUL is the root.
  const char kExpected[] =
      "\2"
      "10"
      "\1"
      "2"
      "\1"
      "0"
      "\3"
      "192"
      "\7"
      "in-addr"
      "\4"
      "arpa";
  EXPECT_EQ(std::string(wire, wire + size),
            std::string(kExpected, sizeof kExpected));
}

TEST(ReverseTest, LongestNamesFillTheirRoom) {
  uint8_t wire[kMaxReverseOctets];
  EXPECT_EQ(EncodeReverseName(Address("::"), wire), kMaxReverseOctets);
  EXPECT_EQ(EncodeReverseName(Address("255.255.255.255"), wire), 30u);
}

TEST(ReverseTest, NamesZonesOfPrefixes) {
  const struct {
    const char* prefix;
    const char* expected;
  } kCases[] = {
      {"0.0.0.0/0", "in-addr.arpa"},
      {"10.0.0.0/8", "10.in-addr.arpa"},
      {"198.18.0.0/16", "18.198.in-addr.arpa"},
      {"192.0.2.0/24", "2.0.192.in-addr.arpa"},
      {"192.0.2.7/32", "7.2.0.192.in-addr.arpa"},
      {"::/0", "ip6.arpa"},
      {"2000::/4", "2.ip6.arpa"},
      {"2001:db8::/32", "8.b.d.0.1.0.0.2.ip6.arpa"},
      {"2001:db8:a000::/36", "a.8.b.d.0.1.0.0.2.ip6.arpa"},
      {"2001:db8::567:89ab/128", kDocName},
  };
  for (const auto& c : kCases) {
    const auto prefix = IpPrefix::Parse(c.prefix);
    ASSERT_TRUE(prefix) << c.prefix;
    EXPECT_EQ(ReverseZoneName(*prefix).ToText(), c.expected);
  }
}

TEST(ReverseTest, ParsesAnyLetterCase) {
  EXPECT_EQ(ParseText("10.2.0.192.IN-ADDR.arpa"), Address("192.0.2.10"));
  EXPECT_EQ(ParseText("B.A.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
                      "8.B.D.0.1.0.0.2.IP6.ARPA"),
            Address("2001:db8::567:89ab"));
}

TEST(ReverseTest, RefusesNamesThatAreNotOneAddress) {
  const std::string nibbles =  // 31 of them
      "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0";
  const std::vector<std::string> kTexts = {
      ".",
      "arpa",
      "in-addr.arpa",
      "ip6.arpa",
      "2.0.192.in-addr.arpa",
      "1.10.2.0.192.in-addr.arpa",
      "256.2.0.192.in-addr.arpa",
      "010.2.0.192.in-addr.arpa",
      "00.2.0.192.in-addr.arpa",
      "+1.2.0.192.in-addr.arpa",
      "-1.2.0.192.in-addr.arpa",
      "1\\032.2.0.192.in-addr.arpa",
      "0\\0471.2.0.192.in-addr.arpa",
      "a.2.0.192.in-addr.arpa",
      "0x1.2.0.192.in-addr.arpa",
      "4294967297.2.0.192.in-addr.arpa",
      "99999999999999999999.2.0.192.in-addr.arpa",
      "10.2.0.192.in-addr.example",
      "10.2.0.192.ip6.arpa",
      "10.2.0.192.in-addr.arpa.example",
      nibbles + ".ip6.arpa",
      "0.0." + nibbles + ".ip6.arpa",
      "g." + nibbles + ".ip6.arpa",
      "00." + nibbles + ".ip6.arpa",
      "\\000." + nibbles + ".ip6.arpa",
      "0." + nibbles + ".in-addr.arpa",
      "0." + nibbles + ".ip6.example",
  };
  for (const std::string& text : kTexts) {
    EXPECT_EQ(ParseText(text), std::nullopt) << text;
  }
}

TEST(ReverseTest, ReadsBackEveryLastOctetAndManyAddresses) {
  for (uint32_t i = 0; i < 256; ++i) {
    const auto address = IpAddress::V4(0xc0000200 + i);
    EXPECT_EQ(ReverseName(address).ToText(),
              absl::StrCat(i, ".2.0.192.in-addr.arpa"));
    EXPECT_EQ(ParseReverseName(ReverseName(address)), address);
  }
  std::mt19937_64 random(1);
  for (int i = 0; i < 2'000; ++i) {
    const uint64_t high = random();
    const auto v6 = IpAddress::V6(absl::MakeUint128(high, random()));
    ASSERT_EQ(ParseReverseName(ReverseName(v6)), v6);
    const auto v4 = IpAddress::V4(static_cast<uint32_t>(high));
    ASSERT_EQ(ParseReverseName(ReverseName(v4)), v4);
  }
}

TEST(ReverseTest, ReadsZoneNames) {
  for (const char* text : {"0.0.0.0/0", "10.0.0.0/8", "10.255.0.0/16",
                           "192.0.2.0/24", "192.0.2.1/32", "::/0", "2000::/4",
                           "2001:db8::/32", "2001:db8::1/128"}) {
    const auto prefix = IpPrefix::Parse(text);
    ASSERT_TRUE(prefix) << text;
    EXPECT_EQ(ParseReverseZoneName(ReverseZoneName(*prefix)), prefix) << text;
  }
  EXPECT_EQ(ParseReverseZoneName(*Name::Parse("B.D.0.1.0.0.2.IP6.ARPA")),
            IpPrefix::Parse("2001:db0::/28"));
  for (const char* text :
       {"example.net", "arpa", "256.10.in-addr.arpa", "01.10.in-addr.arpa",
        "0/25.2.0.192.in-addr.arpa", "1.2.3.4.5.in-addr.arpa", "g.2.ip6.arpa",
        "12.ip6.arpa", "a.10.in-addr.arpa", "-1.10.in-addr.arpa"}) {
    EXPECT_EQ(ParseReverseZoneName(*Name::Parse(text)), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace dnswire
