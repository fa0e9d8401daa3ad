#include "dnswire/dnssec/nsec.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

#include "dnswire/wire.h"
#include "tests/dnswire/dnssec/rdata.h"
#include "tests/support/packet_builder.h"

namespace dnswire {
namespace {

using testing_support::Concat;
using testing_support::FromHex;
using testing_support::HashOctets;
using testing_support::Nsec3Fields;
using testing_support::Nsec3Rdata;
using testing_support::NsecRdata;
using testing_support::Octets;
using testing_support::PacketBuilder;
using testing_support::Pointer;
using testing_support::ToHex;
namespace rr = testing_support::rr;

constexpr const char* kHashOfExample = "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom";
constexpr const char* kNextHash = "2t7b4g4vsa5smi47k61mv5bv1a22bojr";

Name N(const char* text) { return Name::Parse(text).value(); }

Octets WithRecord(const char* owner, uint16_t type, const Octets& rdata) {
  return PacketBuilder()
      .Response()
      .Question("4.example", rr::kPtr)
      .Authority()
      .Record(owner, type, rdata)
      .Build();
}

TEST(TypeBitmapTest, HasTheTypesOfItsWindows) {
  // The example of RFC 4034 section 4.3: A MX RRSIG NSEC TYPE1234.
  const Octets bits = FromHex(
      "0006400100000003"
      "041b000000000000000000000000000000000000000000000000000020");
  const TypeBitmap bitmap = TypeBitmap::Parse(bits).value();
  std::vector<int> types;
  for (int type = 0; type < 65536; ++type) {
    if (bitmap.Has(static_cast<uint16_t>(type))) types.push_back(type);
  }
  EXPECT_THAT(types, testing::ElementsAre(1, 15, 46, 47, 1234));
  EXPECT_FALSE(bitmap.empty());
  EXPECT_FALSE(bitmap.IsCut());
}

TEST(TypeBitmapTest, ACutHasNsWithoutSoa) {
  EXPECT_TRUE(TypeBitmap::Parse(FromHex("000120"))->IsCut());
  EXPECT_FALSE(TypeBitmap::Parse(FromHex("000122"))->IsCut());
  EXPECT_FALSE(TypeBitmap::Parse(FromHex("000102"))->IsCut());
}

TEST(TypeBitmapTest, TakesWholeAscendingWindowsOnly) {
  struct {
    const char* label;
    const char* hex;
    bool taken;
  } const kCases[] = {
      {"none", "", true},
      {"one octet", "000140", true},
      {"32 octets",
       "0020"
       "00000000000000000000000000000000"
       "00000000000000000000000000000001",
       true},
      {"33 octets",
       "0021"
       "00000000000000000000000000000000"
       "0000000000000000000000000000000101",
       false},
      {"no octets", "0000", false},
      {"windows 0, 1", "000140010140", true},
      {"window 0 twice", "000140000140", false},
      {"windows 1, 0", "010140000140", false},
      {"half a head", "00", false},
      {"one octet short", "000240", false},
  };
  for (const auto& test : kCases) {
    const Octets octets = FromHex(test.hex);
    EXPECT_EQ(TypeBitmap::Parse(octets).has_value(), test.taken) << test.label;
  }
}

TEST(NsecTest, IsReadFromAMessage) {
  const Octets octets = WithRecord(
      "1.Example", rr::kNsec, NsecRdata("9.example", {rr::kPtr, rr::kNsec}));
  const Message message = Message::Parse(octets);
  Nsec nsec;
  ASSERT_TRUE(ReadNsec(message, *message.authorities().begin(), &nsec));
  EXPECT_EQ(nsec.owner.ToText(), "1.example");
  EXPECT_EQ(nsec.next.ToText(), "9.example");
  EXPECT_TRUE(nsec.types.Has(rr::kPtr));
  EXPECT_FALSE(nsec.types.Has(rr::kCname));
}

TEST(NsecTest, RefusesWhatBreaksTheFormat) {
  const Octets longest = testing_support::NameOfSize(255);
  const Octets too_long = Concat({{1, 'a'}, longest});
  struct {
    const char* label;
    Octets rdata;
    bool taken;
  } const kCases[] = {
      {"sound", NsecRdata("a.test", {rr::kPtr}), true},
      {"no bitmap", NsecRdata("a.test", {}), true},
      {"the root", NsecRdata(".", {rr::kPtr}), true},
      {"255 octets", NsecRdata(longest, {rr::kPtr}), true},
      {"257 octets", NsecRdata(too_long, {rr::kPtr}), false},
      {"a pointer", Concat({Pointer(12), {0, 1, 0x40}}), false},
      {"a pointer behind a label", Concat({{1, 'a'}, Pointer(12)}), false},
      {"label type 01", Concat({{0x41}, Octets(0x41, 'a'), {0}}), false},
      {"a name without end", {1, 'a', 1, 'b'}, false},
      {"nothing", {}, false},
      {"half a bitmap", NsecRdata(Octets{0, 0, 2, 0x40}, {}), false},
  };
  for (const auto& test : kCases) {
    const Octets octets = WithRecord("1.example", rr::kNsec, test.rdata);
    const Message message = Message::Parse(octets);
    Nsec nsec;
    EXPECT_EQ(ReadNsec(message, *message.authorities().begin(), &nsec),
              test.taken)
        << test.label;
  }
}

TEST(NsecTest, IsReadFromItsOwnTypeAndClassOnly) {
  const Octets rdata = NsecRdata("a.test", {rr::kPtr});
  const Octets octets = PacketBuilder()
                            .Authority()
                            .Record("a", rr::kTxt, rdata)
                            .Record("a", rr::kNsec, rdata, {.record_class = 3})
                            .Record("a", rr::kNsec3, rdata)
                            .Build();
  const Message message = Message::Parse(octets);
  Nsec nsec;
  Nsec3 nsec3;
  for (const Record& record : message.authorities()) {
    EXPECT_FALSE(ReadNsec(message, record, &nsec)) << record.type;
    EXPECT_FALSE(ReadNsec3(message, record, &nsec3)) << record.type;
  }
}

TEST(Nsec3Test, IsReadFromAMessage) {
  const Octets octets =
      WithRecord("0P9MHAVEQVM6T7VBL5LOP2U3T2RP3TOM.Example", rr::kNsec3,
                 Nsec3Rdata({.flags = 1,
                             .next = HashOctets(kNextHash),
                             .types = {rr::kNs, rr::kSoa, rr::kDs}}));
  const Message message = Message::Parse(octets);
  Nsec3 nsec3;
  ASSERT_TRUE(ReadNsec3(message, *message.authorities().begin(), &nsec3));
  EXPECT_EQ(nsec3.zone.ToText(), "example");
  EXPECT_EQ(ToHex(nsec3.hash), ToHex(HashOctets(kHashOfExample)));
  EXPECT_EQ(ToHex(nsec3.next), ToHex(HashOctets(kNextHash)));
  EXPECT_EQ(nsec3.iterations, 12);
  EXPECT_EQ(ToHex(nsec3.salt), "aabbccdd");
  EXPECT_TRUE(nsec3.opt_out());
  EXPECT_TRUE(nsec3.types.Has(rr::kDs));
  EXPECT_FALSE(nsec3.types.IsCut());
}

TEST(Nsec3Test, RefusesWhatIsToBeIgnoredOrBreaksTheFormat) {
  const std::string owner = std::string(kHashOfExample) + ".example";
  const Nsec3Fields sound = {.next = HashOctets(kNextHash)};
  auto changed = [&sound](auto change) {
    Nsec3Fields fields = sound;
    change(&fields);
    return Nsec3Rdata(fields);
  };
  const Octets rdata = Nsec3Rdata(sound);
  struct {
    const char* label;
    std::string owner;
    Octets rdata;
    bool taken;
  } const kCases[] = {
      {"sound", owner, rdata, true},
      {"no salt", owner, changed([](auto* f) { f->salt = {}; }), true},
      {"salt of 255", owner, changed([](auto* f) { f->salt.resize(255); }),
       true},
      {"no types", owner, changed([](auto* f) { f->types = {}; }), true},
      {"opt-out", owner, changed([](auto* f) { f->flags = 1; }), true},
      {"flag 2", owner, changed([](auto* f) { f->flags = 2; }), false},
      {"algorithm 2", owner, changed([](auto* f) { f->algorithm = 2; }), false},
      {"hash of 19", owner, changed([](auto* f) { f->next.resize(19); }),
       false},
      {"hash of 21", owner, changed([](auto* f) { f->next.resize(21); }),
       false},
      {"owner of 31 digits", owner.substr(1), rdata, false},
      {"owner of 33 digits", "0" + owner, rdata, false},
      {"owner with w", "w" + owner.substr(1), rdata, false},
      {"the root as owner", ".", rdata, false},
      {"salt past the end", owner, {1, 0, 0, 12, 4, 0xaa}, false},
      {"an octet behind", owner, Concat({rdata, {9}}), false},
  };
  for (const auto& test : kCases) {
    const Octets octets =
        WithRecord(test.owner.c_str(), rr::kNsec3, test.rdata);
    const Message message = Message::Parse(octets);
    Nsec3 nsec3;
    EXPECT_EQ(ReadNsec3(message, *message.authorities().begin(), &nsec3),
              test.taken)
        << test.label;
  }
}

// RFC 5155 appendix A.
TEST(Nsec3Test, HashesTheNamesOfTheRfc) {
  const struct {
    const char* name;
    const char* hash;
  } kCases[] = {
      {"example", "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom"},
      {"a.example", "35mthgpgcu1qg68fab165klnsnk3dpvl"},
      {"ai.example", "gjeqe526plbf1g8mklp59enfd789njgi"},
      {"ns1.example", "2t7b4g4vsa5smi47k61mv5bv1a22bojr"},
      {"ns2.example", "q04jkcevqvmu85r014c7dkba38o0ji5r"},
      {"w.example", "k8udemvp1j2f7eg6jebps17vp3n8i58h"},
      {"*.w.example", "r53bq7cc2uvmubfu5ocmm6pers9tk9en"},
      {"x.w.example", "b4um86eghhds6nea196smvmlo4ors995"},
      {"y.w.example", "ji6neoaepv8b5o6k4ev33abha8ht9fgc"},
      {"x.y.w.example", "2vptu5timamqttgl4luu9kg21e0aor3s"},
      {"xx.example", "t644ebqk9bibcna874givr6joj62mlhv"},
      {"XX.Example", "t644ebqk9bibcna874givr6joj62mlhv"},
      {"2t7b4g4vsa5smi47k61mv5bv1a22bojr.example",
       "kohar7mbb8dc2ce8a9qvl8hon4k53uhi"},
  };
  const Octets salt = FromHex("aabbccdd");
  for (const auto& test : kCases) {
    EXPECT_EQ(ToHex(HashName(N(test.name), salt, 12)),
              ToHex(HashOctets(test.hash)))
        << test.name;
  }
}

// RFC 4034 section 6.1, in its order.
TEST(NsecTest, CanonicalOrderIsThatOfTheRfc) {
  const std::vector<const char*> kSorted = {
      "example",         "a.example",      "yljkjljk.a.example",
      "Z.a.example",     "zABC.a.EXAMPLE", "z.example",
      "\\001.z.example", "*.z.example",    "\\200.z.example"};
  for (size_t i = 0; i < kSorted.size(); ++i) {
    for (size_t j = 0; j < kSorted.size(); ++j) {
      const int order = N(kSorted[i]).view().CompareCanonical(N(kSorted[j]));
      EXPECT_EQ(order < 0, i < j) << kSorted[i] << ' ' << kSorted[j];
      EXPECT_EQ(order == 0, i == j) << kSorted[i] << ' ' << kSorted[j];
    }
  }
  EXPECT_EQ(N("A.b").view().CompareCanonical(N("a.B")), 0);
}

TEST(NsecTest, CoversWhatLiesBetween) {
  const struct {
    const char* owner;
    const char* next;
    const char* name;
    bool covered;
  } kCases[] = {
      {"2.test", "5.test", "3.test", true},
      {"2.test", "5.test", "9.2.test", true},
      {"2.test", "5.test", "2.test", false},
      {"2.test", "5.test", "5.test", false},
      {"2.test", "5.test", "1.5.test", false},
      {"2.test", "5.test", "10.test", false},
      {"2.test", "5.test", "20.test", true},
      {"2.test", "1.5.test", "5.test", true},
      {"7.test", "test", "8.test", true},
      {"7.test", "test", "6.test", false},
      {"test", "test", "6.test", true},
      {"test", "test", "test", false},
  };
  for (const auto& test : kCases) {
    const Name next = N(test.next);
    Nsec nsec;
    nsec.owner = N(test.owner);
    nsec.next = next;
    EXPECT_EQ(Covers(nsec, N(test.name)), test.covered)
        << test.owner << ' ' << test.next << ' ' << test.name;
  }
}

TEST(Nsec3Test, CoversWhatLiesBetween) {
  const struct {
    uint8_t hash, next, asked;
    bool covered;
  } kCases[] = {
      {10, 20, 15, true},  {10, 20, 10, false}, {10, 20, 20, false},
      {10, 20, 21, false}, {20, 10, 5, true},   {20, 10, 25, true},
      {20, 10, 15, false}, {20, 10, 20, false}, {10, 10, 15, true},
      {10, 10, 10, false},
  };
  for (const auto& test : kCases) {
    Nsec3 nsec3;
    nsec3.hash = {test.hash};
    nsec3.next = {test.next};
    EXPECT_EQ(Covers(nsec3, NameHash{test.asked}), test.covered)
        << int{test.hash} << ' ' << int{test.next} << ' ' << int{test.asked};
  }
}

}  // namespace
}  // namespace dnswire
