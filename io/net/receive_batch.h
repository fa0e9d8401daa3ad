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

  // `coalesced`: for sockets with UDP_GRO, whose messages are up to 64 KiB.
  explicit ReceiveBatch(bool coalesced);
  ~ReceiveBatch();
  ReceiveBatch(const ReceiveBatch&) = delete;
  ReceiveBatch& operator=(const ReceiveBatch&) = delete;

  // Reads up to kMessages messages; how many, 0 when there are none. What the
  // batch held before is gone.
  size_t Receive(int fd);
  // Calls `visit(const Datagram&)` for each datagram, in the order of arrival,
  // and some datagrams before that `announce(first_octets)` for most of those
  // with two octets or more: time to fetch what belongs to them.
  template <typename Visit, typename Announce>
  void ForEach(Visit visit, Announce announce) const;
  template <typename Visit>
  void ForEach(Visit visit) const {
    ForEach(visit, [](std::span<const uint8_t, 2>) {});
  }

 private:
  struct Buffers;
  struct Message {
    std::span<const uint8_t> octets;
    size_t segment_octets = 0;  // of its datagrams, the last may be shorter
    bool truncated = false;
  };

  static constexpr size_t kAhead = 8;  // datagrams

  void ResetHeaders();
  Message MessageAt(size_t i) const;
  Endpoint SenderAt(size_t i) const;
  // What message i carries.
  std::span<const uint8_t> OctetsAt(size_t i) const;

  size_t received_ = kMessages;
  std::unique_ptr<Buffers> buffers_;
};

template <typename Visit, typename Announce>
void ReceiveBatch::ForEach(Visit visit, Announce announce) const {
  for (size_t i = 0; i < received_; ++i) {
    const Message message = MessageAt(i);
    if (i + kAhead < received_ && OctetsAt(i + kAhead).size() >= 2) {
      announce(OctetsAt(i + kAhead).template first<2>());
    }
    Datagram datagram = {.from = SenderAt(i)};
    size_t at = 0;
    do {  // an empty datagram is one
      const size_t size =
          std::min(message.segment_octets, message.octets.size() - at);
      datagram.octets =
          message.octets.subspan(at, std::min(size, kMaxDatagramOctets));
      datagram.truncated = message.truncated || size > kMaxDatagramOctets;
      const size_t ahead = at + kAhead * message.segment_octets;
      if (ahead + 2 <= message.octets.size()) {
        announce(message.octets.subspan(ahead).template first<2>());
      }
      visit(datagram);
      at += size;
    } while (at < message.octets.size());
  }
}

}  // namespace io

#endif  // PTRSWEEP_IO_NET_RECEIVE_BATCH_H_
