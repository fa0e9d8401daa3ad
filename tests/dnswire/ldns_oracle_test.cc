// ldns as second opinion, one way only: what we accept (no fault, only decoded
// types of class IN, and OPT in additional), ldns accepts, with the same
// records and wire names. The converse does not hold: ldns takes RDLENGTH that
// does not fit and forward pointers (WIRE.md 12). TC does not matter here: ldns
// refuses truncated messages with fewer records than counted, and so do we.
#include <gmock/gmock.h>
#include <ldns/ldns.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dnswire/message.h"
#include "dnswire/query.h"
#include "dnswire/reverse.h"
#include "tests/dnswire/decode_text.h"
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

using LdnsPacket = std::unique_ptr<ldns_pkt, void (*)(ldns_pkt*)>;

LdnsPacket ParseWithLdns(std::span<const uint8_t> octets) {
  ldns_pkt* packet = nullptr;  // ldns leaves it unset on error
  const ldns_status status =
      ldns_wire2pkt(&packet, octets.data(), octets.size());
  if (status != LDNS_STATUS_OK) packet = nullptr;
  return LdnsPacket(packet, ldns_pkt_free);
}

void AppendRdf(const ldns_rdf* rdf, Octets* out) {
  const uint8_t* data = ldns_rdf_data(rdf);
  out->insert(out->end(), data, data + ldns_rdf_size(rdf));
}

PlainRecord FromLdns(const ldns_rr* rr) {
  PlainRecord record = {
      .type = static_cast<uint16_t>(ldns_rr_get_type(rr)),
      .record_class = static_cast<uint16_t>(ldns_rr_get_class(rr)),
      .ttl = ldns_rr_ttl(rr),
      .decoded = true};
  AppendRdf(ldns_rr_owner(rr), &record.owner);
  for (size_t i = 0; i < ldns_rr_rd_count(rr); ++i) {
    AppendRdf(ldns_rr_rdf(rr, i), &record.rdata);
  }
  return record;
}

std::vector<PlainRecord> FromLdns(const ldns_rr_list* list) {
  std::vector<PlainRecord> records;
  for (size_t i = 0; i < ldns_rr_list_rr_count(list); ++i) {
    records.push_back(FromLdns(ldns_rr_list_rr(list, i)));
  }
  return records;
}

// Our records as ldns lists them: without RDLENGTH, OPT apart.
std::vector<PlainRecord> Ours(const Message& message,
                              const RecordRange& range) {
  std::vector<PlainRecord> records;
  for (const Record& record : range) {
    if (!IsDecoded(record)) continue;
    records.push_back(ToPlain(message, record));
    records.back().rdlength = 0;
  }
  return records;
}

bool AllDecoded(const RecordRange& range) {
  for (const Record& record : range) {
    if (!IsDecoded(record)) return false;
  }
  return true;
}

// The one-way rule speaks of this message.
bool LdnsMustAccept(const Message& message) {
  if (message.fault() != Fault::kNone) return false;
  if (!AllDecoded(message.answers())) return false;
  if (!AllDecoded(message.authorities())) return false;
  for (const Record& record : message.additionals()) {
    if (record.type != kTypeOpt && !IsDecoded(record)) return false;
  }
  return true;
}

void ExpectSameQuestion(const Message& message, const ldns_pkt* packet) {
  if (!message.has_question()) return;
  const ldns_rr* question = ldns_rr_list_rr(ldns_pkt_question(packet), 0);
  Octets name;
  AppendRdf(ldns_rr_owner(question), &name);
  EXPECT_THAT(message.question_name().wire(), testing::ElementsAreArray(name));
  EXPECT_EQ(message.question_type(), ldns_rr_get_type(question));
  EXPECT_EQ(message.question_class(), ldns_rr_get_class(question));
}

void ExpectSameOpt(const Message& message, const ldns_pkt* packet) {
  EXPECT_EQ(message.has_opt(), ldns_pkt_edns(packet));
  if (!message.has_opt()) return;
  EXPECT_EQ(message.opt().payload, ldns_pkt_edns_udp_size(packet));
  EXPECT_EQ(message.opt().extended_rcode, ldns_pkt_edns_extended_rcode(packet));
  EXPECT_EQ(message.opt().version, ldns_pkt_edns_version(packet));
  EXPECT_EQ(message.opt().dnssec_ok, ldns_pkt_edns_do(packet));
}

void ExpectLdnsAgrees(const Octets& octets) {
  const Message message = Message::Parse(octets);
  const LdnsPacket packet = ParseWithLdns(octets);
  ASSERT_NE(packet, nullptr);
  ExpectSameQuestion(message, packet.get());
  EXPECT_EQ(Ours(message, message.answers()),
            FromLdns(ldns_pkt_answer(packet.get())));
  EXPECT_EQ(Ours(message, message.authorities()),
            FromLdns(ldns_pkt_authority(packet.get())));
  EXPECT_EQ(Ours(message, message.additionals()),
            FromLdns(ldns_pkt_additional(packet.get())));
  ExpectSameOpt(message, packet.get());
}

TEST_F(CorpusTest, LdnsAgreesWithWhatWeAccept) {
  int compared = 0;
  for (const CorpusMessage& message : ReadMessages()) {
    if (!LdnsMustAccept(Message::Parse(message.octets))) continue;
    SCOPED_TRACE(message.id);
    ExpectLdnsAgrees(message.octets);
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
    SCOPED_TRACE(packet.label);
    ASSERT_TRUE(LdnsMustAccept(Message::Parse(packet.octets)));
    ExpectLdnsAgrees(packet.octets);
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
  Octets owner;
  AppendRdf(ldns_rr_owner(question), &owner);
  EXPECT_THAT(name.wire(), testing::ElementsAreArray(owner));
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
