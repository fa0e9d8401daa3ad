#include "io/net/udp_socket.h"

#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <numeric>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "io/net/random.h"

namespace io {
namespace {

using dnswire::Family;

constexpr uint32_t kBindTries = 256;

absl::Status SetOption(int fd, int level, int option, int value,
                       absl::string_view what) {
  if (setsockopt(fd, level, option, &value, sizeof value) == 0) {
    return absl::OkStatus();
  }
  return absl::ErrnoToStatus(errno, absl::StrCat("UDP socket, ", what));
}

// As large as allowed: `forced` may exceed the system's limit but wants
// CAP_NET_ADMIN, `plain` is silently cut to the limit.
absl::Status SetBuffer(int fd, int forced, int plain, int octets,
                       absl::string_view what) {
  if (SetOption(fd, SOL_SOCKET, forced, octets, what).ok()) {
    return absl::OkStatus();
  }
  return SetOption(fd, SOL_SOCKET, plain, octets, what);
}

int GrantedReceiveBuffer(int fd) {
  int octets = 0;
  socklen_t size = sizeof octets;
  getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &octets, &size);
  return octets;
}

// Binds to `port` of the wildcard address; errno, 0 for success.
int Bind(int fd, Family family, uint16_t port) {
  const Endpoint any = {.address = family == Family::kV4
                                       ? dnswire::IpAddress::V4(0)
                                       : dnswire::IpAddress::V6(0),
                        .port = port};
  sockaddr_storage address;
  const socklen_t size = any.ToSockaddr(&address);
  return bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 ? 0 : errno;
}

uint16_t BoundPort(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  return Endpoint::FromSockaddr(address).port;
}

// A number below `size` without common divisor: steps of that length from
// anywhere visit every port of the range once.
uint32_t RandomStride(SecureRandom* random, uint32_t size) {
  uint32_t stride = 1;
  do {
    stride = random->Below(size);
  } while (std::gcd(stride, size) != 1);
  return stride;
}

}  // namespace

absl::StatusOr<std::unique_ptr<UdpSocket>> UdpSocket::Open(
    const Options& options) {
  const int domain = options.family == Family::kV4 ? AF_INET : AF_INET6;
  const int fd = socket(domain, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return absl::ErrnoToStatus(errno, "UDP socket");
  std::unique_ptr<UdpSocket> opened(new UdpSocket(fd));
  absl::Status status = opened->Configure(options);
  if (status.ok()) status = opened->BindInRange(options);
  if (!status.ok()) return status;
  return opened;
}

UdpSocket::~UdpSocket() { close(fd_); }

absl::Status UdpSocket::Configure(const Options& options) {
  absl::Status status;
  if (options.family == Family::kV6) {
    status = SetOption(fd_, IPPROTO_IPV6, IPV6_V6ONLY, 1, "IPv6 only");
  }
  if (status.ok()) {
    status = SetBuffer(fd_, SO_RCVBUFFORCE, SO_RCVBUF,
                       options.receive_buffer_octets, "receive buffer");
  }
  if (status.ok()) {
    status = SetBuffer(fd_, SO_SNDBUFFORCE, SO_SNDBUF,
                       options.send_buffer_octets, "send buffer");
  }
  granted_buffer_ = GrantedReceiveBuffer(fd_);
  batch_ = std::make_unique<SendBatch>(
      options.offload.segment &&
      SetOption(fd_, SOL_UDP, UDP_SEGMENT, 0, "segmentation").ok());
  coalesces_ = options.offload.coalesce &&
               SetOption(fd_, SOL_UDP, UDP_GRO, 1, "coalescing").ok();
  return status;
}

// A small range is tried whole, a large one at kBindTries places.
absl::Status UdpSocket::BindInRange(const Options& options) {
  const uint32_t first = options.first_port;
  const uint32_t last = options.last_port;
  if (first > last || (first == 0 && last != 0)) {
    return absl::InvalidArgumentError(
        absl::StrCat("source ports ", first, "-", last, " are no range"));
  }
  SecureRandom random;
  const uint32_t size = last - first + 1;
  const uint32_t stride = RandomStride(&random, size);
  uint32_t offset = random.Below(size);
  int error = EADDRINUSE;
  for (uint32_t i = 0; i < std::min(size, kBindTries); ++i) {
    error = Bind(fd_, options.family, static_cast<uint16_t>(first + offset));
    if (error != EADDRINUSE) break;
    offset = (offset + stride) % size;
  }
  if (error == 0) {
    port_ = BoundPort(fd_);
    return absl::OkStatus();
  }
  return absl::ErrnoToStatus(
      error,
      absl::StrCat("UDP socket, binding to a port of ", first, "-", last));
}

// The counter of SO_RXQ_OVFL, which every datagram would bring, at a tenth of
// the price of receiving it.
uint64_t UdpSocket::KernelDrops() {
  std::array<uint32_t, SK_MEMINFO_VARS> values{};
  socklen_t size = sizeof values;
  if (getsockopt(fd_, SOL_SOCKET, SO_MEMINFO, values.data(), &size) == 0) {
    kernel_drops_.Update(values[SK_MEMINFO_DROPS]);
  }
  return kernel_drops_.total();
}

}  // namespace io
