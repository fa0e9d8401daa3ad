#include "io/net/send_batch.h"

#include <netinet/udp.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>

namespace io {
namespace {

// Open runs that are looked up by destination and size; one that loses its
// place to another only ends early.
constexpr size_t kOpenRuns = 256;
constexpr uint16_t kNoRun = 0xffff;
// Destinations that are compared before a new one is assumed.
constexpr size_t kRecentDestinations = 8;
// Datagrams start on such a boundary.
constexpr size_t kAlignment = 8;

struct Destination {
  Endpoint endpoint;
  sockaddr_storage address;
  socklen_t address_size = 0;
};

// Room for the one control message we send, UDP_SEGMENT.
struct alignas(cmsghdr) Control {
  std::array<uint8_t, CMSG_SPACE(sizeof(uint16_t))> octets;
};

bool IsBackPressure(int error) { return error == EAGAIN || error == ENOBUFS; }

// What a kernel or path says that cannot take the run as one message.
bool RefusesRuns(int error) {
  return error == EIO || error == EINVAL || error == EMSGSIZE;
}

size_t PlaceOf(uint16_t destination, uint16_t size) {
  return (destination * size_t{37} + size) % kOpenRuns;
}

void SetSegmentSize(msghdr* header, Control* control, uint16_t size) {
  header->msg_control = control;
  header->msg_controllen = sizeof *control;
  cmsghdr* const message = CMSG_FIRSTHDR(header);
  message->cmsg_level = SOL_UDP;
  message->cmsg_type = UDP_SEGMENT;
  message->cmsg_len = CMSG_LEN(sizeof size);
  std::memcpy(CMSG_DATA(message), &size, sizeof size);
}

}  // namespace

struct SendBatch::Buffers {
  std::array<uint8_t, kDatagrams * kSlotOctets> arena;
  std::array<uint8_t, kDatagrams * kSlotOctets> gathered;
  std::array<Datagram, kDatagrams> datagrams;
  std::array<Run, kDatagrams> runs;
  std::array<uint16_t, kOpenRuns> open_runs;
  std::array<Destination, kDatagrams> destinations;
  std::array<Sent, kDatagrams> order;
  std::array<mmsghdr, kDatagrams> headers;
  std::array<iovec, kDatagrams> vectors;
  std::array<Control, kDatagrams> controls;
  std::array<uint16_t, kDatagrams> first;  // of a message, in `order`
  std::array<uint16_t, kDatagrams> count;
};

SendBatch::SendBatch(bool segment)
    : segment_(segment), buffers_(std::make_unique_for_overwrite<Buffers>()) {
  buffers_->open_runs.fill(kNoRun);
}

SendBatch::~SendBatch() = default;

uint8_t* SendBatch::Append() {
  if (committed_ == kDatagrams) return nullptr;
  return buffers_->arena.data() + used_;
}

void SendBatch::Commit(size_t size_octets, const Endpoint& to, uint32_t tag) {
  assert(size_octets <= kSlotOctets);
  assert(committed_ < kDatagrams);
  const auto size = static_cast<uint16_t>(size_octets);
  const auto index = static_cast<uint16_t>(committed_++);
  buffers_->datagrams[index] = {
      .at = static_cast<uint32_t>(used_), .size = size, .tag = tag};
  used_ += (size_octets + kAlignment - 1) / kAlignment * kAlignment;
  Run& run = RunFor(DestinationOf(to), size);
  if (run.count++ == 0) {
    run.first = index;
  } else {
    buffers_->datagrams[run.last].next = index;
  }
  run.last = index;
}

uint16_t SendBatch::DestinationOf(const Endpoint& to) {
  auto& destinations = buffers_->destinations;
  const size_t oldest =
      destination_count_ - std::min(destination_count_, kRecentDestinations);
  for (size_t i = destination_count_; i-- > oldest;) {
    if (destinations[i].endpoint == to) return static_cast<uint16_t>(i);
  }
  Destination& added = destinations[destination_count_];
  added.endpoint = to;
  added.address_size = to.ToSockaddr(&added.address);
  return static_cast<uint16_t>(destination_count_++);
}

// The open run of this kind, or a new one.
SendBatch::Run& SendBatch::RunFor(uint16_t destination, uint16_t size) {
  auto& runs = buffers_->runs;
  uint16_t& place = buffers_->open_runs[PlaceOf(destination, size)];
  if (segment_ && place < run_count_) {
    Run& run = runs[place];
    if (run.destination == destination && run.size == size &&
        run.count < kRun) {
      return run;
    }
  }
  place = static_cast<uint16_t>(run_count_++);
  runs[place] = {.size = size, .destination = destination};
  return runs[place];
}

// Lays the datagrams of each run side by side, one message a run.
void SendBatch::BuildMessages() {
  message_ = 0;
  message_count_ = 0;
  size_t at = built_ == 0 ? 0
                          : buffers_->order[built_ - 1].at +
                                buffers_->order[built_ - 1].size;
  for (size_t r = 0; r < run_count_; ++r) {
    const Run& run = buffers_->runs[r];
    const size_t first = built_;
    uint16_t index = run.first;
    for (uint16_t i = 0; i < run.count; ++i) {
      const Datagram& datagram = buffers_->datagrams[index];
      std::memcpy(buffers_->gathered.data() + at,
                  buffers_->arena.data() + datagram.at, datagram.size);
      buffers_->order[built_++] = {.at = static_cast<uint32_t>(at),
                                   .size = datagram.size,
                                   .destination = run.destination,
                                   .tag = datagram.tag};
      at += datagram.size;
      index = datagram.next;
    }
    AddMessage(first, run.count);
  }
  run_count_ = 0;
}

// One message for `count` datagrams from `first` in the order of sending.
void SendBatch::AddMessage(size_t first, size_t count) {
  const Sent& head = buffers_->order[first];
  Destination& to = buffers_->destinations[head.destination];
  const size_t m = message_count_++;
  buffers_->first[m] = static_cast<uint16_t>(first);
  buffers_->count[m] = static_cast<uint16_t>(count);
  buffers_->vectors[m] = {.iov_base = buffers_->gathered.data() + head.at,
                          .iov_len = count * head.size};
  msghdr& header = buffers_->headers[m].msg_hdr;
  header = {.msg_name = &to.address,
            .msg_namelen = to.address_size,
            .msg_iov = &buffers_->vectors[m],
            .msg_iovlen = 1};
  if (count > 1) SetSegmentSize(&header, &buffers_->controls[m], head.size);
}

// What has not been sent yet goes in a message each.
void SendBatch::SplitMessages() {
  message_ = 0;
  message_count_ = 0;
  for (size_t i = done_; i < built_; ++i) AddMessage(i, 1);
}

void SendBatch::DropMessage(int error, std::span<Failure> failures,
                            size_t* failure_count) {
  for (size_t i = 0; i < buffers_->count[message_]; ++i) {
    failures[(*failure_count)++] = {
        buffers_->order[buffers_->first[message_] + i].tag, error};
  }
  done_ += buffers_->count[message_++];
}

// sendmmsg stops at the first message it cannot send and returns how many went
// before it; the error comes when that message is the first of a call.
bool SendBatch::Send(int fd, std::span<Failure> failures,
                     size_t* failure_count) {
  assert(failures.size() >= pending());
  *failure_count = 0;
  while (done_ < committed_) {
    if (message_ == message_count_) BuildMessages();
    const int sent =
        sendmmsg(fd, &buffers_->headers[message_],
                 static_cast<unsigned>(message_count_ - message_), 0);
    if (sent > 0) {
      for (int i = 0; i < sent; ++i) done_ += buffers_->count[message_++];
    } else if (IsBackPressure(errno)) {
      return false;
    } else if (buffers_->count[message_] > 1 && RefusesRuns(errno)) {
      if (errno == EIO) segment_ = false;
      SplitMessages();
    } else if (errno != EINTR) {
      DropMessage(errno, failures, failure_count);
    }
  }
  Reset();
  return true;
}

void SendBatch::Reset() {
  used_ = 0;
  committed_ = built_ = done_ = 0;
  destination_count_ = 0;
  message_ = message_count_ = 0;
}

}  // namespace io
