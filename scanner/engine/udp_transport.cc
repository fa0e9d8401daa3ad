#include "scanner/engine/udp_transport.h"

#include <algorithm>
#include <array>

#include "scanner/targets/special_use.h"

namespace scanner {

absl::StatusOr<std::unique_ptr<UdpTransport>> UdpTransport::Open(
    const ScanOptions& options, io::EventLoop* loop, io::SecureRandom* random) {
  std::unique_ptr<UdpTransport> transport(new UdpTransport(random));
  const auto uses = [&options](dnswire::Family family) {
    return std::any_of(options.resolvers.begin(), options.resolvers.end(),
                       [family](const io::Endpoint& resolver) {
                         return resolver.address.family() == family;
                       });
  };
  absl::Status status;
  if (uses(dnswire::Family::kV4)) {
    status.Update(transport->AddSockets(options, dnswire::Family::kV4, loop));
  }
  transport->first_v6_ = static_cast<uint16_t>(transport->sockets_.size());
  if (uses(dnswire::Family::kV6)) {
    status.Update(transport->AddSockets(options, dnswire::Family::kV6, loop));
  }
  if (!status.ok()) return status;
  return transport;
}

absl::Status UdpTransport::AddSockets(const ScanOptions& options,
                                      dnswire::Family family,
                                      io::EventLoop* loop) {
  // Watchers keep the index, not the address: the vector may move.
  for (uint32_t i = 0; i < options.sockets; ++i) {
    const size_t index = sockets_.size();
    auto udp = io::UdpSocket::Open({.family = family,
                                    .first_port = options.first_source_port,
                                    .last_port = options.last_source_port});
    if (!udp.ok()) return udp.status();
    auto watcher = io::PollWatcher::Create(
        loop, (*udp)->fd(), [this, index](bool readable, bool writable) {
          if (readable) sockets_[index].readable = true;
          if (writable) Unblock(index);
        });
    if (!watcher.ok()) return watcher.status();
    sockets_.push_back(
        {.udp = *std::move(udp), .watcher = *std::move(watcher)});
  }
  return absl::OkStatus();
}

uint16_t UdpTransport::PickSocket(const io::Endpoint& server) const {
  const bool v4 = server.address.is_v4();
  const uint16_t first = v4 ? uint16_t{0} : first_v6_;
  const size_t count = v4 ? first_v6_ : sockets_.size() - first_v6_;
  const uint32_t pick = IsLoopback(server.address)
                            ? run_ % static_cast<uint32_t>(count)
                            : random_->Below(static_cast<uint32_t>(count));
  return static_cast<uint16_t>(first + pick);
}

uint8_t* UdpTransport::Append(uint16_t socket) {
  if (blocked_) return nullptr;
  uint8_t* room = sockets_[socket].udp->Append();
  if (room != nullptr) return room;
  if (!FlushSocket(socket)) return nullptr;
  return sockets_[socket].udp->Append();
}

void UdpTransport::Commit(uint16_t socket, size_t size_octets,
                          const io::Endpoint& to, uint32_t tag) {
  sockets_[socket].udp->Commit(size_octets, to, tag);
  sockets_[socket].dirty = true;
}

bool UdpTransport::FlushSocket(uint16_t socket) {
  std::array<io::UdpSocket::SendFailure, io::UdpSocket::kBatch> failures;
  size_t count = 0;
  const bool done = sockets_[socket].udp->Flush(failures, &count);
  for (size_t i = 0; i < count; ++i) {
    failed_tags_.push_back(failures[i].tag);
  }
  sockets_[socket].dirty = !done;
  if (!done) {
    blocked_ = true;
    sockets_[socket].watcher->WatchWritable(true);
  }
  return done;
}

void UdpTransport::Unblock(size_t socket) {
  sockets_[socket].watcher->WatchWritable(false);
  blocked_ = false;
}

bool UdpTransport::Flush(absl::FunctionRef<void(uint32_t tag)> failed) {
  ++run_;
  for (size_t i = 0; i < sockets_.size() && !blocked_; ++i) {
    if (sockets_[i].dirty) FlushSocket(static_cast<uint16_t>(i));
  }
  // A failed packet's question may send again, which appends and may fail in
  // turn: index, not iterator.
  for (size_t i = 0; i < failed_tags_.size(); ++i) failed(failed_tags_[i]);
  failed_tags_.clear();
  return !blocked_;
}

bool UdpTransport::Receive(
    absl::FunctionRef<void(uint16_t, const io::UdpSocket::Datagram&)> visit) {
  bool more = false;
  for (size_t i = 0; i < sockets_.size(); ++i) {
    Socket& socket = sockets_[i];
    if (!socket.readable) continue;
    size_t drained = 0;
    size_t count = 0;
    do {
      count = socket.udp->Receive();
      for (size_t d = 0; d < count; ++d) {
        visit(static_cast<uint16_t>(i), socket.udp->datagram(d));
      }
      drained += count;
    } while (count == io::UdpSocket::kBatch && drained < kMaxDrain);
    socket.readable = count == io::UdpSocket::kBatch;
    more |= socket.readable;
  }
  return more;
}

uint64_t UdpTransport::kernel_drops() const {
  uint64_t drops = 0;
  for (const Socket& socket : sockets_) drops += socket.udp->kernel_drops();
  return drops;
}

int UdpTransport::granted_buffer() const {
  int granted = sockets_.front().udp->granted_buffer();
  for (const Socket& socket : sockets_) {
    granted = std::min(granted, socket.udp->granted_buffer());
  }
  return granted;
}

}  // namespace scanner
