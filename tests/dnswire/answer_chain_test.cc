// Rule 3 of "Outcome" in WIRE.md 3: CNAME and DNAME chains, in one response and
// over several, and the chain cases of VERDICTS.md 2.2.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dnswire/answer.h"
#include "tests/dnswire/answer_case.h"
#include "tests/dnswire/decode_text.h"
#include "tests/support/packet_builder.h"

namespace dnswire {
namespace {

using testing_support::Compressed;
using testing_support::kChaos;
using testing_support::NameOfSize;
using testing_support::Octets;
using testing_support::PacketBuilder;
using testing_support::Pointer;
using testing_support::WireName;
namespace rr = testing_support::rr;

constexpr char kQuestion[] = "10.2.0.192.in-addr.arpa";
constexpr char kZone[] = "2.0.192.in-addr.arpa";
// RFC 2317: the child zone that the parent's aliases point into.
constexpr char kChild[] = "0/25.2.0.192.in-addr.arpa";
constexpr char kChildName[] = "10.0/25.2.0.192.in-addr.arpa";

PacketBuilder AskedFor(const char* name, uint16_t type) {
  return PacketBuilder().Id(7).Response().Rd().Ra().Question(name, type);
}
PacketBuilder Asked() { return AskedFor(kQuestion, rr::kPtr); }
PacketBuilder Alias(const WireName& target) {
  return Asked().Answer().Cname(Pointer(12), target);
}
PacketBuilder WithSoa(PacketBuilder packet, const char* owner) {
  return packet.Authority().Soa(owner, "ns.example", "root.example");
}

TEST(AnswerChainTest, FollowsAliasesToTheirEnd) {
  ExpectOutcomes({
      {"RFC 2317", Alias(Compressed("10.0/25", 15)).Ptr(kChildName, "a"),
       "data 10.0\\04725.2.0.192.in-addr.arpa"},
      {"records in any order",
       Asked().Answer().Ptr("c", "x").Cname("b", "c").Cname(Pointer(12), "b"),
       "data b c"},
      {"out of the reverse tree", Alias("a.example").Ptr("a.example", "x"),
       "data a.example"},
      {"letter case does not matter", Alias("A.eXample").Ptr("a.Example", "x"),
       "data a.example"},
      {"alias twice, equal without case",
       Alias("b").Cname(Pointer(12), "B").Ptr("b", "x"), "data b"},
      {"aliases of others are not ours",
       Alias("b").Cname("x", "y").Cname("x", "z").Ptr("b", "x"), "data b"},
      {"an alias of another class is no alias",
       Asked()
           .Answer()
           .Cname(Pointer(12), "b", {.record_class = kChaos})
           .Ptr(Pointer(12), "x"),
       "data"},
  });
}

TEST(AnswerChainTest, KeepsTheChainInLowerCase) {
  const Octets octets = Alias("A.eXample").Cname("a.example", "Bb").Build();
  const Answer answer = Resolve(octets);
  EXPECT_EQ(ChainText(answer), "0161076578616d706c6500;02626200");
  EXPECT_THAT(answer.last_name.view().wire(),
              testing::ElementsAre(2, 'b', 'b', 0));
}

TEST(AnswerChainTest, FollowsForwardAliases) {
  const auto asked = [] { return AskedFor("www.example", rr::kA); };
  ExpectOutcomes({
      {"to a name with an address",
       asked().Answer().Cname(Pointer(12), "b").A("b", "192.0.2.1"), "data b"},
      {"to a missing name",
       WithSoa(asked().Answer().Cname(Pointer(12), "b"), ".").Rcode(3),
       "nxdomain b"},
      {"to itself", asked().Answer().Cname(Pointer(12), "wWw.example"),
       "loop www.example"},
  });
}

TEST(AnswerChainTest, ContradictoryAliasesAreMalformed) {
  ExpectOutcomes({
      {"two targets", Alias("b").Cname(Pointer(12), "c").Ptr("b", "x"),
       "malformed"},
      {"alias and data", Alias("b").Ptr(Pointer(12), "x"), "malformed"},
      {"data and alias",
       Asked().Answer().Ptr(Pointer(12), "x").Cname(Pointer(12), "b"),
       "malformed"},
      {"two targets at the second name",
       Alias("b").Cname("b", "c").Cname("b", "d"), "malformed b"},
      {"alias and data at the second name",
       Alias("b").Cname("b", "c").Ptr("b", "x"), "malformed b"},
      {"NXDOMAIN with data at the end", Alias("b").Ptr("b", "x").Rcode(3),
       "malformed b"},
  });
}

TEST(AnswerChainTest, ANegativeBehindAHopIsOfTheLastName) {
  ExpectOutcomes({
      {"NXDOMAIN with SOA", WithSoa(Alias("b.test"), "test").Rcode(3),
       "nxdomain b.test"},
      {"NXDOMAIN alone", Alias("b.test").Rcode(3), "nxdomain b.test"},
      {"NODATA with SOA", WithSoa(Alias("b.test"), "test"), "nodata b.test"},
      {"RFC 2317 without PTR", WithSoa(Alias(kChildName), kChild),
       "nodata 10.0\\04725.2.0.192.in-addr.arpa"},
      {"no SOA", Alias("b.test"), "follow b.test"},
      {"no SOA, AA 1", Alias("b.test").Aa(), "follow b.test"},
      {"no SOA, RA 0", Alias("b.test").Ra(false), "follow b.test"},
      {"no SOA but NS", Alias("b.test").Authority().Ns("test", "ns"),
       "follow b.test"},
      {"foreign SOA only", WithSoa(Alias("b.test"), kZone), "follow b.test"},
      {"foreign SOA only, NXDOMAIN", WithSoa(Alias("b.test"), kZone).Rcode(3),
       "malformed b.test"},
      {"foreign SOA and the last name's",
       WithSoa(WithSoa(Alias("b.test"), kZone), "test"), "nodata b.test"},
  });
}

TEST(AnswerChainTest, ANegativeBehindAHopHoldsNothingButItsChain) {
  const auto with_soa = [](const PacketBuilder& packet) {
    return WithSoa(packet, "test").Rcode(3);
  };
  ExpectOutcomes({
      {"two hops", with_soa(Alias("a.test").Cname("a.test", "b.test")),
       "nxdomain a.test b.test"},
      {"with signatures",
       with_soa(Alias("b.test").Rrsig(Pointer(12), rr::kCname)),
       "nxdomain b.test"},
      {"the same alias twice",
       with_soa(Alias("b.test").Cname(Pointer(12), "b.test")),
       "nxdomain b.test"},
      {"an alias of another name", with_soa(Alias("b.test").Cname("x", "y")),
       "malformed b.test"},
      {"an alias of another class",
       with_soa(Alias("b.test").Cname(Pointer(12), "b.test",
                                      {.record_class = kChaos})),
       "malformed b.test"},
      {"a PTR of another name", with_soa(Alias("b.test").Ptr("x", "y")),
       "malformed b.test"},
      {"an address of the last name",
       with_soa(Alias("b.test").A("b.test", "192.0.2.1")), "malformed b.test"},
      {"octets behind", with_soa(Alias("b.test")).Raw({0}), "malformed b.test"},
      {"a follow with octets behind", Alias("b.test").Raw({0}),
       "malformed b.test"},
      {"a follow with faulty authority", Alias("b.test").AuthorityCount(1),
       "malformed b.test"},
  });
}

TEST(AnswerChainTest, ExpandsDnames) {
  const auto dname = [](const char* owner, const WireName& target) {
    return Asked().Answer().Dname(owner, target);
  };
  ExpectOutcomes({
      {"without its alias", dname(kZone, "x.test").Ptr("10.x.test", "a"),
       "data 10.x.test"},
      {"in capitals",
       dname("2.0.192.IN-addr.arpa", "X.test").Ptr("10.x.test", "a"),
       "data 10.x.test"},
      {"several labels below",
       dname("in-addr.arpa", "x").Ptr("10.2.0.192.x", "a"),
       "data 10.2.0.192.x"},
      {"of the root", dname(".", "x").Ptr("10.2.0.192.in-addr.arpa.x", "a"),
       "data 10.2.0.192.in-addr.arpa.x"},
      {"to the root", dname(kZone, ".").Ptr("10", "a"), "data 10"},
      {"with its alias",
       dname(kZone, "x").Cname(Pointer(12), "10.x").Ptr("10.x", "a"),
       "data 10.x"},
      {"with its alias, negative",
       WithSoa(dname(kZone, "x.test").Cname(Pointer(12), "10.x.test"), "test"),
       "nodata 10.x.test"},
      {"alone", dname(kZone, "x"), "follow 10.x"},
      {"twice in a row", dname(kZone, "x").Dname("x", "y").Ptr("10.y", "a"),
       "data 10.x 10.y"},
      {"data at the name comes first", dname(kZone, "x").Ptr(Pointer(12), "a"),
       "data"},
      {"at the name itself it is none", dname(kQuestion, "x"), "malformed"},
      {"at a sibling it is none", dname("3.0.192.in-addr.arpa", "x"),
       "malformed"},
      {"of another class it is none",
       Asked().Answer().Dname(kZone, "x", {.record_class = kChaos}),
       "malformed"},
      {"the same twice", dname(kZone, "x").Dname(kZone, "X"), "follow 10.x"},
      {"two targets", dname(kZone, "x").Dname(kZone, "y"), "malformed"},
      {"two ancestors", dname(kZone, "x").Dname("in-addr.arpa", "y"),
       "malformed"},
      {"NXDOMAIN of the last name", dname(kZone, "x").Rcode(3),
       "nxdomain 10.x"},
      {"a DNAME of no chain name beside a negative",
       dname(kZone, "x").Dname("z", "y").Rcode(3), "malformed 10.x"},
  });
}

TEST(AnswerChainTest, ADnameMayMakeANameOf255OctetsAndNotOf256) {
  const auto packet = [](size_t target_size) {
    return Asked().Answer().Dname(kZone, NameOfSize(target_size));
  };
  // The label "10" stays: three octets.
  EXPECT_EQ(Resolve(packet(252).Build()).outcome, Outcome::kFollow);
  EXPECT_EQ(Resolve(packet(252).Build()).last_name.size(), 255u);
  EXPECT_EQ(Resolve(packet(253).Build()).outcome, Outcome::kMalformed);
}

TEST(AnswerChainTest, TellsWhetherADnameTookPart) {
  EXPECT_FALSE(Resolve(Alias("b").Ptr("b", "x").Build()).dname);
  EXPECT_TRUE(Resolve(Asked().Answer().Dname(kZone, "x").Build()).dname);
  EXPECT_TRUE(Resolve(Alias("10.x").Dname(kZone, "x").Build()).dname);
  EXPECT_FALSE(Resolve(Alias("b").Dname("z", "x").Build()).dname);
  EXPECT_FALSE(
      Resolve(Asked().Answer().Ptr(Pointer(12), "a").Dname(kZone, "x").Build())
          .dname);
}

TEST(AnswerChainTest, DataBehindADnameIsFoundByName) {
  const Octets octets =
      Asked().Answer().Dname(kZone, "x").Ptr("10.X", "host").Build();
  const Message message = Message::Parse(octets);
  const Answer answer = Resolve(octets);
  EXPECT_EQ(answer.last_name_at, 0u);
  EXPECT_EQ(ValuesText(message, QuestionOf(message), answer), "04686f737400");
}

TEST(AnswerChainTest, ANameMetBeforeIsALoop) {
  NameList previous;
  for (const char* name : {"first.example", "Second.example", kQuestion}) {
    previous.Add(ParsedName(name));
  }
  ExpectOutcomes({
      {"the question", Alias("10.2.0.192.IN-addr.arpa"),
       "loop 10.2.0.192.in-addr.arpa"},
      {"ring of two", Alias("b").Cname("b", kQuestion),
       "loop b 10.2.0.192.in-addr.arpa"},
      {"ring behind the question", Alias("b").Cname("b", "c").Cname("c", "b"),
       "loop b c b"},
      {"a loop with NXDOMAIN", Alias(kQuestion).Rcode(3),
       "loop 10.2.0.192.in-addr.arpa"},
  });
  ExpectOutcomes(
      {
          {"the first name", Alias("first.EXAMPLE"), "loop first.example"},
          {"a name between", Alias("b").Cname("b", "second.example"),
           "loop b second.example"},
          {"a new name", Alias("b"), "follow b"},
          {"the question's own data", Asked().Answer().Ptr(Pointer(12), "a"),
           "data"},
      },
      {}, previous);
}

// h1 to h<count>, each an alias of the one before; the first of the question.
PacketBuilder AliasChain(int count) {
  PacketBuilder packet = Alias("h1");
  for (int i = 2; i <= count; ++i) {
    packet.Cname(absl::StrCat("h", i - 1), absl::StrCat("h", i));
  }
  return packet.Ptr(absl::StrCat("h", count), "host");
}

TEST(AnswerChainTest, FollowsElevenHopsAndNotTwelve) {
  const Answer eleven = Resolve(AliasChain(11).Build());
  EXPECT_EQ(eleven.outcome, Outcome::kData);
  EXPECT_EQ(eleven.chain.size(), 11u);
  EXPECT_EQ(eleven.last_name.ToText(), "h11");
  const Answer twelve = Resolve(AliasChain(12).Build());
  EXPECT_EQ(twelve.outcome, Outcome::kChainTooLong);
  EXPECT_EQ(Resolve(AliasChain(12).Rcode(3).Build()).outcome,
            Outcome::kChainTooLong);
}

// The first name and `hops` hop targets, the last of which may be the question.
NameList Previous(int hops, bool with_question) {
  NameList names;
  names.Add(ParsedName("first.example"));
  for (int i = 1; i < hops; ++i) {
    names.Add(ParsedName(absl::StrCat("p", i).c_str()));
  }
  if (with_question) names.Add(ParsedName(kQuestion));
  return names;
}

TEST(AnswerChainTest, CountsHopsOverAllResponsesOfAQuestion) {
  for (const bool with_question : {true, false}) {
    for (int before = 1; before <= 11; ++before) {
      SCOPED_TRACE(before);
      const NameList previous = Previous(before, with_question);
      const int left = 11 - before;
      if (left > 0) {
        EXPECT_EQ(Resolve(AliasChain(left).Build(), {}, previous).outcome,
                  Outcome::kData);
      }
      EXPECT_EQ(Resolve(AliasChain(left + 1).Build(), {}, previous).outcome,
                Outcome::kChainTooLong);
    }
  }
}

TEST(AnswerChainTest, AGrowingDnameEnds) {
  const auto grow = [](const WireName& target) {
    return Resolve(Asked().Answer().Dname("arpa", target).Build()).outcome;
  };
  EXPECT_EQ(grow("x.arpa"), Outcome::kChainTooLong);
  const std::string label(63, 'x');
  EXPECT_EQ(grow(label + ".arpa"), Outcome::kMalformed);
}

}  // namespace
}  // namespace dnswire
