// ResolveAnswer in iterative mode: WIRE.md 3, rules 6 to 8, and ITERATION.md
// 1.3 and 1.4. The zone asked is 0.192.in-addr.arpa.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "dnswire/answer.h"
#include "tests/dnswire/answer_case.h"
#include "tests/support/packet_builder.h"

namespace dnswire {
namespace {

using testing_support::kChaos;
using testing_support::Octets;
using testing_support::PacketBuilder;
using testing_support::Pointer;
namespace rr = testing_support::rr;

constexpr char kZone[] = "0.192.in-addr.arpa";
constexpr char kChild[] = "2.0.192.in-addr.arpa";
constexpr char kQuestion[] = "10.2.0.192.in-addr.arpa";
constexpr char kInside[] = "10.3.0.192.in-addr.arpa";

class AnswerIterativeTest : public testing::Test {
 protected:
  void Expect(const std::vector<AnswerCase>& cases) const {
    ExpectOutcomes(cases, asked_as());
  }
  AskedAs asked_as() const { return {.iterative = true, .zone = zone_}; }

 private:
  const Name zone_ = ParsedName(kZone);
};

PacketBuilder Asked() {
  return PacketBuilder().Id(7).Response().Question(kQuestion, rr::kPtr);
}
PacketBuilder Alias(const char* target) {
  return Asked().Answer().Cname(Pointer(12), target);
}
PacketBuilder WithSoa(PacketBuilder packet, const char* owner) {
  return packet.Authority().Soa(owner, "ns.example", "root.example");
}
PacketBuilder WithNs(PacketBuilder packet, const char* owner) {
  return packet.Authority().Ns(owner, "ns.example");
}

TEST_F(AnswerIterativeTest, DataNeedsNoAuthority) {
  const PacketBuilder data = Asked().Answer().Ptr(Pointer(12), "a");
  Expect({
      {"AA 0", data, "data"},
      {"AA 1", PacketBuilder(data).Aa(), "data"},
      {"with NXDOMAIN", PacketBuilder(data).Aa().Rcode(3), "malformed"},
  });
}

TEST_F(AnswerIterativeTest, NxdomainNeedsAuthorityOrASoaInTheZone) {
  Expect({
      {"AA 1", Asked().Rcode(3).Aa(), "nxdomain"},
      {"AA 0", Asked().Rcode(3), "lame"},
      {"AA 0, RA 1", Asked().Rcode(3).Ra(), "lame"},
      {"SOA of the zone", WithSoa(Asked(), kZone).Rcode(3), "nxdomain"},
      {"SOA below the zone", WithSoa(Asked(), kChild).Rcode(3), "nxdomain"},
      {"SOA above the zone", WithSoa(Asked(), "in-addr.arpa").Rcode(3), "lame"},
      {"SOA above the zone, AA 1",
       WithSoa(Asked(), "in-addr.arpa").Rcode(3).Aa(), "nxdomain"},
      {"SOA sideways, AA 1",
       WithSoa(Asked(), "3.0.192.in-addr.arpa").Rcode(3).Aa(), "malformed"},
      {"octets behind", Asked().Rcode(3).Aa().Raw({0}), "malformed"},
  });
}

TEST_F(AnswerIterativeTest, NodataNeedsAuthorityOrASoaInTheZone) {
  Expect({
      {"AA 1", Asked().Aa(), "nodata"},
      {"AA 1, NS of the zone", WithNs(Asked().Aa(), kZone), "nodata"},
      {"AA 0", Asked(), "lame"},
      {"AA 0, RA 1", Asked().Ra(), "lame"},
      {"SOA of the zone", WithSoa(Asked(), kZone), "nodata"},
      {"SOA below the zone", WithSoa(Asked(), kChild), "nodata"},
      {"SOA above the zone", WithSoa(Asked(), "in-addr.arpa"), "lame"},
      {"SOA above the zone, AA 1", WithSoa(Asked().Aa(), "in-addr.arpa"),
       "nodata"},
      {"SOA and NS below the zone", WithNs(WithSoa(Asked(), kChild), kChild),
       "nodata"},
  });
}

TEST_F(AnswerIterativeTest, PrefersTheSoaInTheZone) {
  const PacketBuilder both = WithSoa(WithSoa(Asked(), "in-addr.arpa"), kZone);
  const Answer answer =
      Resolve(PacketBuilder(both).Rcode(3).Build(), asked_as());
  ASSERT_TRUE(answer.has_soa);
  EXPECT_EQ(answer.soa_owner.ToText(), kZone);
}

TEST_F(AnswerIterativeTest, ALameResponseGivesNoSoa) {
  const Octets lame = WithSoa(Asked(), "in-addr.arpa").Build();
  EXPECT_FALSE(Resolve(lame, asked_as()).has_soa);
}

TEST_F(AnswerIterativeTest, ReferralsLeadDown) {
  const PacketBuilder down = WithNs(Asked(), kChild);
  Expect({
      {"below the zone", down, "referral"},
      {"at the name", WithNs(Asked(), kQuestion), "referral"},
      {"two servers", WithNs(down, "2.0.192.IN-ADDR.arpa"), "referral"},
      {"to the zone itself", WithNs(Asked(), kZone), "lame"},
      {"upward", WithNs(Asked(), "in-addr.arpa"), "lame"},
      {"to the root", WithNs(Asked(), "."), "lame"},
      {"sideways", WithNs(Asked(), "3.0.192.in-addr.arpa"), "lame"},
      {"below the name", WithNs(Asked(), "0.10.2.0.192.in-addr.arpa"), "lame"},
      {"two owners", WithNs(down, "3.0.192.in-addr.arpa"), "lame"},
      {"two owners, both above", WithNs(down, kZone), "lame"},
      {"another class",
       Asked().Authority().Ns(kChild, "ns", {.record_class = kChaos}), "lame"},
      {"with AA 1", PacketBuilder(down).Aa(), "nodata"},
      {"with octets behind", PacketBuilder(down).Raw({0}), "malformed"},
  });
}

TEST_F(AnswerIterativeTest, AReferralNamesItsZone) {
  const Answer answer =
      Resolve(WithNs(Asked(), "2.0.192.IN-ADDR.arpa").Build(), asked_as());
  ASSERT_TRUE(answer.has_ns_owner);
  EXPECT_EQ(answer.ns_owner.view().first_label(), "2");
  EXPECT_EQ(answer.ns_owner.ToText(), kChild);
}

TEST_F(AnswerIterativeTest, AChainThatLeavesTheZoneIsANewQuestion) {
  Expect({
      {"alone", Alias("b.example"), "follow b.example"},
      {"with the target's data", Alias("b.example").Ptr("b.example", "x"),
       "follow b.example"},
      {"with NXDOMAIN", WithSoa(Alias("b.example"), kZone).Aa().Rcode(3),
       "follow b.example"},
      {"with the target's SOA", WithSoa(Alias("b.example"), "example"),
       "follow b.example"},
      {"a second alias outside is not followed",
       Alias("b.example").Cname("b.example", "c.example"), "follow b.example"},
      {"to the parent's names", Alias("10.in-addr.arpa"),
       "follow 10.in-addr.arpa"},
      {"behind a hop inside", Alias(kInside).Cname(kInside, "b.example"),
       "follow 10.3.0.192.in-addr.arpa b.example"},
      {"with octets behind, which are ignored", Alias("b.example").Raw({0}),
       "follow b.example"},
      {"two targets", Alias("b.example").Cname(Pointer(12), "c.example"),
       "malformed"},
      {"to itself", Alias(kQuestion), "loop 10.2.0.192.in-addr.arpa"},
  });
}

TEST_F(AnswerIterativeTest, AChainInsideTheZoneIsJudgedAtItsEnd) {
  Expect({
      {"data", Alias(kInside).Ptr(kInside, "x"),
       "data 10.3.0.192.in-addr.arpa"},
      {"NXDOMAIN, AA 1", Alias(kInside).Aa().Rcode(3),
       "nxdomain 10.3.0.192.in-addr.arpa"},
      {"NXDOMAIN, AA 0", Alias(kInside).Rcode(3),
       "lame 10.3.0.192.in-addr.arpa"},
      {"NODATA with SOA", WithSoa(Alias(kInside), kZone),
       "nodata 10.3.0.192.in-addr.arpa"},
      {"no SOA, AA 1", Alias(kInside).Aa(), "follow 10.3.0.192.in-addr.arpa"},
      {"SOA above the zone, AA 1", WithSoa(Alias(kInside).Aa(), "in-addr.arpa"),
       "follow 10.3.0.192.in-addr.arpa"},
      {"NS of a child", WithNs(Alias(kInside), "3.0.192.in-addr.arpa"),
       "follow 10.3.0.192.in-addr.arpa"},
  });
}

TEST_F(AnswerIterativeTest, ADnameAboveTheZoneIsNotBelieved) {
  const auto dname = [](const char* owner) {
    return Asked().Answer().Dname(owner, "example");
  };
  Expect({
      {"of the zone", dname(kZone), "follow 10.2.example"},
      {"below the zone", dname(kChild), "follow 10.example"},
      {"above the zone", dname("in-addr.arpa").Aa(), "malformed"},
      {"above the zone, beside data",
       dname("in-addr.arpa").Ptr(Pointer(12), "x"), "data"},
  });
}

TEST_F(AnswerIterativeTest, TheTwelfthHopComesBeforeLeavingTheZone) {
  NameList previous;
  previous.Add(ParsedName("first.example"));
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}) {
    previous.Add(ParsedName(name));
  }
  // Ten hops led to the names above, the eleventh to the question.
  ExpectOutcomes({{"twelfth", Alias("b.example"), "chain_too_long b.example"}},
                 asked_as(), previous);
}

TEST_F(AnswerIterativeTest, TheRootZoneHoldsEveryName) {
  const AskedAs root = {.iterative = true, .zone = NameView()};
  ExpectOutcomes(
      {
          {"a chain stays", Alias("b.example").Ptr("b.example", "x"),
           "data b.example"},
          {"referral", WithNs(Asked(), "arpa"), "referral"},
          {"referral to the root", WithNs(Asked(), "."), "lame"},
          {"NXDOMAIN with the root's SOA", WithSoa(Asked(), ".").Rcode(3),
           "nxdomain"},
      },
      root);
}

}  // namespace
}  // namespace dnswire
