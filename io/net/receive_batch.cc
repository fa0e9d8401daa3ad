#include "io/net/receive_batch.h"

#include <netinet/udp.h>

#include <cassert>
#include <cerrno>
#include <cstring>

namespace io {
namespace {

constexpr size_t kMaxMessageOctets = 65535;
// Slots start at different places within a page, or their first lines would
// all compete for the same few places in the cache.
constexpr size_t kStagger = 192;

constexpr size_t SlotOctets(bool coalesced) {
  return coalesced ? kMaxMessageOctets + 1 : ReceiveBatch::kMaxDatagramOctets;
}

// Room for the control message we ask for: UDP_GRO.
struct alignas(cmsghdr) Control {
  std::array<uint8_t, CMSG_SPACE(sizeof(int))> octets;
};

// The 32 bits of the control message of this kind.
std::optional<uint32_t> FindControl(const msghdr& header, int level, int type) {
  auto* const walked = const_cast<msghdr*>(&header);
  for (cmsghdr* control = CMSG_FIRSTHDR(walked); control != nullptr;
       control = CMSG_NXTHDR(walked, control)) {
    if (control->cmsg_level != level || control->cmsg_type != type) continue;
    uint32_t value = 0;
    std::memcpy(&value, CMSG_DATA(control), sizeof value);
    return value;
  }
  return std::nullopt;
}

}  // namespace

// Every header points to its slot, name and control octets for good; only
// lengths change from call to call.
struct ReceiveBatch::Buffers {
  std::array<mmsghdr, kMessages> headers{};
  std::array<iovec, kMessages> vectors{};
  std::array<sockaddr_storage, kMessages> names{};
  std::array<Control, kMessages> controls{};
  std::unique_ptr<uint8_t[]> slots;
};

ReceiveBatch::ReceiveBatch(bool coalesced)
    : buffers_(std::make_unique<Buffers>()) {
  const size_t size = SlotOctets(coalesced);
  const size_t stride = size + kStagger;
  buffers_->slots =
      std::make_unique_for_overwrite<uint8_t[]>(kMessages * stride);
  for (size_t i = 0; i < kMessages; ++i) {
    buffers_->vectors[i] = {.iov_base = buffers_->slots.get() + i * stride,
                            .iov_len = size};
    buffers_->headers[i].msg_hdr = {.msg_name = &buffers_->names[i],
                                    .msg_iov = &buffers_->vectors[i],
                                    .msg_iovlen = 1,
                                    .msg_control = &buffers_->controls[i]};
  }
}

ReceiveBatch::~ReceiveBatch() = default;

size_t ReceiveBatch::Receive(int fd) {
  ResetHeaders();
  int received = 0;
  do {
    received = recvmmsg(fd, buffers_->headers.data(), kMessages, MSG_DONTWAIT,
                        nullptr);
  } while (received < 0 && errno == EINTR);
  received_ = static_cast<size_t>(std::max(received, 0));
  return received_;
}

// The kernel replaces the lengths of the headers it used by what it wrote.
void ReceiveBatch::ResetHeaders() {
  for (size_t i = 0; i < received_; ++i) {
    msghdr& header = buffers_->headers[i].msg_hdr;
    header.msg_namelen = sizeof(sockaddr_storage);
    header.msg_controllen = sizeof(Control);
  }
}

std::span<const uint8_t> ReceiveBatch::OctetsAt(size_t i) const {
  return {static_cast<const uint8_t*>(buffers_->vectors[i].iov_base),
          buffers_->headers[i].msg_len};
}

Endpoint ReceiveBatch::SenderAt(size_t i) const {
  return Endpoint::FromSockaddr(buffers_->names[i]);
}

ReceiveBatch::Message ReceiveBatch::MessageAt(size_t i) const {
  assert(i < received_);
  const mmsghdr& header = buffers_->headers[i];
  const auto segment = FindControl(header.msg_hdr, SOL_UDP, UDP_GRO);
  return {.octets = OctetsAt(i),
          .segment_octets =
              segment && *segment > 0 ? *segment : size_t{header.msg_len},
          .truncated = (header.msg_hdr.msg_flags & MSG_TRUNC) != 0};
}

}  // namespace io
