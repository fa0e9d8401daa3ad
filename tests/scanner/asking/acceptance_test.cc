#include "scanner/asking/acceptance.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "scanner/upstream/resolver_route.h"
#include "tests/support/packet_builder.h"

namespace scanner {
namespace {

using testing_support::kChaos;
using testing_support::Octets;
using testing_support::PacketBuilder;
namespace rr = testing_support::rr;

constexpr char kReverse[] = "10.2.0.192.in-addr.arpa";
constexpr uint16_t kSocket = 1;

// Two servers and one open PTR question of 192.0.2.10, asked of the first.
struct World {
  std::string server = "192.0.2.53:53";
  std::string other_server = "192.0.2.54:53";
  std::string stranger = "192.0.2.55:53";
  std::string wrong_port = "192.0.2.53:5353";
};
const World kV4;
const World kV6 = {.server = "[2001:db8::53]:53",
                   .other_server = "[2001:db8::54]:53",
                   .stranger = "[2001:db8::55]:53",
                   .wrong_port = "[2001:db8::53]:5353"};

Octets WithoutLast(size_t count, Octets octets) {
  octets.resize(octets.size() - count);
  return octets;
}

class AcceptanceTest : public ::testing::TestWithParam<World> {
 protected:
  AcceptanceTest()
      : route_(Options(), &random_),
        in_flight_(2),
        try_(in_flight_.AddUdp(kSocket, &random_)) {
    const uint32_t question = questions_.Acquire();
    questions_[question].target = *dnswire::IpAddress::Parse("192.0.2.10");
    in_flight_[try_].question = question;
    in_flight_[try_].server = 0;
  }

  static ScanOptions Options() {
    ScanOptions options;
    options.resolvers = {*io::Endpoint::Parse(GetParam().server),
                         *io::Endpoint::Parse(GetParam().other_server)};
    return options;
  }

  uint16_t id() const { return in_flight_[try_].id; }
  PacketBuilder Good() const {
    return PacketBuilder().Id(id()).Response().Question(kReverse, rr::kPtr);
  }

  AcceptanceResult AcceptFrom(const std::string& from, const Octets& octets,
                              uint16_t socket = kSocket,
                              bool truncated = false) {
    AcceptanceResult result;
    Accept({.octets = octets,
            .from = *io::Endpoint::Parse(from),
            .truncated = truncated},
           socket, Context(), &message_, &result);
    return result;
  }
  AcceptanceContext Context() const {
    return {.route = route_, .in_flight = in_flight_, .questions = questions_};
  }
  Acceptance Check(const Octets& octets) {
    return AcceptFrom(GetParam().server, octets).acceptance;
  }

  io::SecureRandom random_;
  ResolverRoute route_;
  InFlight in_flight_;
  Slab<Question> questions_;
  uint32_t try_;
  dnswire::Message message_;
};

INSTANTIATE_TEST_SUITE_P(BothFamilies, AcceptanceTest,
                         ::testing::Values(kV4, kV6), [](const auto& world) {
                           return world.param.server[0] == '[' ? "V6" : "V4";
                         });

TEST_P(AcceptanceTest, TakesTheAnswerToAnOpenTry) {
  const AcceptanceResult result = AcceptFrom(GetParam().server, Good().Build());
  EXPECT_EQ(result.acceptance, Acceptance::kAccepted);
  EXPECT_EQ(result.try_index, try_);
  EXPECT_EQ(message_.header().id, id());
}

TEST_P(AcceptanceTest, Check1Size) {
  const Octets good = Good().Build();
  EXPECT_EQ(Check({}), Acceptance::kDropSize);
  EXPECT_EQ(Check(Octets(good.begin(), good.begin() + 11)),
            Acceptance::kDropSize);
  EXPECT_EQ(AcceptFrom(GetParam().server, good, kSocket, true).acceptance,
            Acceptance::kDropSize);
  // 12 octets are a message: it fails for its question only.
  EXPECT_EQ(Check(PacketBuilder().Id(id()).Response().Build()),
            Acceptance::kDropQuestion);
}

TEST_P(AcceptanceTest, Check2SourceIsOneOfOurServers) {
  for (const std::string& from : {GetParam().stranger, GetParam().wrong_port}) {
    const AcceptanceResult result = AcceptFrom(from, Good().Build());
    EXPECT_EQ(result.acceptance, Acceptance::kDropSource) << from;
    EXPECT_EQ(result.try_index, try_) << "its question stays unmatched";
  }
  const AcceptanceResult other = AcceptFrom(
      GetParam().stranger, Good().Id(static_cast<uint16_t>(id() + 1)).Build());
  EXPECT_EQ(other.acceptance, Acceptance::kDropSource);
  EXPECT_EQ(other.try_index, kNil);
}

TEST_P(AcceptanceTest, Check3Header) {
  EXPECT_EQ(Check(Good().Response(false).Build()), Acceptance::kDropHeader);
  for (const uint8_t opcode : std::initializer_list<uint8_t>{1, 2, 4, 5, 15}) {
    const AcceptanceResult result =
        AcceptFrom(GetParam().server, Good().Opcode(opcode).Build());
    EXPECT_EQ(result.acceptance, Acceptance::kDropHeader) << int{opcode};
    EXPECT_EQ(result.try_index, try_);
  }
}

TEST_P(AcceptanceTest, Check4TheIdIsOpenOnThatSocket) {
  const Octets good = Good().Build();
  EXPECT_EQ(AcceptFrom(GetParam().server, good, 0).acceptance,
            Acceptance::kStray);
  for (const int bit : {0, 7, 15}) {
    const AcceptanceResult result =
        AcceptFrom(GetParam().server,
                   Good().Id(static_cast<uint16_t>(id() ^ 1 << bit)).Build());
    EXPECT_EQ(result.acceptance, Acceptance::kStray);
    EXPECT_EQ(result.try_index, kNil);
  }
  in_flight_.Discard(try_);
  EXPECT_EQ(Check(good), Acceptance::kStray);
}

TEST_P(AcceptanceTest, Check4AnIdInQuarantineIsLate) {
  const Octets good = Good().Build();
  in_flight_.Remove(try_, true, 0);
  const AcceptanceResult late = AcceptFrom(GetParam().server, good);
  EXPECT_EQ(late.acceptance, Acceptance::kLate);
  EXPECT_EQ(late.try_index, kNil);
  EXPECT_EQ(late.server, ServerIndex{0});
  EXPECT_EQ(AcceptFrom(GetParam().server, good, 0).acceptance,
            Acceptance::kStray)
      << "only on its socket";
  in_flight_.Advance(InFlight::kQuarantineAnswered);
  EXPECT_EQ(Check(good), Acceptance::kStray);
}

TEST_P(AcceptanceTest, Check5SourceIsTheServerThatWasAsked) {
  const AcceptanceResult result =
      AcceptFrom(GetParam().other_server, Good().Build());
  EXPECT_EQ(result.acceptance, Acceptance::kDropSource);
  EXPECT_EQ(result.try_index, try_);
  in_flight_[try_].server = 1;
  EXPECT_EQ(AcceptFrom(GetParam().other_server, Good().Build()).acceptance,
            Acceptance::kAccepted);
}

TEST_P(AcceptanceTest, Check6Question) {
  const auto reply = [this] { return PacketBuilder().Id(id()).Response(); };
  const std::vector<std::pair<const char*, Octets>> kWrong = {
      {"another name",
       reply().Question("11.2.0.192.in-addr.arpa", rr::kPtr).Build()},
      {"a name below",
       reply().Question("x.10.2.0.192.in-addr.arpa", rr::kPtr).Build()},
      {"its parent",
       reply().Question("2.0.192.in-addr.arpa", rr::kPtr).Build()},
      {"another type", reply().Question(kReverse, rr::kA).Build()},
      {"another class", reply().Question(kReverse, rr::kPtr, kChaos).Build()},
      {"two questions", Good().Question(kReverse, rr::kPtr).Build()},
      {"cut inside the class", WithoutLast(3, Good().Build())},
      {"a name that points at itself",
       reply().Question(testing_support::Pointer(12), rr::kPtr).Build()},
  };
  for (const auto& [label, octets] : kWrong) {
    const AcceptanceResult result = AcceptFrom(GetParam().server, octets);
    EXPECT_EQ(result.acceptance, Acceptance::kDropQuestion) << label;
    EXPECT_EQ(result.try_index, try_) << label;
  }
}

// Bits 0 to 9 for "inaddrarpa", the first letter's first.
TEST_P(AcceptanceTest, Check7LetterCaseIfItWasRandom) {
  const auto reply = [this](const char* name) {
    return PacketBuilder().Id(id()).Response().Question(name, rr::kPtr).Build();
  };
  in_flight_[try_].case_seed = 0b1000000001;
  EXPECT_EQ(Check(reply("10.2.0.192.In-addr.arpA")), Acceptance::kAccepted);
  for (const char* name :
       {"10.2.0.192.in-addr.arpa", "10.2.0.192.IN-addr.arpA",
        "10.2.0.192.in-addr.arpA", "10.2.0.192.IN-ADDR.ARPA"}) {
    const AcceptanceResult result = AcceptFrom(GetParam().server, reply(name));
    EXPECT_EQ(result.acceptance, Acceptance::kDropCase) << name;
    EXPECT_EQ(result.try_index, try_);
  }
  EXPECT_EQ(Check(PacketBuilder().Id(id()).Response().Rcode(1).Build()),
            Acceptance::kAccepted)
      << "no question, no case";
}

constexpr uint64_t kClientCookie = 0x0807060504030201;
Octets CookieOf(size_t server_octets, uint8_t first = 1) {
  Octets cookie = {first, 2, 3, 4, 5, 6, 7, 8};
  cookie.resize(8 + server_octets, 0x55);
  return cookie;
}

TEST_P(AcceptanceTest, Check8Cookie) {
  Server& server = route_.servers()[0];
  server.cookies = CookieJar(kClientCookie);
  const auto reply = [this](const Octets& cookie) {
    return Good()
        .Additional()
        .Opt({.options = testing_support::EdnsOption(10, cookie)})
        .Build();
  };
  const auto without = [this] { return Good().Additional().Opt().Build(); };
  const Octets forged = reply(CookieOf(8, 9));
  EXPECT_EQ(Check(forged), Acceptance::kAccepted) << "none was sent";
  in_flight_[try_].cookie = true;
  for (const size_t size : {0U, 8U, 9U, 32U}) {
    EXPECT_EQ(Check(reply(CookieOf(size))), Acceptance::kAccepted) << size;
  }
  for (const size_t size : {1U, 7U, 33U}) {
    EXPECT_EQ(Check(reply(CookieOf(size))), Acceptance::kDropCookie) << size;
  }
  EXPECT_EQ(Check(reply({1, 2, 3, 4, 5, 6, 7})), Acceptance::kDropCookie);
  EXPECT_EQ(AcceptFrom(GetParam().server, forged).try_index, try_);
  EXPECT_EQ(Check(forged), Acceptance::kDropCookie);
  EXPECT_EQ(Check(without()), Acceptance::kAccepted) << "it may not know them";
  server.cookies.Learn(CookieOf(16));
  EXPECT_EQ(Check(without()), Acceptance::kDropCookie) << "it knows them";
  EXPECT_EQ(Check(Good().Build()), Acceptance::kDropCookie);
  EXPECT_EQ(Check(Good().Tc().Build()), Acceptance::kAccepted);
}

TEST_P(AcceptanceTest, TheFirstOfTwoCookiesCounts) {
  route_.servers()[0].cookies = CookieJar(kClientCookie);
  in_flight_[try_].cookie = true;
  const auto reply = [this](uint8_t first, uint8_t second) {
    Octets options = testing_support::EdnsOption(10, CookieOf(8, first));
    const Octets more = testing_support::EdnsOption(10, CookieOf(8, second));
    options.insert(options.end(), more.begin(), more.end());
    return Good().Additional().Opt({.options = options}).Build();
  };
  EXPECT_EQ(Check(reply(1, 9)), Acceptance::kAccepted);
  EXPECT_EQ(Check(reply(9, 1)), Acceptance::kDropCookie);
}

TEST_P(AcceptanceTest, TcpTakesEverythingButAWrongCookie) {
  Try& open = in_flight_[try_];
  route_.servers()[0].cookies = CookieJar(kClientCookie);
  route_.servers()[0].cookies.Learn(CookieOf(8));
  open.cookie = true;
  const auto accepts = [&](const Octets& octets) {
    message_ = dnswire::Message::ParseHead(octets);
    return AcceptTcp(open, Context(), &message_);
  };
  const auto with = [this](uint8_t first) {
    return Good()
        .Additional()
        .Opt({.options = testing_support::EdnsOption(10, CookieOf(8, first))})
        .Build();
  };
  EXPECT_TRUE(accepts(with(1)));
  EXPECT_TRUE(accepts(Good().Build())) << "nobody forges into a connection";
  EXPECT_FALSE(accepts(with(9)));
  EXPECT_FALSE(accepts(Good().Tc().Build()));
  EXPECT_FALSE(accepts(Good().Response(false).Build()));
  EXPECT_FALSE(accepts(
      PacketBuilder().Id(id()).Response().Question("x", rr::kPtr).Build()));
}

TEST(IsNearMissTest, OnlyWhatAlmostMatches) {
  const std::pair<Acceptance, bool> kCases[] = {
      {Acceptance::kAccepted, false},    {Acceptance::kDropSize, false},
      {Acceptance::kDropSource, true},   {Acceptance::kDropHeader, false},
      {Acceptance::kLate, false},        {Acceptance::kStray, true},
      {Acceptance::kDropQuestion, true}, {Acceptance::kDropCase, false},
      {Acceptance::kDropCookie, true},
  };
  for (const auto& [acceptance, expected] : kCases) {
    EXPECT_EQ(IsNearMiss({.acceptance = acceptance, .server = ServerIndex{0}}),
              expected)
        << static_cast<int>(acceptance);
  }
  EXPECT_FALSE(IsNearMiss({.acceptance = Acceptance::kDropSource}))
      << "of no server of ours";
}

TEST_P(AcceptanceTest, LetterCaseOfTheQuestionDoesNotCount) {
  EXPECT_EQ(Check(PacketBuilder()
                      .Id(id())
                      .Response()
                      .Question("10.2.0.192.IN-Addr.ArPA", rr::kPtr)
                      .Build()),
            Acceptance::kAccepted);
}

TEST_P(AcceptanceTest, NoQuestionPassesOnlyWithFormerrOrNotimp) {
  for (uint8_t rcode = 0; rcode < 16; ++rcode) {
    const bool expected = rcode == 1 || rcode == 4;
    EXPECT_EQ(Check(PacketBuilder().Id(id()).Response().Rcode(rcode).Build()),
              expected ? Acceptance::kAccepted : Acceptance::kDropQuestion)
        << int{rcode};
  }
}

TEST_P(AcceptanceTest, TheFirstFailedCheckDecides) {
  const auto wrong = [this] {
    return PacketBuilder().Id(id()).Question("x", rr::kA);  // a query, too
  };
  // Wrong source, header and question.
  EXPECT_EQ(AcceptFrom(GetParam().stranger, wrong().Build()).acceptance,
            Acceptance::kDropSource);
  // Wrong header, id, server and question.
  const Octets unknown_id = wrong().Id(static_cast<uint16_t>(id() + 1)).Build();
  EXPECT_EQ(AcceptFrom(GetParam().other_server, unknown_id).acceptance,
            Acceptance::kDropHeader);
  // Wrong id, server and question.
  const Octets stray =
      wrong().Id(static_cast<uint16_t>(id() + 1)).Response().Build();
  EXPECT_EQ(AcceptFrom(GetParam().other_server, stray).acceptance,
            Acceptance::kStray);
  // Wrong server and question.
  const Octets response = wrong().Response().Build();
  EXPECT_EQ(AcceptFrom(GetParam().other_server, response).acceptance,
            Acceptance::kDropSource);
}

TEST_P(AcceptanceTest, AForwardQuestionIsItsLastName) {
  Question& question = questions_[in_flight_[try_].question];
  question.type = dnswire::kTypeA;
  question.names.Add(*dnswire::Name::Parse("www.example.com"));
  question.names.Add(*dnswire::Name::Parse("web.example.net"));
  const auto reply = [this](const char* name) {
    return PacketBuilder().Id(id()).Response().Question(name, rr::kA).Build();
  };
  EXPECT_EQ(Check(reply("web.example.net")), Acceptance::kAccepted);
  EXPECT_EQ(Check(reply("www.example.com")), Acceptance::kDropQuestion);
}

TEST(CountDatagramTest, EachResultAddsToOneCounterOfItsOwn) {
  const std::pair<Acceptance, uint64_t Stats::*> kCounters[] = {
      {Acceptance::kAccepted, &Stats::udp_accepted},
      {Acceptance::kDropSize, &Stats::drop_size},
      {Acceptance::kDropSource, &Stats::drop_source},
      {Acceptance::kDropHeader, &Stats::drop_header},
      {Acceptance::kStray, &Stats::stray},
      {Acceptance::kDropQuestion, &Stats::drop_question},
      {Acceptance::kLate, &Stats::late},
      {Acceptance::kDropCase, &Stats::drop_case},
      {Acceptance::kDropCookie, &Stats::drop_cookie},
  };
  for (const auto& [acceptance, counter] : kCounters) {
    Stats stats;
    CountDatagram(acceptance, &stats);
    EXPECT_EQ(stats.udp_received, 1u);
    EXPECT_EQ(stats.*counter, 1u);
    EXPECT_EQ(stats.udp_accepted + stats.drop_size + stats.drop_source +
                  stats.drop_header + stats.late + stats.stray +
                  stats.drop_question + stats.drop_case + stats.drop_cookie,
              1u);
  }
}

}  // namespace
}  // namespace scanner
