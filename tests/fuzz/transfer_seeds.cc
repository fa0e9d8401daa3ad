#include "tests/fuzz/transfer_seeds.h"

namespace fuzz {
namespace {

using testing_support::Compressed;
using testing_support::Concat;
using testing_support::Label;
using testing_support::Octets;
using testing_support::PacketBuilder;
using testing_support::Pointer;
using testing_support::SoaNumbers;
namespace rr = testing_support::rr;

constexpr uint16_t kId = 3;
constexpr uint16_t kAxfr = 252;
constexpr uint16_t kTsig = 250;
constexpr const char* kZone = "2.0.192.in-addr.arpa";
constexpr const char* kServer = "ns.test";

PacketBuilder Next() { return PacketBuilder().Id(kId).Response(); }
PacketBuilder First() { return Next().Question(kZone, kAxfr).Answer(); }

PacketBuilder WithSoa(PacketBuilder message, const SoaNumbers& numbers = {}) {
  return message.Answer().Soa(kZone, kServer, "root.test", numbers);
}

// Of plausible shape, its MAC of three octets.
PacketBuilder WithTsig(PacketBuilder message) {
  const Octets rdata = Concat({Label("hmac-sha256"),
                               {0},
                               Octets(8, 1),
                               {0, 3, 1, 2, 3, 0, 3, 0, 17, 0, 0}});
  return message.Additional().Record("k", kTsig, rdata);
}

Octets Framed(const PacketBuilder& message) {
  const Octets& octets = message.Build();
  return Concat({{static_cast<uint8_t>(octets.size() >> 8),
                  static_cast<uint8_t>(octets.size())},
                 octets});
}

// A zone with something of everything.
Octets Records() {
  return Framed(First()
                    .Ptr("1.2.0.192.in-addr.arpa", "a.test")
                    .Cname(Compressed("2", 12), Compressed("1", 12))
                    .Dname(Compressed("d", 12), "test")
                    .Ns(Compressed("sub", 12), kServer)
                    .Ptr(Compressed("*", 12), "wild.test")
                    .Record(Compressed("3", 12), rr::kTxt, {1, 'x'})
                    .A(kServer, "192.0.2.53"));
}

// Rdata with names that are not the first thing in it.
Octets Shapes() {
  const Octets name = Compressed("x", 12);
  return Framed(First()
                    .Record(Pointer(12), 15, Concat({{0, 9}, name}))
                    .Record(Pointer(12), 17, Concat({name, name}))
                    .Record(Pointer(12), 26, Concat({{0, 9}, name, name}))
                    .Record(Pointer(12), 33, Concat({Octets(6, 1), name})));
}

}  // namespace

std::vector<Octets> TransferSeeds() {
  const Octets soa = Framed(WithSoa(First()));
  const Octets last = Framed(WithSoa(Next()));
  const Octets large =
      Framed(First().Record(Pointer(12), rr::kTxt, Octets(1000, 9)));
  const Octets old_ttl =
      Framed(First().Ptr(Compressed("1", 12), "a.test", {.ttl = 0x80000001}));
  const PacketBuilder whole =
      WithSoa(WithSoa(First()).Ptr(Compressed("1", 12), "a.test"));
  return {
      Concat({{0}, soa, Records(), Shapes(), last}),
      Concat({{0}, soa, last, last}),
      Concat({{0}, soa, Framed(WithSoa(Next(), {.serial = 2}))}),
      Concat({{0}, soa, old_ttl}),
      Concat({{0}, soa, large, large}),
      Concat({{0}, soa, Framed(Next().Answer())}),
      Concat({{0}, Records()}),
      Concat({{0}, Framed(WithTsig(First().Rcode(9)))}),
      Concat({{1}, Framed(WithTsig(whole))}),
      Concat({{1}, Framed(WithTsig(WithTsig(whole)))}),
      Concat({{1}, soa, last}),
  };
}

}  // namespace fuzz
