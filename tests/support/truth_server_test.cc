// The truth server over its sockets, and how fast it is.
#include "tests/support/truth_server.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/support/packet_builder.h"
#include "tests/support/relay_rig.h"

namespace testing_support {
namespace {

Octets Query(uint16_t id) {
  return PacketBuilder()
      .Id(id)
      .Rd()
      .Question("1.2.0.10.in-addr.arpa", rr::kPtr)
      .Build();
}

Octets Expected(const Truth& truth, const Octets& query) {
  Octets reply(kMaxTruthReply);
  reply.resize(MakeTruthReply(truth, query, reply));
  return reply;
}

TEST(TruthServerTest, AnswersOverUdp) {
  const Truth truth(3);
  const auto server = TruthServer::Start(truth);
  const Descriptor client = BoundSocket(SOCK_DGRAM, SocketAddress::Loopback(0));
  const Octets query = Query(9);
  SendOne(client, std::string(query.begin(), query.end()), server->address());
  const std::string reply = ReceiveOne(client);
  EXPECT_EQ(Octets(reply.begin(), reply.end()), Expected(truth, query));
}

TEST(TruthServerTest, AnswersOverTcpHoweverTheStreamIsCut) {
  const Truth truth(3);
  const auto server = TruthServer::Start(truth);
  const Descriptor client(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const SocketAddress& to = server->address();
  ASSERT_EQ(connect(client.get(), to.get(), to.size()), 0);
  Octets stream;
  Octets expected;
  for (uint16_t id = 1; id <= 50; ++id) {
    const Octets query = Query(id);
    const Octets reply = Expected(truth, query);
    stream = Concat({stream, {0, static_cast<uint8_t>(query.size())}, query});
    expected =
        Concat({expected, {0, static_cast<uint8_t>(reply.size())}, reply});
  }
  for (size_t at = 0; at < stream.size(); at += 7) {
    const size_t size = std::min<size_t>(7, stream.size() - at);
    ASSERT_EQ(send(client.get(), stream.data() + at, size, MSG_NOSIGNAL),
              static_cast<ssize_t>(size));
  }
  Octets got(expected.size());
  ASSERT_EQ(recv(client.get(), got.data(), got.size(), MSG_WAITALL),
            static_cast<ssize_t>(got.size()));
  EXPECT_EQ(got, expected);
}

TEST(TruthServerTest, MakesOverAHundredThousandRepliesASecond) {
  const Truth truth(3);
  const Octets query = Query(1);
  std::array<uint8_t, kMaxTruthReply> reply;
  constexpr int kRounds = 100'000;
  const auto start = std::chrono::steady_clock::now();
  size_t octets = 0;
  for (int i = 0; i < kRounds; ++i) {
    octets += MakeTruthReply(truth, query, reply);
  }
  const std::chrono::duration<double> seconds =
      std::chrono::steady_clock::now() - start;
  EXPECT_GT(octets, 0u);
  EXPECT_LT(seconds.count(), 1e-5 * kRounds);
  RecordProperty("ns_per_reply",
                 std::to_string(seconds.count() * 1e9 / kRounds));
}

}  // namespace
}  // namespace testing_support
