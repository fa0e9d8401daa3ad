#include "dnswire/message.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "tests/support/packet_builder.h"

namespace dnswire {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;
using testing_support::Compressed;
using testing_support::Concat;
using testing_support::FromHex;
using testing_support::kChaos;
using testing_support::kIn;
using testing_support::Octets;
using testing_support::PacketBuilder;
using testing_support::Pointer;
using testing_support::SoaNumbers;
using testing_support::WireName;
namespace rr = testing_support::rr;

constexpr char kReverseName[] = "10.2.0.192.in-addr.arpa";

PacketBuilder Asked() {
  return PacketBuilder().Id(7).Response().Question(kReverseName, rr::kPtr);
}

Octets Wire(const char* text) { return WireName(text).octets; }

Name NameAt(const Message& message, size_t position) {
  Name name;
  message.ReadName(position, &name);
  return name;
}

std::vector<Record> Records(const RecordRange& range) {
  std::vector<Record> records;
  for (const Record& record : range) records.push_back(record);
  return records;
}

TEST(MessageTest, ReadsEveryHeaderField) {
  const Octets octets = FromHex("beef 8000 0001 0002 0003 0004");
  const Header header = Message::ParseHead(octets).header();
  EXPECT_EQ(header.id, 0xbeef);
  EXPECT_EQ(header.question_count, 1);
  EXPECT_EQ(header.answer_count, 2);
  EXPECT_EQ(header.authority_count, 3);
  EXPECT_EQ(header.additional_count, 4);
}

// The flags in the order of RFC 1035: opcode and rcode in decimal, bits as 0
// and 1.
std::string FlagsText(const PacketBuilder& packet) {
  const Message message = Message::Parse(packet.Build());
  const Header& h = message.header();
  const int fields[] = {h.qr, h.opcode, h.aa, h.tc, h.rd,
                        h.ra, h.z,      h.ad, h.cd, h.rcode};
  std::string text;
  for (const int field : fields) text += std::to_string(field) + " ";
  return text;
}

TEST(MessageTest, ReadsEveryFlagFromItsOwnBit) {
  EXPECT_EQ(FlagsText(PacketBuilder()), "0 0 0 0 0 0 0 0 0 0 ");
  EXPECT_EQ(FlagsText(PacketBuilder().Response()), "1 0 0 0 0 0 0 0 0 0 ");
  EXPECT_EQ(FlagsText(PacketBuilder().Opcode(15)), "0 15 0 0 0 0 0 0 0 0 ");
  EXPECT_EQ(FlagsText(PacketBuilder().Aa()), "0 0 1 0 0 0 0 0 0 0 ");
  EXPECT_EQ(FlagsText(PacketBuilder().Tc()), "0 0 0 1 0 0 0 0 0 0 ");
  EXPECT_EQ(FlagsText(PacketBuilder().Rd()), "0 0 0 0 1 0 0 0 0 0 ");
  EXPECT_EQ(FlagsText(PacketBuilder().Ra()), "0 0 0 0 0 1 0 0 0 0 ");
  EXPECT_EQ(FlagsText(PacketBuilder().Z()), "0 0 0 0 0 0 1 0 0 0 ");
  EXPECT_EQ(FlagsText(PacketBuilder().Ad()), "0 0 0 0 0 0 0 1 0 0 ");
  EXPECT_EQ(FlagsText(PacketBuilder().Cd()), "0 0 0 0 0 0 0 0 1 0 ");
  EXPECT_EQ(FlagsText(PacketBuilder().Rcode(15)), "0 0 0 0 0 0 0 0 0 15 ");
}

TEST(MessageTest, NeedsTwelveOctets) {
  const Octets octets(12, 0);
  const std::span<const uint8_t> all(octets);
  for (size_t size = 0; size < 12; ++size) {
    EXPECT_EQ(Message::Parse(all.first(size)).fault(), Fault::kHeader);
  }
  EXPECT_EQ(Message::Parse(all).fault(), Fault::kNone);
}

TEST(MessageTest, ReadsTheOneQuestion) {
  const Octets octets =
      PacketBuilder().Question("wWw.ExAmPlE", rr::kAaaa, 0xfe01).Build();
  const Message message = Message::ParseHead(octets);
  ASSERT_TRUE(message.has_question());
  EXPECT_THAT(message.question_name().wire(),
              ElementsAreArray(Wire("wWw.ExAmPlE")));
  EXPECT_EQ(message.question_type(), rr::kAaaa);
  EXPECT_EQ(message.question_class(), 0xfe01);
}

struct QuestionCase {
  std::string label;
  Octets octets;
  Fault fault;
  bool has_question;
};

TEST(MessageTest, ReadsOrRefusesQuestionSections) {
  const PacketBuilder one = PacketBuilder().Question("a.b", rr::kA);
  Octets cut = one.Build();
  cut.pop_back();
  const QuestionCase cases[] = {
      {"none", PacketBuilder().Build(), Fault::kNone, false},
      {"one", one.Build(), Fault::kNone, true},
      {"one, cut", cut, Fault::kQuestion, false},
      {"one counted, none there", PacketBuilder().QuestionCount(1).Build(),
       Fault::kQuestion, false},
      {"pointer to itself",
       PacketBuilder().Question(Pointer(12), rr::kA).Build(), Fault::kQuestion,
       false},
      {"two", PacketBuilder(one).Question(Pointer(12), rr::kA).Build(),
       Fault::kNone, false},
      {"two counted, one there", PacketBuilder(one).QuestionCount(2).Build(),
       Fault::kQuestion, false},
      {"most counted", PacketBuilder(one).QuestionCount(0xffff).Build(),
       Fault::kQuestion, false},
  };
  for (const QuestionCase& test : cases) {
    SCOPED_TRACE(test.label);
    const Message message = Message::Parse(test.octets);
    EXPECT_EQ(message.fault(), test.fault);
    EXPECT_EQ(message.has_question(), test.has_question);
  }
}

TEST(MessageTest, ReadsRecordsOfEverySectionBehindTwoQuestions) {
  const Octets octets = PacketBuilder()
                            .Question("a", rr::kA)
                            .Question("b", rr::kA)
                            .Answer()
                            .A(Pointer(12), "192.0.2.1")
                            .Build();
  const Message message = Message::Parse(octets);
  EXPECT_EQ(message.fault(), Fault::kNone);
  ASSERT_EQ(message.answers().size(), 1u);
  EXPECT_TRUE(message.NameEquals(message.answers().begin()->owner_at,
                                 *Name::Parse("a")));
}

TEST(MessageTest, GivesTheFieldsOfEachRecord) {
  PacketBuilder packet = Asked().Answer();
  const size_t first_at = packet.size();
  packet.Ptr(Pointer(12), "a.b", {.ttl = 0x80000001, .record_class = 3});
  const size_t second_at = packet.size();
  packet.Record("x", 0xff01, Octets(300, 1));
  const Octets octets = packet.Build();

  const std::vector<Record> records = Records(Message::Parse(octets).answers());
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].owner_at, first_at);
  EXPECT_EQ(records[0].type, rr::kPtr);
  EXPECT_EQ(records[0].record_class, 3);
  EXPECT_EQ(records[0].ttl, 0x80000001);
  EXPECT_EQ(records[0].rdata_at, first_at + 12);
  EXPECT_EQ(records[0].rdata_size, 5);
  EXPECT_EQ(records[1].owner_at, second_at);
  EXPECT_EQ(records[1].type, 0xff01);
  EXPECT_EQ(records[1].rdata_at, second_at + 13);
  EXPECT_EQ(records[1].rdata_size, 300);
}

TEST(MessageTest, TtlWithTheTopBitSetCountsAsZero) {
  EXPECT_EQ(EffectiveTtl(0), 0u);
  EXPECT_EQ(EffectiveTtl(0x7fffffff), 0x7fffffffu);
  EXPECT_EQ(EffectiveTtl(0x80000000), 0u);
  EXPECT_EQ(EffectiveTtl(0xffffffff), 0u);
}

struct RdataCase {
  std::string label;
  uint16_t type;
  Octets rdata;
};

std::vector<RdataCase> DecodedRdata() {
  return {
      {"PTR", rr::kPtr, Wire("a.b")},
      {"PTR, compressed", rr::kPtr, Compressed("a", 12)},
      {"CNAME", rr::kCname, Wire("a.b")},
      {"DNAME", rr::kDname, Wire("a.b")},
      {"NS", rr::kNs, Wire(".")},
      {"A", rr::kA, Octets(4, 1)},
      {"AAAA", rr::kAaaa, Octets(16, 1)},
      {"SOA", rr::kSoa, Concat({Wire("m"), Pointer(12), Octets(20, 1)})},
  };
}

// Octets behind the rdata, so that a RDLENGTH that says too much stays inside
// the message.
Fault FaultWith(const RdataCase& test, size_t rdlength, uint16_t record_class) {
  const Octets octets =
      Asked()
          .Answer()
          .Record(Pointer(12), test.type, test.rdata,
                  {.record_class = record_class,
                   .rdlength = static_cast<uint16_t>(rdlength)})
          .Raw(Octets(8, 0))
          .Build();
  return Message::Parse(octets).fault();
}

TEST(MessageTest, RdataMustEndExactlyAtRdlength) {
  for (const RdataCase& test : DecodedRdata()) {
    SCOPED_TRACE(test.label);
    const size_t size = test.rdata.size();
    EXPECT_EQ(FaultWith(test, size, kIn), Fault::kNone);
    EXPECT_EQ(FaultWith(test, size - 1, kIn), Fault::kAnswer);
    EXPECT_EQ(FaultWith(test, size + 1, kIn), Fault::kAnswer);
    EXPECT_EQ(FaultWith(test, 0, kIn), Fault::kAnswer);
  }
}

TEST(MessageTest, RdataOfOtherClassesIsSkippedByRdlength) {
  for (const RdataCase& test : DecodedRdata()) {
    SCOPED_TRACE(test.label);
    EXPECT_EQ(FaultWith(test, 1, kChaos), Fault::kNone);
    EXPECT_EQ(FaultWith(test, test.rdata.size() + 8, 255), Fault::kNone);
    EXPECT_EQ(FaultWith(test, test.rdata.size() + 9, 255), Fault::kAnswer);
  }
}

TEST(MessageTest, RdataOfOtherTypesIsSkippedByRdlength) {
  const RdataCase broken = {"not a name", rr::kTxt, FromHex("ffff")};
  EXPECT_EQ(FaultWith(broken, 0, kIn), Fault::kNone);
  EXPECT_EQ(FaultWith(broken, 10, kIn), Fault::kNone);
  EXPECT_EQ(FaultWith(broken, 11, kIn), Fault::kAnswer);
}

struct SectionCase {
  std::string label;
  PacketBuilder packet;
  Fault fault;
  std::vector<size_t> sizes;  // of answer, authority, additional
};

PacketBuilder ThreeSections() {
  return Asked()
      .Answer()
      .Ptr(Pointer(12), "a.b")
      .Authority()
      .Ns(Pointer(12), "a.b")
      .Ns(Pointer(12), "b.b")
      .Additional()
      .A("a.b", "192.0.2.1");
}

std::vector<SectionCase> SectionCases() {
  const auto three = ThreeSections;
  const testing_support::RecordOptions longer = {.rdlength = 5};
  return {
      {"sound", three(), Fault::kNone, {1, 2, 1}},
      {"one answer too many",
       three().AnswerCount(5),
       Fault::kAnswer,
       {0, 0, 0}},
      {"most answers", three().AnswerCount(0xffff), Fault::kAnswer, {0, 0, 0}},
      {"answer malformed",
       Asked().Answer().A("", "192.0.2.1", longer).Raw(Octets(8, 0)),
       Fault::kAnswer,
       {0, 0, 0}},
      {"authority counts one too many",
       three().AuthorityCount(4),
       Fault::kAuthority,
       {1, 0, 0}},
      {"authority malformed",
       Asked()
           .Answer()
           .Ptr(Pointer(12), "a")
           .Authority()
           .A("", "1.2.3.4", longer),
       Fault::kAuthority,
       {1, 0, 0}},
      {"additional counts one too many",
       three().AdditionalCount(2),
       Fault::kAdditional,
       {1, 2, 0}},
      {"answers move into authority",
       three().AnswerCount(0).AuthorityCount(3),
       Fault::kNone,
       {0, 3, 1}},
  };
}

TEST(MessageTest, NamesTheSectionOfTheFirstFault) {
  for (const SectionCase& test : SectionCases()) {
    SCOPED_TRACE(test.label);
    const Message message = Message::Parse(test.packet.Build());
    EXPECT_EQ(message.fault(), test.fault);
    EXPECT_THAT(test.sizes, ElementsAre(message.answers().size(),
                                        message.authorities().size(),
                                        message.additionals().size()));
  }
}

TEST(MessageTest, CountsTrailingOctetsOfSoundMessagesOnly) {
  EXPECT_EQ(Message::Parse(ThreeSections().Build()).trailing_octets(), 0u);
  const Octets trailing = ThreeSections().Raw({1, 2, 3}).Build();
  EXPECT_EQ(Message::Parse(trailing).trailing_octets(), 3u);
  const Octets lax = ThreeSections().Raw({1, 2}).AdditionalCount(9).Build();
  EXPECT_EQ(Message::Parse(lax).trailing_octets(), 0u);
}

TEST(MessageTest, HeadAloneLeavesTheSectionsUnread) {
  const Octets octets = ThreeSections().AnswerCount(99).Build();
  Message message = Message::ParseHead(octets);
  EXPECT_EQ(message.fault(), Fault::kNone);
  EXPECT_THAT(Records(message.answers()), IsEmpty());
  message.ParseSections();
  EXPECT_EQ(message.fault(), Fault::kAnswer);
}

TEST(MessageTest, ReadsSoaFields) {
  const SoaNumbers numbers = {0x01020304, 2, 3, 4, 0xfffffffe};
  const Octets octets =
      Asked()
          .Authority()
          .Soa("Zone", Compressed("ns", 12), "admin.Zone", numbers)
          .Build();
  const Message message = Message::Parse(octets);
  const Soa soa = message.ReadSoa(*message.authorities().begin());
  EXPECT_EQ(NameAt(message, soa.mname_at).ToText(),
            "ns.10.2.0.192.in-addr.arpa");
  EXPECT_THAT(NameAt(message, soa.rname_at).view().wire(),
              ElementsAreArray(Wire("admin.Zone")));
  EXPECT_EQ(soa.serial, 0x01020304u);
  EXPECT_EQ(soa.refresh, 2u);
  EXPECT_EQ(soa.retry, 3u);
  EXPECT_EQ(soa.expire, 4u);
  EXPECT_EQ(soa.minimum, 0xfffffffeu);
}

}  // namespace
}  // namespace dnswire
