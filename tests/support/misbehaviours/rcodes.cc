// Every response code, with and without records and extended errors.
#include "absl/strings/str_cat.h"
#include "tests/support/misbehaviours/tools.h"

namespace testing_support {
namespace {

constexpr uint8_t kCheckingDisabled = 0x10;

std::string CauseOf(uint8_t code) {
  switch (code) {
    case rcode::kFormerr:
      return "formerr";
    case rcode::kServfail:
      return "servfail";
    case rcode::kNotimp:
      return "notimp";
    case rcode::kRefused:
      return "resolver_refused";
    case rcode::kNotauth:
      return "notauth";
    default:
      return "other_rcode";
  }
}

// The host's PTR, with a code that does not go with it.
Script DataWithRcode(uint8_t code) {
  return Each([code](const Asked& asked) {
    return Answering(asked)
        .Rcode(code)
        .Ptr(QuestionName(), HostOf(asked))
        .Build();
  });
}
Script DataWithEde(uint16_t ede, const std::string& text = "") {
  return Each([ede, text](const Asked& asked) {
    return Answering(asked)
        .Ptr(QuestionName(), HostOf(asked))
        .Additional()
        .Opt({.options = ExtendedError(ede, text)})
        .Build();
  });
}
Script DenialWithEde(uint16_t ede) {
  return Each([ede](const Asked& asked) {
    return ReplyTo(asked)
        .Rcode(rcode::kNxdomain)
        .Authority()
        .Soa(ReverseZoneOf(asked), "ns1.example.net", "hostmaster.example.net")
        .Additional()
        .Opt({.options = ExtendedError(ede)})
        .Build();
  });
}
Script Extended(uint8_t high, uint8_t low) {
  return Each([high, low](const Asked& asked) {
    return ReplyTo(asked)
        .Rcode(low)
        .Additional()
        .Opt({.extended_rcode = high})
        .Build();
  });
}
Script WithoutQuestion(uint8_t code) {
  return Each([code](const Asked& asked) {
    return PacketBuilder().Id(IdOf(asked)).Response().Rcode(code).Build();
  });
}
Script FormerrWithOpt() {
  return Each([](const Asked& asked) {
    return ReplyTo(asked).Rcode(rcode::kFormerr).Additional().Opt().Build();
  });
}
Replies GoodUnchecked(const Asked& asked) {
  const bool unchecked = (asked.query[3] & kCheckingDisabled) != 0;
  return unchecked ? Good(asked) : AlwaysRcode(rcode::kServfail)(asked);
}

std::vector<Misbehaviour> EveryCode() {
  std::vector<Misbehaviour> all;
  for (uint8_t code = 1; code < 16; ++code) {
    if (code == rcode::kNxdomain) continue;
    const ExpectedRow row = ReverseError(CauseOf(code), "rcode");
    all.push_back({absl::StrCat("rcode-", code),
                   absl::StrCat("response code ", code), AlwaysRcode(code),
                   row});
    all.push_back({absl::StrCat("rcode-", code, "-with-ptr"),
                   absl::StrCat("response code ", code, " and a PTR"),
                   DataWithRcode(code), row});
  }
  return all;
}

std::vector<Misbehaviour> OtherCodes() {
  return {
      {"nxdomain-with-ptr", "NXDOMAIN and a PTR",
       DataWithRcode(rcode::kNxdomain), ReverseError("malformed")},
      {"rcode-19", "NXDOMAIN's bits, an extended code above them",
       Extended(1, rcode::kNxdomain), ReverseError("other_rcode", "rcode")},
      {"rcode-4080", "NOERROR's bits, an extended code above them",
       Extended(255, rcode::kNoerror), ReverseError("other_rcode", "rcode")},
      {"formerr-without-question", "FORMERR, QDCOUNT 0",
       WithoutQuestion(rcode::kFormerr), ReverseError("formerr", "rcode")},
      {"notimp-without-question", "NOTIMP, QDCOUNT 0",
       WithoutQuestion(rcode::kNotimp), ReverseError("notimp", "rcode")},
      {"formerr-with-opt", "FORMERR that has OPT: not about EDNS",
       FormerrWithOpt(), ReverseError("formerr", "rcode")},
      {"servfail-once", "SERVFAIL once",
       Until(2, AlwaysRcode(rcode::kServfail), Good), Pass("rcode")},
      {"servfail-burst", "SERVFAIL twice, right in the late pass",
       Until(3, AlwaysRcode(rcode::kServfail), Good), Pass("rcode")},
      {"refused-once", "REFUSED once, right in the late pass",
       Until(2, AlwaysRcode(rcode::kRefused), Good), Pass("rcode")},
      {"forward-servfail", "SERVFAIL for the host", Good,
       ForwardError("servfail", "rcode"), AlwaysRcode(rcode::kServfail)},
      {"forward-servfail-burst", "SERVFAIL twice for the host", Good,
       Pass("rcode"), Until(3, AlwaysRcode(rcode::kServfail), Each(LeadsBack))},
      {"forward-refused", "REFUSED for the host", Good,
       ForwardError("resolver_refused", "rcode"), AlwaysRcode(rcode::kRefused)},
  };
}

std::vector<Misbehaviour> ExtendedErrors() {
  const std::string text = absl::StrCat("\x1b[31m\r\n", std::string(400, 'x'));
  return {
      {"servfail-ede-6", "SERVFAIL, DNSSEC bogus",
       AlwaysRcode(rcode::kServfail, 6), ReverseError("dnssec_bogus", "rcode")},
      {"servfail-ede-12", "SERVFAIL, NSEC missing",
       AlwaysRcode(rcode::kServfail, 12),
       ReverseError("dnssec_bogus", "rcode")},
      {"servfail-ede-22", "SERVFAIL, no reachable authority",
       AlwaysRcode(rcode::kServfail, 22),
       ReverseError("all_ns_unreachable", "rcode")},
      {"servfail-ede-23", "SERVFAIL, network error",
       AlwaysRcode(rcode::kServfail, 23),
       ReverseError("all_ns_unreachable", "rcode")},
      {"ptr-ede-4", "a PTR, forged answer", DataWithEde(4),
       ReverseError("blocked")},
      {"ptr-ede-17", "a PTR, filtered", DataWithEde(17),
       ReverseError("blocked")},
      {"nxdomain-ede-15", "NXDOMAIN, blocked", DenialWithEde(15),
       ReverseError("blocked")},
      {"refused-ede-16", "REFUSED, censored", AlwaysRcode(rcode::kRefused, 16),
       ReverseError("blocked")},
      {"ptr-ede-3", "a PTR, stale", DataWithEde(3), Pass().Flags({"stale"})},
      {"nxdomain-ede-19", "NXDOMAIN, stale", DenialWithEde(19),
       NoPtr("nxdomain").Flags({"stale"})},
      {"ptr-ede-text", "a PTR, an extended error of 400 octets with controls",
       DataWithEde(0, text), Pass()},
  };
}

}  // namespace

std::vector<Misbehaviour> RcodeMisbehaviours() {
  std::vector<Misbehaviour> all = EveryCode();
  Append(OtherCodes(), &all);
  Append(ExtendedErrors(), &all);
  // What CD tells of one address is taken to hold for its block.
  Append(Alone({{"servfail-unless-cd", "SERVFAIL unless asked with CD",
                 GoodUnchecked, ReverseError("dnssec_bogus", "rcode")}}),
         &all);
  return all;
}

}  // namespace testing_support
