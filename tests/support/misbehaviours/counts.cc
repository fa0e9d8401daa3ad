// Counts, RDLENGTH and ends that do not fit what is there.
#include "tests/support/misbehaviours/tools.h"

namespace testing_support {
namespace {

using Builder = PacketBuilder;

// The host's PTR, `more` done to it.
Script Data(std::function<void(const Asked&, Builder*)> more) {
  return Each([more = std::move(more)](const Asked& asked) {
    Builder reply = Answering(asked);
    reply.Ptr(QuestionName(), HostOf(asked));
    more(asked, &reply);
    return reply.Build();
  });
}
Script Data(std::function<void(Builder*)> more) {
  return Data(
      [more = std::move(more)](const Asked&, Builder* reply) { more(reply); });
}

// NXDOMAIN with its SOA, `more` done to it.
Script Missing(std::function<void(Builder*)> more) {
  return Each([more = std::move(more)](const Asked& asked) {
    Builder reply = ReplyTo(asked);
    reply.Rcode(rcode::kNxdomain)
        .Authority()
        .Soa(ZoneIn(reply), "ns1.example.net", "hostmaster.example.net");
    more(&reply);
    return reply.Build();
  });
}

// One PTR of the host whose RDLENGTH is off by this, with octets behind it.
Script PtrLengthOff(int off) {
  return Each([off](const Asked& asked) {
    const WireName host(HostOf(asked));
    const int length = static_cast<int>(host.octets.size()) + off;
    return Answering(asked)
        .Ptr(QuestionName(), host, {.rdlength = static_cast<uint16_t>(length)})
        .Raw(Octets(off > 0 ? static_cast<size_t>(off) : 0, 0))
        .Build();
  });
}
// An A record whose rdata has this size.
Script AddressOfSize(size_t size) {
  return Each([size](const Asked& asked) {
    return Answering(asked)
        .Record(QuestionName(), rr::kA, Octets(size, 192))
        .Build();
  });
}
Script WithoutLast(size_t octets) {
  return Altered(HostReply, [octets](Octets* reply) {
    reply->resize(reply->size() - octets);
  });
}
Octets ZeroLength(const Asked& asked) {
  return Answering(asked).Record(QuestionName(), rr::kPtr, {}).Build();
}
// The denial with its SOA's rdata one octet short of it.
Octets ShortSoa(const Asked& asked) {
  return ReplyTo(asked)
      .Rcode(rcode::kNxdomain)
      .Authority()
      .Record(ReverseZoneOf(asked), rr::kSoa, Concat({{0}, {0}, Octets(19, 1)}))
      .Build();
}

Misbehaviour Malformed(std::string name, std::string what, Script script) {
  return {std::move(name), std::move(what), std::move(script),
          ReverseError("malformed")};
}

std::vector<Misbehaviour> Counts() {
  return {
      Malformed("answer-count-above", "ANCOUNT 2, one record",
                Data([](Builder* reply) { reply->AnswerCount(2); })),
      Malformed("answer-count-65535", "ANCOUNT 65535, one record",
                Data([](Builder* reply) { reply->AnswerCount(65535); })),
      Malformed("answer-count-0", "ANCOUNT 0, one record",
                Data([](Builder* reply) { reply->AnswerCount(0); })),
      {"answer-count-below", "ANCOUNT 1, two records", Data([](Builder* reply) {
         reply->Ptr(QuestionName(), "uncounted.example.net").AnswerCount(1);
       }),
       Pass("trailing")},
      {"authority-count-above", "data, NSCOUNT 5, none there",
       Data([](Builder* reply) { reply->AuthorityCount(5); }), Pass("lax")},
      {"additional-count-above", "data, ARCOUNT 5, none there",
       Data([](Builder* reply) { reply->AdditionalCount(5); }), Pass("lax")},
      Malformed("denial-authority-count-above", "NXDOMAIN, NSCOUNT 2, one SOA",
                Missing([](Builder* reply) { reply->AuthorityCount(2); })),
      Malformed("denial-authority-count-0", "NXDOMAIN, NSCOUNT 0, one SOA",
                Missing([](Builder* reply) { reply->AuthorityCount(0); })),
      Malformed("denial-additional-count-above", "NXDOMAIN, ARCOUNT 1, none",
                Missing([](Builder* reply) { reply->AdditionalCount(1); })),
      {"trailing-octets", "data and 7 octets behind it",
       Data([](Builder* reply) { reply->Raw(Octets(7, 0xff)); }),
       Pass("trailing")},
      Malformed("denial-trailing-octets", "NXDOMAIN and 7 octets behind it",
                Missing([](Builder* reply) { reply->Raw(Octets(7, 0xff)); })),
  };
}

std::vector<Misbehaviour> Lengths() {
  return {
      Malformed("rdlength-below-name", "RDLENGTH one less than the name",
                PtrLengthOff(-1)),
      Malformed("rdlength-above-name", "RDLENGTH one more than the name",
                PtrLengthOff(1)),
      Malformed("rdlength-0", "PTR of no octets", Each(ZeroLength)),
      Malformed("rdlength-beyond-message", "RDLENGTH 400",
                Each(MalformedReply)),
      Malformed("message-cut-in-name", "ends 3 octets early", WithoutLast(3)),
      Malformed("message-cut-in-record", "ends inside the record's header",
                WithoutLast(24)),
      Malformed("denial-soa-short", "NXDOMAIN, SOA one octet short",
                Each(ShortSoa)),
      {"malformed-good-by-tcp", "RDLENGTH 400 over UDP, right by TCP",
       ByTransport(Each(MalformedReply), Good), Pass("malformed")},
      {"address-of-3-octets", "A of 3 octets", Good, ForwardError("malformed"),
       AddressOfSize(3)},
      {"address-of-5-octets", "A of 5 octets", Good, ForwardError("malformed"),
       AddressOfSize(5)},
      {"address-of-0-octets", "A of no octets", Good, ForwardError("malformed"),
       AddressOfSize(0)},
      {"glue-of-15-octets", "data, AAAA of 15 octets in additional",
       Data([](Builder* reply) {
         reply->Additional().Record("ns1.example.net", rr::kAaaa,
                                    Octets(15, 1));
       }),
       Pass("lax")},
      {"authority-name-bad", "data, NS that points to itself in authority",
       Data([](Builder* reply) {
         const size_t rdata_at = reply->size() + 11;
         reply->Authority().Ns("", Pointer(rdata_at));
       }),
       Pass("lax")},
  };
}

}  // namespace

std::vector<Misbehaviour> CountMisbehaviours() {
  std::vector<Misbehaviour> all = Counts();
  Append(Lengths(), &all);
  return all;
}

}  // namespace testing_support
