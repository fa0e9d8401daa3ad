// What an Answer tells besides its outcome: flags, extended errors, SOA, zone,
// TTL; and that nothing of the response before is left in it.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "dnswire/answer.h"
#include "tests/dnswire/answer_case.h"
#include "tests/dnswire/decode_text.h"
#include "tests/support/packet_builder.h"

namespace dnswire {
namespace {

using testing_support::ExtendedError;
using testing_support::Octets;
using testing_support::PacketBuilder;
using testing_support::Pointer;
namespace rr = testing_support::rr;

constexpr char kQuestion[] = "10.2.0.192.in-addr.arpa";
constexpr char kZone[] = "2.0.192.in-addr.arpa";

// From a recursive server: RA 1, AA 0.
PacketBuilder Asked() {
  return PacketBuilder().Id(7).Response().Rd().Ra().Question(kQuestion,
                                                             rr::kPtr);
}
PacketBuilder Data() { return Asked().Answer().Ptr(Pointer(12), "a.example"); }
PacketBuilder Aliased() {
  return Asked().Answer().Cname(Pointer(12), "b.example");
}
PacketBuilder WithSoa(PacketBuilder packet, const char* owner) {
  return packet.Authority().Soa(owner, "ns.example", "root.example");
}
PacketBuilder WithError(PacketBuilder packet, uint16_t code) {
  return packet.Additional().Opt({.options = ExtendedError(code)});
}

TEST(AnswerDetailsTest, ReadsWhatExtendedErrorsSay) {
  for (int code = 0; code <= 30; ++code) {
    SCOPED_TRACE(code);
    const Answer answer = Resolve(
        WithError(Asked().Rcode(2), static_cast<uint16_t>(code)).Build());
    EXPECT_EQ(answer.stale, code == 3 || code == 19);
    EXPECT_EQ(answer.dnssec_bogus, code >= 6 && code <= 12);
    EXPECT_EQ(answer.no_reachable_ns, code == 22 || code == 23);
  }
}

TEST(AnswerDetailsTest, TellsFlagsOfTheResponse) {
  const Answer plain = Resolve(Data().Build());
  EXPECT_FALSE(plain.authoritative);
  EXPECT_FALSE(plain.lax);
  EXPECT_FALSE(plain.trailing);
  EXPECT_TRUE(Resolve(Data().Aa().Build()).authoritative);
  EXPECT_TRUE(Resolve(Data().AuthorityCount(1).Build()).lax);
  EXPECT_TRUE(Resolve(Data().AdditionalCount(1).Build()).lax);
  EXPECT_TRUE(Resolve(Data().Raw({0}).Build()).trailing);
}

TEST(AnswerDetailsTest, KeepsTheSoaOfANegativeInLowerCase) {
  const Octets octets =
      Asked()
          .Rcode(3)
          .Authority()
          .Soa("example", "foreign.example", "foreign.example")
          .Soa("2.0.192.IN-ADDR.arpa", "Ns1.Example", "Root.Example")
          .Soa("in-addr.arpa", "second.example", "second.example")
          .Build();
  const Answer answer = Resolve(octets);
  ASSERT_TRUE(answer.has_soa);
  EXPECT_EQ(answer.soa_owner.view().first_label(), "2");
  EXPECT_EQ(answer.soa_owner.ToText(), kZone);
  EXPECT_EQ(answer.soa_mname.view().first_label(), "ns1");
  EXPECT_EQ(answer.soa_mname.ToText(), "ns1.example");
  EXPECT_EQ(answer.soa_rname.ToText(), "root.example");
  EXPECT_EQ(answer.soa_serial, 1u);
}

TEST(AnswerDetailsTest, PositiveAnswersHaveNoSoa) {
  EXPECT_FALSE(Resolve(WithSoa(Data(), kZone).Build()).has_soa);
  EXPECT_FALSE(Resolve(Asked().Build()).has_soa);
}

TEST(AnswerDetailsTest, FindsTheZoneOfAPositiveAnswer) {
  const PacketBuilder packet = Data()
                                   .Authority()
                                   .Ns("example", "ns.example")
                                   .Ns("2.0.192.In-Addr.arpa", "ns.example")
                                   .Ns("in-addr.arpa", "ns.example");
  const Answer answer = Resolve(packet.Build());
  ASSERT_TRUE(answer.has_ns_owner);
  EXPECT_EQ(answer.ns_owner.ToText(), kZone);
  EXPECT_FALSE(Resolve(Data().Build()).has_ns_owner);
  EXPECT_FALSE(
      Resolve(PacketBuilder(packet).AuthorityCount(9).Build()).has_ns_owner);
}

struct TtlCase {
  std::string label;
  PacketBuilder packet;
  std::string expected;  // seconds, or "none"
};

PacketBuilder SoaWithTtl(uint32_t ttl, uint32_t minimum) {
  return Asked().Rcode(3).Authority().Soa(kZone, "ns", "root",
                                          {.minimum = minimum}, {.ttl = ttl});
}

std::vector<TtlCase> TtlCases() {
  const auto data = [](uint32_t ttl) {
    return Asked().Answer().Ptr(Pointer(12), "a", {.ttl = ttl});
  };
  const auto alias = [](uint32_t ttl) {
    return Asked().Answer().Cname(Pointer(12), "b", {.ttl = ttl});
  };
  return {
      {"data", data(300), "300"},
      {"smallest of the data",
       data(300).Ptr(Pointer(12), "b", {.ttl = 20}).Ptr(Pointer(12), "c"),
       "20"},
      {"records of others do not count", data(300).Ptr("x", "b", {.ttl = 1}),
       "300"},
      {"top bit set", data(0x80000000), "0"},
      {"largest", data(0x7fffffff), "2147483647"},
      {"alias below data", alias(10).Ptr("b", "c", {.ttl = 20}), "10"},
      {"data below alias", alias(30).Ptr("b", "c", {.ttl = 20}), "20"},
      {"alias twice", alias(30).Cname(Pointer(12), "b", {.ttl = 5}), "5"},
      {"DNAME",
       Asked()
           .Answer()
           .Dname("in-addr.arpa", "x", {.ttl = 40})
           .Ptr("10.2.0.192.x", "a", {.ttl = 50}),
       "40"},
      {"follow", alias(30), "30"},
      {"SOA TTL below MINIMUM", SoaWithTtl(60, 70), "60"},
      {"MINIMUM below SOA TTL", SoaWithTtl(80, 70), "70"},
      {"MINIMUM with the top bit", SoaWithTtl(80, 0xffffffff), "0"},
      {"SOA TTL with the top bit", SoaWithTtl(0xffffffff, 80), "0"},
      {"negative without SOA", Asked().Rcode(3), "none"},
      {"negative behind an alias, without SOA", alias(30).Rcode(3), "none"},
      {"negative behind an alias",
       alias(30).Rcode(3).Authority().Soa("b", "m", "r", {.minimum = 90}),
       "90"},
      {"error", Asked().Rcode(2), "none"},
      {"error with data", data(9).Rcode(2), "none"},
  };
}

TEST(AnswerDetailsTest, TakesTheSmallestTtlOfTheRecordsUsed) {
  for (const TtlCase& test : TtlCases()) {
    const Answer answer = Resolve(test.packet.Build());
    EXPECT_EQ(answer.has_ttl ? std::to_string(answer.ttl_s) : "none",
              test.expected)
        << test.label;
  }
}

TEST(AnswerDetailsTest, AReusedAnswerForgetsTheLastResponse) {
  const Octets rich = WithError(WithSoa(Aliased(), "example"), 3).Aa().Build();
  const Octets poor = Asked().Rcode(2).Build();
  const Message first = Message::Parse(rich);
  const Message second = Message::Parse(poor);
  Answer answer;
  ResolveAnswer(first, QuestionOf(first), {}, {}, &answer);
  ASSERT_EQ(Summary(answer), "nodata b.example");
  ASSERT_TRUE(answer.has_soa && answer.stale && answer.authoritative);
  ResolveAnswer(second, QuestionOf(second), {}, {}, &answer);
  EXPECT_EQ(Summary(answer), "rcode2");
  EXPECT_EQ(answer.last_name.ToText(), kQuestion);
  EXPECT_FALSE(answer.has_soa || answer.stale || answer.authoritative);
  EXPECT_FALSE(answer.has_ttl || answer.has_ns_owner || answer.dname);
}

}  // namespace
}  // namespace dnswire
