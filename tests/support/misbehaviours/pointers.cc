// Names as the wire should not have them, or just still may.
#include "tests/support/misbehaviours/tools.h"

namespace testing_support {
namespace {

// Of a record behind a pointer as owner: type, class, TTL, RDLENGTH.
constexpr size_t kRecordHead = 2 + 10;
constexpr uint16_t kUnknownType = 65280;
// The host's wire form has 18 octets whatever its number.
constexpr size_t kHostOctets = 18;
constexpr size_t kMaxLabel = 63;

// One PTR; its rdata may depend on where it stands.
Script Rdata(std::function<Octets(size_t at)> rdata) {
  return Each([rdata = std::move(rdata)](const Asked& asked) {
    PacketBuilder reply = Answering(asked);
    const size_t at = reply.size() + kRecordHead;
    return reply.Record(QuestionName(), rr::kPtr, rdata(at)).Build();
  });
}
Script Fixed(const Octets& rdata) {
  return Rdata([rdata](size_t) { return rdata; });
}

// The first of two PTR points to the second's name.
Octets PointsForward(const Asked& asked) {
  PacketBuilder reply = Answering(asked);
  const size_t second = reply.size() + kRecordHead + 2 + kRecordHead;
  return reply.Ptr(QuestionName(), Pointer(second))
      .Ptr(QuestionName(), HostOf(asked))
      .Build();
}
// A name inside the rdata of a type that nobody decodes.
Octets PointsIntoRdata(const Asked& asked) {
  PacketBuilder reply = Answering(asked);
  const size_t at = reply.size() + kRecordHead;
  return reply
      .Record(QuestionName(), kUnknownType,
              WireName("mail." + HostOf(asked)).octets)
      .Ptr(QuestionName(), Pointer(at))
      .Build();
}
// The PTR's name goes through this many pointers.
Script Chain(int pointers) {
  return Each([pointers](const Asked& asked) {
    PacketBuilder reply = Answering(asked);
    size_t last = reply.size() + kRecordHead;
    Octets chain = WireName(HostOf(asked)).octets;
    for (int i = 1; i < pointers; ++i) {
      const size_t at = reply.size() + kRecordHead + chain.size();
      chain = Concat({chain, Pointer(last)});
      last = at;
    }
    return reply.Record(QuestionName(), kUnknownType, chain)
        .Ptr(QuestionName(), Pointer(last))
        .Build();
  });
}

// Labels that make a name of `size` octets with the host behind them.
std::vector<std::string> PaddingTo(size_t size) {
  std::vector<std::string> labels;
  for (size_t room = size - kHostOctets; room > 0;) {
    const size_t label = std::min(kMaxLabel, room - 1);
    labels.emplace_back(label, 'n');
    room -= label + 1;
  }
  return labels;
}
Script NameOf(size_t size) {
  return Each([size](const Asked& asked) {
    return Answering(asked)
        .Ptr(QuestionName(), BelowHost(PaddingTo(size), HostOf(asked)))
        .Build();
  });
}
std::string TextOf(size_t size) {
  std::string text;
  for (const std::string& label : PaddingTo(size)) text += label + ".";
  return text + "%";
}

Misbehaviour Malformed(std::string name, std::string what, Script script) {
  return {std::move(name), std::move(what), std::move(script),
          ReverseError("malformed")};
}

std::vector<Misbehaviour> BadPointers() {
  const Octets type_01 = Concat({{0x41}, FromText("a"), {0}});
  const Octets type_10 = Concat({{0x81}, FromText("a"), {0}});
  return {
      Malformed("pointer-to-self", "a pointer to itself",
                Rdata([](size_t at) { return Pointer(at); })),
      Malformed("pointer-forward", "a pointer to the next record's name",
                Each(PointsForward)),
      Malformed("pointer-beyond-message", "a pointer to offset 16383",
                Fixed(Pointer(0x3fff))),
      Malformed("pointer-to-header", "a pointer to offset 0",
                Fixed(Pointer(0))),
      Malformed("pointer-to-header-end", "a pointer to offset 11",
                Fixed(Pointer(11))),
      Malformed("pointer-mid-label", "a pointer into the question's label",
                Fixed(Pointer(13))),
      Malformed("pointer-overlapping", "a label, then a pointer to it",
                Rdata([](size_t at) {
                  return Concat({Label("a"), Pointer(at)});
                })),
      Malformed("pointer-into-own-length", "a label that holds its pointer",
                Rdata([](size_t at) { return Pointer(at - 1); })),
      Malformed("pointer-cut", "the first octet of a pointer", Fixed({0xc0})),
      Malformed("pointer-chain-128", "128 pointers in a row", Chain(128)),
      Malformed("label-type-01", "a label type that RFC 6891 ended",
                Fixed(type_01)),
      Malformed("label-type-10", "a label type that never was", Fixed(type_10)),
      Malformed("label-of-64", "a label of 64 octets",
                Fixed(Concat({Label(std::string(64, 'a')), {0}}))),
      Malformed("name-of-256", "a name of 256 octets", NameOf(256)),
      Malformed("name-without-end", "a name without its root",
                Fixed(Label("host"))),
  };
}

std::vector<Misbehaviour> SoundNames() {
  const std::string longest(kMaxLabel, 'a');
  return {
      {"pointer-into-rdata", "a pointer into rdata of an unknown type",
       Each(PointsIntoRdata), Pass().Names({"mail.%"})},
      {"pointer-chain-127", "127 pointers in a row", Chain(127), Pass()},
      {"label-of-63", "a label of 63 octets", Names({longest + ".%"}),
       Pass().Names({longest + ".%"})},
      {"name-of-255", "a name of 255 octets", NameOf(255),
       Pass().Names({TextOf(255)})},
      {"root-name", "the PTR is the root", Fixed({0}),
       BadName({"."}, {"root_name"})},
  };
}

}  // namespace

std::vector<Misbehaviour> PointerMisbehaviours() {
  std::vector<Misbehaviour> all = BadPointers();
  Append(SoundNames(), &all);
  return all;
}

}  // namespace testing_support
