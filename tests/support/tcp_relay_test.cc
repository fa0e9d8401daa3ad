// TCP through the relay: refused, or passed on untouched.
#include <gtest/gtest.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <string>
#include <thread>

#include "tests/support/relay.h"

namespace testing_support {
namespace {

constexpr int kPatienceMs = 10'000;

// Blocking; empty with errno if it is refused.
Descriptor Connect(const SocketAddress& to) {
  Descriptor made(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (connect(made.get(), to.get(), to.size()) != 0) return Descriptor();
  return made;
}

// All that comes until the stream ends.
std::string ReadToEnd(const Descriptor& from) {
  std::string text;
  std::array<char, 4096> buffer;
  for (;;) {
    pollfd wait = {.fd = from.get(), .events = POLLIN};
    if (poll(&wait, 1, kPatienceMs) != 1) return text + "(no end)";
    const ssize_t size = recv(from.get(), buffer.data(), buffer.size(), 0);
    if (size <= 0) return text;
    text.append(buffer.data(), static_cast<size_t>(size));
  }
}

void WriteAll(const Descriptor& to, const std::string& text) {
  for (size_t at = 0; at < text.size();) {
    const ssize_t size =
        send(to.get(), text.data() + at, text.size() - at, MSG_NOSIGNAL);
    ASSERT_GT(size, 0);
    at += static_cast<size_t>(size);
  }
}

// Accepts one connection and sends back what comes, once it has ended.
class Echo {
 public:
  explicit Echo(const Descriptor& listener) {
    Require(listen(listener.get(), 8) == 0, "listen");
    thread_ = std::thread([&listener] {
      pollfd wait = {.fd = listener.get(), .events = POLLIN};
      if (poll(&wait, 1, kPatienceMs) != 1) return;
      const Descriptor accepted(
          accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
      WriteAll(accepted, ReadToEnd(accepted));
    });
  }
  ~Echo() { thread_.join(); }
  Echo(const Echo&) = delete;
  Echo& operator=(const Echo&) = delete;

 private:
  std::thread thread_;
};

TEST(TcpRelayTest, RefusesConnectionsUnlessAskedTo) {
  const auto server = BindPair(SocketAddress::Loopback(0));
  const auto relay = Relay::Start({.to = server->address});
  const Descriptor refused = Connect(relay->address());
  EXPECT_EQ(errno, ECONNREFUSED);
  EXPECT_FALSE(refused);
}

TEST(TcpRelayTest, PassesOctetsAndTheEndOfTheStreamInBothDirections) {
  const auto server = BindPair(SocketAddress::Loopback(0));
  std::string text;
  for (int i = 0; i < 300'000; ++i) text += static_cast<char>(i * 7 + i / 251);
  const Echo echo(server->tcp);
  // However bad the weather: it is for datagrams.
  const Impairment bad = {.loss = 100, .corrupt = 100};
  const auto relay =
      Relay::Start({.to = server->address,
                    .weather = {.to_server = bad, .from_server = bad},
                    .tcp = true});
  const Descriptor client = Connect(relay->address());
  ASSERT_TRUE(client);
  WriteAll(client, text);
  shutdown(client.get(), SHUT_WR);
  EXPECT_EQ(ReadToEnd(client), text);
}

TEST(TcpRelayTest, ClosesWhenTheServerRefuses) {
  const auto server = BindPair(SocketAddress::Loopback(0));
  const auto relay = Relay::Start({.to = server->address, .tcp = true});
  const Descriptor client = Connect(relay->address());
  ASSERT_TRUE(client);
  EXPECT_EQ(ReadToEnd(client), "");
}

}  // namespace
}  // namespace testing_support
