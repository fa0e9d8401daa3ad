// Sockets for the servers of tests: an address that can be compared, a
// descriptor with an owner, one port for UDP and TCP, datagrams by the batch.
#ifndef PTRSWEEP_TESTS_SUPPORT_SOCKETS_H_
#define PTRSWEEP_TESTS_SUPPORT_SOCKETS_H_

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace testing_support {

// Ends the program with errno's text if `condition` does not hold.
void Require(bool condition, const char* what);

// An IPv4 or IPv6 address and port, as the kernel wants it.
class SocketAddress {
 public:
  SocketAddress() = default;
  // "ADDR:PORT" or "[V6]:PORT"; port 0 is allowed.
  static std::optional<SocketAddress> Parse(const std::string& text);
  static SocketAddress Loopback(uint16_t port);
  std::string ToString() const;

  uint16_t port() const;
  void set_port(uint16_t port);
  bool is_v6() const { return get()->sa_family == AF_INET6; }

  const sockaddr* get() const {
    return reinterpret_cast<const sockaddr*>(octets_.data());
  }
  sockaddr* get() { return reinterpret_cast<sockaddr*>(octets_.data()); }
  socklen_t size() const {
    return is_v6() ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
  }
  static constexpr socklen_t kRoom = sizeof(sockaddr_in6);

  friend auto operator<=>(const SocketAddress&, const SocketAddress&) = default;

 private:
  alignas(sockaddr_in6) std::array<uint8_t, kRoom> octets_{};
};

// A file descriptor with an owner; -1 is none.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// Non-blocking, bound to `address`; empty if that is taken.
Descriptor BoundSocket(int type, const SocketAddress& address);
// Non-blocking UDP socket that talks to `peer` alone.
Descriptor ConnectedUdpSocket(const SocketAddress& peer);
SocketAddress AddressOf(const Descriptor& bound);

// UDP and TCP sockets on one port, TCP not listening yet: connections are
// refused, and nobody else gets the port.
struct PortPair {
  Descriptor udp;
  Descriptor tcp;
  SocketAddress address;
};
// nullopt if the port is taken. Port 0: one of the kernel's choice.
std::optional<PortPair> BindPair(const SocketAddress& address);

// Up to kSize datagrams received in one call.
class ReceiveBatch {
 public:
  static constexpr size_t kSize = 64;
  static constexpr size_t kSlotOctets = 4096;

  ReceiveBatch();
  // Returns how many were read; 0 if there were none or the socket has an
  // error to report (which reading takes from it).
  size_t Receive(const Descriptor& from);
  std::span<uint8_t> octets(size_t i) {
    return {slots_.data() + i * kSlotOctets, messages_[i].msg_len};
  }
  // It was longer than kSlotOctets.
  bool is_cut(size_t i) const {
    return (messages_[i].msg_hdr.msg_flags & MSG_TRUNC) != 0;
  }
  const SocketAddress& sender(size_t i) const { return senders_[i]; }

 private:
  std::vector<uint8_t> slots_;
  std::array<SocketAddress, kSize> senders_;
  std::array<iovec, kSize> vectors_{};
  std::array<mmsghdr, kSize> messages_{};
};

// Datagrams to be sent in one call. The octets are the caller's until Send().
class SendBatch {
 public:
  static constexpr size_t kSize = 64;

  bool full() const { return count_ == kSize; }
  // `to`: nullptr on a connected socket.
  void Add(std::span<const uint8_t> octets, const SocketAddress* to);
  // Sends all; returns how many the kernel did not take.
  size_t Send(const Descriptor& through);

 private:
  size_t count_ = 0;
  std::array<SocketAddress, kSize> receivers_;
  std::array<iovec, kSize> vectors_{};
  std::array<mmsghdr, kSize> messages_{};
};

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_SUPPORT_SOCKETS_H_
