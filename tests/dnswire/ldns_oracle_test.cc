// The oracle of ldns_oracle.h asked about the corpus, built messages and our
// own queries.
#include "tests/dnswire/ldns_oracle.h"

#include <gmock/gmock.h>

#include <array>
#include <span>
#include <string>
#include <vector>

#include "dnswire/message.h"
#include "dnswire/query.h"
#include "dnswire/reverse.h"
#include "tests/support/corpus_fixture.h"
#include "tests/support/corpus_reader.h"
#include "tests/support/packet_builder.h"

namespace dnswire {
namespace {

using testing_support::Compressed;
using testing_support::CorpusMessage;
using testing_support::CorpusTest;
using testing_support::EdnsOption;
using testing_support::ExtendedError;
using testing_support::Label;
using testing_support::NameOfSize;
using testing_support::Octets;
using testing_support::PacketBuilder;
using testing_support::Pointer;
namespace rr = testing_support::rr;

TEST_F(CorpusTest, LdnsAgreesWithWhatWeAccept) {
  int compared = 0;
  for (const CorpusMessage& message : testing_support::ReadCorpusMessages()) {
    const Message parsed = Message::Parse(message.octets);
    if (!LdnsMustAccept(parsed)) continue;
    EXPECT_EQ(LdnsDisagreement(parsed), "") << message.id;
    ++compared;
  }
  EXPECT_EQ(compared, 3102);
}

struct BuiltPacket {
  std::string label;
  Octets octets;
};

PacketBuilder PtrResponse() {
  return PacketBuilder().Id(4711).Response().Ra().Question(
      "10.2.0.192.in-addr.arpa", rr::kPtr);
}

Octets EveryOctetName() {
  Octets name;
  for (int first = 0; first < 192; first += 48) {
    std::string label;
    for (int i = 0; i < 48; ++i) label += static_cast<char>(first + i);
    name = testing_support::Concat({name, Label(label)});
  }
  return testing_support::Concat({name, Pointer(12)});
}

std::vector<BuiltPacket> BuiltPackets() {
  constexpr std::array<uint8_t, 16> kAddress = {0x20, 0x01, 0x0d, 0xb8};
  std::vector<BuiltPacket> packets = {
      {"plain ptr", PtrResponse()
                        .Answer()
                        .Ptr("10.2.0.192.in-addr.arpa", "mail.example.com")
                        .Build()},
      {"compressed",
       PtrResponse().Answer().Ptr(Pointer(12), Compressed("host", 17)).Build()},
      {"every octet",
       PtrResponse().Answer().Ptr(Pointer(12), EveryOctetName()).Build()},
      {"longest name",
       PtrResponse().Answer().Ptr(Pointer(12), NameOfSize(255)).Build()},
      {"root target", PtrResponse().Answer().Ptr(Pointer(12), "").Build()},
      {"ttl extremes", PtrResponse()
                           .Answer()
                           .Ptr(Pointer(12), "a", {.ttl = 0})
                           .Ptr(Pointer(12), "b", {.ttl = 0xffffffff})
                           .Build()},
      {"alias and addresses", PtrResponse()
                                  .Answer()
                                  .Cname(Pointer(12), "a.example")
                                  .Dname("example", "test")
                                  .A("a.example", "192.0.2.255")
                                  .Aaaa("a.example", kAddress)
                                  .Build()},
      {"negative", PtrResponse()
                       .Rcode(3)
                       .Authority()
                       .Soa(Compressed("", 17), "ns.example", "root.example")
                       .Build()},
      {"referral", PtrResponse()
                       .Authority()
                       .Ns(Pointer(15), "ns.example")
                       .Additional()
                       .A("ns.example", "192.0.2.53")
                       .Build()},
      {"opt", PtrResponse()
                  .Additional()
                  .Opt({.payload = 4096,
                        .extended_rcode = 1,
                        .version = 0,
                        .dnssec_ok = true,
                        .options = testing_support::Concat(
                            {ExtendedError(22, "no answer"),
                             EdnsOption(10, Octets(8, 0xab))})})
                  .Build()},
  };
  return packets;
}

TEST(LdnsOracleTest, AgreesWithBuiltPackets) {
  for (const BuiltPacket& packet : BuiltPackets()) {
    const Message parsed = Message::Parse(packet.octets);
    ASSERT_TRUE(LdnsMustAccept(parsed)) << packet.label;
    EXPECT_EQ(LdnsDisagreement(parsed), "") << packet.label;
  }
}

void ExpectLdnsReadsQuery(std::span<const uint8_t> query, NameView name,
                          uint16_t type, const QueryOptions& options) {
  const LdnsPacket packet = ParseWithLdns(query);
  ASSERT_NE(packet, nullptr);
  EXPECT_EQ(ldns_pkt_id(packet.get()), 0xbeef);
  EXPECT_FALSE(ldns_pkt_qr(packet.get()));
  EXPECT_EQ(ldns_pkt_get_opcode(packet.get()), LDNS_PACKET_QUERY);
  EXPECT_EQ(ldns_pkt_rd(packet.get()), options.recursion_desired);
  EXPECT_EQ(ldns_pkt_edns(packet.get()), options.edns);
  EXPECT_EQ(ldns_pkt_edns_udp_size(packet.get()), options.edns ? 1232 : 0);
  ASSERT_EQ(ldns_pkt_qdcount(packet.get()), 1);
  const ldns_rr* question = ldns_rr_list_rr(ldns_pkt_question(packet.get()), 0);
  const ldns_rdf* owner = ldns_rr_owner(question);
  EXPECT_THAT(name.wire(), testing::ElementsAreArray(ldns_rdf_data(owner),
                                                     ldns_rdf_size(owner)));
  EXPECT_EQ(ldns_rr_get_type(question), type);
  EXPECT_EQ(ldns_rr_get_class(question), LDNS_RR_CLASS_IN);
}

TEST(LdnsOracleTest, ReadsOurQueries) {
  const QueryOptions options[] = {
      {.recursion_desired = true, .edns = true},
      {.recursion_desired = true, .edns = false},
      {.recursion_desired = false, .edns = true},
      {.recursion_desired = false, .edns = false},
  };
  const Octets longest = NameOfSize(255);
  for (const NameView name : {NameView(), NameView::FromValidWire(longest)}) {
    for (const QueryOptions& option : options) {
      uint8_t query[kMaxQueryOctets];
      const size_t size = EncodeQuery(0xbeef, name, kTypeAaaa, option, query);
      ExpectLdnsReadsQuery({query, size}, name, kTypeAaaa, option);
    }
  }
}

TEST(LdnsOracleTest, ReadsOurPtrQueries) {
  for (const char* text : {"192.0.2.10", "2001:db8::1"}) {
    const IpAddress address = IpAddress::Parse(text).value();
    uint8_t query[kMaxQueryOctets];
    const size_t size = EncodePtrQuery(0xbeef, address, {}, query);
    ExpectLdnsReadsQuery({query, size}, ReverseName(address), kTypePtr, {});
  }
}

}  // namespace
}  // namespace dnswire
