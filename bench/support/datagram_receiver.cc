#include "bench/support/datagram_receiver.h"

#include <netinet/udp.h>

#include <cstring>

namespace bench {
namespace {

constexpr size_t kSlotOctets = 1280;      // one datagram
constexpr size_t kGroSlotOctets = 65536;  // as many as a coalesced one holds

}  // namespace

DatagramReceiver::DatagramReceiver(int fd, size_t batch, bool gro)
    : fd_(fd),
      gro_(gro),
      used_(batch),
      peers_(batch),
      vectors_(batch),
      controls_(batch),
      messages_(batch),
      slots_(batch * (gro ? kGroSlotOctets : kSlotOctets)) {
  const size_t slot_octets = slots_.size() / batch;
  for (size_t i = 0; i < batch; ++i) {
    vectors_[i] = {.iov_base = slots_.data() + i * slot_octets,
                   .iov_len = slot_octets};
    messages_[i].msg_hdr = {.msg_name = &peers_[i],
                            .msg_iov = &vectors_[i],
                            .msg_iovlen = 1,
                            .msg_control = gro ? &controls_[i] : nullptr};
  }
}

size_t DatagramReceiver::Fill() {
  for (size_t i = 0; i < used_; ++i) {
    messages_[i].msg_hdr.msg_namelen = sizeof peers_[i];
    messages_[i].msg_hdr.msg_controllen = gro_ ? sizeof controls_[i] : 0;
  }
  const int count =
      recvmmsg(fd_, messages_.data(), static_cast<unsigned>(messages_.size()),
               MSG_DONTWAIT, nullptr);
  used_ = static_cast<size_t>(std::max(count, 0));
  return used_;
}

// Of message i; its whole size if it is a single datagram.
size_t DatagramReceiver::SegmentOctets(size_t i) {
  msghdr& header = messages_[i].msg_hdr;
  const cmsghdr* const control = gro_ ? CMSG_FIRSTHDR(&header) : nullptr;
  if (control == nullptr || control->cmsg_level != IPPROTO_UDP ||
      control->cmsg_type != UDP_GRO) {
    return messages_[i].msg_len;
  }
  int octets = 0;
  std::memcpy(&octets, CMSG_DATA(control), sizeof octets);
  return static_cast<size_t>(octets);
}

}  // namespace bench
