// Truth's world, its messages against those of PacketBuilder, its server, and
// the judge of rows.
#include "tests/support/truth.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/support/packet_builder.h"
#include "tests/support/truth_check.h"
#include "tests/support/truth_reply.h"

namespace testing_support {
namespace {

using testing::HasSubstr;
using Outcome = TruthForward::Outcome;

constexpr uint32_t kFirst = 0x0a000000;
constexpr uint32_t kCount = 20000;

// The first address of the kind that `also` holds for.
template <typename Also>
uint32_t Find(const Truth& truth, TruthKind kind, Also also) {
  for (uint32_t address = kFirst; address < kFirst + kCount; ++address) {
    if (truth.KindOf(address) == kind && also(address)) return address;
  }
  ADD_FAILURE() << "no such address";
  return 0;
}

uint32_t Find(const Truth& truth, TruthKind kind) {
  return Find(truth, kind, [](uint32_t) { return true; });
}

std::string ReverseName(uint32_t address) {
  std::string name;
  for (int shift = 0; shift < 32; shift += 8) {
    name += std::to_string(address >> shift & 0xff) + ".";
  }
  return name + "in-addr.arpa";
}

std::string ZoneOf(uint32_t address) {
  const std::string name = ReverseName(address);
  return name.substr(name.find('.') + 1);
}

PacketBuilder Ask(const std::string& name, uint16_t type) {
  PacketBuilder query;
  query.Id(4711).Rd().Question(name, type).Additional().Opt();
  return query;
}

// What the builder says an answer to Ask() begins with.
PacketBuilder Reply(const std::string& name, uint16_t type, uint8_t rcode = 0) {
  PacketBuilder reply;
  reply.Id(4711).Response().Aa().Rd().Ra().Rcode(rcode).Question(name, type);
  return reply;
}

Octets Answered(const Truth& truth, const Octets& query) {
  Octets reply(kMaxTruthReply);
  reply.resize(MakeTruthReply(truth, query, reply));
  return reply;
}

// Where `zone`, the end of the question's name, stands in the message; the root
// is not worth a pointer but gets one.
Octets ZonePointer(const std::string& name, const std::string& zone) {
  const size_t end = name.empty() ? 0 : name.size() + 1;
  return Pointer(12 + (zone.empty() ? end : name.size() - zone.size()));
}

Octets Negative(const std::string& name, uint16_t type, uint8_t rcode,
                const std::string& zone) {
  return Reply(name, type, rcode)
      .Authority()
      .Soa(ZonePointer(name, zone), "ns1.example.net", "hostmaster.example.net")
      .Additional()
      .Opt()
      .Build();
}

TEST(TruthTest, KindsHaveTheirShares) {
  const Truth truth(1);
  std::map<TruthKind, double> shares;
  for (uint32_t i = 0; i < kCount; ++i) {
    shares[truth.KindOf(kFirst + i)] += 100.0 / kCount;
  }
  const std::map<TruthKind, double> expected = {
      {TruthKind::kPass, 50},     {TruthKind::kSeveral, 10},
      {TruthKind::kMismatch, 10}, {TruthKind::kNoForward, 10},
      {TruthKind::kNxdomain, 12}, {TruthKind::kNodata, 8}};
  for (const auto& [kind, share] : expected) {
    EXPECT_NEAR(shares[kind], share, 1.5) << static_cast<int>(kind);
  }
}

TEST(TruthTest, NamesAreTakenApartAsTheyWereMade) {
  const TruthName name{.address = 0x0a0000ff, .index = 3};
  EXPECT_EQ(Truth::TextOf(name), "k0a0000ff.hosts.example.net");
  const auto back = Truth::ParseText("k0a0000ff.hosts.example.net");
  ASSERT_TRUE(back);
  EXPECT_EQ(back->address, name.address);
  EXPECT_EQ(back->index, name.index);
  EXPECT_TRUE(Truth::ParseLabel("K0A0000FF"));
  for (const char* text :
       {"l0a0000ff.hosts.example.net", "g0a0000ff.hosts.example.net",
        "k0a0000f.hosts.example.net", "k0a0000fg.hosts.example.net",
        "k0a0000ff.hosts.example.com", "k0a0000ff", ""}) {
    EXPECT_FALSE(Truth::ParseText(text)) << text;
  }
}

TEST(TruthTest, StatusFollowsFromTheForwardOutcomes) {
  const Truth truth(1);
  const uint32_t best = Find(truth, TruthKind::kSeveral, [&](uint32_t a) {
    return truth.ForwardOf({a, 0}).outcome == Outcome::kDiffers &&
           truth.ForwardOf({a, 1}).outcome == Outcome::kConfirmed;
  });
  EXPECT_EQ(truth.RowOf(best).status, "pass");
  const uint32_t next = Find(truth, TruthKind::kSeveral, [&](uint32_t a) {
    return truth.NamesOf(a) == 2 &&
           truth.ForwardOf({a, 0}).outcome == Outcome::kNodata &&
           truth.ForwardOf({a, 1}).outcome == Outcome::kDiffers;
  });
  EXPECT_EQ(truth.RowOf(next).status, "mismatch");
  EXPECT_EQ(truth.RowOf(Find(truth, TruthKind::kNoForward)).status,
            "no_forward");
  EXPECT_EQ(truth.RowOf(Find(truth, TruthKind::kNodata)).cause, "\"nodata\"");
}

TEST(TruthReplyTest, PtrAnswersAreTheBuilders) {
  const Truth truth(1);
  for (const TruthKind kind : {TruthKind::kPass, TruthKind::kSeveral}) {
    const uint32_t address = Find(truth, kind);
    const std::string name = ReverseName(address);
    PacketBuilder expected = Reply(name, rr::kPtr);
    expected.Answer();
    for (uint32_t i = 0; i < truth.NamesOf(address); ++i) {
      expected.Ptr(Pointer(12), Truth::TextOf({address, i}));
    }
    expected.Additional().Opt();
    EXPECT_EQ(Answered(truth, Ask(name, rr::kPtr).Build()), expected.Build());
  }
}

TEST(TruthReplyTest, ForwardAnswersAreTheBuilders) {
  const Truth truth(1);
  for (const TruthKind kind : {TruthKind::kPass, TruthKind::kMismatch}) {
    const TruthName host{.address = Find(truth, kind)};
    const std::string name = Truth::TextOf(host);
    EXPECT_EQ(Answered(truth, Ask(name, rr::kA).Build()),
              Reply(name, rr::kA)
                  .Answer()
                  .A(Pointer(12), FormatIpv4(truth.ForwardOf(host).address))
                  .Additional()
                  .Opt()
                  .Build());
  }
}

TEST(TruthReplyTest, NegativesAreTheBuilders) {
  const Truth truth(1);
  const uint32_t pass = Find(truth, TruthKind::kPass);
  const uint32_t nxdomain = Find(truth, TruthKind::kNxdomain);
  const uint32_t nodata = Find(truth, TruthKind::kNodata);
  const auto forward = [&truth](Outcome outcome) {
    return Truth::TextOf({Find(truth, TruthKind::kNoForward, [&](uint32_t a) {
      return truth.ForwardOf({a, 0}).outcome == outcome;
    })});
  };
  const struct {
    std::string name;
    uint16_t type;
    uint8_t rcode;
    std::string zone;
  } cases[] = {
      {ReverseName(nxdomain), rr::kPtr, 3, ZoneOf(nxdomain)},
      {ReverseName(nxdomain), rr::kTxt, 3, ZoneOf(nxdomain)},
      {ReverseName(nodata), rr::kPtr, 0, ZoneOf(nodata)},
      {ReverseName(pass), rr::kTxt, 0, ZoneOf(pass)},
      {ZoneOf(pass), rr::kPtr, 0, ZoneOf(pass)},
      {"0.10.in-addr.arpa", rr::kPtr, 0, "in-addr.arpa"},
      {"01.0.0.10.in-addr.arpa", rr::kPtr, 3, "in-addr.arpa"},
      {"256.0.0.10.in-addr.arpa", rr::kPtr, 3, "in-addr.arpa"},
      {"1.1.0.0.10.in-addr.arpa", rr::kPtr, 3, "in-addr.arpa"},
      {"f00dcafe0123.in-addr.arpa", rr::kPtr, 3, "in-addr.arpa"},
      {forward(Outcome::kNxdomain), rr::kA, 3, "example.net"},
      {forward(Outcome::kNodata), rr::kA, 0, "example.net"},
      {Truth::TextOf({pass}), rr::kAaaa, 0, "example.net"},
      {Truth::TextOf({pass, 1}), rr::kA, 3, "example.net"},
      {"hosts.example.net", rr::kA, 0, "example.net"},
      {"www.example.net", rr::kA, 3, "example.net"},
      {"f00dcafe0123.invalid", rr::kA, 3, ""},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(Answered(truth, Ask(c.name, c.type).Build()),
              Negative(c.name, c.type, c.rcode, c.zone))
        << c.name << " " << c.type;
  }
}

TEST(TruthReplyTest, ApexesHaveTheirSoaAndTheRootItsServer) {
  const Truth truth(1);
  for (const std::string zone :
       {"2.0.10.in-addr.arpa", "in-addr.arpa", "example.net"}) {
    EXPECT_EQ(Answered(truth, Ask(zone, rr::kSoa).Build()),
              Reply(zone, rr::kSoa)
                  .Answer()
                  .Soa(Pointer(12), "ns1.example.net", "hostmaster.example.net")
                  .Additional()
                  .Opt()
                  .Build());
  }
  EXPECT_EQ(Answered(truth, Ask("", rr::kNs).Build()),
            Reply("", rr::kNs)
                .Answer()
                .Ns(Pointer(12), "ns1.example.net")
                .Additional()
                .Opt()
                .Build());
}

TEST(TruthReplyTest, KeepsTheLetterCaseAndKnowsQueriesWithoutOpt) {
  const Truth truth(1);
  const TruthName host{.address = Find(truth, TruthKind::kPass)};
  std::string name = Truth::TextOf(host);
  name[0] = 'H';
  name.replace(name.find("net"), 3, "NeT");
  PacketBuilder query;
  query.Id(4711).Rd().Question(name, rr::kA);
  EXPECT_EQ(Answered(truth, query.Build()),
            Reply(name, rr::kA)
                .Answer()
                .A(Pointer(12), FormatIpv4(host.address))
                .Build());
}

TEST(TruthReplyTest, UnsoundQueriesGetWhatANameServerGivesThem) {
  const Truth truth(1);
  const auto error = [](uint8_t rcode, uint8_t opcode = 0) {
    return PacketBuilder()
        .Id(4711)
        .Opcode(opcode)
        .Response()
        .Aa()
        .Rd()
        .Ra()
        .Rcode(rcode)
        .Build();
  };
  const std::string name = ReverseName(kFirst);
  const auto ask = [&name] { return Ask(name, rr::kPtr); };
  EXPECT_EQ(Answered(truth, ask().Opcode(2).Build()), error(4, 2));
  EXPECT_EQ(Answered(truth, ask().QuestionCount(2).Build()), error(1));
  EXPECT_EQ(Answered(truth, ask().AnswerCount(1).Build()), error(1));
  EXPECT_EQ(Answered(truth, ask().AdditionalCount(0).Build()), error(1));
  EXPECT_EQ(Answered(truth, ask().Raw({0}).Build()), error(1));
  EXPECT_TRUE(Answered(truth, ask().Response().Build()).empty());
  EXPECT_TRUE(Answered(truth, Octets(11)).empty());
  const Octets whole = ask().Build();
  for (auto end = whole.begin() + 12; end != whole.end(); ++end) {
    EXPECT_EQ(Answered(truth, Octets(whole.begin(), end)), error(1));
  }
  PacketBuilder chaos;
  chaos.Id(4711).Rd().Question(name, rr::kPtr, kChaos).Additional().Opt();
  PacketBuilder refused;
  refused.Id(4711).Response().Aa().Rd().Ra().Rcode(5);
  refused.Question(name, rr::kPtr, kChaos).Additional().Opt();
  EXPECT_EQ(Answered(truth, chaos.Build()), refused.Build());
  PacketBuilder later;
  later.Id(4711).Rd().Question(name, rr::kPtr).Additional().Opt({.version = 1});
  EXPECT_EQ(
      Answered(truth, later.Build()),
      Reply(name, rr::kPtr).Additional().Opt({.extended_rcode = 1}).Build());
}

TEST(TruthReplyTest, NoFlippedBitOfAQueryIsAnsweredBeyondItsRoom) {
  const Truth truth(1);
  const Octets query = Ask(ReverseName(kFirst), rr::kPtr).Build();
  for (size_t bit = 0; bit < 8 * query.size(); ++bit) {
    Octets damaged = query;
    damaged[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    EXPECT_LE(Answered(truth, damaged).size(), kMaxTruthReply);
  }
}

// A row as the NDJSON writer has it, up to what the judge reads.
std::string Line(uint32_t address, const TruthRow& row) {
  return R"({"ip":")" + FormatIpv4(address) + R"(","status":")" + row.status +
         R"(","cause":)" + row.cause + R"(,"flags":[],"ptr":)" + row.ptr +
         R"(,"confirmed":[],"forward":)" + row.forward + R"(,"ttl_s":3600})";
}

class TruthCheckTest : public testing::Test {
 protected:
  // The counts after one row.
  TruthCounts Judge(uint32_t address, const TruthRow& row) {
    TruthCheck check(truth_, kFirst, kCount);
    check.AddRow(Line(address, row));
    return check.counts();
  }

  const Truth truth_ = Truth(1);
  const uint32_t pass_ = Find(truth_, TruthKind::kPass);
  const uint32_t absent_ = Find(truth_, TruthKind::kNxdomain);
};

TEST_F(TruthCheckTest, TrueRowsAreRightOnceEach) {
  TruthCheck check(truth_, kFirst, kCount);
  std::string text;
  for (uint32_t address = kFirst; address < kFirst + kCount; ++address) {
    text += Line(address, truth_.RowOf(address)) + "\n";
  }
  check.AddRows(text);
  EXPECT_EQ(check.Format(),
            "rows 20000 unknown 0 wrong 0 false_missing 0 false_pass 0 "
            "repeated 0 foreign 0 without_row 0")
      << check.examples();
  check.AddRow(Line(kFirst, truth_.RowOf(kFirst)));
  check.AddRow(Line(kFirst + kCount, truth_.RowOf(kFirst)));
  check.AddRow(Line(kFirst - 1, truth_.RowOf(kFirst)));
  check.AddRow("{}");
  EXPECT_EQ(check.counts().repeated, 1u);
  EXPECT_EQ(check.counts().foreign, 3u);
}

TEST_F(TruthCheckTest, CountsAddressesWithoutARow) {
  TruthCheck check(truth_, kFirst, kCount);
  check.AddRow(Line(pass_, truth_.RowOf(pass_)));
  EXPECT_EQ(check.missing(), kCount - 1);
}

TEST_F(TruthCheckTest, TellsWrongRowsFromUnknownOnes) {
  const TruthRow timeout = {.status = "reverse_timeout",
                            .cause = "\"timeout\"",
                            .ptr = "null",
                            .forward = "null"};
  EXPECT_EQ(Judge(pass_, timeout).unknown, 1u);
  EXPECT_EQ(Judge(pass_, timeout).wrong, 0u);

  TruthRow forward_error = truth_.RowOf(pass_);
  forward_error.status = "forward_error";
  forward_error.cause = "\"timeout\"";
  forward_error.forward =
      R"([{"name":"h","outcome":"timeout","addresses":[]}])";
  EXPECT_EQ(Judge(pass_, forward_error).unknown, 1u);
  EXPECT_EQ(Judge(pass_, forward_error).wrong, 0u);
  forward_error.ptr = R"(["other.example.net"])";
  EXPECT_EQ(Judge(pass_, forward_error).wrong, 1u);

  TruthRow skipped = truth_.RowOf(absent_);
  skipped.status = "skipped";
  EXPECT_EQ(Judge(absent_, skipped).wrong, 1u);
}

TEST_F(TruthCheckTest, ClaimThatSomethingIsMissingIsFalseIfItIsThere) {
  EXPECT_EQ(Judge(pass_, truth_.RowOf(absent_)).false_missing, 1u);

  TruthRow no_forward = truth_.RowOf(pass_);
  no_forward.status = "no_forward";
  no_forward.forward = R"([{"name":")" + Truth::TextOf({pass_}) +
                       R"(","outcome":"nxdomain","addresses":[]}])";
  EXPECT_EQ(Judge(pass_, no_forward).false_missing, 1u);

  // A name that a flipped bit made has no address indeed.
  no_forward.ptr = R"(["x0a000001.hosts.example.net"])";
  no_forward.forward =
      R"([{"name":"x0a000001.hosts.example.net","outcome":"nxdomain",)"
      R"("addresses":[]}])";
  EXPECT_EQ(Judge(pass_, no_forward).wrong, 1u);
  EXPECT_EQ(Judge(pass_, no_forward).false_missing, 0u);
}

TEST_F(TruthCheckTest, FalsePassIsCounted) {
  TruthRow row = truth_.RowOf(pass_);
  EXPECT_EQ(Judge(absent_, row).false_pass, 1u);
  const uint32_t mismatch = Find(truth_, TruthKind::kMismatch);
  row = truth_.RowOf(mismatch);
  row.status = "pass";
  EXPECT_EQ(Judge(mismatch, row).false_pass, 1u);
}

TEST_F(TruthCheckTest, KeepsTheFirstWrongRows) {
  TruthCheck check(truth_, kFirst, kCount);
  for (int i = 0; i < 10; ++i) check.AddRow("{\"ip\":\"no address\"}");
  EXPECT_THAT(check.examples(), HasSubstr("no address"));
  EXPECT_EQ(check.examples().size(), 5 * 20u);
}

}  // namespace
}  // namespace testing_support
