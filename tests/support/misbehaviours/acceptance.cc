// Datagrams that are no answer to what was asked (WIRE.md section 2): from
// elsewhere, with another id, question or header, of a wrong size. Those that
// are never right close TCP at the query: all their scan needs of it is to
// fail.
#include <algorithm>
#include <cctype>

#include "tests/support/misbehaviours/tools.h"

namespace testing_support {
namespace {

// Type and class of the question, from the end of its name.
constexpr size_t kHeaderSize = 12;
constexpr size_t kSlotOctets = 4096;

Replies GoodFrom(const Asked& asked, bool Reply::*where) {
  Replies replies = Good(asked);
  replies[0].*where = true;
  return replies;
}
Replies FromStranger(const Asked& asked) {
  return GoodFrom(asked, &Reply::from_stranger);
}
Replies FromNeighbour(const Asked& asked) {
  return GoodFrom(asked, &Reply::from_neighbour);
}

Octets WithId(const Asked& asked, int change) {
  return ReplyTo(asked)
      .Id(static_cast<uint16_t>(IdOf(asked) ^ change))
      .Answer()
      .Ptr(QuestionName(), "forged.example.net")
      .Build();
}
Octets WrongId(const Asked& asked) { return WithId(asked, 0x0101); }

Replies Flood(const Asked& asked) {
  Replies replies;
  for (int i = 1; i <= 150; ++i) {
    replies.push_back({.octets = WithId(asked, i)});
  }
  return replies;
}
bool HasCapitals(const std::string& name) {
  return std::any_of(name.begin(), name.end(), [](char letter) {
    return std::isupper(static_cast<unsigned char>(letter)) != 0;
  });
}
Replies FloodUntilCapitals(const Asked& asked) {
  return HasCapitals(asked.name_as_asked) ? Good(asked) : Flood(asked);
}

// A reply to another question than the one that was asked.
Octets ForQuestion(const Asked& asked, const WireName& name, uint16_t type,
                   uint16_t question_class) {
  return PacketBuilder()
      .Id(IdOf(asked))
      .Response()
      .Ra()
      .Question(name, type, question_class)
      .Answer()
      .Ptr(QuestionName(), "forged.example.net")
      .Build();
}
Octets WrongName(const Asked& asked) {
  return ForQuestion(asked, "1.113.0.203.in-addr.arpa", rr::kPtr, kIn);
}
Octets WrongType(const Asked& asked) {
  return ForQuestion(asked, asked.name, rr::kTxt, kIn);
}
Octets WrongClass(const Asked& asked) {
  return ForQuestion(asked, asked.name, rr::kPtr, kChaos);
}
Octets LongerName(const Asked& asked) {
  return ForQuestion(asked, "x." + asked.name, rr::kPtr, kIn);
}
Octets TwoQuestions(const Asked& asked) {
  return PacketBuilder()
      .Id(IdOf(asked))
      .Response()
      .Ra()
      .Question(asked.name, rr::kPtr)
      .Question(asked.name, rr::kPtr)
      .Answer()
      .Ptr(QuestionName(), HostOf(asked))
      .Build();
}
Octets NoQuestion(const Asked& asked, uint8_t code) {
  return PacketBuilder()
      .Id(IdOf(asked))
      .Response()
      .Ra()
      .Rcode(code)
      .Answer()
      .Ptr(asked.name, HostOf(asked))
      .Build();
}
Octets QuestionIsPointer(const Asked& asked) {
  return ForQuestion(asked, Pointer(kHeaderSize), rr::kPtr, kIn);
}
Octets UpperCase(const Asked& asked) {
  Octets reply = HostReply(asked);
  for (size_t at = kHeaderSize; at < asked.query.size() && reply[at] != 0;) {
    const size_t end = at + 1 + reply[at];
    for (++at; at < end; ++at) {
      reply[at] = static_cast<uint8_t>(std::toupper(reply[at]));
    }
  }
  return reply;
}

Replies AllOpcodes(const Asked& asked) {
  Replies replies;
  for (uint8_t opcode = 1; opcode < 16; ++opcode) {
    replies.push_back({.octets = Answering(asked)
                                     .Opcode(opcode)
                                     .Ptr(QuestionName(), HostOf(asked))
                                     .Build()});
  }
  return replies;
}
Octets AllOnes(const Asked& asked) {
  Octets octets(64, 0xff);
  std::copy_n(asked.query.begin(), 2, octets.begin());
  return octets;
}
Octets QueryItself(const Asked& asked) { return asked.query; }
Octets FirstOctets(const Asked& asked, size_t size) {
  Octets reply = HostReply(asked);
  reply.resize(size);
  return reply;
}

// Sound, but padded to this size by a record of no known type.
Octets OfSize(const Asked& asked, size_t size) {
  PacketBuilder reply = Answering(asked);
  reply.Ptr(QuestionName(), HostOf(asked)).Additional();
  const size_t overhead = reply.size() + 11;
  return reply.Record("", 65280, Octets(size - overhead, 0x20)).Build();
}
Script SizedReply(size_t size) {
  return Each([size](const Asked& asked) { return OfSize(asked, size); });
}
Script Cut(size_t size) {
  return Each([size](const Asked& asked) { return FirstOctets(asked, size); });
}

Replies Closing(const Asked&) { return {{.close = true}}; }

Misbehaviour Never(std::string name, std::string what, const Script& script,
                   std::string counter, std::string cause = "unmatched") {
  return {std::move(name), std::move(what), ByTransport(script, Closing),
          ReverseTimeout(std::move(cause), std::move(counter))};
}
Misbehaviour ThenRight(std::string name, std::string what, const Script& script,
                       std::string counter) {
  return {std::move(name), std::move(what),
          ByTransport(Both(script, Good), Good), Pass(std::move(counter))};
}

std::vector<Misbehaviour> FromElsewhere() {
  return {
      Never("wrong-port", "answers from another port", FromStranger,
            "drop_source"),
      ThenRight("wrong-port-then-right", "from another port first",
                FromStranger, "drop_source"),
      Never("wrong-address", "answers from 127.0.0.2", FromNeighbour,
            "drop_source"),
      ThenRight("wrong-address-then-right", "from 127.0.0.2 first",
                FromNeighbour, "drop_source"),
      Never("wrong-id", "another id", Each(WrongId), "stray"),
      ThenRight("wrong-id-then-right", "another id first", Each(WrongId),
                "stray"),
  };
}

std::vector<Misbehaviour> WrongQuestions() {
  const Script no_question =
      Each([](const Asked& asked) { return NoQuestion(asked, 0); });
  const Script no_question_servfail = Each(
      [](const Asked& asked) { return NoQuestion(asked, rcode::kServfail); });
  constexpr char kCounter[] = "drop_question";
  return {
      Never("wrong-name", "the question is another name", Each(WrongName),
            kCounter),
      Never("wrong-type", "the question is of type TXT", Each(WrongType),
            kCounter),
      Never("wrong-class", "the question is of class CH", Each(WrongClass),
            kCounter),
      Never("longer-name", "the question is a name below", Each(LongerName),
            kCounter),
      ThenRight("wrong-name-then-right", "another question first",
                Each(WrongName), kCounter),
      Never("two-questions", "QDCOUNT 2", Each(TwoQuestions), kCounter),
      Never("no-question", "QDCOUNT 0, data behind it", no_question, kCounter),
      Never("no-question-servfail", "QDCOUNT 0 with SERVFAIL",
            no_question_servfail, kCounter),
      Never("question-is-pointer", "the question's name points to itself",
            Each(QuestionIsPointer), kCounter),
      Never("question-cut", "ends inside the question", Cut(20), kCounter),
      Never("header-only", "ends behind the header, QDCOUNT 1", Cut(12),
            kCounter),
  };
}

std::vector<Misbehaviour> WrongHeaders() {
  const Script no_qr = Each(QueryItself);
  return {
      Never("query-echoed", "sends the query back, QR 0", no_qr, "drop_header"),
      ThenRight("query-echoed-then-right", "the query first, then the answer",
                no_qr, "drop_header"),
      Never("other-opcodes", "answers of opcode 1 to 15", AllOpcodes,
            "drop_header"),
      Never("all-ones", "64 octets of ff behind the id", Each(AllOnes),
            "drop_header"),
  };
}

std::vector<Misbehaviour> WrongSizes() {
  return {
      Never("empty-datagram", "0 octets", Cut(0), "drop_size", "timeout"),
      ThenRight("empty-datagram-then-right", "0 octets first", Cut(0),
                "drop_size"),
      Never("short-datagram", "11 octets", Cut(11), "drop_size", "timeout"),
      {"datagram-4096", "sound, as large as a slot", SizedReply(kSlotOctets),
       Pass()},
      Never("datagram-4097", "sound, one octet larger than a slot",
            SizedReply(kSlotOctets + 1), "drop_size", "timeout"),
      ThenRight("datagram-60000-then-right", "60,000 octets first",
                SizedReply(60000), "drop_size"),
  };
}

std::vector<Misbehaviour> Floods() {
  std::vector<Misbehaviour> floods = Alone({
      {"flood", "150 wrong ids a try, never right; right by TCP",
       ByTransport(Flood, Good), Pass("spoof_alarms")},
      {"flood-no-tcp",
       "150 wrong ids a try, right if asked in mixed case; no TCP",
       FloodUntilCapitals, Pass("spoof_alarms")},
  });
  floods.back().tcp = false;
  return floods;
}

// Not beside others: a server whose answers all fail is soon taken for silent.
bool IsNeverRight(const Misbehaviour& misbehaviour) {
  return misbehaviour.row.status == "reverse_timeout";
}

}  // namespace

std::vector<Misbehaviour> AcceptanceMisbehaviours() {
  std::vector<Misbehaviour> all = FromElsewhere();
  Append(WrongQuestions(), &all);
  Append(WrongHeaders(), &all);
  Append(WrongSizes(), &all);
  all.push_back({"upper-case", "the question in capitals, as was not asked",
                 Each(UpperCase), Pass()});
  for (Misbehaviour& each : all) {
    each.group = IsNeverRight(each) ? each.name : "forged";
  }
  Append(Floods(), &all);
  return all;
}

}  // namespace testing_support
