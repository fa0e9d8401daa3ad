// CNAME and DNAME: good, dangling, looping, too long, double, overflowing.
#include "absl/strings/str_cat.h"
#include "tests/support/misbehaviours/tools.h"

namespace testing_support {
namespace {

constexpr int kMostHops = 11;

// A name of the class in a zone of another domain.
std::string Elsewhere(const Asked& asked, absl::string_view label) {
  return absl::StrCat(label, ".", HostOf(asked).substr(0, 4), ".example.net");
}
std::string Hop(const Asked& asked, int hop) {
  return Elsewhere(asked, absl::StrCat("hop", hop));
}

// Only the alias, to a name elsewhere; what follows is asked for.
Script AliasTo(const std::string& label) {
  return Each([label](const Asked& asked) {
    return CnameReply(asked, Elsewhere(asked, label));
  });
}
// What is there at the alias's end, beside it in one message.
using End = std::function<void(const Asked&, const std::string& target,
                               PacketBuilder*)>;
Script AliasWith(End end) {
  return Each([end = std::move(end)](const Asked& asked) {
    const std::string target = Elsewhere(asked, "target");
    PacketBuilder reply = Answering(asked);
    reply.Cname(QuestionName(), target);
    end(asked, target, &reply);
    return reply.Build();
  });
}
void EndGood(const Asked& asked, const std::string& target,
             PacketBuilder* reply) {
  reply->Ptr(target, HostOf(asked));
}
End EndDenied(uint8_t code, const std::string& zone) {
  return [code, zone](const Asked&, const std::string&, PacketBuilder* reply) {
    reply->Rcode(code).Authority().Soa(zone, "ns1.example.net",
                                       "hostmaster.example.net");
  };
}
void EndAtStart(const Asked&, const std::string& target, PacketBuilder* reply) {
  reply->Cname(target, QuestionName());
}
void EndTwice(const Asked& asked, const std::string& target,
              PacketBuilder* reply) {
  reply->Cname(QuestionName(), Elsewhere(asked, "second"))
      .Ptr(target, HostOf(asked));
}
void EndRepeated(const Asked& asked, const std::string& target,
                 PacketBuilder* reply) {
  reply->Cname(QuestionName(), target).Ptr(target, HostOf(asked));
}
void EndBesidePtr(const Asked& asked, const std::string&,
                  PacketBuilder* reply) {
  reply->Ptr(QuestionName(), HostOf(asked));
}
void EndGoodButMissing(const Asked& asked, const std::string& target,
                       PacketBuilder* reply) {
  reply->Ptr(target, HostOf(asked)).Rcode(rcode::kNxdomain);
}

Octets SelfAlias(const Asked& asked) {
  return Answering(asked).Cname(QuestionName(), QuestionName()).Build();
}
Octets Reordered(const Asked& asked) {
  const std::string target = Elsewhere(asked, "target");
  return Answering(asked)
      .Ptr(target, HostOf(asked))
      .Cname(QuestionName(), target)
      .Build();
}
Octets Classless(const Asked& asked) {
  const std::string target = absl::StrCat("x.0/24.", ReverseZoneOf(asked));
  return Answering(asked)
      .Cname(QuestionName(), target)
      .Ptr(target, HostOf(asked))
      .Build();
}

// `hops` aliases and a PTR, in one message.
Script Hops(int hops) {
  return Each([hops](const Asked& asked) {
    PacketBuilder reply = Answering(asked);
    reply.Cname(QuestionName(), Hop(asked, 1));
    for (int hop = 1; hop < hops; ++hop) {
      reply.Cname(Hop(asked, hop), Hop(asked, hop + 1));
    }
    return reply.Ptr(Hop(asked, hops), HostOf(asked)).Build();
  });
}
// The same, one alias a message.
Script HopsByMessage(int hops) {
  return ByStart(AliasTo("hop1"), [hops](const Asked& asked) {
    for (int hop = 1; hop < hops; ++hop) {
      if (asked.name == Hop(asked, hop)) {
        return Once(CnameReply(asked, Hop(asked, hop + 1)));
      }
    }
    return Good(asked);
  });
}

Script LoopByMessage() {
  return ByStart(AliasTo("target"), Each([](const Asked& asked) {
                   return CnameReply(asked, ReverseNameOf(asked));
                 }));
}
Script MissingElsewhere() {
  return ByStart(AliasTo("target"), Each([](const Asked& asked) {
                   return Denial(asked, rcode::kNxdomain, "example.net");
                 }));
}

// The whole reverse zone is renamed; what is beside the DNAME.
Script Renamed(
    std::function<void(const Asked&, const std::string& target, PacketBuilder*)>
        more) {
  return Each([more = std::move(more)](const Asked& asked) {
    const std::string zone = Elsewhere(asked, "rev");
    PacketBuilder reply = Answering(asked);
    reply.Dname(ReverseZoneOf(asked), zone);
    const std::string name = ReverseNameOf(asked);
    more(asked, absl::StrCat(name.substr(0, name.find('.')), ".", zone),
         &reply);
    return reply.Build();
  });
}
Octets Endless(const Asked& asked) {
  return Answering(asked)
      .Dname(ReverseZoneOf(asked), "x." + ReverseZoneOf(asked))
      .Build();
}
Octets Overflowing(const Asked& asked) {
  return Answering(asked).Dname(ReverseZoneOf(asked), NameOfSize(254)).Build();
}
Octets RenamedAtName(const Asked& asked) {
  return Answering(asked)
      .Dname(QuestionName(), Elsewhere(asked, "rev"))
      .Build();
}
Octets RenamedForeign(const Asked& asked) {
  return Answering(asked)
      .Dname("example.org", "example.net")
      .Ptr(QuestionName(), HostOf(asked))
      .Build();
}

// The A question: an alias, and the address beside it or not.
Octets ForwardAlias(const Asked& asked) {
  const std::string target = Elsewhere(asked, "web");
  return Answering(asked)
      .Cname(QuestionName(), target)
      .A(target, AddressFor(asked))
      .Build();
}
Script ForwardByMessage(Make end) {
  return [end = std::move(end)](const Asked& asked) {
    const bool start = asked.name == HostOf(asked);
    return Once(start ? CnameReply(asked, Elsewhere(asked, "web"))
                      : end(asked));
  };
}
Octets BackToHost(const Asked& asked) {
  return CnameReply(asked, HostOf(asked));
}
Octets MissingWeb(const Asked& asked) {
  return Denial(asked, rcode::kNxdomain, "example.net");
}

ExpectedRow PassByAlias(std::string counter = "data") {
  return Pass(std::move(counter)).Flags({"cname_chain"});
}
ExpectedRow Dangling(std::string counter) {
  return NoPtr("dangling_cname", std::move(counter)).Flags({"cname_chain"});
}

std::vector<Misbehaviour> Aliases() {
  return {
      {"cname", "an alias and its PTR", AliasWith(EndGood), PassByAlias()},
      {"cname-reordered", "the PTR before its alias", Each(Reordered),
       PassByAlias()},
      {"cname-repeated", "one alias twice", AliasWith(EndRepeated),
       PassByAlias()},
      {"cname-classless", "an alias as in RFC 2317", Each(Classless),
       PassByAlias().Flags({"classless", "cname_chain"})},
      {"cname-cross-zone", "the alias alone, the PTR when asked",
       ByStart(AliasTo("target"), Good), PassByAlias("follow")},
      {"cname-foreign-soa", "an alias with a SOA of elsewhere: asked on",
       ByStart(AliasWith(EndDenied(rcode::kNoerror, "example.org")), Good),
       PassByAlias("follow")},
      {"cname-dangling", "the alias alone, its end missing", MissingElsewhere(),
       Dangling("follow")},
      {"cname-dangling-nxdomain", "the alias with the NXDOMAIN of its end",
       AliasWith(EndDenied(rcode::kNxdomain, "example.net")),
       Dangling("nxdomain")},
      {"cname-dangling-nodata", "the alias with the NODATA of its end",
       AliasWith(EndDenied(rcode::kNoerror, "example.net")),
       Dangling("nodata")},
      {"cname-into-silence", "the alias's end is never answered",
       ByStart(AliasTo("target"), Nothing),
       ReverseTimeout("timeout", "follow")},
  };
}

std::vector<Misbehaviour> BadAliases() {
  return {
      {"cname-to-self", "an alias to itself", Each(SelfAlias),
       ReverseError("loop")},
      {"cname-loop", "two aliases in a circle", AliasWith(EndAtStart),
       ReverseError("loop")},
      {"cname-loop-by-message", "the same in two messages", LoopByMessage(),
       ReverseError("loop")},
      {"cname-11", "11 aliases", Hops(kMostHops), PassByAlias()},
      {"cname-12", "12 aliases", Hops(kMostHops + 1),
       ReverseError("chain_too_long")},
      {"cname-11-by-message", "11 aliases, one a message",
       HopsByMessage(kMostHops), PassByAlias("follow")},
      {"cname-12-by-message", "12 aliases, one a message",
       HopsByMessage(kMostHops + 1), ReverseError("chain_too_long")},
      {"cname-double", "two aliases of one name", AliasWith(EndTwice),
       ReverseError("malformed")},
      {"cname-beside-ptr", "an alias and a PTR of one name",
       AliasWith(EndBesidePtr), ReverseError("malformed")},
      {"cname-nxdomain-with-ptr", "NXDOMAIN, but the alias's end has a PTR",
       AliasWith(EndGoodButMissing), ReverseError("malformed")},
      {"cname-nxdomain-foreign-soa", "NXDOMAIN with a SOA of elsewhere",
       AliasWith(EndDenied(rcode::kNxdomain, "example.org")),
       ReverseError("malformed")},
  };
}

std::vector<Misbehaviour> Renamings() {
  const auto good = [](const Asked& asked, const std::string& target,
                       PacketBuilder* reply) {
    reply->Ptr(target, HostOf(asked));
  };
  const auto with_cname = [](const Asked& asked, const std::string& target,
                             PacketBuilder* reply) {
    reply->Cname(QuestionName(), target).Ptr(target, HostOf(asked));
  };
  const auto twice = [](const Asked& asked, const std::string& target,
                        PacketBuilder* reply) {
    reply->Dname(ReverseZoneOf(asked), "second.example.net")
        .Ptr(target, HostOf(asked));
  };
  return {
      {"dname", "DNAME and the PTR where it leads", Renamed(good),
       PassByAlias().Flags({"cname_chain", "dname"})},
      {"dname-with-cname", "DNAME, the alias made of it, the PTR",
       Renamed(with_cname), PassByAlias().Flags({"cname_chain", "dname"})},
      {"dname-double", "two DNAMEs of one name", Renamed(twice),
       ReverseError("malformed")},
      {"dname-overflowing", "DNAME to a name of over 255 octets",
       Each(Overflowing), ReverseError("malformed")},
      {"dname-endless", "DNAME to a name below itself", Each(Endless),
       ReverseError("chain_too_long")},
      {"dname-at-name", "DNAME of the name itself", Each(RenamedAtName),
       ReverseError("malformed")},
      {"dname-foreign", "DNAME of elsewhere beside the PTR",
       Each(RenamedForeign), Pass()},
  };
}

std::vector<Misbehaviour> ForwardAliases() {
  return {
      {"forward-cname", "the host is an alias, its address beside it", Good,
       Pass().Flags({"cname_target"}), Each(ForwardAlias)},
      {"forward-cname-cross-zone", "the host is an alias, asked on", Good,
       Pass("follow").Flags({"cname_target"}), ForwardByMessage(LeadsBack)},
      {"forward-cname-loop", "the host is an alias of an alias of it", Good,
       ForwardError("loop"), ForwardByMessage(BackToHost)},
      {"forward-cname-dangling",
       "the host is an alias of nothing",
       Good,
       {"no_forward", "", "follow"},
       ForwardByMessage(MissingWeb)},
  };
}

}  // namespace

std::vector<Misbehaviour> AliasMisbehaviours() {
  std::vector<Misbehaviour> all = Aliases();
  Append(BadAliases(), &all);
  Append(Renamings(), &all);
  Append(ForwardAliases(), &all);
  return all;
}

}  // namespace testing_support
