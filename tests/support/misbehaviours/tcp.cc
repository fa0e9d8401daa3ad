// Truncation, and what then comes over TCP. Classes that break the connection,
// which all questions to a server share, are alone.
#include "tests/support/misbehaviours/tools.h"

namespace testing_support {
namespace {

constexpr std::chrono::milliseconds kBetweenOctets{2};

// Truncated over UDP, then this.
Script Tc(Script tcp) {
  return ByTransport(Each(TruncatedReply), std::move(tcp));
}
Script TcWithRecord(Script tcp) {
  return ByTransport(Each([](const Asked& asked) {
                       return Answering(asked)
                           .Tc()
                           .Ptr(QuestionName(), "truncated.example.net")
                           .Build();
                     }),
                     std::move(tcp));
}

Replies Closed(const Asked&) { return {{.close = true}}; }
Replies OctetByOctet(const Asked& asked) {
  return {{.octets = HostReply(asked), .apart = kBetweenOctets}};
}
Replies Stream(Octets octets, bool close) {
  return {{.octets = std::move(octets), .raw = true, .close = close}};
}
// The first octets of the answer's frame, then the end.
Script CutAfter(size_t octets) {
  return [octets](const Asked& asked) {
    Octets frame = Framed(HostReply(asked));
    frame.resize(octets);
    return Stream(std::move(frame), true);
  };
}
// A length that is off by this.
Script LengthOff(int off) {
  return [off](const Asked& asked) {
    Octets frame = Framed(HostReply(asked));
    frame[1] = static_cast<uint8_t>(frame[1] + off);
    return Stream(std::move(frame), false);
  };
}
Replies NoLength(const Asked&) { return Stream({0, 0}, false); }
Replies JunkFirst(const Asked& asked) {
  PacketBuilder junk = Answering(asked);
  junk.Id(static_cast<uint16_t>(IdOf(asked) ^ 0x5555));
  return {{.octets = junk.Build()}, {.octets = HostReply(asked)}};
}
Octets WrongName(const Asked& asked) {
  return PacketBuilder()
      .Id(IdOf(asked))
      .Response()
      .Ra()
      .Question("1.113.0.203.in-addr.arpa", rr::kPtr)
      .Build();
}
Octets QueryItself(const Asked& asked) { return asked.query; }

std::vector<Misbehaviour> Peaceful() {
  return {
      {"tc", "truncated, right by TCP", Tc(Good), Pass("truncated")},
      {"tc-with-ptr", "truncated with a whole PTR, another one by TCP",
       TcWithRecord(Good), Pass("truncated")},
      {"tc-octet-by-octet", "by TCP octet by octet", Tc(OctetByOctet),
       Pass("truncated")},
      {"tc-reordered", "by TCP behind the answers to later queries",
       Tc(Each(HostReply, 200)), Pass("truncated")},
      {"tc-servfail", "truncated, SERVFAIL by TCP",
       Tc(AlwaysRcode(rcode::kServfail)), ReverseError("truncated")},
      {"tc-nxdomain", "truncated, NXDOMAIN by TCP",
       Tc(Each([](const Asked& asked) {
         return Denial(asked, rcode::kNxdomain, ReverseZoneOf(asked));
       })),
       NoPtr("nxdomain")},
      {"forward-tc", "the host's address by TCP only", Good, Pass("truncated"),
       Tc(Each(LeadsBack))},
  };
}

std::vector<Misbehaviour> Breaking() {
  const ExpectedRow truncated = ReverseError("truncated");
  return {
      {"tc-silent", "truncated, silent by TCP", Tc(Nothing), truncated},
      {"tc-closed", "truncated, TCP closed at the query", Tc(Closed),
       truncated},
      {"tc-closed-once", "TCP closed at the first query, then right",
       Tc(Until(2, Closed, Good)), Pass("truncated")},
      {"tc-cut-in-message", "TCP closed inside the answer", Tc(CutAfter(40)),
       truncated},
      {"tc-cut-in-length", "TCP closed inside the length", Tc(CutAfter(1)),
       truncated},
      {"tc-length-long", "a length 30 above the answer", Tc(LengthOff(30)),
       truncated},
      {"tc-length-short", "a length 5 below the answer", Tc(LengthOff(-5)),
       ReverseError("malformed")},
      {"tc-length-0", "a length of 0", Tc(NoLength), truncated},
      {"tc-again", "truncated by TCP too", Tc(Each(TruncatedReply)), truncated},
      {"tc-junk-first", "an id that is not open, then the answer",
       Tc(JunkFirst), truncated},
      {"tc-wrong-name", "another question by TCP", Tc(Each(WrongName)),
       ReverseError("truncated", "tcp_drop")},
      {"tc-query-echoed", "the query itself by TCP", Tc(Each(QueryItself)),
       ReverseError("truncated", "tcp_drop")},
      {"tc-twice", "the answer twice by TCP", Tc(Both(Good, Good)),
       Pass("truncated")},
      {"forward-tc-closed", "TCP closed at the query for the host", Good,
       ForwardError("truncated"), Tc(Closed)},
  };
}

std::vector<Misbehaviour> Refusing() {
  std::vector<Misbehaviour> all = InGroup(
      "no-tcp", {
                    {"tc-refused", "truncated, TCP refused", Tc(Closed),
                     ReverseError("truncated")},
                    {"malformed-tcp-refused", "RDLENGTH 400, TCP refused",
                     ByTransport(Each(MalformedReply), Closed),
                     ReverseError("malformed")},
                    {"silent-tcp-refused", "never answers, TCP refused",
                     ByTransport(Nothing, Closed),
                     ReverseTimeout("timeout", "udp_expired")},
                });
  for (Misbehaviour& each : all) each.tcp = false;
  return all;
}

}  // namespace

std::vector<Misbehaviour> TcpMisbehaviours() {
  std::vector<Misbehaviour> all = Peaceful();
  Append(Alone(Breaking()), &all);
  Append(Refusing(), &all);
  return all;
}

}  // namespace testing_support
