#include "io/net/udp_socket.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <numeric>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "io/net/random.h"

namespace io {
namespace {

using dnswire::Family;

constexpr uint32_t kBindTries = 256;

// Room for the one control message we ask for, SO_RXQ_OVFL.
struct alignas(cmsghdr) Control {
  std::array<uint8_t, CMSG_SPACE(sizeof(uint32_t))> octets;
};

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

bool IsBackPressure(int error) { return error == EAGAIN || error == ENOBUFS; }

}  // namespace

// Every header points to its slot, name and control octets for good; only
// lengths change from call to call.
struct UdpSocket::Buffers {
  Buffers();
  Buffers(const Buffers&) = delete;
  Buffers& operator=(const Buffers&) = delete;

  std::array<mmsghdr, kBatch> send_headers{};
  std::array<iovec, kBatch> send_vectors{};
  std::array<sockaddr_storage, kBatch> send_names{};
  std::array<uint32_t, kBatch> send_tags{};
  std::array<mmsghdr, kBatch> receive_headers{};
  std::array<iovec, kBatch> receive_vectors{};
  std::array<sockaddr_storage, kBatch> receive_names{};
  std::array<Control, kBatch> receive_controls{};
  std::array<std::array<uint8_t, kSendSlotOctets>, kBatch> send_slots{};
  std::array<std::array<uint8_t, kReceiveSlotOctets>, kBatch> receive_slots{};
};

UdpSocket::Buffers::Buffers() {
  for (size_t i = 0; i < kBatch; ++i) {
    send_vectors[i].iov_base = send_slots[i].data();
    send_headers[i].msg_hdr.msg_name = &send_names[i];
    send_headers[i].msg_hdr.msg_iov = &send_vectors[i];
    send_headers[i].msg_hdr.msg_iovlen = 1;
    receive_vectors[i] = {receive_slots[i].data(), kReceiveSlotOctets};
    receive_headers[i].msg_hdr.msg_name = &receive_names[i];
    receive_headers[i].msg_hdr.msg_iov = &receive_vectors[i];
    receive_headers[i].msg_hdr.msg_iovlen = 1;
    receive_headers[i].msg_hdr.msg_control = &receive_controls[i];
  }
}

absl::StatusOr<std::unique_ptr<UdpSocket>> UdpSocket::Open(
    const Options& options) {
  const int domain = options.family == Family::kV4 ? AF_INET : AF_INET6;
  const int fd = socket(domain, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return absl::ErrnoToStatus(errno, "UDP socket");
  std::unique_ptr<UdpSocket> opened(
      new UdpSocket(fd, std::make_unique<Buffers>()));
  absl::Status status = opened->Configure(options);
  if (status.ok()) status = opened->BindInRange(options);
  if (!status.ok()) return status;
  return opened;
}

UdpSocket::UdpSocket(int fd, std::unique_ptr<Buffers> buffers)
    : fd_(fd), received_(kBatch), buffers_(std::move(buffers)) {
  ResetReceiveHeaders();
}

UdpSocket::~UdpSocket() { close(fd_); }

absl::Status UdpSocket::Configure(const Options& options) {
  absl::Status status =
      SetOption(fd_, SOL_SOCKET, SO_RXQ_OVFL, 1, "drop counter");
  if (status.ok() && options.family == Family::kV6) {
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

uint8_t* UdpSocket::Append() {
  if (pending_ == kBatch) return nullptr;
  return buffers_->send_slots[(head_ + pending_) % kBatch].data();
}

void UdpSocket::Commit(size_t size_octets, const Endpoint& to, uint32_t tag) {
  assert(size_octets <= kSendSlotOctets);
  assert(pending_ < kBatch);
  const size_t slot = (head_ + pending_) % kBatch;
  buffers_->send_vectors[slot].iov_len = size_octets;
  buffers_->send_headers[slot].msg_hdr.msg_namelen =
      to.ToSockaddr(&buffers_->send_names[slot]);
  buffers_->send_tags[slot] = tag;
  ++pending_;
}

void UdpSocket::PopFront(size_t count) {
  pending_ -= count;
  head_ = pending_ == 0 ? 0 : (head_ + count) % kBatch;
}

// sendmmsg stops at the first datagram it cannot send and returns how many
// went before it; the error comes when that datagram is the first of a call.
bool UdpSocket::Flush(std::span<SendFailure> failures, size_t* failure_count) {
  assert(failures.size() >= pending_);
  *failure_count = 0;
  while (pending_ > 0) {
    const size_t run = std::min(pending_, kBatch - head_);
    const int sent = sendmmsg(fd_, &buffers_->send_headers[head_],
                              static_cast<unsigned>(run), 0);
    if (sent > 0) {
      PopFront(static_cast<size_t>(sent));
    } else if (IsBackPressure(errno)) {
      return false;
    } else if (errno != EINTR) {
      failures[(*failure_count)++] = {buffers_->send_tags[head_], errno};
      PopFront(1);
    }
  }
  return true;
}

size_t UdpSocket::Receive() {
  ResetReceiveHeaders();
  int received = 0;
  do {
    received = recvmmsg(fd_, buffers_->receive_headers.data(), kBatch,
                        MSG_DONTWAIT, nullptr);
  } while (received < 0 && errno == EINTR);
  received_ = static_cast<size_t>(std::max(received, 0));
  UpdateDrops();
  return received_;
}

UdpSocket::Datagram UdpSocket::datagram(size_t i) const {
  assert(i < received_);
  const mmsghdr& header = buffers_->receive_headers[i];
  return {.octets = std::span(buffers_->receive_slots[i]).first(header.msg_len),
          .from = Endpoint::FromSockaddr(buffers_->receive_names[i]),
          .truncated = (header.msg_hdr.msg_flags & MSG_TRUNC) != 0};
}

// The kernel replaces the lengths of the headers it used by what it wrote.
void UdpSocket::ResetReceiveHeaders() {
  for (size_t i = 0; i < received_; ++i) {
    msghdr& header = buffers_->receive_headers[i].msg_hdr;
    header.msg_namelen = sizeof(sockaddr_storage);
    header.msg_controllen = sizeof(Control);
  }
}

// Every datagram carries the count of its arrival, none while that is zero;
// so the newest one tells all.
void UdpSocket::UpdateDrops() {
  if (received_ == 0) return;
  msghdr& header = buffers_->receive_headers[received_ - 1].msg_hdr;
  const cmsghdr* const control = CMSG_FIRSTHDR(&header);
  if (control == nullptr || control->cmsg_level != SOL_SOCKET ||
      control->cmsg_type != SO_RXQ_OVFL) {
    return;
  }
  uint32_t count = 0;
  std::memcpy(&count, CMSG_DATA(control), sizeof count);
  kernel_drops_.Update(count);
}

}  // namespace io
