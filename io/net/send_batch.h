// SendBatch: datagrams on their way to the kernel. Those of one destination and
// equal size are joined into runs that one message carries (UDP_SEGMENT): the
// kernel's charge for a datagram is mostly one for a message (measured over
// loopback: 2.3 us alone, 0.56 in runs of 16, 0.41 in runs of 64).
//
//   Append, Commit -> run by (destination, size) -> Send: sendmmsg of all runs
//
// Datagrams of one run keep their order; runs go in the order of their first.
// Everything is allocated by the constructor. Not thread-safe.
#ifndef PTRSWEEP_IO_NET_SEND_BATCH_H_
#define PTRSWEEP_IO_NET_SEND_BATCH_H_

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "io/net/endpoint.h"

namespace io {

class SendBatch {
 public:
  static constexpr size_t kDatagrams = 512;
  static constexpr size_t kSlotOctets = 384;  // longest datagram
  // Datagrams a message: what every kernel with UDP_SEGMENT takes.
  static constexpr size_t kRun = 64;
  static_assert(kRun * kSlotOctets <= 65507);

  // A datagram the kernel refused for good.
  struct Failure {
    uint32_t tag;  // as given to Commit()
    int error;     // errno
  };

  // `segment`: join datagrams into runs.
  explicit SendBatch(bool segment);
  ~SendBatch();
  SendBatch(const SendBatch&) = delete;
  SendBatch& operator=(const SendBatch&) = delete;

  // kSlotOctets of room for one datagram; nullptr if the batch is full. The
  // same room again until Commit().
  uint8_t* Append();
  // Closes the datagram begun by Append().
  // REQUIRES: size_octets <= kSlotOctets.
  void Commit(size_t size_octets, const Endpoint& to, uint32_t tag);
  size_t pending() const { return committed_ - done_; }
  bool segments() const { return segment_; }

  // Sends what is pending through `fd`. Datagrams refused with an error of
  // their own are passed to `failures` and dropped; EAGAIN and ENOBUFS leave
  // the rest pending and return false. A path that cannot segment (EIO) ends
  // the joining for good.
  // REQUIRES: failures.size() >= pending().
  bool Send(int fd, std::span<Failure> failures, size_t* failure_count);

 private:
  struct Buffers;
  // By index of Commit() within the batch.
  struct Datagram {
    uint32_t at = 0;  // in the arena
    uint16_t size = 0;
    uint16_t next = 0;  // of its run
    uint32_t tag = 0;
  };
  struct Run {
    uint16_t first = 0;
    uint16_t last = 0;
    uint16_t count = 0;
    uint16_t size = 0;
    uint16_t destination = 0;
  };
  // A datagram in the order of sending.
  struct Sent {
    uint32_t at = 0;  // in the gathered octets
    uint16_t size = 0;
    uint16_t destination = 0;
    uint32_t tag = 0;
  };

  uint16_t DestinationOf(const Endpoint& to);
  Run& RunFor(uint16_t destination, uint16_t size);
  void BuildMessages();
  void AddMessage(size_t first, size_t count);
  void SplitMessages();
  void DropMessage(int error, std::span<Failure> failures,
                   size_t* failure_count);
  void Reset();

  bool segment_;
  size_t used_ = 0;       // octets of the arena
  size_t committed_ = 0;  // datagrams since the last Reset()
  size_t built_ = 0;      // of them in messages, or done
  size_t done_ = 0;       // of them sent or failed
  size_t run_count_ = 0;  // of datagrams not built yet
  size_t destination_count_ = 0;
  size_t message_ = 0;  // the next to send
  size_t message_count_ = 0;
  std::unique_ptr<Buffers> buffers_;
};

}  // namespace io

#endif  // PTRSWEEP_IO_NET_SEND_BATCH_H_
