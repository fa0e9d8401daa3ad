#include "tests/fuzz/fake_kernel.h"

#include <netinet/in.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace fuzz {
namespace {

constexpr uint16_t kLocalPort = 40000;
constexpr int kReceiveBuffer = 8 << 20;

FakeKernel* kernel = nullptr;

void ReadAddress(const void* address, FakeKernel::Packet* packet) {
  sockaddr_in in{};
  std::memcpy(&in, address, sizeof in);
  packet->address = ntohl(in.sin_addr.s_addr);
  packet->port = ntohs(in.sin_port);
}

sockaddr_in AddressOf(uint32_t address, uint16_t port) {
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_addr.s_addr = htonl(address);
  in.sin_port = htons(port);
  return in;
}

// Octets of each datagram of a message (UDP_SEGMENT).
size_t SegmentOf(const msghdr& header) {
  if (header.msg_controllen == 0) return header.msg_iov->iov_len;
  uint16_t size = 0;
  std::memcpy(&size, CMSG_DATA(CMSG_FIRSTHDR(&header)), sizeof size);
  return size;
}

int Fail(int error) {
  errno = error;
  return -1;
}

}  // namespace

FakeKernel::FakeKernel(uint64_t random_seed) : random_(random_seed) {
  kernel = this;
}

FakeKernel::~FakeKernel() {
  kernel = nullptr;
  for (const auto& [client, connection] : tcp_) close(connection.fd);
}

FakeKernel* FakeKernel::current() { return kernel; }

void FakeKernel::FillRandom(void* out, size_t size) {
  auto* at = static_cast<uint8_t*>(out);
  for (size_t i = 0; i < size; i += sizeof random_) {
    random_ = random_ * 6364136223846793005 + 1442695040888963407;
    const uint64_t mixed = random_ ^ random_ >> 29;
    std::memcpy(at + i, &mixed, std::min(sizeof mixed, size - i));
  }
}

// Of a descriptor that has been closed since, and is given out again.
void FakeKernel::CloseServerEnd(int client) {
  const auto old = tcp_.find(client);
  if (old == tcp_.end()) return;
  close(old->second.fd);
  tcp_.erase(old);
}

// An event that nobody takes: readable and writable whenever the loop looks.
int FakeKernel::OpenUdp() {
  const int fd = eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC);
  CloseServerEnd(fd);
  udp_.insert(fd);
  return fd;
}

int FakeKernel::OpenTcp() {
  int ends[2];
  constexpr int kType = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
  if (socketpair(AF_UNIX, kType, 0, ends) != 0) return -1;
  udp_.erase(ends[0]);
  CloseServerEnd(ends[0]);
  tcp_[ends[0]] = {.fd = ends[1]};
  return ends[0];
}

int FakeKernel::Connect(int fd, const sockaddr* address) {
  Packet peer;
  ReadAddress(address, &peer);
  tcp_[fd].address = peer.address;
  tcp_[fd].port = peer.port;
  return refuse_tcp_ ? Fail(ECONNREFUSED) : 0;
}

int FakeKernel::Send(int fd, const mmsghdr* headers, unsigned count) {
  if (!send_results_.empty()) {
    const int result = send_results_.front();
    send_results_.pop_front();
    if (result > 0) return Fail(result);
    if (result < 0) count = std::min(count, static_cast<unsigned>(-result));
  }
  for (unsigned i = 0; i < count; ++i) {
    const msghdr& header = headers[i].msg_hdr;
    Packet packet = {.fd = fd};
    ReadAddress(header.msg_name, &packet);
    const auto* octets = static_cast<const uint8_t*>(header.msg_iov->iov_base);
    const auto* const end = octets + header.msg_iov->iov_len;
    const size_t segment = SegmentOf(header);
    while (octets != end) {
      const auto size = std::min(segment, static_cast<size_t>(end - octets));
      packet.octets.assign(octets, octets + size);
      sent_.push_back(packet);
      octets += size;
    }
  }
  return static_cast<int>(count);
}

int FakeKernel::Receive(int fd, mmsghdr* headers, unsigned count) {
  unsigned filled = 0;
  while (filled < count) {
    const auto next =
        std::find_if(arriving_.begin(), arriving_.end(),
                     [fd](const Packet& p) { return p.fd == fd; });
    if (next == arriving_.end()) break;
    Packet& packet = *next;
    msghdr& header = headers[filled].msg_hdr;
    const size_t size = std::min(packet.octets.size(), header.msg_iov->iov_len);
    std::copy_n(packet.octets.begin(), size,
                static_cast<uint8_t*>(header.msg_iov->iov_base));
    packet.truncated |= size < packet.octets.size();
    headers[filled++].msg_len = static_cast<unsigned>(size);
    header.msg_flags = packet.truncated ? MSG_TRUNC : 0;
    header.msg_controllen = 0;
    const sockaddr_in from = AddressOf(packet.address, packet.port);
    std::memcpy(header.msg_name, &from, sizeof from);
    header.msg_namelen = sizeof from;
    arriving_.erase(next);
  }
  return filled > 0 ? static_cast<int>(filled) : Fail(EAGAIN);
}

bool FakeKernel::Deliver(const Packet& packet) {
  if (!packet.tcp) {
    arriving_.push_back(packet);
    return true;
  }
  const auto connection = tcp_.find(packet.fd);
  if (connection == tcp_.end()) return false;
  const size_t size = packet.octets.size();
  const Octets framed = testing_support::Concat(
      {{static_cast<uint8_t>(size >> 8), static_cast<uint8_t>(size)},
       packet.octets});
  return send(connection->second.fd, framed.data(), framed.size(),
              MSG_NOSIGNAL) > 0;
}

void FakeKernel::ReadConnection(int client, Connection* connection) {
  uint8_t octets[4096];
  ssize_t got = 0;
  while ((got = recv(connection->fd, octets, sizeof octets, 0)) > 0) {
    connection->unread.insert(connection->unread.end(), octets, octets + got);
  }
  auto& unread = connection->unread;
  while (unread.size() >= 2) {
    const size_t size = unread[0] * size_t{256} + unread[1];
    if (unread.size() < 2 + size) return;
    const auto first = unread.begin() + 2;
    const auto end = first + static_cast<std::ptrdiff_t>(size);
    sent_.push_back({.fd = client,
                     .tcp = true,
                     .address = connection->address,
                     .port = connection->port,
                     .octets = Octets(first, end)});
    unread.erase(unread.begin(), end);
  }
}

std::vector<FakeKernel::Packet> FakeKernel::TakeSent() {
  for (auto& [client, connection] : tcp_) ReadConnection(client, &connection);
  return std::exchange(sent_, {});
}

}  // namespace fuzz

using fuzz::FakeKernel;

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) noexcept {
  const FakeKernel* const fake = FakeKernel::current();
  const bool is_engine_time =
      clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_COARSE;
  if (fake == nullptr || !is_engine_time) {
    return static_cast<int>(syscall(SYS_clock_gettime, clock, time));
  }
  constexpr int64_t kSecond = 1'000'000'000;
  *time = {.tv_sec = fake->now_ns() / kSecond,
           .tv_nsec = fake->now_ns() % kSecond};
  return 0;
}

ssize_t getrandom(void* out, size_t size, unsigned flags) {
  FakeKernel* const fake = FakeKernel::current();
  if (fake == nullptr) return syscall(SYS_getrandom, out, size, flags);
  fake->FillRandom(out, size);
  return static_cast<ssize_t>(size);
}

int socket(int domain, int type, int protocol) noexcept {
  FakeKernel* const fake = FakeKernel::current();
  if (fake == nullptr || domain != AF_INET) {
    return static_cast<int>(syscall(SYS_socket, domain, type, protocol));
  }
  constexpr int kKind = 0xf;
  return (type & kKind) == SOCK_DGRAM ? fake->OpenUdp() : fake->OpenTcp();
}

int bind(int fd, const sockaddr* address, socklen_t size) noexcept {
  const FakeKernel* const fake = FakeKernel::current();
  if (fake != nullptr && fake->IsUdp(fd)) return 0;
  return static_cast<int>(syscall(SYS_bind, fd, address, size));
}

int getsockname(int fd, sockaddr* address, socklen_t* size) noexcept {
  const FakeKernel* const fake = FakeKernel::current();
  if (fake == nullptr || !fake->IsUdp(fd)) {
    return static_cast<int>(syscall(SYS_getsockname, fd, address, size));
  }
  const sockaddr_in in =
      fuzz::AddressOf(0, static_cast<uint16_t>(fuzz::kLocalPort + fd));
  *size = sizeof in;
  std::memcpy(address, &in, sizeof in);
  return 0;
}

int setsockopt(int fd, int level, int option, const void* value,
               socklen_t size) noexcept {
  const FakeKernel* const fake = FakeKernel::current();
  if (fake != nullptr && fake->IsUdp(fd)) return 0;
  return static_cast<int>(
      syscall(SYS_setsockopt, fd, level, option, value, size));
}

int getsockopt(int fd, int level, int option, void* value,
               socklen_t* size) noexcept {
  const FakeKernel* const fake = FakeKernel::current();
  if (fake == nullptr || !fake->IsUdp(fd)) {
    return static_cast<int>(
        syscall(SYS_getsockopt, fd, level, option, value, size));
  }
  std::memcpy(value, &fuzz::kReceiveBuffer, sizeof fuzz::kReceiveBuffer);
  return 0;
}

int connect(int fd, const sockaddr* address, socklen_t size) {
  FakeKernel* const fake = FakeKernel::current();
  if (fake != nullptr && fake->IsTcp(fd)) return fake->Connect(fd, address);
  return static_cast<int>(syscall(SYS_connect, fd, address, size));
}

int sendmmsg(int fd, mmsghdr* headers, unsigned count, int flags) {
  FakeKernel* const fake = FakeKernel::current();
  if (fake != nullptr && fake->IsUdp(fd)) return fake->Send(fd, headers, count);
  return static_cast<int>(syscall(SYS_sendmmsg, fd, headers, count, flags));
}

int recvmmsg(int fd, mmsghdr* headers, unsigned count, int flags,
             timespec* timeout) {
  FakeKernel* const fake = FakeKernel::current();
  if (fake != nullptr && fake->IsUdp(fd)) {
    return fake->Receive(fd, headers, count);
  }
  return static_cast<int>(
      syscall(SYS_recvmmsg, fd, headers, count, flags, timeout));
}

}  // extern "C"
