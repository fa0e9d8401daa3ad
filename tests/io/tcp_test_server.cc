#include "tests/io/tcp_test_server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace io {
namespace {

constexpr int kPatienceSeconds = 10;

int Accept(int listener) {
  pollfd state = {.fd = listener, .events = POLLIN, .revents = 0};
  if (poll(&state, 1, kPatienceSeconds * 1000) != 1) return -1;
  const int fd = accept(listener, nullptr, nullptr);
  const timeval patience = {.tv_sec = kPatienceSeconds, .tv_usec = 0};
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

}  // namespace

Octets ServedConnection::ReadExactly(size_t size) {
  Octets octets(size);
  EXPECT_EQ(recv(fd_, octets.data(), size, MSG_WAITALL),
            static_cast<ssize_t>(size));
  return octets;
}

Octets ServedConnection::Read() {
  const Octets length = ReadExactly(2);
  return ReadExactly(static_cast<size_t>(length[0] << 8 | length[1]));
}

Octets ServedConnection::ReadChunk() {
  Octets octets(1 << 17);
  const ssize_t size = recv(fd_, octets.data(), octets.size(), 0);
  EXPECT_GT(size, 0);
  octets.resize(static_cast<size_t>(std::max<ssize_t>(size, 0)));
  return octets;
}

bool ServedConnection::ClientCloses() {
  uint8_t octet = 0;
  const ssize_t size = recv(fd_, &octet, 1, 0);
  return size == 0 || (size < 0 && errno == ECONNRESET);
}

void ServedConnection::Send(std::span<const uint8_t> message) {
  SendRaw(WithLength(message));
}

void ServedConnection::SendRaw(std::span<const uint8_t> octets,
                               bool one_by_one) {
  while (!octets.empty()) {
    const size_t part = one_by_one ? 1 : octets.size();
    const ssize_t sent = send(fd_, octets.data(), part, MSG_NOSIGNAL);
    if (sent <= 0) return;  // the client has closed: its right
    octets = octets.subspan(static_cast<size_t>(sent));
  }
}

TcpTestServer::TcpTestServer(std::vector<Script> scripts)
    : listener_(LoopbackTcpSocket(16, &port_)),
      thread_([this, owned = std::move(scripts)] { Serve(owned); }) {}

TcpTestServer::~TcpTestServer() { thread_.join(); }

void TcpTestServer::Serve(const std::vector<Script>& scripts) {
  for (size_t i = 0; i < scripts.size(); ++i) {
    const int fd = Accept(listener_);
    EXPECT_GE(fd, 0) << "connection " << i << " never came";
    if (i + 1 == scripts.size()) close(listener_);
    if (fd < 0) continue;
    ServedConnection connection(fd);
    scripts[i](connection);
    close(fd);
  }
}

int LoopbackTcpSocket(int backlog, uint16_t* port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const raw = reinterpret_cast<sockaddr*>(&address);
  EXPECT_EQ(bind(fd, raw, sizeof address), 0);
  if (backlog >= 0) {
    EXPECT_EQ(listen(fd, backlog), 0);
  }
  socklen_t size = sizeof address;
  EXPECT_EQ(getsockname(fd, raw, &size), 0);
  *port = ntohs(address.sin_port);
  return fd;
}

Octets WithLength(std::span<const uint8_t> message) {
  Octets framed = {static_cast<uint8_t>(message.size() >> 8),
                   static_cast<uint8_t>(message.size())};
  framed.insert(framed.end(), message.begin(), message.end());
  return framed;
}

}  // namespace io
