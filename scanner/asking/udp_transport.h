// UdpTransport: an engine's UDP sockets as one: several per address family, so
// that source ports add entropy and ids never run out. Each is replaced after a
// while by one on another port; the old one is read until nothing it sent can
// be answered any more.
#ifndef PTRSWEEP_SCANNER_ASKING_UDP_TRANSPORT_H_
#define PTRSWEEP_SCANNER_ASKING_UDP_TRANSPORT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "io/net/endpoint.h"
#include "io/net/event_loop.h"
#include "io/net/random.h"
#include "io/net/udp_socket.h"
#include "scanner/options.h"
#include "scanner/upstream/server.h"

namespace scanner {

class UdpTransport {
 public:
  // A socket is replaced after so long or so many packets (WIRE.md section 1).
  static constexpr io::TimeNs kMaxAge = 120 * io::kSecond;
  static constexpr uint64_t kMaxPackets = 500000;

  // Sockets for the families of options.resolvers, or of iteration, watched by
  // `loop`. `loop`
  // and `random` must outlive the transport.
  static absl::StatusOr<std::unique_ptr<UdpTransport>> Open(
      const ScanOptions& options, io::EventLoop* loop,
      io::SecureRandom* random);

  // Sockets are known by slots, from 0 to below this.
  size_t slot_count() const { return sockets_.size(); }
  // A socket for a packet to `server`: random; towards loopback one for all
  // packets of a batch, so that runs to one destination stay whole.
  // `attempt`, from 0, leads to each of the family's sockets once.
  uint16_t PickSocket(const io::Endpoint& server, size_t attempt) const;
  size_t sockets_per_family() const { return options_.sockets; }

  // Room for one datagram on `socket`; nullptr while the kernel has none.
  uint8_t* Append(uint16_t socket);
  void Commit(uint16_t socket, size_t size_octets, const io::Endpoint& to,
              uint32_t tag);
  // Hands all batches to the kernel. `failed(tag)` is called for each packet it
  // refused for good. False: it had no room for some of them; they stay.
  bool Flush(absl::FunctionRef<void(uint32_t tag)> failed);
  bool blocked() const { return blocked_; }

  // Replaces a socket that is due, one at a time and family. `idle(slot)`: an
  // old socket has no use any more and is closed. True if one was replaced.
  bool Rotate(io::TimeNs now, absl::FunctionRef<bool(uint16_t slot)> idle);

  // Makes the next Receive() look at every socket, whatever the loop has told.
  void LookAtAll();
  // Calls `visit(socket, datagram)` for what has arrived, at most `kMaxDrain`
  // datagrams a socket; true if there may be more. That is more than a receive
  // buffer holds, so that after a stall all of it is read before deadlines are
  // looked at.
  static constexpr size_t kMaxDrain = 16384;
  // `announce(socket, id)` is called for most of them somewhat earlier.
  bool Receive(
      absl::FunctionRef<void(uint16_t socket, const io::Datagram&)> visit,
      absl::FunctionRef<void(uint16_t socket, uint16_t id)> announce);

  // Asks the kernel for each socket.
  uint64_t KernelDrops();
  // The smallest receive buffer granted, as the kernel accounts it.
  int granted_buffer() const;
  // What the newest socket got of what the options want.
  io::UdpOffload offload() const { return offload_; }

 private:
  // Between a closed socket's slot and its next use `udp` is null.
  struct Socket {
    std::unique_ptr<io::UdpSocket> udp;
    std::unique_ptr<io::PollWatcher> watcher;
    io::TimeNs opened_at = 0;
    uint64_t packets = 0;
    bool readable = false;
    bool dirty = false;  // holds packets not yet flushed
  };
  // One slot more than sockets: the one that is free, or being retired.
  struct Family {
    dnswire::Family family = dnswire::Family::kV4;
    std::vector<uint16_t> active;
    uint16_t spare = 0;
    bool retiring = false;
  };

  UdpTransport(const ScanOptions& options, io::EventLoop* loop,
               io::SecureRandom* random);
  absl::Status AddFamily(dnswire::Family family);
  absl::Status OpenSlot(uint16_t slot, dnswire::Family family, io::TimeNs now);
  void CloseSlot(uint16_t slot);
  bool RotateFamily(Family* family, io::TimeNs now,
                    absl::FunctionRef<bool(uint16_t slot)> idle);
  bool FlushSocket(uint16_t socket);
  void Unblock(size_t socket);

  const ScanOptions options_;
  io::EventLoop* loop_;
  io::SecureRandom* random_;
  std::vector<Socket> sockets_;
  std::vector<Family> families_;
  uint16_t run_ = 0;  // counts batches, for loopback
  // One full socket buffer stops all: the device behind them is the same.
  bool blocked_ = false;
  io::TimeNs next_rotation_ = 0;  // nothing is due before
  uint64_t closed_drops_ = 0;     // of sockets that are no more
  std::vector<uint32_t> failed_tags_;
  io::UdpOffload offload_;
  io::ReceiveBatch received_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ASKING_UDP_TRANSPORT_H_
