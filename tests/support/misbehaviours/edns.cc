// OPT refused, ignored, doubled, malformed; cookies; letter case.
#include <algorithm>
#include <cctype>

#include "tests/support/misbehaviours/tools.h"

namespace testing_support {
namespace {

constexpr size_t kHeaderSize = 12;
constexpr uint16_t kCookieOption = 10;
constexpr size_t kClientCookieOctets = 8;
constexpr uint8_t kBadcookie = 23;

// `bad` to a query with OPT, the host or its address to one without.
Script RefusingOpt(Script bad) {
  return [bad = std::move(bad)](const Asked& asked) {
    if (HasOpt(asked)) return bad(asked);
    return Once(asked.type == rr::kPtr ? HostReply(asked) : LeadsBack(asked));
  };
}
Octets Badvers(const Asked& asked) {
  return ReplyTo(asked).Additional().Opt({.extended_rcode = 1}).Build();
}

using Opts = std::vector<OptFields>;
Script DataWith(Opts opts) {
  return Each([opts = std::move(opts)](const Asked& asked) {
    PacketBuilder reply = Answering(asked);
    reply.Ptr(QuestionName(), HostOf(asked)).Additional();
    for (const OptFields& opt : opts) reply.Opt(opt);
    return reply.Build();
  });
}
Script DenialWith(Opts opts) {
  return Each([opts = std::move(opts)](const Asked& asked) {
    PacketBuilder reply = ReplyTo(asked);
    reply.Rcode(rcode::kNxdomain)
        .Authority()
        .Soa(ReverseZoneOf(asked), "ns1.example.net", "hostmaster.example.net")
        .Additional();
    for (const OptFields& opt : opts) reply.Opt(opt);
    return reply.Build();
  });
}
Octets OptAsAnswer(const Asked& asked) {
  return Answering(asked).Opt().Ptr(QuestionName(), HostOf(asked)).Build();
}

std::vector<Misbehaviour> OptRefused() {
  const Script formerr = RefusingOpt(AlwaysRcode(rcode::kFormerr));
  const Script notimp = RefusingOpt(AlwaysRcode(rcode::kNotimp));
  const Script silent = RefusingOpt(Nothing);
  const Script badvers = RefusingOpt(Each(Badvers));
  return Alone({
      {"opt-formerr", "FORMERR to queries with OPT", formerr, Pass("rcode"),
       formerr},
      {"opt-notimp", "NOTIMP to queries with OPT", notimp, Pass("rcode"),
       notimp},
      {"opt-silent", "silent to queries with OPT", silent, Pass("udp_expired"),
       silent},
      {"opt-badvers", "BADVERS to queries with OPT", badvers, Pass("rcode"),
       badvers},
      {"badvers", "BADVERS to everything", Each(Badvers),
       ReverseError("other_rcode", "rcode")},
  });
}

std::vector<Misbehaviour> OptStrange() {
  const OptFields plain;
  const OptFields below_root = {.owner = WireName("example.net").octets};
  const OptFields cut = {.options = {0, 10, 0, 8, 1, 2}};
  const OptFields strange = {
      .payload = 0,
      .version = 7,
      .dnssec_ok = true,
      .options = Concat({EdnsOption(65001, Octets(300)), EdnsOption(12, {})})};
  return {
      {"opt-plain", "a plain OPT", DataWith({plain}), Pass()},
      {"opt-strange", "payload 0, version 7, unknown options",
       DataWith({strange}), Pass()},
      {"opt-as-answer", "OPT in the answer section", Each(OptAsAnswer), Pass()},
      {"opt-doubled", "two OPTs", DataWith({plain, plain}), Pass("lax")},
      {"opt-owner", "OPT owned by a name", DataWith({below_root}), Pass("lax")},
      {"opt-option-cut", "an option longer than OPT", DataWith({cut}),
       Pass("lax")},
      {"nxdomain-opt-doubled", "NXDOMAIN with two OPTs",
       DenialWith({plain, plain}), ReverseError("malformed")},
      {"nxdomain-opt-option-cut", "NXDOMAIN, an option longer than OPT",
       DenialWith({cut}), ReverseError("malformed")},
  };
}

// The COOKIE option of a query; empty if it has none.
Octets CookieOf(const Asked& asked) {
  const Octets options = EdnsOptionsOf(asked).value_or(Octets());
  for (size_t at = 0; at + 4 <= options.size();) {
    const auto u16 = [&options](size_t i) {
      return static_cast<size_t>(options[i] << 8 | options[i + 1]);
    };
    const size_t end = at + 4 + u16(at + 2);
    if (end > options.size()) break;
    if (u16(at) == kCookieOption) {
      return Octets(options.begin() + static_cast<ptrdiff_t>(at) + 4,
                    options.begin() + static_cast<ptrdiff_t>(end));
    }
    at = end;
  }
  return {};
}
Octets ClientCookieOf(const Asked& asked) {
  Octets cookie = CookieOf(asked);
  cookie.resize(std::min(cookie.size(), kClientCookieOctets));
  return cookie;
}
Octets ServerCookie() { return Octets(8, 0x5c); }
Octets RightCookie(const Asked& asked) {
  return Concat({ClientCookieOf(asked), ServerCookie()});
}
Octets OnlyClientCookie(const Asked& asked) { return ClientCookieOf(asked); }
Octets WrongCookie(const Asked& asked) {
  Octets cookie = RightCookie(asked);
  cookie[0] ^= 1;
  return cookie;
}
Octets OddCookie(const Asked& asked) {
  return Concat({ClientCookieOf(asked), {1}});
}

// The host or its address, with this cookie.
Script WithCookie(Make cookie) {
  return Each([cookie = std::move(cookie)](const Asked& asked) {
    PacketBuilder reply = Answering(asked);
    if (asked.type == rr::kPtr) {
      reply.Ptr(QuestionName(), HostOf(asked));
    } else {
      reply.A(QuestionName(), AddressFor(asked));
    }
    const Octets option = EdnsOption(kCookieOption, cookie(asked));
    return reply.Additional().Opt({.options = option}).Build();
  });
}
Octets Badcookie(const Asked& asked) {
  return ReplyTo(asked)
      .Rcode(kBadcookie & 0xf)
      .Additional()
      .Opt({.extended_rcode = kBadcookie >> 4,
            .options = EdnsOption(kCookieOption, RightCookie(asked))})
      .Build();
}
Replies RightIfCookieKnown(const Asked& asked) {
  if (CookieOf(asked) == RightCookie(asked)) {
    return WithCookie(RightCookie)(asked);
  }
  return Once(Badcookie(asked));
}

std::vector<Misbehaviour> Cookies() {
  const Script right = WithCookie(RightCookie);
  const Script client = WithCookie(OnlyClientCookie);
  const Script wrong = ByTransport(WithCookie(WrongCookie), Good);
  const Script odd = ByTransport(WithCookie(OddCookie), Good);
  const Script until_known = RightIfCookieKnown;
  const Script never = ByTransport(Each(Badcookie), right);
  return Alone(Needing(
      Needs::kCookies,
      {
          {"cookie", "the cookie and one of the server", right, Pass(), right},
          {"cookie-client-only", "the cookie alone", client, Pass(), client},
          {"cookie-wrong", "another cookie over UDP, none by TCP", wrong,
           Pass("drop_cookie")},
          {"cookie-odd-length", "a cookie of 9 octets over UDP", odd,
           Pass("drop_cookie")},
          {"cookie-missing-later", "a cookie for the PTR, none for the host",
           right, Pass("drop_cookie")},
          {"badcookie-once", "BADCOOKIE until the server's cookie comes back",
           until_known, Pass("rcode"), until_known},
          {"badcookie-over-udp", "BADCOOKIE to every datagram", never,
           Pass("rcode"), never},
          {"badcookie", "BADCOOKIE to everything", Each(Badcookie),
           ReverseError("other_rcode", "rcode")},
      }));
}

// The question's letters in lower case.
Script Lowered(Make make) {
  return Altered(std::move(make), [](Octets* reply) {
    for (size_t at = kHeaderSize; (*reply)[at] != 0;) {
      const size_t end = at + 1 + (*reply)[at];
      for (++at; at < end; ++at) {
        (*reply)[at] = static_cast<uint8_t>(std::tolower((*reply)[at]));
      }
    }
  });
}

std::vector<Misbehaviour> LetterCases() {
  const Script lowered = ByTransport(Lowered(HostReply), Good);
  const Script forward = ByTransport(Lowered(LeadsBack), Each(LeadsBack));
  const Script twice = ByTransport(Both(Lowered(HostReply), Good), Good);
  const Script later =
      ByTransport(Until(2, Nothing, Lowered(HostReply)), Nothing);
  std::vector<Misbehaviour> all = Alone({
      {"case-kept", "letters as asked", Good, Pass()},
      {"case-lowered", "letters lowered over UDP, as asked by TCP", lowered,
       Pass("drop_case"), forward},
      {"case-lowered-then-kept", "letters lowered first, then as asked", twice,
       Pass("drop_case")},
  });
  // The first two have the server marked; the third would get nowhere else.
  Append(InGroup("case-never-kept",
                 {
                     {"case-never-kept", "lowered over UDP, as asked by TCP",
                      lowered, Pass("drop_case"), forward},
                     {"case-never-kept-either", "the same", lowered,
                      Pass("drop_case"), forward},
                     {"case-not-kept-later",
                      "silent once, then lowered; silent by TCP", later,
                      Pass("drop_case"), Lowered(LeadsBack)},
                 }),
         &all);
  return Needing(Needs::kLetterCase, std::move(all));
}

}  // namespace

std::vector<Misbehaviour> EdnsMisbehaviours() {
  std::vector<Misbehaviour> all = OptRefused();
  Append(OptStrange(), &all);
  Append(Cookies(), &all);
  Append(LetterCases(), &all);
  return all;
}

}  // namespace testing_support
