#include "bench/support/udp.h"

#include <linux/sock_diag.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace bench {
namespace {

void Require(bool condition, const char* what) {
  if (condition) return;
  std::perror(what);
  std::exit(1);
}

void SetBuffer(int fd, int forced, int plain, uint32_t octets) {
  const auto half = static_cast<int>(octets / 2);
  if (setsockopt(fd, SOL_SOCKET, forced, &half, sizeof half) == 0) return;
  Require(setsockopt(fd, SOL_SOCKET, plain, &half, sizeof half) == 0,
          "socket buffer");
  int granted = 0;
  socklen_t size = sizeof granted;
  getsockopt(fd, SOL_SOCKET, plain, &granted, &size);
  if (granted >= 2 * half) return;
  std::fprintf(stderr, "socket buffer: %d of %u octets granted\n", granted,
               octets);
  std::exit(1);
}

}  // namespace

sockaddr_in Loopback(uint16_t port) {
  sockaddr_in address{.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int OpenLoopbackSocket(uint16_t port) {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  Require(fd >= 0, "UDP socket");
  const sockaddr_in address = Loopback(port);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  Require(bind(fd, generic, sizeof address) == 0, "UDP socket, bind");
  return fd;
}

uint16_t PortOf(int fd) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

void SetReceiveBuffer(int fd, uint32_t octets) {
  SetBuffer(fd, SO_RCVBUFFORCE, SO_RCVBUF, octets);
}

void SetSendBuffer(int fd, uint32_t octets) {
  SetBuffer(fd, SO_SNDBUFFORCE, SO_SNDBUF, octets);
}

void EnableGro(int fd) {
  const int on = 1;
  Require(setsockopt(fd, IPPROTO_UDP, UDP_GRO, &on, sizeof on) == 0, "UDP_GRO");
}

// SO_MEMINFO tells the counter of SO_RXQ_OVFL without a datagram to carry it.
uint32_t KernelDrops(int fd) {
  std::array<uint32_t, SK_MEMINFO_VARS> values{};
  socklen_t size = sizeof values;
  Require(getsockopt(fd, SOL_SOCKET, SO_MEMINFO, values.data(), &size) == 0,
          "SO_MEMINFO");
  return values[SK_MEMINFO_DROPS];
}

}  // namespace bench
