// The relay: each impairment measured at the far side against its probability.
#include "tests/support/relay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include "tests/support/relay_queue.h"
#include "tests/support/relay_rig.h"

namespace testing_support {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::steady_clock;
using testing::HasSubstr;

constexpr size_t kCount = 20000;

// Within five standard deviations of a binomial distribution.
void ExpectBinomial(uint64_t hits, uint64_t draws, double per_cent,
                    const std::string& label) {
  const double p = per_cent / 100;
  const double mean = static_cast<double>(draws) * p;
  const double bound = 5 * std::sqrt(mean * (1 - p));
  EXPECT_NEAR(static_cast<double>(hits), mean, bound) << label;
}

// What arrived undamaged.
struct Arrival {
  std::set<size_t> numbers;
  size_t copies = 0;     // of a number that was there before
  size_t overtaken = 0;  // after a higher number
};

Arrival Examine(const std::vector<std::string>& arrived) {
  Arrival arrival;
  size_t highest = 0;
  for (const std::string& text : arrived) {
    const size_t number = std::stoul(text);
    if (number < highest) ++arrival.overtaken;
    highest = std::max(highest, number);
    if (!arrival.numbers.insert(number).second) ++arrival.copies;
  }
  return arrival;
}

Weather Both(const Impairment& impairment) {
  return {.to_server = impairment, .from_server = impairment};
}

TEST(RelayTest, PassesAllInOrderInAGoodNetwork) {
  RelayRig rig(Weather{});
  for (const auto& arrived :
       {rig.SendToServer(kCount), rig.SendFromServer(kCount)}) {
    const Arrival arrival = Examine(arrived);
    EXPECT_EQ(arrived.size(), kCount);
    EXPECT_EQ(arrival.numbers.size(), kCount);
    EXPECT_EQ(arrival.overtaken, 0u);
  }
}

TEST(RelayTest, LosesAsManyAsItsProbabilitySays) {
  for (const double loss : {0.0, 1.0, 5.0, 30.0, 100.0}) {
    RelayRig rig({.to_server = {.loss = loss}});
    const auto arrived = rig.SendToServer(kCount);
    ExpectBinomial(kCount - arrived.size(), kCount, loss,
                   "loss " + std::to_string(loss));
    EXPECT_EQ(rig.relay().counters().to_server.lost, kCount - arrived.size());
  }
}

TEST(RelayTest, DirectionsAreImpairedApart) {
  RelayRig rig({.from_server = {.loss = 20}});
  EXPECT_EQ(rig.SendToServer(kCount).size(), kCount);
  ExpectBinomial(kCount - rig.SendFromServer(kCount).size(), kCount, 20,
                 "from the server");
}

TEST(RelayTest, DirectionsLoseDifferentDatagrams) {
  RelayRig rig(Both({.loss = 50}));
  std::set<size_t> both = Examine(rig.SendToServer(1000)).numbers;
  rig.relay().SetWeather({.from_server = {.loss = 50}});
  const Arrival from = Examine(rig.SendFromServer(1000));
  std::erase_if(both, [&](size_t n) { return from.numbers.count(n) == 0; });
  ExpectBinomial(both.size(), 1000, 25, "in both");
}

TEST(RelayTest, DuplicatesAsManyAsItsProbabilitySays) {
  RelayRig rig(Both({.duplicate = 5}));
  const Arrival arrival = Examine(rig.SendToServer(kCount));
  EXPECT_EQ(arrival.numbers.size(), kCount);
  ExpectBinomial(arrival.copies, kCount, 5, "duplicated");
  EXPECT_EQ(rig.relay().counters().to_server.duplicated, arrival.copies);
}

// The places of the bits in which two texts of the same size differ.
std::vector<size_t> DifferingBits(const std::string& a, const std::string& b) {
  std::vector<size_t> places;
  for (size_t at = 0; at < 8 * a.size(); ++at) {
    if (((a[at / 8] ^ b[at / 8]) >> at % 8 & 1) != 0) places.push_back(at);
  }
  return places;
}

TEST(RelayTest, FlipsOneBitInAsManyAsItsProbabilitySays) {
  RelayRig good(Weather{});
  const auto sent = good.SendToServer(kCount);
  RelayRig rig({.to_server = {.corrupt = 10}});
  const auto arrived = rig.SendToServer(kCount);
  ASSERT_EQ(arrived.size(), sent.size());
  size_t damaged = 0;
  std::map<size_t, size_t> hits;  // by octet
  for (size_t i = 0; i < kCount; ++i) {
    ASSERT_EQ(arrived[i].size(), sent[i].size());
    const auto places = DifferingBits(sent[i], arrived[i]);
    ASSERT_LE(places.size(), 1u);
    damaged += places.size();
    for (const size_t place : places) ++hits[place / 8];
  }
  ExpectBinomial(damaged, kCount, 10, "damaged");
  EXPECT_EQ(rig.relay().counters().to_server.corrupted, damaged);
  const size_t octets = sent[0].size();
  for (size_t at = 0; at < octets; ++at) {
    ExpectBinomial(hits[at], damaged, 100.0 / static_cast<double>(octets),
                   "octet " + std::to_string(at));
  }
}

TEST(RelayTest, ReorderedDatagramsAreOvertaken) {
  RelayRig rig({.to_server = {.reorder = 2}});
  const Arrival arrival = Examine(rig.SendToServer(kCount));
  const RelayCounters counters = rig.relay().counters().to_server;
  EXPECT_EQ(arrival.numbers.size(), kCount);
  ExpectBinomial(counters.reordered, kCount, 2, "reordered");
  EXPECT_EQ(counters.delayed, counters.reordered);
  // Nearly all of them: some were the last for a while.
  EXPECT_GT(arrival.overtaken, counters.reordered / 2);
  EXPECT_LE(arrival.overtaken, counters.reordered);
}

TEST(RelayTest, SameSeedSamePatternOtherSeedAnother) {
  const Weather weather = {
      .to_server = {.loss = 10, .duplicate = 10, .corrupt = 10}};
  const auto run = [&weather](uint64_t seed) {
    RelayRig rig(weather, seed);
    return rig.SendToServer(2000);
  };
  const auto first = run(7);
  EXPECT_EQ(run(7), first);
  EXPECT_NE(run(8), first);
}

TEST(RelayTest, OneProbabilityLeavesThePatternOfTheOthersAlone) {
  const Impairment lossy = {.loss = 10};
  const Impairment worse = {.loss = 10, .duplicate = 50, .corrupt = 50};
  for (uint64_t n = 0; n < 1000; ++n) {
    EXPECT_EQ(FateOf(lossy, 3, n).lost, FateOf(worse, 3, n).lost);
  }
}

TEST(RelayTest, CountersOfADirectionAddUp) {
  RelayRig rig({.to_server = {.loss = 10,
                              .duplicate = 10,
                              .reorder = 10,
                              .corrupt = 10,
                              .jitter_ms = 3},
                .rate_qps = 20000});
  rig.SendToServer(kCount);
  rig.relay().Stop();
  const RelayCounters counters = rig.relay().counters().to_server;
  EXPECT_EQ(counters.received, kCount);
  EXPECT_EQ(counters.received + counters.duplicated,
            counters.lost + counters.over_rate + counters.overflowed +
                counters.unsent + counters.sent);
  EXPECT_THAT(FormatReport(rig.relay().counters()),
              HasSubstr("to-server received 20000 lost "));
}

TEST(RelayTest, ConstantDelayHoldsBackAndKeepsTheOrder) {
  RelayRig rig({.to_server = {.delay_ms = 30}});
  const auto start = steady_clock::now();
  const Arrival arrival = Examine(rig.SendToServer(500));
  EXPECT_GE(steady_clock::now() - start, milliseconds(30));
  EXPECT_EQ(arrival.numbers.size(), 500u);
  EXPECT_EQ(arrival.overtaken, 0u);
  EXPECT_EQ(rig.relay().counters().to_server.delayed, 500u);
}

TEST(RelayTest, JitterIsUniformOnTopOfTheDelay) {
  const Impairment impairment = {.delay_ms = 10, .jitter_ms = 8};
  nanoseconds sum{0};
  for (uint64_t n = 0; n < kCount; ++n) {
    const Fate fate = FateOf(impairment, 1, n);
    EXPECT_GE(fate.delay, milliseconds(10));
    EXPECT_LT(fate.delay, milliseconds(18));
    sum += fate.delay;
  }
  // Standard error of the mean: 8 ms / sqrt(12 * 20000).
  EXPECT_NEAR(static_cast<double>(sum.count()) / kCount / 1e6, 14, 0.1);
}

TEST(RelayTest, HeldBackDatagramsAreBounded) {
  RelayRig rig({.to_server = {.delay_ms = 50}}, 1, {.max_held = 10});
  const auto arrived = rig.SendToServer(100);
  const RelayCounters counters = rig.relay().counters().to_server;
  EXPECT_GE(arrived.size(), 10u);
  EXPECT_EQ(counters.overflowed, 100 - arrived.size());
}

TEST(RelayTest, RateGateAdmitsTheRateWithinTwoPerCentOrTwoDatagrams) {
  for (const double qps : {1.0, 7.0, 100.0, 500.0, 50'000.0}) {
    RateGate gate;
    RelayTime now(std::chrono::hours(1));
    const nanoseconds step(static_cast<int64_t>(1e9 / qps / 10));
    // The bucket is full at first: empty it.
    while (gate.Admit(qps, now)) {
    }
    uint64_t admitted = 0;
    const auto end = now + std::chrono::seconds(10);
    while ((now += step) <= end) admitted += gate.Admit(qps, now);
    EXPECT_NEAR(static_cast<double>(admitted), 10 * qps,
                std::max(2.0, 0.02 * 10 * qps))
        << qps;
  }
}

TEST(RelayTest, RateBindsTowardsTheServerOnly) {
  RelayRig rig({.rate_qps = 1000});
  EXPECT_EQ(rig.SendFromServer(5000).size(), 5000u);
  const auto start = steady_clock::now();
  const size_t arrived = rig.SendToServer(5000).size();
  const std::chrono::duration<double> seconds = steady_clock::now() - start;
  EXPECT_GE(arrived, 20u);
  EXPECT_LE(static_cast<double>(arrived), 21 + 1000 * seconds.count());
  EXPECT_EQ(rig.relay().counters().to_server.over_rate, 5000 - arrived);
}

TEST(RelayTest, EachClientHasAPortOfItsOwnAtTheServer) {
  RelayRig rig(Weather{});
  const Descriptor other = BoundSocket(SOCK_DGRAM, SocketAddress::Loopback(0));
  SocketAddress first;
  SocketAddress second;
  SendOne(rig.client(), "a", rig.relay().address());
  EXPECT_EQ(ReceiveOne(rig.server(), &first), "a");
  SendOne(other, "b", rig.relay().address());
  EXPECT_EQ(ReceiveOne(rig.server(), &second), "b");
  EXPECT_NE(first, second);
  SendOne(rig.server(), "to b", second);
  SendOne(rig.server(), "to a", first);
  SocketAddress sender;
  EXPECT_EQ(ReceiveOne(rig.client(), &sender), "to a");
  EXPECT_EQ(sender, rig.relay().address());
  EXPECT_EQ(ReceiveOne(other), "to b");
}

TEST(RelayTest, RecyclesTheClientUnusedForLongest) {
  RelayRig rig(Weather{}, 1, {.max_clients = 2});
  const auto ask = [&rig](const Descriptor& client) {
    SocketAddress upstream;
    SendOne(client, "x", rig.relay().address());
    EXPECT_EQ(ReceiveOne(rig.server(), &upstream), "x");
    return upstream;
  };
  const Descriptor second = BoundSocket(SOCK_DGRAM, SocketAddress::Loopback(0));
  const Descriptor third = BoundSocket(SOCK_DGRAM, SocketAddress::Loopback(0));
  const SocketAddress of_first = ask(rig.client());
  const SocketAddress of_second = ask(second);
  EXPECT_EQ(ask(rig.client()), of_first);
  ask(third);  // instead of the second
  EXPECT_EQ(ask(rig.client()), of_first);
  EXPECT_NE(ask(second), of_second);
}

TEST(RelayTest, DropsWhatIsLongerThanItsSlots) {
  RelayRig rig(Weather{});
  SendOne(rig.client(), std::string(4097, 'x'), rig.relay().address());
  SendOne(rig.client(), std::string(4096, 'y'), rig.relay().address());
  SendOne(rig.client(), "", rig.relay().address());
  EXPECT_EQ(ReceiveOne(rig.server()), std::string(4096, 'y'));
  EXPECT_EQ(ReceiveOne(rig.server()), "");
  rig.relay().Stop();
  EXPECT_EQ(rig.relay().counters().to_server.unsent, 1u);
}

TEST(RelayTest, RelaysIpv6) {
  const auto any = SocketAddress::Parse("[::1]:0");
  const Descriptor server = BoundSocket(SOCK_DGRAM, *any);
  if (!server) GTEST_SKIP() << "no IPv6 here";
  const auto relay = Relay::Start({.to = AddressOf(server), .listen = *any});
  const Descriptor client = BoundSocket(SOCK_DGRAM, *any);
  SocketAddress upstream;
  SendOne(client, "ask", relay->address());
  EXPECT_EQ(ReceiveOne(server, &upstream), "ask");
  SendOne(server, "answer", upstream);
  EXPECT_EQ(ReceiveOne(client), "answer");
}

TEST(RelayTest, DoesNotStartOnAPortThatIsTaken) {
  RelayRig rig(Weather{});
  EXPECT_EQ(Relay::Start(
                {.to = rig.relay().address(), .listen = rig.relay().address()}),
            nullptr);
}

}  // namespace
}  // namespace testing_support
