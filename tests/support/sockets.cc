#include "tests/support/sockets.h"

#include <arpa/inet.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace testing_support {
namespace {

constexpr int kBufferOctets = 8 << 20;

// Beyond what the system grants everybody, where we may.
void WidenBuffers(const Descriptor& socket) {
  const int octets = kBufferOctets;
  if (setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUFFORCE, &octets,
                 sizeof octets) != 0) {
    setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUF, &octets, sizeof octets);
  }
  if (setsockopt(socket.get(), SOL_SOCKET, SO_SNDBUFFORCE, &octets,
                 sizeof octets) != 0) {
    setsockopt(socket.get(), SOL_SOCKET, SO_SNDBUF, &octets, sizeof octets);
  }
}

Descriptor NewSocket(int type, bool ipv6) {
  Descriptor made(socket(ipv6 ? AF_INET6 : AF_INET,
                         type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  Require(bool{made}, "socket");
  if (type == SOCK_DGRAM) WidenBuffers(made);
  return made;
}

}  // namespace

void Require(bool condition, const char* what) {
  if (condition) return;
  std::perror(what);
  std::abort();
}

std::optional<SocketAddress> SocketAddress::Parse(const std::string& text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + colon + 1, end, port);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  std::string host = text.substr(0, colon);
  SocketAddress address;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    auto* const v6 = reinterpret_cast<sockaddr_in6*>(address.octets_.data());
    v6->sin6_family = AF_INET6;
    host = host.substr(1, host.size() - 2);
    if (inet_pton(AF_INET6, host.c_str(), &v6->sin6_addr) != 1) return {};
  } else {
    auto* const v4 = reinterpret_cast<sockaddr_in*>(address.octets_.data());
    v4->sin_family = AF_INET;
    if (inet_pton(AF_INET, host.c_str(), &v4->sin_addr) != 1) return {};
  }
  address.set_port(port);
  return address;
}

SocketAddress SocketAddress::Loopback(uint16_t port) {
  return *Parse("127.0.0.1:" + std::to_string(port));
}

std::string SocketAddress::ToString() const {
  std::array<char, INET6_ADDRSTRLEN> host{};
  if (is_v6()) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(octets_.data());
    inet_ntop(AF_INET6, &v6->sin6_addr, host.data(), host.size());
    return "[" + std::string(host.data()) + "]:" + std::to_string(port());
  }
  const auto* v4 = reinterpret_cast<const sockaddr_in*>(octets_.data());
  inet_ntop(AF_INET, &v4->sin_addr, host.data(), host.size());
  return std::string(host.data()) + ":" + std::to_string(port());
}

// The port stands at the same place in both families.
uint16_t SocketAddress::port() const {
  return ntohs(reinterpret_cast<const sockaddr_in*>(octets_.data())->sin_port);
}

void SocketAddress::set_port(uint16_t port) {
  reinterpret_cast<sockaddr_in*>(octets_.data())->sin_port = htons(port);
}

Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

Descriptor BoundSocket(int type, const SocketAddress& address) {
  Descriptor bound = NewSocket(type, address.is_v6());
  if (bind(bound.get(), address.get(), address.size()) != 0) return {};
  return bound;
}

Descriptor ConnectedUdpSocket(const SocketAddress& peer) {
  Descriptor made = NewSocket(SOCK_DGRAM, peer.is_v6());
  Require(connect(made.get(), peer.get(), peer.size()) == 0, "connect");
  return made;
}

SocketAddress AddressOf(const Descriptor& bound) {
  SocketAddress address;
  socklen_t size = SocketAddress::kRoom;
  Require(getsockname(bound.get(), address.get(), &size) == 0, "getsockname");
  return address;
}

std::optional<PortPair> BindPair(const SocketAddress& address) {
  // A port of the kernel's choice that is free for TCP may be taken for UDP:
  // then another.
  for (int i = 0; i < 100; ++i) {
    PortPair pair{.tcp = BoundSocket(SOCK_STREAM, address)};
    if (!pair.tcp) return std::nullopt;
    pair.address = AddressOf(pair.tcp);
    pair.udp = BoundSocket(SOCK_DGRAM, pair.address);
    if (pair.udp) return pair;
    if (address.port() != 0) break;
  }
  return std::nullopt;
}

ReceiveBatch::ReceiveBatch() : slots_(kSize * kSlotOctets) {}

size_t ReceiveBatch::Receive(const Descriptor& from) {
  for (size_t i = 0; i < kSize; ++i) {
    vectors_[i] = {.iov_base = slots_.data() + i * kSlotOctets,
                   .iov_len = kSlotOctets};
    // What a shorter address leaves is zero, so that equal ones compare equal.
    senders_[i] = SocketAddress();
    messages_[i].msg_hdr = {.msg_name = senders_[i].get(),
                            .msg_namelen = SocketAddress::kRoom,
                            .msg_iov = &vectors_[i],
                            .msg_iovlen = 1};
  }
  const int count =
      recvmmsg(from.get(), messages_.data(), kSize, MSG_DONTWAIT, nullptr);
  return count > 0 ? static_cast<size_t>(count) : 0;
}

void SendBatch::Add(std::span<const uint8_t> octets, const SocketAddress* to) {
  vectors_[count_] = {.iov_base = const_cast<uint8_t*>(octets.data()),
                      .iov_len = octets.size()};
  msghdr& header = messages_[count_].msg_hdr;
  header = {.msg_iov = &vectors_[count_], .msg_iovlen = 1};
  if (to != nullptr) {
    receivers_[count_] = *to;
    header.msg_name = receivers_[count_].get();
    header.msg_namelen = to->size();
  }
  ++count_;
}

size_t SendBatch::Send(const Descriptor& through) {
  size_t failed = 0;
  for (size_t at = 0; at < count_;) {
    const int sent = sendmmsg(through.get(), messages_.data() + at,
                              static_cast<unsigned>(count_ - at), MSG_DONTWAIT);
    if (sent > 0) {
      at += static_cast<size_t>(sent);
    } else {
      // The first of them fails, the others may not: on.
      ++failed;
      ++at;
    }
  }
  count_ = 0;
  return failed;
}

}  // namespace testing_support
