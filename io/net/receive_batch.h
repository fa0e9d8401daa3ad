// ReceiveBatch: what one recvmmsg brought. With UDP_GRO a message may carry
// many datagrams of one sender and equal size; ForEach() tells them apart. One
// batch serves all sockets of a thread: its slots are large and worth sharing.
#ifndef PTRSWEEP_IO_NET_RECEIVE_BATCH_H_
#define PTRSWEEP_IO_NET_RECEIVE_BATCH_H_

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "io/net/endpoint.h"

namespace io {

struct Datagram {
  std::span<const uint8_t> octets;
  Endpoint from;
  bool truncated = false;  // longer than kMaxDatagramOctets
};

class ReceiveBatch {
 public:
  static constexpr size_t kMessages = 64;
  static constexpr size_t kMaxDatagramOctets = 4096;  // WIRE.md 2, check 1
  static constexpr size_t kAhead = 8;

  // `coalesced`: for sockets with UDP_GRO, whose messages are up to 64 KiB.
  explicit ReceiveBatch(bool coalesced);
  ~ReceiveBatch();
  ReceiveBatch(const ReceiveBatch&) = delete;
  ReceiveBatch& operator=(const ReceiveBatch&) = delete;

  // Reads up to kMessages messages; how many, 0 when there are none. What the
  // batch held before is gone.
  size_t Receive(int fd);
  // Calls `visit(const Datagram&)` for each datagram, in the order of arrival,
  // and up to kAhead datagrams before that `announce(first_octets)` if it has
  // two octets or more: time to fetch what belongs to it.
  template <typename Visit, typename Announce>
  void ForEach(Visit visit, Announce announce) const;
  template <typename Visit>
  void ForEach(Visit visit) const {
    ForEach(visit, [](std::span<const uint8_t, 2>) {});
  }

 private:
  class Cursor;
  struct Buffers;
  struct Message {
    std::span<const uint8_t> octets;
    size_t segment_octets = 0;  // of its datagrams, the last may be shorter
    bool truncated = false;
  };

  void ResetHeaders();
  Message MessageAt(size_t i) const;
  Endpoint SenderAt(size_t i) const;
  // What message i carries.
  std::span<const uint8_t> OctetsAt(size_t i) const;

  size_t received_ = kMessages;
  std::unique_ptr<Buffers> buffers_;
};

// Walks the datagrams of all messages, of which an empty one is one datagram.
class ReceiveBatch::Cursor {
 public:
  explicit Cursor(const ReceiveBatch& batch) : batch_(batch) { Load(); }

  bool done() const { return i_ >= batch_.received_; }
  // REQUIRES of both: !done().
  std::span<const uint8_t> octets() const {
    return message_.octets.subspan(
        at_, std::min(message_.segment_octets, message_.octets.size() - at_));
  }
  void Next() {
    at_ += std::max(message_.segment_octets, size_t{1});
    if (at_ < message_.octets.size()) return;
    at_ = 0;
    ++i_;
    Load();
  }

  size_t i() const { return i_; }
  bool truncated() const { return message_.truncated; }

 private:
  void Load() {
    if (!done()) message_ = batch_.MessageAt(i_);
  }

  const ReceiveBatch& batch_;
  size_t i_ = 0;
  size_t at_ = 0;
  Message message_;
};

template <typename Visit, typename Announce>
void ReceiveBatch::ForEach(Visit visit, Announce announce) const {
  Cursor ahead(*this);
  const auto announce_next = [&] {
    const std::span<const uint8_t> octets = ahead.octets();
    if (octets.size() >= 2) announce(octets.first<2>());
    ahead.Next();
  };
  for (size_t i = 0; i < kAhead && !ahead.done(); ++i) announce_next();
  for (Cursor here(*this); !here.done(); here.Next()) {
    if (!ahead.done()) announce_next();
    const std::span<const uint8_t> octets = here.octets();
    visit(Datagram{
        .octets = octets.first(std::min(octets.size(), kMaxDatagramOctets)),
        .from = SenderAt(here.i()),
        .truncated = here.truncated() || octets.size() > kMaxDatagramOctets});
  }
}

}  // namespace io

#endif  // PTRSWEEP_IO_NET_RECEIVE_BATCH_H_
