#include "scanner/delegation/referral.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/packet_builder.h"

namespace scanner {
namespace {

using testing_support::Octets;
using testing_support::PacketBuilder;
namespace rr = testing_support::rr;

dnswire::Name N(absl::string_view text) { return *dnswire::Name::Parse(text); }

// 2001:db8:: and this last octet.
std::array<uint8_t, 16> V6(uint8_t last) {
  return {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last};
}

PacketBuilder Reply() {
  return PacketBuilder().Id(7).Response().Question("4.3.2.1.in-addr.arpa",
                                                   rr::kPtr);
}

// "host=address,address host ..." in the referral's order.
std::string Text(const Referral& referral) {
  std::string text;
  size_t place = 0;
  for (const dnswire::NameView host : referral.hosts.view()) {
    absl::StrAppend(&text, text.empty() ? "" : " ", host.ToText());
    const char* separator = "=";
    for (const Referral::Glue& glue : referral.glue) {
      if (glue.host != place) continue;
      absl::StrAppend(&text, separator, glue.address.ToString());
      separator = ",";
    }
    ++place;
  }
  return text;
}

Referral Read(const PacketBuilder& packet, absl::string_view apex,
              absl::string_view parent) {
  PacketBuilder builder = packet;
  const Octets octets = builder.Build();
  const dnswire::Message message = dnswire::Message::Parse(octets);
  return ReadReferral(message, message.authorities(), N(apex), N(parent));
}

TEST(ReferralTest, TakesTheSetOfTheApexOnceEachInLowerCase) {
  const Referral referral =
      Read(Reply()
               .Authority()
               .Ns("2.1.in-addr.arpa", "NS1.example.net", {.ttl = 300})
               .Ns("2.1.IN-ADDR.arpa", "ns2.example.net", {.ttl = 100})
               .Ns("2.1.in-addr.arpa", "ns1.EXAMPLE.net", {.ttl = 900})
               .Ns("1.in-addr.arpa", "ns3.example.net"),
           "2.1.In-Addr.arpa", "1.in-addr.arpa");
  EXPECT_EQ(referral.apex.ToText(), "2.1.in-addr.arpa");
  EXPECT_EQ(Text(referral), "ns1.example.net ns2.example.net");
  EXPECT_EQ(referral.ttl_s, 100U);
}

// RFC 2181 section 5.4.1, ITERATION.md 1.4.
TEST(ReferralTest, BelievesGlueOnlyOfItsOwnNamesBelowTheParent) {
  const auto packet = Reply()
                          .Authority()
                          .Ns("example.com", "ns.example.com")
                          .Ns("example.com", "ns.example.net")
                          .Additional()
                          .A("ns.example.com", "192.0.2.1")
                          .Aaaa("ns.example.com", V6(1))
                          .A("ns.example.net", "192.0.2.2")     // not below com
                          .A("other.example.com", "192.0.2.3")  // nobody's name
                          .A("NS.example.com", "192.0.2.1")     // twice
                          .A("ns.example.com", "192.0.2.4");
  EXPECT_EQ(Text(Read(packet, "example.com", "com")),
            "ns.example.com=192.0.2.1,2001:db8::1,192.0.2.4 ns.example.net");
  EXPECT_EQ(Text(Read(packet, "example.com", ".")),
            "ns.example.com=192.0.2.1,2001:db8::1,192.0.2.4 "
            "ns.example.net=192.0.2.2");
}

TEST(ReferralTest, ThirteenNamesAndFourAddressesAFamily) {
  PacketBuilder packet = Reply().Authority();
  for (int i = 0; i < 20; ++i) {
    packet.Ns("example.com", absl::StrCat("ns", i, ".example.com"));
  }
  packet.Additional();
  for (int i = 0; i < 6; ++i) {
    packet.A("ns0.example.com", absl::StrCat("192.0.2.", i));
    packet.Aaaa("ns0.example.com", V6(static_cast<uint8_t>(i)));
  }
  packet.A("ns15.example.com", "192.0.2.99");
  const Referral referral = Read(packet, "example.com", "com");
  EXPECT_EQ(referral.hosts.size(), 13U);
  EXPECT_EQ(referral.glue.size(), 8U);
}

TEST(ReferralTest, WithoutASetOfTheApexThereIsNone) {
  const Referral referral =
      Read(Reply().Authority().Ns("com", "ns.example.com"), "example.com", ".");
  EXPECT_TRUE(referral.hosts.empty());
}

}  // namespace
}  // namespace scanner
