#include "dnswire/query.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "dnswire/reverse.h"
#include "tests/support/packet_builder.h"

namespace dnswire {
namespace {

using testing::ElementsAreArray;
using testing_support::NameOfSize;
using testing_support::Octets;
using testing_support::PacketBuilder;
using testing_support::WireName;
namespace rr = testing_support::rr;

struct QueryCase {
  std::string label;
  uint16_t id;
  WireName name;
  uint16_t type;
  QueryOptions options;
};

std::vector<QueryCase> Cases() {
  return {
      {"recursive, edns", 0x1234, "www.example.com", rr::kA, {}},
      {"iterative",
       1,
       "www.example.com",
       rr::kAaaa,
       {.recursion_desired = false, .edns = true}},
      {"no edns",
       0xffff,
       "example.com",
       rr::kSoa,
       {.recursion_desired = true, .edns = false}},
      {"neither", 0, "", rr::kNs, {.recursion_desired = false, .edns = false}},
      {"letter case as given", 7, "wWw.ExAmPlE", rr::kPtr, {}},
      {"type above 255", 8, "example.com", 0x8001, {}},
      {"longest name", 9, NameOfSize(255), rr::kDnskey, {}},
  };
}

Octets Expected(const QueryCase& test) {
  PacketBuilder packet;
  packet.Id(test.id).Rd(test.options.recursion_desired);
  packet.Question(test.name, test.type);
  if (test.options.edns) packet.Additional().Opt({.payload = 1232});
  return packet.Build();
}

TEST(QueryTest, EncodesHeaderQuestionAndOpt) {
  for (const QueryCase& test : Cases()) {
    SCOPED_TRACE(test.label);
    const NameView name = NameView::FromValidWire(test.name.octets);
    std::vector<uint8_t> out(kMaxQueryOctets);
    out.resize(EncodeQuery(test.id, name, test.type, test.options, out.data()));
    EXPECT_THAT(out, ElementsAreArray(Expected(test)));
  }
}

TEST(QueryTest, EncodesThePtrQuestionOfAnAddress) {
  const std::pair<const char*, const char*> cases[] = {
      {"192.0.2.10", "10.2.0.192.in-addr.arpa"},
      {"255.255.255.255", "255.255.255.255.in-addr.arpa"},
      {"0.0.0.0", "0.0.0.0.in-addr.arpa"},
      {"2001:db8::17",
       "7.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2."
       "ip6.arpa"},
  };
  for (const auto& [address, name] : cases) {
    SCOPED_TRACE(address);
    const QueryCase test = {address, 0xabcd, name, rr::kPtr, {}};
    std::vector<uint8_t> out(kMaxQueryOctets);
    out.resize(EncodePtrQuery(0xabcd, IpAddress::Parse(address).value(), {},
                              out.data()));
    EXPECT_THAT(out, ElementsAreArray(Expected(test)));
  }
}

TEST(QueryTest, CarriesACookieInItsOpt) {
  const Octets client = {1, 2, 3, 4, 5, 6, 7, 8};
  for (const size_t server_octets : {0U, 8U, 32U}) {
    Octets cookie = client;
    cookie.resize(8 + server_octets, 0x99);
    uint8_t buffer[kMaxQueryOctets];
    const Name name = *Name::Parse("mail.example.com");
    const size_t size =
        EncodeQuery(9, name, rr::kA, {.cookie = cookie}, buffer);
    PacketBuilder packet;
    packet.Id(9).Rd().Question("mail.example.com", rr::kA);
    packet.Additional().Opt(
        {.payload = 1232, .options = testing_support::EdnsOption(10, cookie)});
    EXPECT_EQ(Octets(buffer, buffer + size), packet.Build()) << server_octets;
  }
}

TEST(QueryTest, TheLongestQueryWithTheLongestCookieFits) {
  const Octets cookie(kMaxCookieOctets, 7);
  const Octets wire = NameOfSize(255);
  uint8_t buffer[kMaxQueryOctets];
  EXPECT_EQ(EncodeQuery(1, NameView::FromValidWire(wire), rr::kPtr,
                        {.cookie = cookie}, buffer),
            kMaxQueryOctets);
}

TEST(QueryTest, GivesLettersTheCaseOfTheSeed) {
  uint8_t buffer[kMaxQueryOctets];
  const size_t size = EncodePtrQuery(3, *IpAddress::Parse("192.0.2.1"),
                                     {.case_seed = 0b1000000001}, buffer);
  PacketBuilder packet;
  packet.Id(3).Rd().Question("1.2.0.192.In-addr.arpA", rr::kPtr);
  packet.Additional().Opt({.payload = 1232});
  EXPECT_EQ(Octets(buffer, buffer + size), packet.Build());
  const Name name = *Name::Parse("ab.example");
  const size_t forward =
      EncodeQuery(3, name, rr::kA, {.edns = false, .case_seed = 2}, buffer);
  EXPECT_EQ(Octets(buffer, buffer + forward),
            PacketBuilder().Id(3).Rd().Question("aB.example", rr::kA).Build());
}

}  // namespace
}  // namespace dnswire
