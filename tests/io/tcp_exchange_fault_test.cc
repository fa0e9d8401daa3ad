// How TcpExchange bears servers that close, cheat, refuse or keep silent.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/io/descriptor_limit.h"
#include "tests/io/tcp_exchange_fixture.h"
#include "tests/io/tcp_test_server.h"

namespace io {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(TcpExchangeTest, AsksAgainInOrderWhenTheConnectionCloses) {
  const TcpTestServer server(
      {[](ServedConnection& connection) {
         for (int i = 0; i < 4; ++i) connection.Read();
         connection.Send(Message(2));
         Octets cut = WithLength(Message(1));
         cut.resize(9);
         connection.SendRaw(cut);
       },
       [](ServedConnection& connection) {
         for (const uint16_t id : std::to_array<uint16_t>({1, 3, 4})) {
           EXPECT_EQ(connection.Read(), Message(id));
           connection.Send(Message(id));
         }
       }});
  Start(server.port());
  for (uint16_t id = 1; id <= 4; ++id) Ask(id);
  RunUntilTold(4);
  EXPECT_THAT(told_,
              ElementsAre("answer 2", "answer 1", "answer 3", "answer 4"));
  EXPECT_EQ(exchange_->dropped(), 0U);
}

TEST_F(TcpExchangeTest, FailsWhatWasOpenOnTwoClosedConnections) {
  const TcpTestServer server({CloseAfterReading(2), CloseAfterReading(2)});
  Start(server.port());
  Ask(1);
  Ask(2);
  RunUntilTold(2);
  EXPECT_THAT(told_, ElementsAre("closed 1", "closed 2"));
  EXPECT_EQ(exchange_->open(), 0U);
  EXPECT_FALSE(exchange_->HasId(1));
}

TEST_F(TcpExchangeTest, AClosedConnectionCountsForItsOwnQuestionsOnly) {
  limits_.max_open = 1;
  const TcpTestServer server(
      {CloseAfterReading(1), CloseAfterReading(1), AnswerAll(1)});
  Start(server.port());
  Ask(1);
  Ask(2);  // waits, and so has lost no connection
  RunUntilTold(2);
  EXPECT_THAT(told_, ElementsAre("closed 1", "answer 2"));
}

TEST_F(TcpExchangeTest, TimesOutThenUsesANewConnection) {
  limits_.answer = absl::Milliseconds(30);
  const TcpTestServer server({[](ServedConnection& connection) {
                                connection.Read();
                                EXPECT_TRUE(connection.ClientCloses());
                              },
                              AnswerAll(1)});
  Start(server.port());
  const TimeNs start = EventLoop::Now();
  Ask(1);
  RunUntilTold(1);
  EXPECT_GE(EventLoop::Now() - start, 30 * kMillisecond);
  EXPECT_THAT(told_, ElementsAre("timeout 1"));
  EXPECT_FALSE(exchange_->HasId(1));
  Ask(2);
  RunUntilTold(2);
  EXPECT_THAT(told_, ElementsAre("timeout 1", "answer 2"));
}

TEST_F(TcpExchangeTest, AStrangeIdOrAnImpossibleLengthClosesTheConnection) {
  const struct {
    absl::string_view label;
    Octets octets;
  } cases[] = {
      {"id never asked", WithLength(Message(8))},
      {"length 5, no body", {0, 5}},
      {"length 0", {0, 0}},
      {"length 11", WithLength(Message(1, 11))},
  };
  for (const auto& c : cases) {
    const TcpTestServer server({Misbehave(c.octets), AnswerAll(1)});
    told_.clear();
    Start(server.port());
    Ask(1);
    RunUntilTold(1);
    EXPECT_THAT(told_, ElementsAre("answer 1")) << c.label;
    EXPECT_EQ(exchange_->dropped(), 1U) << c.label;
  }
}

TEST_F(TcpExchangeTest, NothingBehindABrokenMessageIsRead) {
  Octets octets = WithLength(Message(8));
  const Octets answer = WithLength(Message(1));
  octets.insert(octets.end(), answer.begin(), answer.end());
  const TcpTestServer server({Misbehave(octets), Misbehave(octets)});
  Start(server.port());
  Ask(1);
  RunUntilTold(1);
  EXPECT_THAT(told_, ElementsAre("closed 1"));
  EXPECT_EQ(exchange_->dropped(), 2U);
}

TEST_F(TcpExchangeTest, ARejectedAnswerClosesTheConnection) {
  const TcpTestServer server({Misbehave(WithLength(Message(1))), AnswerAll(1)});
  reject_next_ = true;
  Start(server.port());
  Ask(1);
  RunUntilTold(1);
  EXPECT_EQ(exchange_->open(), 1U);
  EXPECT_TRUE(exchange_->HasId(1));
  RunUntilTold(2);
  EXPECT_THAT(told_, ElementsAre("answer 1", "answer 1"));
  EXPECT_EQ(exchange_->open(), 0U);
  EXPECT_EQ(exchange_->dropped(), 0U);
}

TEST_F(TcpExchangeTest, ARefusedConnectionFailsAllThatWaits) {
  uint16_t port = 0;
  const int bound = LoopbackTcpSocket(-1, &port);  // nobody listens
  Start(port);
  for (uint16_t id = 1; id <= 3; ++id) Ask(id);
  EXPECT_THAT(told_, IsEmpty());
  RunUntilTold(3);
  EXPECT_THAT(told_, ElementsAre("connect 1", "connect 2", "connect 3"));
  EXPECT_EQ(exchange_->open(), 0U);
  close(bound);
}

TEST_F(TcpExchangeTest, AFailureCanBeCancelledWhileOthersAreTold) {
  uint16_t port = 0;
  const int bound = LoopbackTcpSocket(-1, &port);
  when_told_ = [this](const std::string& line) {
    if (line == "connect 1") Cancel(2);
  };
  Start(port);
  for (uint16_t id = 1; id <= 3; ++id) Ask(id);
  RunUntilTold(2);
  EXPECT_THAT(told_, ElementsAre("connect 1", "connect 3"));
  EXPECT_EQ(exchange_->open(), 0U);
  close(bound);
}

// connect() refuses a link-local address without interface on the spot. Who
// asks again and again must not keep the loop from its turns.
TEST_F(TcpExchangeTest, AFailureToConnectAtOnceIsToldLater) {
  StartAt(*Endpoint::Parse("[fe80::1]:53"));
  when_told_ = [this](const std::string&) {
    Ask(static_cast<uint16_t>(told_.size() + 1));
  };
  Ask(1);
  EXPECT_THAT(told_, IsEmpty());
  RunUntilTold(3);
  told_.resize(3);
  EXPECT_THAT(told_, ElementsAre("connect 1", "connect 2", "connect 3"));
}

// A listener whose queue of unaccepted connections is full ignores new ones.
TEST_F(TcpExchangeTest, GivesUpConnectingAfterTheLimit) {
  limits_.connect = absl::Milliseconds(30);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  uint16_t port = 0;
  std::vector<int> sockets = {LoopbackTcpSocket(0, &port)};
  address.sin_port = htons(port);
  for (int i = 0; i < 3; ++i) {
    sockets.push_back(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    EXPECT_NE(
        connect(sockets.back(), reinterpret_cast<const sockaddr*>(&address),
                sizeof address),
        0);
  }
  Start(port);
  const TimeNs start = EventLoop::Now();
  Ask(1);
  RunUntilTold(1);
  EXPECT_GE(EventLoop::Now() - start, 30 * kMillisecond);
  EXPECT_THAT(told_, ElementsAre("connect 1"));
  for (const int fd : sockets) close(fd);
}

TEST_F(TcpExchangeTest, WaitsForADescriptorAndLosesNoQuestion) {
  const TcpTestServer server({AnswerAll(2)});
  limits_.connect = absl::Milliseconds(10);
  Start(server.port());
  auto limit = std::make_unique<DescriptorLimit>(100, 100);
  Ask(1);
  Ask(2);
  const TimeNs until = EventLoop::Now() + 30 * kMillisecond;
  RunUntil([&] { return EventLoop::Now() >= until; });
  EXPECT_THAT(told_, IsEmpty());
  EXPECT_EQ(exchange_->open(), 2U);
  limit.reset();
  RunUntilTold(2);
  EXPECT_THAT(told_, ElementsAre("answer 1", "answer 2"));
}

}  // namespace
}  // namespace io
