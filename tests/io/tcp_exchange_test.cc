#include "io/net/tcp_exchange.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/io/tcp_exchange_fixture.h"
#include "tests/io/tcp_test_server.h"

namespace io {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST_F(TcpExchangeTest, AsksAndAnswers) {
  const TcpTestServer server({AnswerAll(1)});
  Start(server.port());
  Ask(7);
  EXPECT_EQ(exchange_->open(), 1U);
  EXPECT_TRUE(exchange_->HasId(7));
  EXPECT_FALSE(exchange_->HasId(8));
  EXPECT_THAT(told_, IsEmpty());
  RunUntilTold(1);
  EXPECT_THAT(told_, ElementsAre("answer 7"));
  EXPECT_THAT(answers_, ElementsAre(Message(7)));
  EXPECT_EQ(exchange_->open(), 0U);
  EXPECT_FALSE(exchange_->HasId(7));
  EXPECT_EQ(exchange_->dropped(), 0U);
}

TEST_F(TcpExchangeTest, MatchesAnswersInAnyOrder) {
  std::vector<std::string> expected;
  for (int id = 64; id >= 1; --id) {
    expected.push_back(absl::StrCat("answer ", id));
  }
  const TcpTestServer server({[](ServedConnection& connection) {
    std::vector<Octets> questions(64);
    for (Octets& question : questions) question = connection.Read();
    for (size_t i = 64; i-- > 0;) connection.Send(questions[i]);
  }});
  Start(server.port());
  for (uint16_t id = 1; id <= 64; ++id) Ask(id);
  RunUntilTold(64);
  EXPECT_EQ(told_, expected);
}

TEST_F(TcpExchangeTest, WritesLengthAndMessageTogether) {
  const TcpTestServer server({[](ServedConnection& connection) {
    const Octets chunk = connection.ReadChunk();
    EXPECT_EQ(chunk, WithLength(Message(7)));
    connection.Send(Message(7));
  }});
  Start(server.port());
  Ask(7);
  RunUntilTold(1);
  EXPECT_THAT(told_, ElementsAre("answer 7"));
}

// The descriptor of this process that is connected to that port.
int ConnectedTo(uint16_t port) {
  for (int fd = 0; fd < 1024; ++fd) {
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    if (getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) == 0 &&
        peer.sin_family == AF_INET && ntohs(peer.sin_port) == port) {
      return fd;
    }
  }
  return -1;
}

TEST_F(TcpExchangeTest, SendsWithoutNagleDelay) {
  const TcpTestServer server({AnswerAll(1)});
  int no_delay = 0;
  when_told_ = [&](const auto&) {
    socklen_t size = sizeof no_delay;
    const int fd = ConnectedTo(server.port());
    EXPECT_EQ(getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &no_delay, &size), 0);
  };
  Start(server.port());
  Ask(7);
  RunUntilTold(1);
  EXPECT_EQ(no_delay, 1);
}

TEST_F(TcpExchangeTest, KeepsQuestionsBackBeyondTheLimitOfOpenOnes) {
  limits_.max_open = 4;
  const TcpTestServer server({[](ServedConnection& connection) {
    EXPECT_EQ(connection.ReadChunk().size(), 4 * (2 + 12));
    for (uint16_t id = 1; id <= 6; ++id) {
      connection.Send(Message(id));
      EXPECT_EQ(IdOf(connection.Read()), id + 4);
    }
    for (uint16_t id = 7; id <= 10; ++id) connection.Send(Message(id));
  }});
  Start(server.port());
  for (uint16_t id = 1; id <= 10; ++id) Ask(id);
  EXPECT_EQ(exchange_->open(), 10U);
  RunUntilTold(10);
  EXPECT_EQ(exchange_->open(), 0U);
  EXPECT_THAT(told_, Each(StartsWith("answer")));
}

TEST_F(TcpExchangeTest, ReadsAnswersOctetByOctet) {
  const TcpTestServer server({[](ServedConnection& connection) {
    connection.Read();
    connection.Read();
    connection.SendRaw(WithLength(Message(1, 300)), true);
    connection.SendRaw(WithLength(Message(2)), true);
  }});
  Start(server.port());
  Ask(1);
  Ask(2);
  RunUntilTold(2);
  EXPECT_THAT(answers_, ElementsAre(Message(1, 300), Message(2)));
}

TEST_F(TcpExchangeTest, ReadsManyAnswersAndTheLargestFromOneStream) {
  const TcpTestServer server({[](ServedConnection& connection) {
    Octets all;
    for (const size_t size : {65535U, 12U, 65535U, 40000U}) {
      const uint16_t id = IdOf(connection.Read());
      const Octets framed = WithLength(Message(id, size));
      all.insert(all.end(), framed.begin(), framed.end());
    }
    connection.SendRaw(all);
  }});
  Start(server.port());
  for (uint16_t id = 1; id <= 4; ++id) Ask(id);
  RunUntilTold(4);
  EXPECT_EQ(answers_,
            (std::vector<Octets>{Message(1, 65535), Message(2),
                                 Message(3, 65535), Message(4, 40000)}));
}

TEST_F(TcpExchangeTest, IgnoresTheLateAnswerToATimedOutQuestion) {
  limits_.answer = absl::Milliseconds(30);
  const TcpTestServer server({[](ServedConnection& connection) {
    connection.Read();
    connection.Read();
    connection.Send(Message(2));
    EXPECT_EQ(connection.Read(), Message(3));
    connection.Send(Message(1));
    connection.Send(Message(3));
  }});
  when_told_ = [this](const std::string& line) {
    if (line != "timeout 1") return;
    EXPECT_TRUE(exchange_->HasId(1));
    Ask(3);
  };
  Start(server.port());
  Ask(1);
  Ask(2);
  RunUntilTold(3);
  EXPECT_THAT(told_, ElementsAre("answer 2", "timeout 1", "answer 3"));
  EXPECT_EQ(exchange_->dropped(), 0U);
  EXPECT_FALSE(exchange_->HasId(1));
}

TEST_F(TcpExchangeTest, IgnoresTheAnswerToACancelledQuestion) {
  const TcpTestServer server({[](ServedConnection& connection) {
    connection.Read();
    connection.Read();
    connection.Send(Message(2));
    EXPECT_EQ(connection.Read(), Message(3));
    connection.Send(Message(1));
    connection.Send(Message(3));
  }});
  when_told_ = [this](const std::string& line) {
    if (line != "answer 2") return;
    Cancel(1);
    EXPECT_TRUE(exchange_->HasId(1));
    Ask(3);
  };
  Start(server.port());
  Ask(1);
  Ask(2);
  RunUntilTold(2);
  EXPECT_THAT(told_, ElementsAre("answer 2", "answer 3"));
  EXPECT_EQ(exchange_->dropped(), 0U);
  EXPECT_EQ(exchange_->open(), 0U);
}

TEST_F(TcpExchangeTest, ClosesAConnectionThatOwesTooManyAnswers) {
  limits_.max_open = 3;
  const TcpTestServer server({[](ServedConnection& connection) {
                                for (int i = 0; i < 3; ++i) connection.Read();
                                connection.Send(Message(3));
                                for (int i = 0; i < 2; ++i) connection.Read();
                                connection.Send(Message(5));
                                EXPECT_TRUE(connection.ClientCloses());
                              },
                              AnswerAll(1)});
  when_told_ = [this](const std::string& line) {
    if (line == "answer 3") {
      Cancel(1);
      Cancel(2);
      Ask(4);
      Ask(5);
    } else if (line == "answer 5") {
      Cancel(4);
      Ask(6);
    }
  };
  Start(server.port());
  for (uint16_t id = 1; id <= 3; ++id) Ask(id);
  RunUntilTold(3);
  EXPECT_THAT(told_, ElementsAre("answer 3", "answer 5", "answer 6"));
  EXPECT_FALSE(exchange_->HasId(1));
}

TEST_F(TcpExchangeTest, CancelBeforeSendingLeavesNoTrace) {
  const TcpTestServer server({[](ServedConnection& connection) {
    EXPECT_EQ(connection.ReadChunk(), WithLength(Message(2)));
    connection.Send(Message(2));
  }});
  Start(server.port());
  Ask(1);
  Ask(2);
  Cancel(1);
  Cancel(99);  // never asked
  EXPECT_EQ(exchange_->open(), 1U);
  EXPECT_FALSE(exchange_->HasId(1));
  RunUntilTold(1);
  EXPECT_THAT(told_, ElementsAre("answer 2"));
}

TEST_F(TcpExchangeTest, ADelegateMayCancelTheQuestionItIsToldAbout) {
  limits_.max_open = 1;  // so that one owed answer would cost the connection
  const TcpTestServer server({AnswerAll(2)});
  when_told_ = [this](const std::string& line) {
    if (line != "answer 1") return;
    Cancel(1);
    Ask(2);
  };
  Start(server.port());
  Ask(1);
  RunUntilTold(2);
  EXPECT_THAT(told_, ElementsAre("answer 1", "answer 2"));
  EXPECT_FALSE(exchange_->HasId(1));
}

TEST_F(TcpExchangeTest, ClosesWhenIdleAndConnectsAgainOnDemand) {
  limits_.idle = absl::Milliseconds(20);
  std::atomic<bool> closed = false;
  TimeNs answered = 0;
  const TcpTestServer server({[&](ServedConnection& connection) {
                                connection.Send(connection.Read());
                                closed = connection.ClientCloses();
                                loop_->Wake();
                              },
                              AnswerAll(1)});
  when_told_ = [&](const auto&) { answered = EventLoop::Now(); };
  Start(server.port());
  Ask(1);
  RunUntilTold(1);
  RunUntil([&] { return closed.load(); });
  EXPECT_GE(EventLoop::Now() - answered, 20 * kMillisecond);
  Ask(2);
  RunUntilTold(2);
  EXPECT_THAT(told_, ElementsAre("answer 1", "answer 2"));
}

TEST_F(TcpExchangeTest, TheServerMayCloseAnIdleConnection) {
  const TcpTestServer server({AnswerAll(1), AnswerAll(1)});
  Start(server.port());
  Ask(1);
  RunUntilTold(1);
  Ask(2);
  RunUntilTold(2);
  EXPECT_THAT(told_, ElementsAre("answer 1", "answer 2"));
}

TEST_F(TcpExchangeTest, MayBeDestroyedBeforeAnyIteration) {
  Start(1);
  Ask(1);
  exchange_.reset();
  EXPECT_THAT(told_, IsEmpty());
}

TEST_F(TcpExchangeTest, MayBeDestroyedInEveryTurnOfAnExchange) {
  uint16_t port = 0;
  for (int last_turn = 1; last_turn <= 6; ++last_turn) {
    const int listener = LoopbackTcpSocket(16, &port);
    Start(port);
    Ask(1);
    int turns = 0;
    RunUntil([&] {
      loop_->Wake();
      if (++turns == last_turn) exchange_.reset();
      return turns == last_turn + 2;
    });
    EXPECT_THAT(told_, IsEmpty());
    close(listener);
  }
}

}  // namespace
}  // namespace io
