#include "io/net/endpoint.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <net/if.h>
#include <netinet/in.h>

#include <array>
#include <cstring>
#include <string>

#include "absl/strings/str_cat.h"

namespace io {
namespace {

using dnswire::IpAddress;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr IpAddress kV4 = IpAddress::V4(0xc0000201);  // 192.0.2.1
constexpr IpAddress kV6 =
    IpAddress::V6(absl::MakeUint128(0x20010db800000000, 1));  // 2001:db8::1
constexpr IpAddress kLinkLocal =
    IpAddress::V6(absl::MakeUint128(0xfe80000000000000, 1));  // fe80::1

uint32_t LoopbackIndex() { return if_nametoindex("lo"); }

TEST(EndpointTest, ReadsAddressesWithAndWithoutPort) {
  const struct {
    absl::string_view text;
    IpAddress address;
    uint16_t port;
  } cases[] = {
      {"192.0.2.1", kV4, 53},
      {"192.0.2.1:5300", kV4, 5300},
      {"192.0.2.1:1", kV4, 1},
      {"192.0.2.1:65535", kV4, 65535},
      {"2001:db8::1", kV6, 53},
      {"[2001:db8::1]", kV6, 53},
      {"[2001:db8::1]:5300", kV6, 5300},
      {"[2001:DB8::1]:53", kV6, 53},
      {"fe80::1", kLinkLocal, 53},
  };
  for (const auto& c : cases) {
    const std::optional<Endpoint> endpoint = Endpoint::Parse(c.text);
    ASSERT_TRUE(endpoint) << c.text;
    EXPECT_EQ(endpoint->address, c.address) << c.text;
    EXPECT_EQ(endpoint->port, c.port) << c.text;
    EXPECT_EQ(endpoint->scope, 0U) << c.text;
  }
}

TEST(EndpointTest, TreatsTheLastGroupOfABareIpv6AddressAsAddress) {
  const std::optional<Endpoint> endpoint = Endpoint::Parse("2001:db8::1:5300");
  ASSERT_TRUE(endpoint);
  EXPECT_EQ(endpoint->port, 53);
  EXPECT_EQ(endpoint->address.ToString(), "2001:db8::1:5300");
}

TEST(EndpointTest, ReadsTheInterfaceOfALinkLocalAddress) {
  ASSERT_NE(LoopbackIndex(), 0U);
  for (const absl::string_view text :
       {"fe80::1%lo", "[fe80::1%lo]", "[fe80::1%lo]:53"}) {
    EXPECT_EQ(
        Endpoint::Parse(text),
        (Endpoint{.address = kLinkLocal, .port = 53, .scope = LoopbackIndex()}))
        << text;
  }
  EXPECT_EQ(Endpoint::Parse("[fe80::1%lo]:54")->port, 54);
}

TEST(EndpointTest, RefusesWhatIsNoEndpoint) {
  const std::string with_nul = absl::StrCat("fe80::1%lo", std::string(1, '\0'));
  const absl::string_view cases[] = {"",
                                     "localhost",
                                     "dns.example:53",
                                     "192.0.2.1:",
                                     "192.0.2.1:0",
                                     "192.0.2.1:65536",
                                     "192.0.2.1:053",
                                     "192.0.2.1:+53",
                                     "192.0.2.1: 53",
                                     "192.0.2.1:dns",
                                     ":53",
                                     " 192.0.2.1",
                                     "192.0.2.1 ",
                                     "192.0.2",
                                     "192.0.2.1.1",
                                     "192.0.2.1:53:53",
                                     "192.0.2.1%lo",
                                     "[192.0.2.1]:53",
                                     "[192.0.2.1]",
                                     "[2001:db8::1",
                                     "2001:db8::1]",
                                     "[]",
                                     "[]:53",
                                     "[2001:db8::1]53",
                                     "[2001:db8::1]:",
                                     "[2001:db8::1]:0",
                                     "[2001:db8::1]:65536",
                                     "[2001:db8::1]::53",
                                     "[[2001:db8::1]]",
                                     "[2001:db8::1] :53",
                                     "2001:db8::1%lo",
                                     "fe80::1%",
                                     "fe80::1%no-such-device",
                                     "[fe80::1]%lo",
                                     "fe80::1%lo%lo",
                                     "192.0.2.1/32",
                                     "fec0::1%lo",
                                     with_nul};
  for (const absl::string_view text : cases) {
    EXPECT_EQ(Endpoint::Parse(text), std::nullopt) << "'" << text << "'";
  }
}

TEST(EndpointTest, PrintsThePortOnlyIfItIsNot53) {
  const struct {
    Endpoint endpoint;
    absl::string_view expected;
  } cases[] = {
      {{.address = kV4}, "192.0.2.1"},
      {{.address = kV4, .port = 5300}, "192.0.2.1:5300"},
      {{.address = kV6}, "2001:db8::1"},
      {{.address = kV6, .port = 5300}, "[2001:db8::1]:5300"},
      {{.address = kLinkLocal, .scope = LoopbackIndex()}, "fe80::1%lo"},
      {{.address = kLinkLocal, .port = 54, .scope = LoopbackIndex()},
       "[fe80::1%lo]:54"},
      {{.address = kLinkLocal, .scope = 987654321}, "fe80::1%987654321"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(c.endpoint.ToString(), c.expected);
  }
}

TEST(EndpointTest, FillsAnIpv4SocketAddress) {
  sockaddr_storage storage;
  std::memset(&storage, 0xee, sizeof storage);
  const Endpoint endpoint = {.address = kV4, .port = 0x1234};
  ASSERT_EQ(endpoint.ToSockaddr(&storage), sizeof(sockaddr_in));
  sockaddr_in expected{};
  expected.sin_family = AF_INET;
  expected.sin_port = htons(0x1234);
  ASSERT_EQ(inet_pton(AF_INET, "192.0.2.1", &expected.sin_addr), 1);
  EXPECT_EQ(std::memcmp(&storage, &expected, sizeof expected), 0);
  EXPECT_EQ(Endpoint::FromSockaddr(storage), endpoint);
}

TEST(EndpointTest, FillsAnIpv6SocketAddress) {
  sockaddr_storage storage;
  std::memset(&storage, 0xee, sizeof storage);
  const Endpoint endpoint = {.address = kLinkLocal, .port = 0x1234, .scope = 7};
  ASSERT_EQ(endpoint.ToSockaddr(&storage), sizeof(sockaddr_in6));
  sockaddr_in6 expected{};
  expected.sin6_family = AF_INET6;
  expected.sin6_port = htons(0x1234);
  expected.sin6_scope_id = 7;
  ASSERT_EQ(inet_pton(AF_INET6, "fe80::1", &expected.sin6_addr), 1);
  EXPECT_EQ(std::memcmp(&storage, &expected, sizeof expected), 0);
  EXPECT_EQ(Endpoint::FromSockaddr(storage), endpoint);
}

TEST(EndpointTest, EndpointsOfDifferentPortOrScopeDiffer) {
  const Endpoint endpoint = {.address = kLinkLocal, .port = 53, .scope = 1};
  EXPECT_NE(endpoint,
            (Endpoint{.address = kLinkLocal, .port = 54, .scope = 1}));
  EXPECT_NE(endpoint,
            (Endpoint{.address = kLinkLocal, .port = 53, .scope = 2}));
}

TEST(ResolvConfTest, TakesTheNameserverLinesInOrder) {
  EXPECT_THAT(ParseResolvConf("# made by hand\n"
                              "search example.net\n"
                              "nameserver 2001:db8::1\n"
                              "options edns0\n"
                              "nameserver\t192.0.2.1\n"),
              ElementsAre(Endpoint{.address = kV6}, Endpoint{.address = kV4}));
}

TEST(ResolvConfTest, TakesEachServerOnce) {
  EXPECT_THAT(ParseResolvConf("nameserver 192.0.2.1\n"
                              "nameserver 2001:db8::1\n"
                              "nameserver 192.0.2.1\n"
                              "nameserver 2001:db8:0::1\n"),
              ElementsAre(Endpoint{.address = kV4}, Endpoint{.address = kV6}));
}

TEST(ResolvConfTest, BearsBlanksCommentsAndLineEndings) {
  for (const absl::string_view line :
       {"nameserver 192.0.2.1", "nameserver \t 192.0.2.1  ",
        "nameserver 192.0.2.1 # the old one", "nameserver 192.0.2.1;here",
        "nameserver 192.0.2.1\r\n", "nameserver 192.0.2.1#x\n\n"}) {
    EXPECT_THAT(ParseResolvConf(line), ElementsAre(Endpoint{.address = kV4}))
        << line;
  }
}

TEST(ResolvConfTest, IgnoresEverythingElse) {
  for (const absl::string_view line :
       {"", "\n\n", "nameserver", "nameserver ", "nameserver192.0.2.1",
        "nameservers 192.0.2.1", "#nameserver 192.0.2.1",
        ";nameserver 192.0.2.1", " nameserver 192.0.2.1",
        "Nameserver 192.0.2.1", "nameserver dns.example",
        "nameserver 192.0.2.256", "nameserver # 192.0.2.1",
        "domain 192.0.2.1"}) {
    EXPECT_THAT(ParseResolvConf(line), IsEmpty()) << line;
  }
}

}  // namespace
}  // namespace io
