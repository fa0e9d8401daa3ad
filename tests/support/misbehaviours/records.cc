// Records beside or instead of those that were asked for; many of them; TTLs.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/support/misbehaviours/tools.h"

namespace testing_support {
namespace {

constexpr uint16_t kUnknownType = 65280;

using Change = std::function<void(PacketBuilder*)>;

// An answer section of these records alone, or of the host's PTR too.
Script Alien(Change add) {
  return Each([add = std::move(add)](const Asked& asked) {
    PacketBuilder reply = Answering(asked);
    add(&reply);
    return reply.Build();
  });
}
Script BesideGood(Change add) {
  return Each([add = std::move(add)](const Asked& asked) {
    PacketBuilder reply = Answering(asked);
    add(&reply);
    return reply.Ptr(QuestionName(), HostOf(asked)).Build();
  });
}

void AddForeignOwner(PacketBuilder* reply) {
  reply->Ptr("9.113.0.203.in-addr.arpa", "foreign.example.net");
}
void AddForeignClass(PacketBuilder* reply) {
  reply->Ptr(QuestionName(), "chaos.example.net", {.record_class = kChaos});
}
void AddForeignType(PacketBuilder* reply) {
  reply->Record(QuestionName(), rr::kTxt, Label("v=spf1 -all"));
}
void AddEverything(PacketBuilder* reply) {
  AddForeignOwner(reply);
  AddForeignClass(reply);
  AddForeignType(reply);
  reply->Rrsig(QuestionName(), rr::kPtr)
      .Record(QuestionName(), kUnknownType, Octets(40, 0xff))
      .A(QuestionName(), "192.0.2.1");
}

// A PTR with this TTL.
Script WithTtl(uint32_t ttl) {
  return Each([ttl](const Asked& asked) {
    return Answering(asked)
        .Ptr(QuestionName(), HostOf(asked), {.ttl = ttl})
        .Build();
  });
}
Octets TwoTtls(const Asked& asked) {
  return Answering(asked)
      .Ptr(QuestionName(), HostOf(asked), {.ttl = 7200})
      .Ptr(QuestionName(), HostOf(asked), {.ttl = 60})
      .Build();
}

// The host, and names h0001 and so on below it by pointers.
Script Many(int names) {
  return Each([names](const Asked& asked) {
    PacketBuilder reply = Answering(asked);
    const size_t host_at = reply.size() + 12;
    reply.Ptr(QuestionName(), HostOf(asked));
    for (int i = 1; i <= names; ++i) {
      reply.Ptr(QuestionName(),
                Compressed(absl::StrFormat("h%04d", i), host_at));
    }
    return reply.Build();
  });
}
std::vector<std::string> ManyNames(int names) {
  std::vector<std::string> all = {"%"};
  for (int i = 1; i <= names; ++i) {
    all.push_back(absl::StrFormat("h%04d.%%", i));
  }
  return all;
}
// `names` by TCP only.
Script ManyByTcp(int names) {
  return ByTransport(Each(TruncatedReply), Many(names));
}

Octets ManyAddresses(const Asked& asked) {
  PacketBuilder reply = Answering(asked);
  for (int i = 1; i < 60; ++i) {
    reply.A(QuestionName(), absl::StrCat("198.51.100.", i));
  }
  return reply.A(QuestionName(), AddressFor(asked)).Build();
}
Octets ForeignAddress(const Asked& asked) {
  return Answering(asked).A("foreign.example.net", AddressFor(asked)).Build();
}
Octets ChaosAddress(const Asked& asked) {
  return Answering(asked)
      .A(QuestionName(), AddressFor(asked), {.record_class = kChaos})
      .A(QuestionName(), "192.0.2.255")
      .Build();
}
Octets OtherAddress(const Asked& asked) {
  return Answering(asked).A(QuestionName(), "198.51.100.1").Build();
}
Octets NoAddress(const Asked& asked) {
  return Denial(asked, rcode::kNoerror, "example.com");
}

Misbehaviour Malformed(std::string name, std::string what, Script script) {
  return {std::move(name), std::move(what), std::move(script),
          ReverseError("malformed")};
}

std::vector<Misbehaviour> ForeignRecords() {
  return {
      Malformed("foreign-owner", "a PTR of another name alone",
                Alien(AddForeignOwner)),
      Malformed("foreign-class", "a PTR of class CH alone",
                Alien(AddForeignClass)),
      Malformed("foreign-type", "TXT alone", Alien(AddForeignType)),
      {"foreign-owner-beside", "a PTR of another name before the right one",
       BesideGood(AddForeignOwner), Pass()},
      {"foreign-class-beside", "a PTR of class CH before the right one",
       BesideGood(AddForeignClass), Pass()},
      {"foreign-everything-beside", "six strange records before the right one",
       BesideGood(AddEverything), Pass()},
      {"address-foreign-owner", "A of another name alone", Good,
       ForwardError("malformed"), Each(ForeignAddress)},
      {"address-foreign-class",
       "the address in class CH, another in class IN",
       Good,
       {"mismatch", "", "data"},
       Each(ChaosAddress)},
      {"address-differs",
       "another address",
       Good,
       {"mismatch", "", "data"},
       Each(OtherAddress)},
      {"address-none",
       "the host has no address",
       Good,
       {"no_forward", "", "nodata"},
       Each(NoAddress)},
  };
}

std::vector<Misbehaviour> RepeatedRecords() {
  return {
      {"same-record-thrice", "one PTR three times", Names({"%", "%", "%"}),
       Pass()},
      {"letter-case-variants", "one name in two letter cases",
       Each([](const Asked& asked) {
         std::string other = HostOf(asked);
         other[0] = 'C';
         return Answering(asked)
             .Ptr(QuestionName(), HostOf(asked))
             .Ptr(QuestionName(), other)
             .Build();
       }),
       Pass()},
      {"two-names", "two names, both lead back", Names({"%", "b.%"}),
       Pass().Names({"%", "b.%"}).Flags({"multiple_ptr"})},
      {"hundreds-of-names", "151 names in one datagram", Many(150),
       Pass().Names(ManyNames(150)).Flags({"multiple_ptr", "excess_ptr"})},
      {"thousand-names", "1,001 names by TCP", ManyByTcp(1000),
       Pass("truncated")
           .Names(ManyNames(1000))
           .Flags({"multiple_ptr", "excess_ptr"})},
      {"names-over-64-kib", "3,001 names by TCP, over 64 KiB of text",
       ManyByTcp(3000),
       Pass("truncated").Names(ManyNames(3000)).Flags({"excess_ptr"}).Cut()},
      {"sixty-addresses", "the host has 60 addresses", Good,
       Pass().Flags({"forward_many"}), Each(ManyAddresses)},
  };
}

std::vector<Misbehaviour> TimesToLive() {
  return {
      {"ttl-0", "TTL 0", WithTtl(0), Pass().Ttl(0)},
      {"ttl-largest", "TTL 2147483647", WithTtl(0x7fffffff),
       Pass().Ttl(0x7fffffff).Flags({"ttl_high"})},
      {"ttl-top-bit", "TTL 2147483648 is 0", WithTtl(0x80000000),
       Pass().Ttl(0)},
      {"ttl-all-bits", "TTL 4294967295 is 0", WithTtl(0xffffffff),
       Pass().Ttl(0)},
      {"ttl-differs", "equal records with TTL 7200 and 60", Each(TwoTtls),
       Pass().Ttl(60)},
  };
}

}  // namespace

std::vector<Misbehaviour> RecordMisbehaviours() {
  std::vector<Misbehaviour> all = ForeignRecords();
  Append(RepeatedRecords(), &all);
  Append(TimesToLive(), &all);
  return all;
}

}  // namespace testing_support
