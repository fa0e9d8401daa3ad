#include "tests/support/tcp_relay.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>

namespace testing_support {
namespace {

// A side that does not read holds the other one up.
constexpr size_t kMaxWaiting = 65536;
constexpr int kBacklog = 64;

bool IsPassing(int error) {
  return error == EAGAIN || error == EINTR || error == ENOTCONN;
}

}  // namespace

TcpRelay::TcpRelay(const Descriptor& listener, const SocketAddress& to)
    : listener_(listener), to_(to), stop_(eventfd(0, EFD_CLOEXEC)) {
  Require(listen(listener_.get(), kBacklog) == 0, "listen");
  thread_ = std::thread([this] { Run(); });
}

TcpRelay::~TcpRelay() {
  const uint64_t one = 1;
  Require(write(stop_.get(), &one, sizeof one) == sizeof one, "eventfd");
  thread_.join();
}

void TcpRelay::Run() {
  for (;;) {
    std::vector<pollfd> watched = {{.fd = stop_.get(), .events = POLLIN},
                                   {.fd = listener_.get(), .events = POLLIN}};
    for (const Pair& pair : pairs_) Watch(pair, &watched);
    poll(watched.data(), watched.size(), -1);
    if (watched[0].revents != 0) return;
    size_t at = 2;
    for (Pair& pair : pairs_) {
      if (watched[at++].revents != 0) {
        Read(pair.client, &pair.to_server, &pair);
      }
      if (watched[at++].revents != 0) {
        Read(pair.server, &pair.to_client, &pair);
      }
      Write(pair.server, &pair.to_server, &pair);
      Write(pair.client, &pair.to_client, &pair);
    }
    pairs_.remove_if([](const Pair& pair) {
      return pair.broken || (pair.to_server.passed && pair.to_client.passed);
    });
    if (watched[1].revents != 0) Accept();
  }
}

void TcpRelay::Accept() {
  Descriptor client(
      accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!client) return;
  Descriptor server(socket(to_.is_v6() ? AF_INET6 : AF_INET,
                           SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  Require(bool{server}, "socket");
  if (connect(server.get(), to_.get(), to_.size()) != 0 &&
      errno != EINPROGRESS) {
    return;
  }
  pairs_.push_back({.client = std::move(client), .server = std::move(server)});
}

// A side is read while there is room, and waited for while something is to be
// written to it. Without either, poll() is not to report its end again and
// again: a negative descriptor is left out.
void TcpRelay::Watch(const Pair& pair, std::vector<pollfd>* watched) {
  const auto watch = [watched](const Descriptor& side, const Stream& from_it,
                               const Stream& to_it) {
    int events = 0;
    if (!from_it.ended && from_it.octets.size() < kMaxWaiting) events |= POLLIN;
    if (!to_it.octets.empty()) events |= POLLOUT;
    watched->push_back({.fd = events != 0 ? side.get() : -1,
                        .events = static_cast<int16_t>(events)});
  };
  watch(pair.client, pair.to_server, pair.to_client);
  watch(pair.server, pair.to_client, pair.to_server);
}

void TcpRelay::Read(const Descriptor& from, Stream* stream, Pair* pair) {
  if (stream->ended || stream->octets.size() >= kMaxWaiting) return;
  std::array<char, 16384> buffer;
  const ssize_t size = recv(from.get(), buffer.data(), buffer.size(), 0);
  if (size > 0) {
    stream->octets.insert(stream->octets.end(), buffer.data(),
                          buffer.data() + size);
  } else if (size == 0) {
    stream->ended = true;
  } else if (!IsPassing(errno)) {
    pair->broken = true;
  }
}

void TcpRelay::Write(const Descriptor& to, Stream* stream, Pair* pair) {
  if (!stream->octets.empty()) {
    const ssize_t size = send(to.get(), stream->octets.data(),
                              stream->octets.size(), MSG_NOSIGNAL);
    if (size > 0) {
      stream->octets.erase(stream->octets.begin(),
                           stream->octets.begin() + size);
    } else if (!IsPassing(errno)) {
      pair->broken = true;
    }
  }
  if (stream->ended && stream->octets.empty() && !stream->passed) {
    shutdown(to.get(), SHUT_WR);
    stream->passed = true;
  }
}

}  // namespace testing_support
