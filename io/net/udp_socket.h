// UdpSocket: a non-blocking UDP socket that sends and receives in batches
// (sendmmsg, recvmmsg). Unconnected and without IP_RECVERR, so that an ICMP
// error of one server can never deafen it (WIRE.md 11).
//
// Sending: Append() gives room in the batch, Commit() closes the datagram,
// Flush() hands the batch to the kernel. Receiving: Receive() fills the
// receive slots, datagram(i) reads them until the next Receive(). Everything
// is allocated by Open(). Not thread-safe.
#ifndef PTRSWEEP_IO_NET_UDP_SOCKET_H_
#define PTRSWEEP_IO_NET_UDP_SOCKET_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "absl/status/statusor.h"
#include "dnswire/ip_address.h"
#include "io/net/endpoint.h"

namespace io {

// Total of a counter of which only the low 32 bits are told (SO_RXQ_OVFL).
class WrappingCounter {
 public:
  // `value` is newer than every value before; one that seems up to 2^31 older
  // is a race in the kernel and changes nothing.
  void Update(uint32_t value) {
    const uint32_t step = value - last_;
    if (step > INT32_MAX) return;
    last_ = value;
    total_ += step;
  }
  uint64_t total() const { return total_; }

 private:
  uint32_t last_ = 0;
  uint64_t total_ = 0;
};

class UdpSocket {
 public:
  static constexpr size_t kBatch = 64;  // datagrams a system call
  static constexpr size_t kSendSlotOctets = 384;
  static constexpr size_t kReceiveSlotOctets = 4096;  // WIRE.md 2, check 1

  struct Options {
    dnswire::Family family = dnswire::Family::kV4;
    int receive_buffer_octets = 4 << 20;  // asked for; see granted_buffer()
    int send_buffer_octets = 1 << 20;
    // Bind to a random free port of [first, last]; 0, 0: the kernel's choice.
    uint16_t first_port = 0;
    uint16_t last_port = 0;
  };

  struct Datagram {
    std::span<const uint8_t> octets;
    Endpoint from;
    bool truncated = false;  // longer than a slot (MSG_TRUNC)
  };

  // A datagram the kernel refused for good.
  struct SendFailure {
    uint32_t tag;  // as given to Commit()
    int error;     // errno
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

  // kSendSlotOctets of room for one datagram; nullptr if the batch is full
  // (Flush first). The same room again until Commit().
  uint8_t* Append();
  // Closes the datagram begun by Append(). `tag` names it in SendFailure.
  // REQUIRES: size_octets <= kSendSlotOctets.
  void Commit(size_t size_octets, const Endpoint& to, uint32_t tag);
  size_t pending() const { return pending_; }

  // Sends what is pending, in order. Datagrams the kernel refuses with an
  // error of their own (ENETUNREACH, EPERM, EMSGSIZE, ...) are passed to
  // `failures` and dropped. EAGAIN and ENOBUFS leave the rest pending and
  // return false: try again when writable.
  // REQUIRES: failures.size() >= pending().
  bool Flush(std::span<SendFailure> failures, size_t* failure_count);

  // Reads up to kBatch datagrams; returns how many, 0 when there are none.
  size_t Receive();
  // REQUIRES: i is below what Receive() returned last.
  Datagram datagram(size_t i) const;

  // Datagrams the kernel dropped because the receive buffer was full
  // (SO_RXQ_OVFL), in all, as of the newest datagram.
  uint64_t kernel_drops() const { return kernel_drops_.total(); }

 private:
  struct Buffers;

  UdpSocket(int fd, std::unique_ptr<Buffers> buffers);

  absl::Status Configure(const Options& options);
  absl::Status BindInRange(const Options& options);
  void PopFront(size_t count);
  void ResetReceiveHeaders();
  void UpdateDrops();

  int fd_;
  uint16_t port_ = 0;
  int granted_buffer_ = 0;
  // The send batch is a ring: what is pending starts at head_, so that a flush
  // the kernel cuts short moves nothing.
  size_t head_ = 0;
  size_t pending_ = 0;
  size_t received_ = 0;
  WrappingCounter kernel_drops_;
  std::unique_ptr<Buffers> buffers_;
};

}  // namespace io

#endif  // PTRSWEEP_IO_NET_UDP_SOCKET_H_
