// What the tests of TcpExchange share: messages, server scripts, and a fixture
// that runs the loop and writes down what the exchange tells.
#ifndef PTRSWEEP_TESTS_IO_TCP_EXCHANGE_FIXTURE_H_
#define PTRSWEEP_TESTS_IO_TCP_EXCHANGE_FIXTURE_H_

#include <gtest/gtest.h>

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "io/net/tcp_exchange.h"
#include "tests/io/tcp_test_server.h"

namespace io {

inline constexpr absl::Duration kLong = absl::Seconds(8);
inline constexpr TimeNs kPatience = 10 * kSecond;
// A question is named by a number: its id; its token is that plus this.
inline constexpr uint32_t kTokenBase = 1000000;

inline Octets Message(uint16_t id, size_t size = 12) {
  Octets message(size, static_cast<uint8_t>(id));
  message[0] = static_cast<uint8_t>(id >> 8);
  message[1] = static_cast<uint8_t>(id);
  return message;
}

inline uint16_t IdOf(std::span<const uint8_t> message) {
  return static_cast<uint16_t>(message[0] << 8 | message[1]);
}

inline std::string FailureName(TcpExchange::Failure failure) {
  switch (failure) {
    case TcpExchange::Failure::kConnect:
      return "connect";
    case TcpExchange::Failure::kTimeout:
      return "timeout";
    case TcpExchange::Failure::kClosed:
      return "closed";
  }
  return "?";
}

// Writes down what the exchange tells: "answer 7", "timeout 7", ...
class TcpExchangeTest : public ::testing::Test, public TcpExchange::Delegate {
 protected:
  TcpExchangeTest() {
    std::signal(SIGPIPE, SIG_IGN);
    absl::StatusOr<std::unique_ptr<EventLoop>> loop = EventLoop::Create();
    EXPECT_TRUE(loop.ok()) << loop.status();
    loop_ = *std::move(loop);
  }

  void Start(uint16_t port) {
    StartAt({.address = dnswire::IpAddress::V4(0x7f000001), .port = port});
  }
  void StartAt(const Endpoint& server) {
    exchange_ =
        std::make_unique<TcpExchange>(loop_.get(), server, limits_, this);
  }

  void Ask(uint16_t id) { exchange_->Ask(kTokenBase + id, Message(id)); }
  void Cancel(uint16_t id) { exchange_->Cancel(kTokenBase + id); }

  // Runs the loop until something was told `count` times in all.
  void RunUntilTold(size_t count) {
    RunUntil([this, count] { return told_.size() >= count; });
  }
  void RunUntil(const std::function<bool()>& done) {
    const TimeNs give_up = EventLoop::Now() + kPatience;
    loop_->OnTurn([this, &done, give_up] {
      if (EventLoop::Now() > give_up) ADD_FAILURE() << "waited in vain";
      if (done() || EventLoop::Now() > give_up) loop_->Stop();
    });
    loop_->WakeAt(give_up + kMillisecond);
    loop_->Wake();
    loop_->Run();
  }

  bool OnTcpAnswer(uint32_t token, std::span<const uint8_t> message) override {
    EXPECT_EQ(token, kTokenBase + IdOf(message));
    Tell("answer", token);
    answers_.emplace_back(message.begin(), message.end());
    return !reject_next_ || !std::exchange(reject_next_, false);
  }
  void OnTcpFailure(uint32_t token, TcpExchange::Failure failure) override {
    Tell(FailureName(failure), token);
  }

  // What a test does when a line is told.
  std::function<void(const std::string&)> when_told_ = [](const auto&) {};
  bool reject_next_ = false;
  TcpExchange::Limits limits_ = {
      .connect = kLong, .answer = kLong, .idle = kLong};
  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<TcpExchange> exchange_;
  std::vector<std::string> told_;
  std::vector<Octets> answers_;

 private:
  void Tell(const std::string& what, uint32_t token) {
    told_.push_back(absl::StrCat(what, " ", token - kTokenBase));
    when_told_(told_.back());
  }
};

// Answers `count` questions, each as it comes.
inline TcpTestServer::Script AnswerAll(size_t count) {
  return [count](ServedConnection& connection) {
    for (size_t i = 0; i < count; ++i) connection.Send(connection.Read());
  };
}

// Reads `count` questions and closes.
inline TcpTestServer::Script CloseAfterReading(size_t count) {
  return [count](ServedConnection& connection) {
    for (size_t i = 0; i < count; ++i) connection.Read();
  };
}

// Reads a question, sends these octets, waits for the client to close.
inline TcpTestServer::Script Misbehave(const Octets& octets) {
  return [octets](ServedConnection& connection) {
    connection.Read();
    connection.SendRaw(octets);
    EXPECT_TRUE(connection.ClientCloses());
  };
}

}  // namespace io

#endif  // PTRSWEEP_TESTS_IO_TCP_EXCHANGE_FIXTURE_H_
