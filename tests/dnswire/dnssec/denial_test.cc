#include "dnswire/dnssec/denial.h"

#include <gmock/gmock.h>

#include <set>
#include <string>
#include <vector>

#include "tests/dnswire/dnssec/rdata.h"
#include "tests/support/packet_builder.h"

namespace dnswire {
namespace {

using testing_support::Concat;
using testing_support::HashOctets;
using testing_support::Label;
using testing_support::Nsec3Fields;
using testing_support::Nsec3Rdata;
using testing_support::NsecRdata;
using testing_support::Octets;
using testing_support::PacketBuilder;
using testing_support::WireName;
namespace rr = testing_support::rr;

constexpr uint8_t kNxdomain = 3;

Name N(const char* text) { return Name::Parse(text).value(); }

PacketBuilder Denying(const char* name, const char* zone,
                      uint8_t rcode = kNxdomain) {
  PacketBuilder builder;
  builder.Response().Aa().Rcode(rcode).Question(name, rr::kSoa);
  builder.Authority().Soa(zone, "ns.test", "root.test").Rrsig(zone, rr::kSoa);
  return builder;
}

Denial Judge(const Octets& octets, const char* name, const char* zone) {
  return JudgeDenial(Message::Parse(octets), N(name), N(zone));
}

struct NsecCase {
  const char* label;
  WireName owner;
  WireName next;
  Denial expected;
};

// Of zone 18.198.in-addr.arpa, asked for 19.18.198.in-addr.arpa.
void ExpectDenials(const std::vector<NsecCase>& cases) {
  for (const NsecCase& test : cases) {
    const Octets octets =
        Denying("19.18.198.in-addr.arpa", "18.198.in-addr.arpa")
            .Record(test.owner, rr::kNsec, NsecRdata(test.next, {rr::kPtr}))
            .Build();
    EXPECT_EQ(Judge(octets, "19.18.198.in-addr.arpa", "18.198.in-addr.arpa"),
              test.expected)
        << test.label;
  }
}

// A name in that zone, by its labels in front.
Octets InZone(const Octets& labels) {
  return Concat({labels, WireName("18.198.in-addr.arpa").octets});
}

constexpr const char* kZone = "18.198.in-addr.arpa";
constexpr const char* kBefore = "18.18.198.in-addr.arpa";
constexpr const char* kAfter = "2.18.198.in-addr.arpa";

TEST(DenialTest, AnNsecDeniesWhatItCovers) {
  ExpectDenials({
      {"covers", kBefore, kAfter, Denial::kNsec},
      {"in capitals", "18.18.198.IN-ADDR.ARPA", "2.18.198.In-Addr.Arpa",
       Denial::kNsec},
      {"from the apex", kZone, kAfter, Denial::kNsec},
      {"back to the apex", kBefore, kZone, Denial::kNsec},
      {"the only name", kZone, kZone, Denial::kNsec},
      {"ends before it", kBefore, "180.18.198.in-addr.arpa", Denial::kNone},
      {"starts behind it", kAfter, "3.18.198.in-addr.arpa", Denial::kNone},
      {"is the name", "19.18.198.in-addr.arpa", kAfter, Denial::kNone},
      {"an empty non-terminal: the next is below it", kBefore,
       "7.19.18.198.in-addr.arpa", Denial::kNone},
      {"last, yet not to the apex", kBefore, "0.18.198.in-addr.arpa",
       Denial::kNone},
      {"owner of another zone", "17.198.in-addr.arpa", kAfter, Denial::kNone},
      {"next of another zone", kBefore, "19.198.in-addr.arpa", Denial::kNone},
  });
}

TEST(DenialTest, AnNsecWithOddOctetsIsNotReal) {
  ExpectDenials({
      {"a wildcard as owner", "*.18.198.in-addr.arpa", kAfter, Denial::kNsec},
      {"RFC 2317 label", "0/25.18.198.in-addr.arpa", kAfter, Denial::kNsec},
      {"- and _", "1-a_b.18.198.in-addr.arpa", kAfter, Denial::kNsec},
      {"RFC 4470", InZone(Label("18~")),
       InZone(Concat({Label("!"), Label("2")})), Denial::kNotReal},
      {"only next is odd", kBefore, InZone(Label(std::string("19\0", 3))),
       Denial::kNotReal},
      {"a blank", InZone(Label("18 ")), kAfter, Denial::kNotReal},
      {"in a later label", kBefore,
       InZone(Concat({Label("a"), Label("2\x80")})), Denial::kNotReal},
  });
}

// The owner is above the name: what its types say of what is below.
TEST(DenialTest, ACutOrDnameAboveTheNameDeniesNothing) {
  const struct {
    std::set<uint16_t> types;
    Denial expected;
  } kCases[] = {
      {{rr::kTxt}, Denial::kNsec},   {{rr::kNs, rr::kSoa}, Denial::kNsec},
      {{rr::kNs}, Denial::kNone},    {{rr::kNs, rr::kDs}, Denial::kNone},
      {{rr::kDname}, Denial::kNone},
  };
  for (const auto& test : kCases) {
    const Octets octets =
        Denying("3.19.test", "test")
            .Record("19.test", rr::kNsec, NsecRdata("2.test", test.types))
            .Build();
    EXPECT_EQ(Judge(octets, "3.19.test", "test"), test.expected)
        << testing::PrintToString(test.types);
  }
}

TEST(DenialTest, OnlyASoundNxdomainBelowTheZoneCounts) {
  const Octets nsec = NsecRdata("2.test", {rr::kPtr});
  auto with = [&nsec](uint8_t rcode) {
    return Denying("19.test", "test", rcode).Record("18.test", rr::kNsec, nsec);
  };
  EXPECT_EQ(Judge(with(kNxdomain).Build(), "19.test", "test"), Denial::kNsec);
  EXPECT_EQ(Judge(with(0).Build(), "19.test", "test"), Denial::kNone);
  EXPECT_EQ(Judge(with(2).Build(), "19.test", "test"), Denial::kNone);
  EXPECT_EQ(
      Judge(with(kNxdomain).AdditionalCount(1).Build(), "19.test", "test"),
      Denial::kNone);
  EXPECT_EQ(Judge(with(kNxdomain).Build(), "19.test", "19.test"),
            Denial::kNone);
  EXPECT_EQ(Judge(with(kNxdomain).Build(), "19.test", "other"), Denial::kNone);
  EXPECT_EQ(Judge(Denying("19.test", "test").Build(), "19.test", "test"),
            Denial::kNone);
  // In another section it is not part of a denial.
  EXPECT_EQ(Judge(Denying("19.test", "test")
                      .Additional()
                      .Record("18.test", rr::kNsec, nsec)
                      .Build(),
                  "19.test", "test"),
            Denial::kNone);
}

TEST(DenialTest, TheRealOneOfSeveralNsecCounts) {
  const Octets octets =
      Denying("19.test", "test")
          .Record("test", rr::kNsec, NsecRdata("1.test", {rr::kSoa}))
          .Record("18~.test", rr::kNsec, NsecRdata("2.test", {rr::kPtr}))
          .Record("18.test", rr::kNsec, NsecRdata("2.test", {rr::kPtr}))
          .Build();
  EXPECT_EQ(Judge(octets, "19.test", "test"), Denial::kNsec);
}

// The name error of RFC 5155 appendix B.1, with what is changed in it: flags,
// iterations, salt, which records are there.
struct RfcVariant {
  uint8_t flags = 0;
  uint16_t iterations = 12;
  std::set<int> records = {0, 1, 2};
  std::set<uint16_t> encloser_types = {15, rr::kRrsig};
  std::string zone = "example";
};

Octets RfcNameError(const RfcVariant& variant) {
  const struct {
    std::string owner, next;
    std::set<uint16_t> types;
  } kRecords[] = {
      // Covers the next closer name, c.x.w.example.
      {"0p9mhaveqvm6t7vbl5lop2u3t2rp3tom",
       "2t7b4g4vsa5smi47k61mv5bv1a22bojr",
       {rr::kNs, rr::kSoa, 15, rr::kRrsig, rr::kDnskey, 51}},
      // Matches the closest encloser, x.w.example.
      {"b4um86eghhds6nea196smvmlo4ors995", "gjeqe526plbf1g8mklp59enfd789njgi",
       variant.encloser_types},
      // Covers the wildcard, *.x.w.example.
      {"35mthgpgcu1qg68fab165klnsnk3dpvl",
       "b4um86eghhds6nea196smvmlo4ors995",
       {rr::kNs, rr::kDs, rr::kRrsig}},
  };
  PacketBuilder builder = Denying("a.c.x.w.example", "example");
  for (const int i : variant.records) {
    builder.Record(kRecords[i].owner + "." + variant.zone, rr::kNsec3,
                   Nsec3Rdata({.flags = variant.flags,
                               .iterations = variant.iterations,
                               .next = HashOctets(kRecords[i].next),
                               .types = kRecords[i].types}));
  }
  return builder.Build();
}

TEST(DenialTest, Nsec3ProvesByTheClosestEncloser) {
  const struct {
    const char* label;
    RfcVariant variant;
    Denial expected;
  } kCases[] = {
      {"as in the RFC, with opt-out", {.flags = 1}, Denial::kNotReal},
      {"without opt-out", {}, Denial::kNsec3},
      {"no record for the wildcard", {.records = {0, 1}}, Denial::kNsec3},
      {"no closest encloser", {.records = {0, 2}}, Denial::kNone},
      {"next closer not covered", {.records = {1, 2}}, Denial::kNone},
      {"encloser is a cut", {.encloser_types = {rr::kNs}}, Denial::kNone},
      {"encloser is an apex",
       {.encloser_types = {rr::kNs, rr::kSoa}},
       Denial::kNsec3},
      {"encloser is a DNAME", {.encloser_types = {rr::kDname}}, Denial::kNone},
      {"hashed otherwise", {.iterations = 11}, Denial::kNone},
      {"of another zone", {.zone = "w.example"}, Denial::kNone},
  };
  for (const auto& test : kCases) {
    EXPECT_EQ(Judge(RfcNameError(test.variant), "a.c.x.w.example", "example"),
              test.expected)
        << test.label;
  }
}

TEST(DenialTest, Nsec3OfTheNameItselfDeniesNothing) {
  EXPECT_EQ(Judge(RfcNameError({}), "x.w.example", "example"), Denial::kNone);
}

TEST(DenialTest, OnlyTheFirstEightNsec3Count) {
  auto with_before = [](int count) {
    PacketBuilder builder = Denying("a.c.x.w.example", "example");
    for (int i = 0; i < count; ++i) {
      builder.Record(
          "t644ebqk9bibcna874givr6joj62mlhv.example", rr::kNsec3,
          Nsec3Rdata({.next = HashOctets("vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv")}));
    }
    builder.Record(
        "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example", rr::kNsec3,
        Nsec3Rdata({.next = HashOctets("2t7b4g4vsa5smi47k61mv5bv1a22bojr")}));
    builder.Record(
        "b4um86eghhds6nea196smvmlo4ors995.example", rr::kNsec3,
        Nsec3Rdata({.next = HashOctets("gjeqe526plbf1g8mklp59enfd789njgi")}));
    return Judge(builder.Build(), "a.c.x.w.example", "example");
  };
  EXPECT_EQ(with_before(6), Denial::kNsec3);
  EXPECT_EQ(with_before(7), Denial::kNone);
}

TEST(DenialTest, Nsec3WithAnotherSaltThanTheFirstIsNotOfItsChain) {
  auto with_salt = [](const Octets& salt) {
    PacketBuilder builder = Denying("a.c.x.w.example", "example");
    builder.Record(
        "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example", rr::kNsec3,
        Nsec3Rdata({.next = HashOctets("2t7b4g4vsa5smi47k61mv5bv1a22bojr")}));
    builder.Record(
        "b4um86eghhds6nea196smvmlo4ors995.example", rr::kNsec3,
        Nsec3Rdata({.salt = salt,
                    .next = HashOctets("gjeqe526plbf1g8mklp59enfd789njgi")}));
    return Judge(builder.Build(), "a.c.x.w.example", "example");
  };
  EXPECT_EQ(with_salt({0xaa, 0xbb, 0xcc, 0xdd}), Denial::kNsec3);
  EXPECT_EQ(with_salt({0xaa, 0xbb, 0xcc, 0xde}), Denial::kNone);
  EXPECT_EQ(with_salt({0xaa, 0xbb, 0xcc}), Denial::kNone);
}

std::string ToBase32Hex(const NameHash& hash) {
  std::string text(32, '0');
  for (size_t digit = 0; digit < text.size(); ++digit) {
    size_t value = 0;
    for (size_t bit = digit * 5; bit < digit * 5 + 5; ++bit) {
      value = value * 2 + (hash[bit / 8] >> (7 - bit % 8) & 1);
    }
    text[digit] = "0123456789abcdefghijklmnopqrstuv"[value];
  }
  return text;
}

// A zone of its apex only: one link around the circle.
TEST(DenialTest, ManyIterationsAreNotHashed) {
  auto with_iterations = [](uint16_t iterations) {
    const NameHash apex = HashName(N("test"), {}, iterations);
    return Judge(
        Denying("19.test", "test")
            .Record(ToBase32Hex(apex) + ".test", rr::kNsec3,
                    Nsec3Rdata({.iterations = iterations,
                                .salt = {},
                                .next = Octets(apex.begin(), apex.end()),
                                .types = {rr::kNs, rr::kSoa}}))
            .Build(),
        "19.test", "test");
  };
  EXPECT_EQ(with_iterations(0), Denial::kNsec3);
  EXPECT_EQ(with_iterations(150), Denial::kNsec3);
  EXPECT_EQ(with_iterations(151), Denial::kNone);
}

TEST(DenialTest, AnNsec3NextToItsHashIsMadeForTheQuestion) {
  const struct {
    const char* label;
    std::string hash, next;
    bool real;
  } kCases[] = {
      {"1", "0000000000000000000000000000000v",
       "00000000000000000000000000000010", false},
      {"2", "0000000000000000000000000000000v",
       "00000000000000000000000000000011", false},
      {"3", "0000000000000000000000000000000v",
       "00000000000000000000000000000012", true},
      {"2 around the end", "vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv",
       "00000000000000000000000000000001", false},
      {"3 around the end", "vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv",
       "00000000000000000000000000000002", true},
      {"256", "00000000000000000000000000000000",
       "00000000000000000000000000000080", true},
      {"257", "00000000000000000000000000000000",
       "00000000000000000000000000000081", true},
      {"all around", "00000000000000000000000000000005",
       "00000000000000000000000000000005", true},
  };
  for (const auto& test : kCases) {
    Nsec3 nsec3;
    nsec3.hash = ParseNameHash(test.hash).value();
    nsec3.next = ParseNameHash(test.next).value();
    EXPECT_EQ(IsReal(nsec3), test.real) << test.label;
  }
  Nsec3 nsec3 = {.hash = {1}, .next = {9}, .iterations = kMaxIterations};
  EXPECT_TRUE(IsReal(nsec3));
  ++nsec3.iterations;
  EXPECT_FALSE(IsReal(nsec3));
  nsec3 = {.hash = {1}, .next = {9}, .flags = Nsec3::kOptOut};
  EXPECT_FALSE(IsReal(nsec3));
}

std::vector<Octets> ProvingMessages() {
  return {RfcNameError({}),
          Denying("19.test", "test")
              .Record("test", rr::kNsec, NsecRdata("1.test", {rr::kSoa}))
              .Record("18.test", rr::kNsec, NsecRdata("2.test", {rr::kPtr}))
              .Build()};
}

TEST(DenialTest, NoPrefixOfAProofProves) {
  for (const Octets& whole : ProvingMessages()) {
    for (size_t size = 0; size < whole.size(); ++size) {
      // A copy of that size, so that a read behind it is seen.
      const Octets prefix(whole.begin(),
                          whole.begin() + static_cast<ptrdiff_t>(size));
      const Message message = Message::Parse(prefix);
      EXPECT_EQ(JudgeDenial(message, N("19.test"), N("test")), Denial::kNone);
      EXPECT_EQ(JudgeDenial(message, N("a.c.x.w.example"), N("example")),
                Denial::kNone);
    }
  }
}

TEST(DenialTest, EachFlippedBitIsSurvived) {
  int proofs = 0;
  for (const Octets& whole : ProvingMessages()) {
    for (size_t bit = 0; bit < whole.size() * 8; ++bit) {
      Octets flipped = whole;
      flipped[bit / 8] ^= static_cast<uint8_t>(1u << bit % 8);
      const Message message = Message::Parse(flipped);
      if (JudgeDenial(message, N("19.test"), N("test")) != Denial::kNone ||
          JudgeDenial(message, N("a.c.x.w.example"), N("example")) !=
              Denial::kNone) {
        ++proofs;
      }
    }
  }
  EXPECT_GT(proofs, 0);  // ids, TTLs and types mean nothing here
}

}  // namespace
}  // namespace dnswire
