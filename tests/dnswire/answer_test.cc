// Rules 1, 2 and 4 to 7 of "Outcome" in WIRE.md 3 and the lines of VERDICTS.md
// 1.1, in resolver mode.
#include "dnswire/answer.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/dnswire/answer_case.h"
#include "tests/dnswire/decode_text.h"
#include "tests/support/packet_builder.h"

namespace dnswire {
namespace {

using testing_support::Concat;
using testing_support::ExtendedError;
using testing_support::kChaos;
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

TEST(AnswerTest, TruncationComesBeforeEverythingElse) {
  ExpectOutcomes({
      {"with data", Data().Tc(), "truncated"},
      {"with NXDOMAIN", WithSoa(Asked(), kZone).Rcode(3).Tc(), "truncated"},
      {"with SERVFAIL", Asked().Rcode(2).Tc(), "truncated"},
      {"with a faulty answer", Data().AnswerCount(9).Tc(), "truncated"},
      {"with an alias", Aliased().Tc(), "truncated"},
      {"blocked", WithError(Asked(), 15).Tc(), "truncated"},
  });
}

TEST(AnswerTest, NothingOfATruncatedResponseIsUsed) {
  const Answer answer = Resolve(WithError(Aliased(), 3).Tc().Build());
  EXPECT_TRUE(answer.chain.empty());
  EXPECT_FALSE(answer.stale);
  EXPECT_FALSE(answer.has_ttl);
  EXPECT_EQ(answer.last_name.ToText(), kQuestion);
}

TEST(AnswerTest, AFaultyAnswerSectionIsMalformedWhateverTheRcode) {
  ExpectOutcomes({
      {"NOERROR", Data().AnswerCount(2), "malformed"},
      {"SERVFAIL", Data().AnswerCount(2).Rcode(2), "malformed"},
      {"NXDOMAIN", Data().AnswerCount(2).Rcode(3), "malformed"},
  });
}

TEST(AnswerTest, OnlyFourExtendedErrorsSayBlocked) {
  for (int code = 0; code <= 30; ++code) {
    const bool blocked = code == 4 || (code >= 15 && code <= 17);
    const auto error = static_cast<uint16_t>(code);
    ExpectOutcomes({
        {absl::StrCat("data, EDE ", code), WithError(Data(), error),
         blocked ? "blocked" : "data"},
        {absl::StrCat("NXDOMAIN, EDE ", code),
         WithError(Asked().Rcode(3), error), blocked ? "blocked" : "nxdomain"},
        {absl::StrCat("SERVFAIL, EDE ", code),
         WithError(Asked().Rcode(2), error), blocked ? "blocked" : "rcode2"},
    });
  }
}

TEST(AnswerTest, TheSecondExtendedErrorCountsToo) {
  const Octets options = Concat({ExtendedError(3), ExtendedError(17)});
  ExpectOutcomes({{"stale and filtered",
                   Data().Additional().Opt({.options = options}), "blocked"}});
}

TEST(AnswerTest, OtherRcodesEndTheQuestionAndTheirRecordsAreIgnored) {
  for (uint8_t rcode = 1; rcode < 16; ++rcode) {
    if (rcode == 3) continue;
    const std::string expected = absl::StrCat("rcode", int{rcode});
    ExpectOutcomes({
        {"empty", Asked().Rcode(rcode), expected},
        {"with data", Data().Rcode(rcode), expected},
        {"with an alias", Aliased().Rcode(rcode), expected},
        {"with octets behind", Asked().Rcode(rcode).Raw({0}), expected},
    });
  }
}

TEST(AnswerTest, TheExtendedRcodeDecides) {
  const auto with = [](PacketBuilder packet, uint8_t high) {
    return packet.Additional().Opt({.extended_rcode = high});
  };
  ExpectOutcomes({
      {"BADVERS", with(Data(), 1), "rcode16"},
      {"BADCOOKIE", with(Asked().Rcode(7), 1), "rcode23"},
      {"19 is not NXDOMAIN", with(Asked().Rcode(3), 1), "rcode19"},
      {"4080 is not NOERROR", with(Data(), 255), "rcode4080"},
      {"doubled OPT: the header's alone", with(with(Data(), 1), 1), "data"},
  });
}

TEST(AnswerTest, ResponsesWithoutQuestionAreJudgedByTheirRcode) {
  const Octets octets = PacketBuilder().Response().Rcode(1).Build();
  const Message message = Message::Parse(octets);
  const Name name = ParsedName(kQuestion);
  Answer answer;
  ResolveAnswer(message, {name, kTypePtr}, {}, {}, &answer);
  EXPECT_EQ(Summary(answer), "rcode1");
}

TEST(AnswerTest, RecordsOfTheAskedTypeAtTheNameAreData) {
  const PacketBuilder foreign =
      Asked().Answer().Ptr("11.2.0.192.in-addr.arpa", "x.example");
  ExpectOutcomes({
      {"one", Data(), "data"},
      {"AA 0, RA 0", Data().Ra(false), "data"},
      {"AA 1", Data().Aa(), "data"},
      {"uncompressed, in capitals",
       Asked().Answer().Ptr("10.2.0.192.IN-ADDR.ARPA", "a"), "data"},
      {"behind a foreign record",
       PacketBuilder(foreign).Ptr(Pointer(12), "a.example"), "data"},
      {"beside a signature", Data().Rrsig(Pointer(12), rr::kPtr), "data"},
      {"with a root target", Asked().Answer().Ptr(Pointer(12), ""), "data"},
      {"a foreign record only", foreign, "malformed"},
      {"another type only", Asked().Answer().A(Pointer(12), "192.0.2.1"),
       "malformed"},
      {"another class only",
       Asked().Answer().Ptr(Pointer(12), "a", {.record_class = kChaos}),
       "malformed"},
      {"in authority only", Asked().Authority().Ptr(Pointer(12), "a"),
       "nodata"},
      {"with NXDOMAIN", Data().Rcode(3), "malformed"},
  });
}

TEST(AnswerTest, DataCountsBesideFaultsOfLaterSections) {
  ExpectOutcomes({
      {"faulty authority", Data().AuthorityCount(1), "data"},
      {"faulty additional", Data().AdditionalCount(1), "data"},
      {"octets behind", Data().Raw({1}), "data"},
  });
}

TEST(AnswerTest, ANegativeMustBeSpotless) {
  const PacketBuilder denied = WithSoa(Asked(), kZone).Rcode(3);
  const PacketBuilder empty = WithSoa(Asked(), kZone);
  ExpectOutcomes({
      {"NXDOMAIN", denied, "nxdomain"},
      {"NODATA", empty, "nodata"},
      {"NXDOMAIN, octets behind", PacketBuilder(denied).Raw({0}), "malformed"},
      {"NODATA, octets behind", PacketBuilder(empty).Raw({0}), "malformed"},
      {"NXDOMAIN, faulty additional", PacketBuilder(denied).AdditionalCount(1),
       "malformed"},
      {"NODATA, faulty authority", PacketBuilder(empty).AuthorityCount(2),
       "malformed"},
      {"NODATA, doubled OPT", PacketBuilder(empty).Additional().Opt().Opt(),
       "malformed"},
      {"NXDOMAIN with a foreign record",
       WithSoa(Asked().Answer().Ptr("x.arpa", "a"), kZone).Rcode(3),
       "malformed"},
      {"NODATA with a signature and no hop",
       WithSoa(Asked().Answer().Rrsig(Pointer(12), rr::kPtr), kZone),
       "malformed"},
      {"NODATA with OPT in answer", WithSoa(Asked().Answer().Opt(), kZone),
       "malformed"},
      {"lame, octets behind", Asked().Ra(false).Raw({0}), "malformed"},
      {"referral, octets behind",
       Asked().Authority().Ns(Pointer(15), "ns.example").Raw({0}), "malformed"},
  });
}

TEST(AnswerTest, AnyNegativeSoaMustBeOfTheNameOrAnAncestor) {
  ExpectOutcomes({
      {"NXDOMAIN, its own", WithSoa(Asked(), kQuestion).Rcode(3), "nxdomain"},
      {"NXDOMAIN, in capitals",
       WithSoa(Asked(), "2.0.192.IN-ADDR.arpa").Rcode(3), "nxdomain"},
      {"NXDOMAIN, of the root", WithSoa(Asked(), ".").Rcode(3), "nxdomain"},
      {"NXDOMAIN, foreign", WithSoa(Asked(), "3.0.192.in-addr.arpa").Rcode(3),
       "malformed"},
      {"NXDOMAIN, below",
       WithSoa(Asked(), "0.10.2.0.192.in-addr.arpa").Rcode(3), "malformed"},
      {"NODATA, foreign", WithSoa(Asked(), "example"), "malformed"},
      {"NODATA, foreign, AA 1", WithSoa(Asked().Aa(), "example"), "malformed"},
      {"NODATA, a foreign one and its own",
       WithSoa(WithSoa(Asked(), "example"), kZone), "nodata"},
      {"NODATA, foreign of another class",
       Asked().Authority().Record("x", rr::kSoa, {1}, {.record_class = kChaos}),
       "nodata"},
  });
}

TEST(AnswerTest, ResolversAreBelievedWithoutSoa) {
  const PacketBuilder upward =
      Asked().Authority().Ns("in-addr.arpa", "ns.example");
  const PacketBuilder foreign = Asked().Authority().Ns("example", "ns.example");
  ExpectOutcomes({
      {"NXDOMAIN", Asked().Rcode(3), "nxdomain"},
      {"NXDOMAIN, AA 0, RA 0", Asked().Ra(false).Rcode(3), "nxdomain"},
      {"NOERROR, RA 1", Asked(), "nodata"},
      {"NOERROR, RA 0", Asked().Ra(false), "lame"},
      {"NOERROR, RA 0, AA 1", Asked().Ra(false).Aa(), "nodata"},
      {"NOERROR, RA 0, SOA", WithSoa(Asked().Ra(false), kZone), "nodata"},
      {"NS above the name, RA 1", upward, "referral"},
      {"NS above the name, RA 0", PacketBuilder(upward).Ra(false), "referral"},
      {"NS of the root", Asked().Authority().Ns(".", "ns.example"), "referral"},
      {"NS above the name, AA 1", PacketBuilder(upward).Aa(), "nodata"},
      {"NS and SOA above the name", WithSoa(upward, kZone), "nodata"},
      {"NS of a foreign name, RA 1", foreign, "nodata"},
      {"NS of a foreign name, RA 0", PacketBuilder(foreign).Ra(false), "lame"},
  });
}

TEST(AnswerTest, GivesAddressesAndNamesByType) {
  for (const uint16_t type : {rr::kA, rr::kAaaa}) {
    const uint16_t other = type == rr::kA ? rr::kAaaa : rr::kA;
    const size_t size = type == rr::kA ? 4 : 16;
    const Octets address(size, 9);
    const Octets octets = PacketBuilder()
                              .Response()
                              .Question("a.example", type)
                              .Answer()
                              .Record(Pointer(12), other, Octets(20 - size, 8))
                              .Record(Pointer(12), type, address)
                              .Record("b.example", type, Octets(size, 7))
                              .Build();
    const Message message = Message::Parse(octets);
    const Answer answer = Resolve(octets);
    ASSERT_EQ(answer.outcome, Outcome::kData);
    EXPECT_EQ(ValuesText(message, QuestionOf(message), answer),
              testing_support::ToHex(address));
  }
}

TEST(AnswerTest, EqualNamesInTwoLetterCasesAreOneValue) {
  const Octets octets = Asked()
                            .Answer()
                            .Ptr(Pointer(12), "B.example")
                            .Ptr(Pointer(12), "a.example")
                            .Ptr(Pointer(12), "b.EXAMPLE")
                            .Build();
  const Message message = Message::Parse(octets);
  int records = 0;
  const Answer answer = Resolve(octets);
  ForEachDataRecord(message, QuestionOf(message), answer,
                    [&records](const Record&) { ++records; });
  EXPECT_EQ(records, 3);
  EXPECT_EQ(ValuesText(message, QuestionOf(message), answer),
            "0162076578616d706c6500;0161076578616d706c6500");
}

}  // namespace
}  // namespace dnswire
