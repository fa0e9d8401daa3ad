// UdpTransport: an engine's UDP sockets as one: several per address family, so
// that source ports add entropy and ids never run out.
#ifndef PTRSWEEP_SCANNER_ENGINE_UDP_TRANSPORT_H_
#define PTRSWEEP_SCANNER_ENGINE_UDP_TRANSPORT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
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
  // Sockets for the families of options.resolvers, watched by `loop`. `loop`
  // and `random` must outlive the transport.
  static absl::StatusOr<std::unique_ptr<UdpTransport>> Open(
      const ScanOptions& options, io::EventLoop* loop,
      io::SecureRandom* random);

  size_t socket_count() const { return sockets_.size(); }
  // A socket for a packet to `server`: random; towards loopback one for all
  // packets between two flushes, so that runs to one destination stay whole.
  uint16_t PickSocket(const io::Endpoint& server) const;

  // Room for one datagram on `socket`; nullptr while the kernel has none.
  uint8_t* Append(uint16_t socket);
  void Commit(uint16_t socket, size_t size_octets, const io::Endpoint& to,
              uint32_t tag);
  // Hands all batches to the kernel. `failed(tag)` is called for each packet it
  // refused for good. False: it had no room for some of them; they stay.
  bool Flush(absl::FunctionRef<void(uint32_t tag)> failed);
  bool blocked() const { return blocked_; }

  // Calls `visit(socket, datagram)` for what has arrived, at most `kMaxDrain`
  // datagrams a socket; true if there may be more. That is more than a receive
  // buffer holds, so that after a stall all of it is read before deadlines are
  // looked at.
  static constexpr size_t kMaxDrain = 16384;
  bool Receive(
      absl::FunctionRef<void(uint16_t socket, const io::UdpSocket::Datagram&)>
          visit);

  uint64_t kernel_drops() const;
  // The smallest receive buffer granted, as the kernel accounts it.
  int granted_buffer() const;

 private:
  struct Socket {
    std::unique_ptr<io::UdpSocket> udp;
    std::unique_ptr<io::PollWatcher> watcher;
    bool readable = false;
    bool dirty = false;  // holds packets not yet flushed
  };

  explicit UdpTransport(io::SecureRandom* random) : random_(random) {}
  absl::Status AddSockets(const ScanOptions& options, dnswire::Family family,
                          io::EventLoop* loop);
  bool FlushSocket(uint16_t socket);
  void Unblock(size_t socket);

  std::vector<Socket> sockets_;
  uint16_t first_v6_ = 0;  // sockets_[0..first_v6_) are IPv4
  uint16_t run_ = 0;       // counts flushes, for loopback
  // One full socket buffer stops all: the device behind them is the same.
  bool blocked_ = false;
  io::SecureRandom* random_;
  std::vector<uint32_t> failed_tags_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ENGINE_UDP_TRANSPORT_H_
