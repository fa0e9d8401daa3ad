#include "bench/support/datagram_sender.h"

#include <netinet/udp.h>

#include <cassert>
#include <cerrno>
#include <cstring>

namespace bench {

DatagramSender::DatagramSender(int fd, Shape shape)
    : fd_(fd),
      shape_(shape),
      runs_(shape.runs),
      messages_(shape.runs),
      octets_(shape.runs * shape.segments * kMaxDatagramOctets) {
  assert(shape.runs >= 1 && shape.runs <= kMaxRuns);
  assert(shape.segments >= 1 && shape.segments <= kMaxSegments);
  static_assert(kMaxSegments * kMaxDatagramOctets < 65507);
  table_.fill(kNone);
  for (size_t i = 0; i < shape.runs; ++i) {
    Run& run = runs_[i];
    run.octets.iov_base =
        octets_.data() + i * shape.segments * kMaxDatagramOctets;
    messages_[i].msg_hdr = {.msg_name = &run.to,
                            .msg_namelen = sizeof run.to,
                            .msg_iov = &run.octets,
                            .msg_iovlen = 1};
  }
}

void DatagramSender::Add(std::span<const uint8_t> datagram,
                         const sockaddr_in& to) {
  assert(!datagram.empty() && datagram.size() <= kMaxDatagramOctets);
  Run& run = shape_.segments == 1 ? StartRun(datagram.size(), to)
                                  : RunFor(datagram.size(), to);
  std::memcpy(static_cast<uint8_t*>(run.octets.iov_base) +
                  run.segments * datagram.size(),
              datagram.data(), datagram.size());
  ++run.segments;
  ++pending_;
}

// The open run of that receiver and size, or a new one.
DatagramSender::Run& DatagramSender::RunFor(size_t size,
                                            const sockaddr_in& to) {
  const uint64_t key =
      uint64_t{to.sin_addr.s_addr} << 32 | uint64_t{to.sin_port} << 16 | size;
  size_t slot = FindSlot(key);
  if (table_[slot] != kNone) {
    Run& open = runs_[table_[slot]];
    if (open.segments < shape_.segments) return open;
  }
  if (run_count_ == shape_.runs) {
    Flush();
    slot = FindSlot(key);
  }
  table_[slot] = static_cast<uint8_t>(run_count_);
  Run& run = StartRun(size, to);
  run.key = key;
  return run;
}

size_t DatagramSender::FindSlot(uint64_t key) const {
  static_assert(kTableSize == 256);
  size_t slot = (key * 0x9e3779b97f4a7c15u) >> 56;
  while (table_[slot] != kNone && runs_[table_[slot]].key != key) {
    slot = (slot + 1) % kTableSize;
  }
  return slot;
}

DatagramSender::Run& DatagramSender::StartRun(size_t size,
                                              const sockaddr_in& to) {
  if (run_count_ == shape_.runs) Flush();
  Run& run = runs_[run_count_++];
  run.segment_octets = size;
  run.segments = 0;
  run.to = to;
  return run;
}

// Completes the header of a run.
void DatagramSender::Prepare(size_t at) {
  Run& run = runs_[at];
  msghdr& header = messages_[at].msg_hdr;
  run.octets.iov_len = run.segments * run.segment_octets;
  header.msg_control = nullptr;
  header.msg_controllen = 0;
  if (run.segments == 1) return;
  header.msg_control = run.control.data();
  header.msg_controllen = sizeof run.control;
  cmsghdr* const control = CMSG_FIRSTHDR(&header);
  control->cmsg_level = IPPROTO_UDP;
  control->cmsg_type = UDP_SEGMENT;
  control->cmsg_len = CMSG_LEN(sizeof(uint16_t));
  const auto segment_octets = static_cast<uint16_t>(run.segment_octets);
  std::memcpy(CMSG_DATA(control), &segment_octets, sizeof segment_octets);
}

void DatagramSender::Flush() {
  for (size_t i = 0; i < run_count_; ++i) Prepare(i);
  for (size_t sent = 0; sent < run_count_;) {
    const int done = sendmmsg(fd_, &messages_[sent],
                              static_cast<unsigned>(run_count_ - sent), 0);
    if (done > 0) {
      sent += static_cast<size_t>(done);
    } else if (errno != EINTR) {
      refused_ += runs_[sent++].segments;
    }
  }
  run_count_ = 0;
  pending_ = 0;
  if (shape_.segments > 1) table_.fill(kNone);
}

}  // namespace bench
