#include "io/net/transfer_decoder.h"

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/packet_builder.h"

namespace io {
namespace {

using ::testing::ElementsAre;
using testing_support::Compressed;
using testing_support::Concat;
using testing_support::Label;
using testing_support::NameOfSize;
using testing_support::Octets;
using testing_support::PacketBuilder;
using testing_support::Pointer;
using testing_support::SoaNumbers;
using testing_support::ToHex;
namespace rr = testing_support::rr;

constexpr uint16_t kId = 4711;
constexpr uint16_t kAxfr = 252;
constexpr uint16_t kTsig = 250;
constexpr const char* kZone = "2.0.192.in-addr.arpa";

PacketBuilder Next() { return PacketBuilder().Id(kId).Response().Aa(); }
PacketBuilder First() { return Next().Question(kZone, kAxfr).Answer(); }

PacketBuilder& AddSoa(PacketBuilder& message, uint32_t serial = 7) {
  SoaNumbers numbers;
  numbers.serial = serial;
  return message.Soa(kZone, "ns.example.net", "root.example.net", numbers);
}

// The rdata of a TSIG (RFC 8945 section 4.2) whose MAC is no MAC.
Octets TsigRdata(uint16_t error = 0) {
  return Concat({Label("hmac-sha256"),
                 {0},
                 Octets(6, 1),
                 {1, 44, 0, 2, 8, 8, 0, 9, 0, static_cast<uint8_t>(error)},
                 {0, 0}});
}

// Writes down what it is given and says what it was told to say.
class FakeSigner : public TransferSigner {
 public:
  absl::StatusOr<Octets> Sign(std::span<const uint8_t> query) override {
    return Octets(query.begin(), query.end());
  }
  absl::Status Verify(std::span<const uint8_t> message,
                      size_t tsig_at) override {
    seen.push_back(absl::StrCat(message.size(), "@", tsig_at));
    return answer;
  }

  std::vector<std::string> seen;
  absl::Status answer;
};

class TransferDecoderTest : public ::testing::Test {
 protected:
  TransferDecoder& Begin(TransferSigner* signer = nullptr) {
    options_.zone = *dnswire::Name::Parse(kZone);
    options_.id = kId;
    options_.signer = signer;
    decoder_.emplace(options_, [this](const TransferRecord& record) {
      taken_.push_back(absl::StrCat(record.owner.ToText(), " ", record.ttl_s,
                                    " ", record.type));
      rdata_.emplace_back(record.rdata.begin(), record.rdata.end());
      return refuse_;
    });
    return *decoder_;
  }

  // "complete", "more", or the failure and its reason.
  std::string Feed(const std::vector<PacketBuilder>& messages) {
    for (const PacketBuilder& message : messages) {
      const Octets& octets = message.Build();
      if (decoder_->Add(octets) != TransferDecoder::State::kMore) break;
    }
    switch (decoder_->state()) {
      case TransferDecoder::State::kMore:
        return "more";
      case TransferDecoder::State::kComplete:
        return "complete";
      case TransferDecoder::State::kFailed:
        return absl::StrCat(TransferFailureName(decoder_->failure()), ": ",
                            decoder_->reason());
    }
    return "?";
  }

  TransferDecoder::Options options_;
  std::optional<TransferDecoder> decoder_;
  absl::Status refuse_;
  std::vector<std::string> taken_;
  std::vector<Octets> rdata_;
};

TEST_F(TransferDecoderTest, HandsOnEachRecordOnceAndTheSoaFirst) {
  Begin();
  PacketBuilder first = First();
  AddSoa(first).Ns(kZone, "ns.example.net");
  PacketBuilder second = Next().Answer();
  second.Ptr("1.2.0.192.in-addr.arpa", "a.example", {.ttl = 60});
  PacketBuilder last = Next().Question(kZone, kAxfr).Answer();
  last.Ptr("2.2.0.192.IN-ADDR.arpa", "b.example", {.ttl = 0x80000000});
  AddSoa(last);
  EXPECT_EQ(Feed({first, second, last}), "complete");
  EXPECT_THAT(taken_, ElementsAre("2.0.192.in-addr.arpa 3600 6",
                                  "2.0.192.in-addr.arpa 3600 2",
                                  "1.2.0.192.in-addr.arpa 60 12",
                                  "2.2.0.192.in-addr.arpa 0 12"));
  EXPECT_EQ(decoder_->messages(), 3u);
  EXPECT_EQ(decoder_->records(), 4u);
  EXPECT_EQ(decoder_->octets(), first.size() + second.size() + last.size());
}

TEST_F(TransferDecoderTest, TakesAWholeZoneFromOneMessage) {
  Begin();
  PacketBuilder only = First();
  AddSoa(AddSoa(only).Ptr("1.2.0.192.in-addr.arpa", "a.example"));
  EXPECT_EQ(Feed({only}), "complete");
}

struct RdataCase {
  const char* label;
  uint16_t type;
  Octets sent;      // its names compressed
  Octets expected;  // plain
};

TEST_F(TransferDecoderTest, DecompressesTheNamesOfAnRdata) {
  const Octets name = Compressed("x", 12);
  const Octets plain = Concat({Label("x"),
                               Label("2"),
                               Label("0"),
                               Label("192"),
                               Label("in-addr"),
                               Label("arpa"),
                               {0}});
  const Octets numbers(20, 5);
  const std::vector<RdataCase> cases = {
      {"NS", 2, name, plain},
      {"MD", 3, name, plain},
      {"MF", 4, name, plain},
      {"CNAME", 5, name, plain},
      {"MB", 7, name, plain},
      {"MG", 8, name, plain},
      {"MR", 9, name, plain},
      {"PTR", 12, name, plain},
      {"MINFO", 14, Concat({name, name}), Concat({plain, plain})},
      {"MX", 15, Concat({{0, 9}, name}), Concat({{0, 9}, plain})},
      {"RP", 17, Concat({name, name}), Concat({plain, plain})},
      {"AFSDB", 18, Concat({{0, 9}, name}), Concat({{0, 9}, plain})},
      {"RT", 21, Concat({{0, 9}, name}), Concat({{0, 9}, plain})},
      {"PX", 26, Concat({{0, 9}, name, name}), Concat({{0, 9}, plain, plain})},
      {"SRV", 33, Concat({{0, 1, 0, 2, 0, 3}, name}),
       Concat({{0, 1, 0, 2, 0, 3}, plain})},
      {"DNAME", 39, name, plain},
      {"a SOA below the apex", 6, Concat({name, name, numbers}),
       Concat({plain, plain, numbers})},
      {"A", 1, {192, 0, 2, 1}, {192, 0, 2, 1}},
      {"TXT: octets, even those of a pointer", 16, {2, 192, 12}, {2, 192, 12}},
      {"no rdata", 65280, {}, {}},
  };
  for (const RdataCase& c : cases) {
    rdata_.clear();
    Begin();
    PacketBuilder first = First();
    AddSoa(first).Record("1.2.0.192.in-addr.arpa", c.type, c.sent);
    ASSERT_EQ(Feed({first}), "more") << c.label;
    EXPECT_EQ(ToHex(rdata_.back()), ToHex(c.expected)) << c.label;
  }
}

TEST_F(TransferDecoderTest, HoldsTheLongestNames) {
  Begin();
  const Octets longest = NameOfSize(255);
  PacketBuilder first = First();
  AddSoa(first).Record("1.2.0.192.in-addr.arpa", 26,
                       Concat({{0, 9}, longest, longest}));
  EXPECT_EQ(Feed({first}), "more");
  EXPECT_EQ(rdata_.back().size(), 2 + 255 + 255u);
}

TEST_F(TransferDecoderTest, LeavesOutWhatIsNotOfTheZone) {
  Begin();
  PacketBuilder first = First();
  AddSoa(first)
      .A("ns.example.net", "192.0.2.53")
      .Ptr("1.3.0.192.in-addr.arpa", "a.example")
      .Soa("0.192.in-addr.arpa", "a", "b");
  AddSoa(first);
  EXPECT_EQ(Feed({first}), "complete");
  EXPECT_EQ(taken_.size(), 1u);
  EXPECT_EQ(decoder_->outside(), 3u);
}

struct FaultCase {
  const char* label;
  std::vector<PacketBuilder> messages;
  const char* expected;
};

PacketBuilder SoaOnly() {
  PacketBuilder message = First();
  return AddSoa(message);
}

std::vector<FaultCase> HeadFaults() {
  const auto soa = SoaOnly();
  return {
      {"another id",
       {SoaOnly().Id(kId + 1)},
       "message 1 does not answer the "
       "query"},
      {"another id later",
       {soa, Next().Id(1).Answer().Ns(kZone, "a")},
       "message 2 does not answer the query"},
      {"a query",
       {SoaOnly().Response(false)},
       "message 1 does not answer the "
       "query"},
      {"another opcode",
       {SoaOnly().Opcode(4)},
       "message 1 does not answer "
       "the query"},
      {"TC", {SoaOnly().Tc()}, "message 1 is truncated"},
      {"no question",
       {Next().Answer().Soa(kZone, "a", "b")},
       "message 1 does not carry the question"},
      {"another name",
       {Next()
            .Question("3.0.192.in-addr.arpa", kAxfr)
            .Answer()
            .Soa(kZone, "a", "b")},
       "message 1 does not carry the question"},
      {"another type",
       {Next().Question(kZone, rr::kSoa).Answer().Soa(kZone, "a", "b")},
       "message 1 does not carry the question"},
      {"another class",
       {Next().Question(kZone, kAxfr, 3).Answer().Soa(kZone, "a", "b")},
       "message 1 does not carry the question"},
      {"another question later",
       {soa, Next().Question("a", kAxfr).Answer().Ns(kZone, "a")},
       "message 2 does not carry the question"},
      {"two questions later",
       {soa, Next()
                 .Question(kZone, kAxfr)
                 .Question(kZone, kAxfr)
                 .Answer()
                 .Ns(kZone, "a")},
       "message 2 does not carry the question"},
  };
}

std::vector<FaultCase> RecordFaults() {
  const auto soa = SoaOnly();
  PacketBuilder behind = First();
  AddSoa(AddSoa(behind)).Ns(kZone, "a");
  const std::string longest(63, 'x');
  return {
      {"no record", {First()}, "message 1 holds no record"},
      {"no record later", {soa, Next()}, "message 2 holds no record"},
      {"no SOA first",
       {First().Ns(kZone, "a")},
       "message 1 does not begin with the zone's SOA"},
      {"another SOA first",
       {First().Soa("1.2.0.192.in-addr.arpa", "a", "b")},
       "message 1 does not begin with the zone's SOA"},
      {"records behind the last SOA",
       {behind},
       "message 1 goes on behind the last SOA"},
      {"another class",
       {soa, Next().Answer().Ns(kZone, "a", {.record_class = 3})},
       "message 2 holds a record of another class"},
      {"a count too high",
       {SoaOnly().AnswerCount(2)},
       "message 1 does not decode"},
      {"octets behind", {SoaOnly().Raw({0})}, "message 1 does not decode"},
      {"a pointer forward",
       {soa, Next().Answer().Ptr(Pointer(60), "a.example")},
       "message 2 does not decode"},
      {"rdata longer than its name",
       {soa, Next().Answer().Ptr(kZone, Concat({Label("a"), {0, 0}}))},
       "message 2 does not decode"},
      {"MX whose name runs out",
       {soa, Next().Answer().Record(kZone, 15, {0, 9, 1})},
       "message 2 holds an rdata that does not decode"},
      {"MX with octets behind its name",
       {soa, Next().Answer().Record(kZone, 15, {0, 9, 0, 0})},
       "message 2 holds an rdata that does not decode"},
      {"SRV without name",
       {soa, Next().Answer().Record(kZone, 33, {0, 9, 1, 1})},
       "message 2 holds an rdata that does not decode"},
      {"RP with one name",
       {soa, Next().Answer().Record(kZone, 17, {0})},
       "message 2 holds an rdata that does not decode"},
      {"a bad additional section",
       {SoaOnly().Additional().A(kZone, "192.0.2.1", {.rdlength = 3})},
       "message 1 does not decode"},
  };
}

TEST_F(TransferDecoderTest, RefusesWhatIsNoTransfer) {
  for (const auto& table : {HeadFaults(), RecordFaults()}) {
    for (const FaultCase& c : table) {
      Begin();
      EXPECT_EQ(Feed(c.messages), absl::StrCat("malformed: ", c.expected))
          << c.label;
    }
  }
}

TEST_F(TransferDecoderTest, SaysWhyTheServerRefuses) {
  const auto refusal = [](uint8_t rcode) {
    return Next().Rcode(rcode).Question(kZone, kAxfr);
  };
  const auto with_tsig = [&refusal](uint16_t error) {
    return refusal(9).Additional().Record("k", kTsig, TsigRdata(error));
  };
  const std::vector<FaultCase> cases = {
      {"REFUSED", {refusal(5)}, "REFUSED"},
      {"NOTAUTH", {refusal(9)}, "NOTAUTH"},
      {"without question", {Next().Rcode(2)}, "SERVFAIL"},
      {"later", {SoaOnly(), Next().Rcode(2)}, "SERVFAIL"},
      {"extended",
       {refusal(0).Additional().Opt({.extended_rcode = 1})},
       "BADVERS"},
      {"bad key", {with_tsig(17)}, "NOTAUTH, TSIG error BADKEY"},
      {"bad signature", {with_tsig(16)}, "NOTAUTH, TSIG error BADSIG"},
      {"bad time", {with_tsig(18)}, "NOTAUTH, TSIG error BADTIME"},
      {"another TSIG error", {with_tsig(22)}, "NOTAUTH, TSIG error BADTRUNC"},
      {"no TSIG error", {with_tsig(0)}, "NOTAUTH"},
      {"a TSIG that ends early",
       {refusal(9).Additional().Record("k", kTsig, {0, 1, 2})},
       "NOTAUTH"},
  };
  for (const FaultCase& c : cases) {
    Begin();
    EXPECT_EQ(Feed(c.messages), absl::StrCat("rcode: ", c.expected)) << c.label;
  }
}

TEST_F(TransferDecoderTest, RefusesAZoneThatChangedUnderWay) {
  Begin();
  PacketBuilder last = Next().Answer();
  AddSoa(last, 8);
  EXPECT_EQ(Feed({SoaOnly(), last}),
            "changed: the SOA's serial is 7 at the beginning and 8 at the end");
}

TEST_F(TransferDecoderTest, EndsWhenItsTakerHasEnough) {
  Begin();
  refuse_ = absl::ResourceExhaustedError("no room");
  EXPECT_EQ(Feed({SoaOnly()}), "too_large: no room");
}

TEST_F(TransferDecoderTest, EndsBehindSoManyOctets) {
  const PacketBuilder first = SoaOnly();
  options_.max_octets = first.size();
  Begin();
  EXPECT_EQ(Feed({first}), "more");
  EXPECT_EQ(Feed({Next().Answer().Ns(kZone, "a")}),
            absl::StrCat("too_large: more than ", first.size(), " octets"));
  EXPECT_EQ(taken_.size(), 1u);
}

TEST_F(TransferDecoderTest, VerifiesEachMessageBeforeItsRecords) {
  FakeSigner signer;
  Begin(&signer);
  const PacketBuilder soa = SoaOnly();
  const PacketBuilder first =
      SoaOnly().Additional().Record("k", kTsig, TsigRdata());
  EXPECT_EQ(Feed({first}), "more");
  EXPECT_THAT(signer.seen,
              ElementsAre(absl::StrCat(first.size(), "@", soa.size())));
  signer.answer = absl::UnauthenticatedError("the MAC is wrong");
  PacketBuilder last = Next().Answer();
  AddSoa(last).Additional().Record("k", kTsig, TsigRdata());
  EXPECT_EQ(Feed({last}), "tsig: message 2: the MAC is wrong");
  EXPECT_EQ(taken_.size(), 1u);
}

TEST_F(TransferDecoderTest, RefusesAMessageWithoutItsSignature) {
  const PacketBuilder signed_soa =
      SoaOnly().Additional().Record("k", kTsig, TsigRdata());
  const std::vector<FaultCase> cases = {
      {"none at all", {SoaOnly()}, "1"},
      {"not on the second", {signed_soa, Next().Answer().Ns(kZone, "a")}, "2"},
      {"not at the end",
       {SoaOnly()
            .Additional()
            .Record("k", kTsig, TsigRdata())
            .A(kZone, "192.0.2.1")},
       "1"},
      {"twice",
       {SoaOnly()
            .Additional()
            .Record("k", kTsig, TsigRdata())
            .Record("k", kTsig, TsigRdata())},
       "1"},
      {"among the answers", {SoaOnly().Record("k", kTsig, TsigRdata())}, "1"},
  };
  for (const FaultCase& c : cases) {
    FakeSigner signer;
    Begin(&signer);
    EXPECT_EQ(Feed(c.messages), absl::StrCat("tsig_unsigned: message ",
                                             c.expected, " is not signed"))
        << c.label;
  }
}

TEST_F(TransferDecoderTest, SurvivesEveryFlippedBitAndEveryPrefix) {
  PacketBuilder only = First();
  AddSoa(AddSoa(only)
             .Ptr("1.2.0.192.in-addr.arpa", Compressed("a", 12))
             .Record("2.2.0.192.in-addr.arpa", 15,
                     Concat({{0, 9}, Compressed("mx", 12)})))
      .Additional()
      .Record("k", kTsig, TsigRdata());
  const Octets whole = only.Build();
  for (size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    Octets flipped = whole;
    flipped[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    FakeSigner signer;
    Begin(&signer).Add(flipped);
  }
  for (size_t size = 12; size < whole.size(); ++size) {
    const Octets prefix(whole.begin(),
                        whole.begin() + static_cast<std::ptrdiff_t>(size));
    Begin();
    EXPECT_EQ(decoder_->Add(prefix), TransferDecoder::State::kFailed) << size;
  }
}

}  // namespace
}  // namespace io
