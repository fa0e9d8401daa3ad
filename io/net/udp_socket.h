// UdpSocket: a non-blocking UDP socket that sends and receives in batches
// (sendmmsg, recvmmsg; UDP_SEGMENT and UDP_GRO where the kernel has them).
// Unconnected and without IP_RECVERR, so that an ICMP error of one server can
// never deafen it (WIRE.md 11).
//
// Sending: Append() gives room in the batch, Commit() closes the datagram,
// Flush() hands the batch to the kernel (SendBatch). Receiving: Receive() fills
// a ReceiveBatch. Everything is allocated by Open(). Not thread-safe.
#ifndef PTRSWEEP_IO_NET_UDP_SOCKET_H_
#define PTRSWEEP_IO_NET_UDP_SOCKET_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "absl/status/statusor.h"
#include "dnswire/ip_address.h"
#include "io/net/endpoint.h"
#include "io/net/receive_batch.h"
#include "io/net/send_batch.h"

namespace io {

// Total of a counter of which only the low 32 bits are told.
class WrappingCounter {
 public:
  void Update(uint32_t value) {
    total_ += value - last_;
    last_ = value;
  }
  uint64_t total() const { return total_; }

 private:
  uint32_t last_ = 0;
  uint64_t total_ = 0;
};

// What the kernel does for many datagrams at once.
struct UdpOffload {
  bool segment = false;   // UDP_SEGMENT: one message sends a run of them
  bool coalesce = false;  // UDP_GRO: one message brings a run of them

  friend bool operator==(const UdpOffload&, const UdpOffload&) = default;
};

class UdpSocket {
 public:
  struct Options {
    dnswire::Family family = dnswire::Family::kV4;
    int receive_buffer_octets = 4 << 20;  // asked for; see granted_buffer()
    int send_buffer_octets = 1 << 20;
    // Bind to a random free port of [first, last]; 0, 0: the kernel's choice.
    uint16_t first_port = 0;
    uint16_t last_port = 0;
    UdpOffload offload;  // wanted; see offload()
  };

  // Errors: socket, bind or option failures with the errno text; no free port
  // found in the range; a range that is none.
  static absl::StatusOr<std::unique_ptr<UdpSocket>> Open(
      const Options& options);
  ~UdpSocket();
  UdpSocket(const UdpSocket&) = delete;
  UdpSocket& operator=(const UdpSocket&) = delete;

  int fd() const { return fd_; }
  uint16_t port() const { return port_; }
  // SO_RCVBUF as the kernel accounts it: twice what was asked for, or twice
  // rmem_max if that is less and we lack the right to exceed it.
  int granted_buffer() const { return granted_buffer_; }
  // What was wanted and is to be had here.
  UdpOffload offload() const {
    return {.segment = batch_->segments(), .coalesce = coalesces_};
  }

  // As of SendBatch.
  uint8_t* Append() { return batch_->Append(); }
  void Commit(size_t size_octets, const Endpoint& to, uint32_t tag) {
    batch_->Commit(size_octets, to, tag);
  }
  size_t pending() const { return batch_->pending(); }
  // Sends what is pending; false: the kernel has no room, try again when
  // writable.
  bool Flush(std::span<SendBatch::Failure> failures, size_t* failure_count) {
    return batch_->Send(fd_, failures, failure_count);
  }

  // Fills `batch`; how many messages came, 0 when there are none.
  size_t Receive(ReceiveBatch* batch) { return batch->Receive(fd_); }

  // Datagrams the kernel dropped because the receive buffer was full, in all.
  // Asks the kernel; fewer than 2^32 may be dropped between two calls.
  uint64_t KernelDrops();

 private:
  explicit UdpSocket(int fd) : fd_(fd) {}

  absl::Status Configure(const Options& options);
  absl::Status BindInRange(const Options& options);

  int fd_;
  uint16_t port_ = 0;
  int granted_buffer_ = 0;
  bool coalesces_ = false;
  WrappingCounter kernel_drops_;
  std::unique_ptr<SendBatch> batch_;
};

}  // namespace io

#endif  // PTRSWEEP_IO_NET_UDP_SOCKET_H_
