// What an answer to `NAME SOA` says, on the way and of one server.
#include "scanner/audit/readings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "absl/strings/str_cat.h"
#include "scanner/audit/zone_verdict.h"
#include "tests/scanner/audit/audit_builder.h"
#include "tests/support/packet_builder.h"

namespace scanner {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing_support::Octets;
using testing_support::PacketBuilder;
namespace rr = testing_support::rr;

constexpr char kName[] = "2.0.192.in-addr.arpa";
constexpr char kParent[] = "0.192.in-addr.arpa";
constexpr char kAbove[] = "in-addr.arpa";

PacketBuilder Reply(const char* name = kName, uint16_t type = rr::kSoa) {
  return std::move(PacketBuilder().Response().Question(name, type));
}

// A response to a question of `zone`'s servers, resolved.
struct Heard {
  Heard(const PacketBuilder& builder, const char* zone,
        uint16_t type = rr::kSoa)
      : octets(builder.Build()), message(dnswire::Message::Parse(octets)) {
    const dnswire::Name apex = N(zone);
    dnswire::ResolveAnswer(message,
                           {.name = message.question_name(), .type = type},
                           {.iterative = true, .zone = apex}, {}, &answer);
  }

  Octets octets;
  dnswire::Message message;
  dnswire::Answer answer;
};

struct VisitCase {
  const char* label;
  PacketBuilder reply;
  const char* asked_zone;
  Visit::Kind kind;
  const char* zone;  // nullptr: as before
  bool odd_soa;
};

TEST(ReadVisitTest, TellsZonesFromNamesAndDenials) {
  using enum Visit::Kind;
  const VisitCase cases[] = {
      {"its SOA", Reply().Aa().Answer().Soa(kName, "ns.example.net", "h.x"),
       kParent, kApex, kName, false},
      {"empty, in the parent",
       Reply().Aa().Authority().Soa(kParent, "ns.example.net", "h.x"), kParent,
       kExists, kParent, false},
      {"empty, in a zone that the same servers have",
       Reply().Aa().Authority().Soa(kParent, "ns.example.net", "h.x"), kAbove,
       kExists, kParent, false},
      {"denied",
       Reply().Rcode(3).Aa().Authority().Soa(kParent, "ns.example.net", "h.x"),
       kParent, kDenied, kParent, false},
      {"denied without AA",
       Reply().Rcode(3).Authority().Soa(kParent, "ns.example.net", "h.x"),
       kParent, kExists, kParent, false},
      {"denied without SOA", Reply().Rcode(3).Aa(), kParent, kExists, kParent,
       false},
      {"denied from above the zone",
       Reply().Rcode(3).Aa().Authority().Soa(kAbove, "ns.example.net", "h.x"),
       kParent, kExists, kParent, true},
      {"the apex itself, denied from above",
       Reply().Rcode(3).Aa().Authority().Soa(kAbove, "ns.example.net", "h.x"),
       kName, kApex, kName, true},
      {"an alias", Reply().Aa().Answer().Cname(kName, "elsewhere.example.net"),
       kParent, kExists, nullptr, false},
  };
  for (const VisitCase& c : cases) {
    SCOPED_TRACE(c.label);
    const Heard heard(c.reply, c.asked_zone);
    const Visit visit = ReadVisit(N(kName), N(c.asked_zone), false,
                                  heard.message, heard.answer);
    EXPECT_EQ(visit.kind, c.kind);
    EXPECT_EQ(visit.zone ? visit.zone->ToText() : "",
              c.zone == nullptr ? "" : c.zone);
    EXPECT_EQ(visit.odd_soa, c.odd_soa);
  }
}

TEST(ReadVisitTest, TellsWhoTheSoaNames) {
  const Heard heard(
      Reply().Aa().Answer().Soa(kName, "NS.example.net", "Dns.example.net"),
      kParent);
  const Visit visit =
      ReadVisit(N(kName), N(kParent), false, heard.message, heard.answer);
  ASSERT_TRUE(visit.soa);
  EXPECT_EQ(visit.soa->owner.ToText(), kName);
  EXPECT_EQ(visit.soa->mname.ToText(), "ns.example.net");
  EXPECT_EQ(visit.soa->rname.ToText(), "dns.example.net");
}

TEST(ReadVisitTest, WhereAnAliasLedSaysNothingOfTheName) {
  const Heard heard(Reply("x.example.net")
                        .Rcode(3)
                        .Aa()
                        .Authority()
                        .Soa("example.net", "ns.example.net", "h.x"),
                    "example.net");
  const Visit visit =
      ReadVisit(N(kName), N("example.net"), true, heard.message, heard.answer);
  EXPECT_EQ(visit.kind, Visit::Kind::kExists);
  EXPECT_FALSE(visit.zone);
}

struct ServerCase {
  const char* label;
  PacketBuilder reply;
  const char* result;
  bool recursive;
  bool odd_soa;
};

TEST(ReadServerTest, TellsWhetherItServesTheZone) {
  const auto soa = [](PacketBuilder reply, const char* owner) {
    return std::move(reply.Soa(owner, "ns.example.net", "h.x"));
  };
  const ServerCase cases[] = {
      {"ok", soa(Reply().Aa().Answer(), kName), "ok", false, false},
      {"ok, and it recurses", soa(Reply().Aa().Ra().Answer(), kName), "ok",
       true, false},
      {"two SOAs",
       soa(Reply().Aa().Answer(), kName).Soa(kName, "x.example.net", "h.x"),
       "no_soa", false, false},
      {"AA=0", soa(Reply().Answer(), kName), "not_auth", false, false},
      {"AA=1, empty", soa(Reply().Aa().Authority(), kName), "no_soa", false,
       false},
      {"an alias", Reply().Aa().Answer().Cname(kName, "x.example.net"),
       "no_soa", false, false},
      {"it refers to itself", Reply().Authority().Ns(kName, "ns.example.net"),
       "not_auth", false, false},
      {"upwards, and it recurses",
       Reply().Ra().Authority().Ns(".", "a.root-servers.net"), "not_auth", true,
       false},
      {"denied", soa(Reply().Rcode(3).Aa().Authority(), kName), "nxdomain",
       false, false},
      {"denied from above", soa(Reply().Rcode(3).Aa().Authority(), kAbove),
       "nxdomain", false, true},
      {"REFUSED", Reply().Rcode(5), "refused", false, false},
      {"SERVFAIL", Reply().Rcode(2), "servfail", false, false},
      {"NOTAUTH", Reply().Rcode(9), "notauth", false, false},
      {"FORMERR", Reply().Rcode(1), "formerr", false, false},
  };
  for (const ServerCase& c : cases) {
    SCOPED_TRACE(c.label);
    const Heard heard(c.reply, kName);
    std::optional<ZoneSoa> found;
    const ServerEvidence server =
        ReadServer(N(kName), heard.message, heard.answer, &found);
    EXPECT_EQ(ServerResultText(server), c.result);
    EXPECT_EQ(server.recursive, c.recursive);
    EXPECT_EQ(server.odd_soa, c.odd_soa);
    EXPECT_EQ(found.has_value(), server.result == ServerResult::kOk);
    EXPECT_EQ(server.serial.has_value(), found.has_value());
  }
}

TEST(ReadFailureTest, SilenceIsTimeoutAndTheRestHasItsCause) {
  const struct {
    std::vector<io::Cause> seen;
    bool responded;
    const char* result;
  } cases[] = {
      {{}, false, "timeout"},
      {{io::Cause::kTimeout}, false, "timeout"},
      {{io::Cause::kTimeout, io::Cause::kAllNsUnreachable}, false, "timeout"},
      {{io::Cause::kUnreachable}, false, "unreachable"},
      {{io::Cause::kTimeout, io::Cause::kServfail}, true, "servfail"},
      {{io::Cause::kTruncated}, true, "truncated"},
  };
  for (const auto& c : cases) {
    Question question;
    for (const io::Cause cause : c.seen) question.seen.Add(cause);
    question.responded = c.responded;
    EXPECT_EQ(ServerResultText(ReadFailure(question)), c.result);
  }
}

TEST(ReadNsNamesTest, AreSortedLowerCaseAndOnce) {
  const Heard heard(Reply(kName, rr::kNs)
                        .Aa()
                        .Answer()
                        .Ns(kName, "NS2.example.net")
                        .Ns(kName, "ns1.example.net")
                        .Ns(kName, "ns2.example.net")
                        .Ns("example.net", "ns3.example.net"),
                    kName, rr::kNs);
  EXPECT_THAT(ReadNsNames(heard.message, heard.answer),
              ElementsAre("ns1.example.net", "ns2.example.net"));
  const Heard none(Reply(kName, rr::kNs).Rcode(3).Aa(), kName, rr::kNs);
  EXPECT_THAT(ReadNsNames(none.message, none.answer), IsEmpty());
}

TEST(ReadZoneSoaTest, TellsTheZoneOfAnAnswerAndOfADenial) {
  const auto zone_of = [](const PacketBuilder& reply) -> std::string {
    const Heard heard(reply, kAbove);
    const auto soa = ReadZoneSoa(heard.message, heard.answer);
    if (!soa) return "";
    return absl::StrCat(soa->owner.ToText(), " ", soa->mname.ToText(), " ",
                        soa->rname.ToText());
  };
  EXPECT_EQ(zone_of(Reply().Aa().Answer().Soa(kName, "Ns.x", "H.x")),
            "2.0.192.in-addr.arpa ns.x h.x");
  EXPECT_EQ(zone_of(Reply().Aa().Authority().Soa(kParent, "ns.x", "h.x")),
            "0.192.in-addr.arpa ns.x h.x");
  EXPECT_EQ(
      zone_of(Reply().Rcode(3).Aa().Authority().Soa(kParent, "ns.x", "h.x")),
      "0.192.in-addr.arpa ns.x h.x");
  // Behind an alias it is that of its end.
  EXPECT_EQ(zone_of(Reply()
                        .Aa()
                        .Answer()
                        .Cname(kName, "1.0.192.in-addr.arpa")
                        .Authority()
                        .Soa("0.192.in-addr.arpa", "ns.x", "h.x")),
            "0.192.in-addr.arpa ns.x h.x");
  EXPECT_EQ(zone_of(Reply().Rcode(3).Aa()), "");
  EXPECT_EQ(zone_of(Reply().Rcode(2)), "");
  EXPECT_EQ(zone_of(Reply().Rcode(2).Authority().Soa(kParent, "ns.x", "h.x")),
            "");
}

}  // namespace
}  // namespace scanner
