// Negatives with no, right, foreign or faulty SOA, and referrals.
#include "tests/support/misbehaviours/tools.h"

namespace testing_support {
namespace {

constexpr char kForeignZone[] = "example.org";

using Change = std::function<void(PacketBuilder*)>;

// No answer; `more` is done to it.
Script Denying(uint8_t code, Change more) {
  return Each([code, more = std::move(more)](const Asked& asked) {
    PacketBuilder reply = ReplyTo(asked);
    reply.Rcode(code);
    more(&reply);
    return reply.Build();
  });
}
// The SOA of `zone`, of the reverse zone by default.
void AddSoa(PacketBuilder* reply, const char* zone = nullptr) {
  const WireName owner = zone != nullptr ? WireName(zone) : ZoneIn(*reply);
  reply->Authority().Soa(owner, "ns1.example.net", "hostmaster.example.net");
}
Script WithSoa(uint8_t code, const char* zone = nullptr) {
  return Denying(code, [zone](PacketBuilder* reply) { AddSoa(reply, zone); });
}
// An authority section of one NS set.
Script Referral(const char* zone = nullptr) {
  return Denying(rcode::kNoerror, [zone](PacketBuilder* reply) {
    const WireName owner = zone != nullptr ? WireName(zone) : ZoneIn(*reply);
    reply->Authority()
        .Ns(owner, "ns1.example.net")
        .Additional()
        .A("ns1.example.net", "192.0.2.250");
  });
}

void Unchanged(PacketBuilder*) {}
void AddTwoSoas(PacketBuilder* reply) {
  AddSoa(reply, kForeignZone);
  AddSoa(reply);
}
void AddChaosSoa(PacketBuilder* reply) {
  reply->Authority().Soa(kForeignZone, "ns1.example.net",
                         "hostmaster.example.net", {},
                         {.record_class = kChaos});
}
void AddSoaAsAnswer(PacketBuilder* reply) {
  reply->Answer().Soa(ZoneIn(*reply), "ns1.example.net",
                      "hostmaster.example.net");
}
void AddSoaAndTxt(PacketBuilder* reply) {
  reply->Answer().Record(QuestionName(), rr::kTxt, Label("junk"));
  AddSoa(reply);
}
void AddSoaAndGlue(PacketBuilder* reply) {
  AddSoa(reply);
  reply->Additional().A("ns1.example.net", "192.0.2.250");
}
void AddSoaWithTopBit(PacketBuilder* reply) {
  reply->Authority().Soa(ZoneIn(*reply), "ns1.example.net",
                         "hostmaster.example.net", {}, {.ttl = 0x80000000});
}
void AddLocalSoa(PacketBuilder* reply) {
  reply->Authority().Soa(ZoneIn(*reply), "localhost", "nobody.invalid");
}
void NoRecursion(PacketBuilder* reply) { reply->Ra(false); }
void Authoritative(PacketBuilder* reply) { reply->Ra(false).Aa(); }

std::vector<Misbehaviour> Soas() {
  constexpr uint8_t kMissing = rcode::kNxdomain;
  constexpr uint8_t kEmpty = rcode::kNoerror;
  const ExpectedRow nxdomain = NoPtr("nxdomain");
  const ExpectedRow nodata = NoPtr("nodata");
  const ExpectedRow malformed = ReverseError("malformed");
  return {
      {"nxdomain-soa", "NXDOMAIN with its SOA", WithSoa(kMissing),
       nxdomain.Ttl(600)},
      {"nxdomain-no-soa", "NXDOMAIN alone", Denying(kMissing, Unchanged),
       nxdomain},
      {"nxdomain-no-recursion", "NXDOMAIN alone, RA 0",
       Denying(kMissing, NoRecursion), nxdomain},
      {"nxdomain-foreign-soa", "NXDOMAIN with a SOA of elsewhere",
       WithSoa(kMissing, kForeignZone), malformed},
      {"nxdomain-two-soas", "NXDOMAIN with a foreign SOA and its own",
       Denying(kMissing, AddTwoSoas), nxdomain},
      {"nxdomain-chaos-soa", "NXDOMAIN with a SOA of class CH",
       Denying(kMissing, AddChaosSoa), nxdomain},
      {"nxdomain-soa-as-answer", "NXDOMAIN with its SOA in answer",
       Denying(kMissing, AddSoaAsAnswer), malformed},
      {"nxdomain-txt-as-answer", "NXDOMAIN with TXT in answer",
       Denying(kMissing, AddSoaAndTxt), malformed},
      {"nxdomain-glue", "NXDOMAIN with an address in additional",
       Denying(kMissing, AddSoaAndGlue), nxdomain},
      {"nxdomain-ttl-top-bit", "NXDOMAIN, SOA with TTL 2147483648",
       Denying(kMissing, AddSoaWithTopBit), nxdomain.Ttl(0)},
      {"nxdomain-local-zone", "NXDOMAIN of a locally served zone",
       Denying(kMissing, AddLocalSoa), nxdomain.Flags({"local_zone"})},
      {"nxdomain-registry",
       "NXDOMAIN of in-addr.arpa",
       WithSoa(kMissing, "in-addr.arpa"),
       {"undelegated", "nxdomain", "nxdomain"}},
      {"nodata-soa", "NODATA with its SOA", WithSoa(kEmpty), nodata.Ttl(600)},
      {"nodata-no-soa", "NODATA alone", Denying(kEmpty, Unchanged), nodata},
      {"nodata-authoritative", "NODATA alone, AA 1, RA 0",
       Denying(kEmpty, Authoritative), nodata},
      {"nodata-foreign-soa", "NODATA with a SOA of elsewhere",
       WithSoa(kEmpty, kForeignZone), malformed},
      {"nodata-no-recursion", "NODATA alone, RA 0: lame",
       Denying(kEmpty, NoRecursion), ReverseError("lame")},
  };
}

std::vector<Misbehaviour> Referrals() {
  return {
      {"referral-down", "NS of the reverse zone", Referral(),
       ReverseError("lame", "referral")},
      {"referral-up", "NS of the root", Referral(""),
       ReverseError("lame", "referral")},
      {"referral-sideways", "NS of elsewhere: a NODATA that adds them",
       Referral(kForeignZone), NoPtr("nodata")},
  };
}

}  // namespace

std::vector<Misbehaviour> DenialMisbehaviours() {
  std::vector<Misbehaviour> all = Soas();
  Append(Referrals(), &all);
  return all;
}

}  // namespace testing_support
