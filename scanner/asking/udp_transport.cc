#include "scanner/asking/udp_transport.h"

#include <algorithm>
#include <array>
#include <climits>

#include "scanner/targets/special_use.h"

namespace scanner {
namespace {

// Between two looks at the age of sockets.
constexpr io::TimeNs kRotationInterval = 100 * io::kMillisecond;

constexpr io::UdpOffload OffloadOf(Offload wanted) {
  return {.segment = wanted != Offload::kNone,
          .coalesce = wanted == Offload::kAuto};
}

}  // namespace

namespace {

bool IsUsed(const ScanOptions& options, dnswire::Family family) {
  if (options.iterative) {
    return family == dnswire::Family::kV4 ? options.transport_v4
                                          : options.transport_v6;
  }
  return std::any_of(options.resolvers.begin(), options.resolvers.end(),
                     [family](const io::Endpoint& resolver) {
                       return resolver.address.family() == family;
                     });
}

}  // namespace

absl::StatusOr<std::unique_ptr<UdpTransport>> UdpTransport::Open(
    const ScanOptions& options, io::EventLoop* loop, io::SecureRandom* random) {
  std::unique_ptr<UdpTransport> transport(
      new UdpTransport(options, loop, random));
  for (const auto family : {dnswire::Family::kV4, dnswire::Family::kV6}) {
    if (!IsUsed(options, family)) continue;
    const absl::Status status = transport->AddFamily(family);
    if (!status.ok()) return status;
  }
  return transport;
}

UdpTransport::UdpTransport(const ScanOptions& options, io::EventLoop* loop,
                           io::SecureRandom* random)
    : options_(options),
      loop_(loop),
      random_(random),
      offload_(OffloadOf(options.offload)),
      received_(offload_.coalesce) {}

absl::Status UdpTransport::AddFamily(dnswire::Family family) {
  const io::TimeNs now = io::EventLoop::Now();
  Family added{.family = family};
  const auto first = static_cast<uint16_t>(sockets_.size());
  sockets_.resize(sockets_.size() + options_.sockets + 1);
  for (uint32_t i = 0; i < options_.sockets; ++i) {
    const auto slot = static_cast<uint16_t>(first + i);
    absl::Status status = OpenSlot(slot, family, now);
    if (!status.ok()) return status;
    added.active.push_back(slot);
    // Not all of them shall be replaced at once, later.
    sockets_[slot].opened_at -= kMaxAge / 2 * i / options_.sockets;
  }
  added.spare = static_cast<uint16_t>(first + options_.sockets);
  families_.push_back(std::move(added));
  return absl::OkStatus();
}

// Watchers keep the slot, not the address: the vector may move.
absl::Status UdpTransport::OpenSlot(uint16_t slot, dnswire::Family family,
                                    io::TimeNs now) {
  auto udp = io::UdpSocket::Open({.family = family,
                                  .first_port = options_.first_source_port,
                                  .last_port = options_.last_source_port,
                                  .offload = offload_});
  if (!udp.ok()) return udp.status();
  offload_ = (*udp)->offload();
  auto watcher = io::PollWatcher::Create(
      loop_, (*udp)->fd(), [this, slot](bool readable, bool writable) {
        if (readable) sockets_[slot].readable = true;
        if (writable) Unblock(slot);
      });
  if (!watcher.ok()) return watcher.status();
  sockets_[slot] = {
      .udp = *std::move(udp), .watcher = *std::move(watcher), .opened_at = now};
  return absl::OkStatus();
}

void UdpTransport::CloseSlot(uint16_t slot) {
  closed_drops_ += sockets_[slot].udp->KernelDrops();
  sockets_[slot].watcher.reset();  // before its descriptor is closed
  sockets_[slot] = Socket();
}

bool UdpTransport::Rotate(io::TimeNs now,
                          absl::FunctionRef<bool(uint16_t slot)> idle) {
  if (now < next_rotation_) return false;
  next_rotation_ = now + kRotationInterval;
  bool replaced = false;
  for (Family& family : families_) replaced |= RotateFamily(&family, now, idle);
  return replaced;
}

bool UdpTransport::RotateFamily(Family* family, io::TimeNs now,
                                absl::FunctionRef<bool(uint16_t slot)> idle) {
  if (family->retiring) {
    const Socket& old = sockets_[family->spare];
    if (old.dirty || old.readable || !idle(family->spare)) return false;
    CloseSlot(family->spare);
    family->retiring = false;
  }
  const auto due = std::find_if(
      family->active.begin(), family->active.end(), [this, now](uint16_t slot) {
        return now - sockets_[slot].opened_at >= kMaxAge ||
               sockets_[slot].packets >= kMaxPackets;
      });
  if (due == family->active.end()) return false;
  // Without a new socket, the old one goes on until there is one.
  if (!OpenSlot(family->spare, family->family, now).ok()) return false;
  std::swap(*due, family->spare);
  family->retiring = true;
  return true;
}

uint16_t UdpTransport::PickSocket(const io::Endpoint& server,
                                  size_t attempt) const {
  const Family& family = server.address.family() == families_[0].family
                             ? families_[0]
                             : families_[1];
  const size_t count = family.active.size();
  const size_t pick = IsLoopback(server.address)
                          ? run_
                          : random_->Below(static_cast<uint32_t>(count));
  return family.active[(pick + attempt) % count];
}

uint8_t* UdpTransport::Append(uint16_t socket) {
  if (blocked_) return nullptr;
  uint8_t* room = sockets_[socket].udp->Append();
  if (room != nullptr) return room;
  if (!FlushSocket(socket)) return nullptr;
  ++run_;  // a large flush is spread: what it brings comes back in one go
  return sockets_[socket].udp->Append();
}

void UdpTransport::Commit(uint16_t socket, size_t size_octets,
                          const io::Endpoint& to, uint32_t tag) {
  sockets_[socket].udp->Commit(size_octets, to, tag);
  sockets_[socket].dirty = true;
  ++sockets_[socket].packets;
}

bool UdpTransport::FlushSocket(uint16_t socket) {
  std::array<io::SendBatch::Failure, io::SendBatch::kDatagrams> failures;
  size_t count = 0;
  const bool done = sockets_[socket].udp->Flush(failures, &count);
  for (size_t i = 0; i < count; ++i) {
    failed_tags_.push_back(failures[i].tag);
  }
  sockets_[socket].dirty = !done;
  offload_.segment &= sockets_[socket].udp->offload().segment;
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

void UdpTransport::LookAtAll() {
  for (Socket& socket : sockets_) socket.readable = socket.udp != nullptr;
}

bool UdpTransport::Receive(
    absl::FunctionRef<void(uint16_t, const io::Datagram&)> visit,
    absl::FunctionRef<void(uint16_t, uint16_t)> announce) {
  bool more = false;
  for (size_t i = 0; i < sockets_.size(); ++i) {
    Socket& socket = sockets_[i];
    if (!socket.readable) continue;
    size_t drained = 0;
    size_t count = 0;
    do {
      count = socket.udp->Receive(&received_);
      received_.ForEach(
          [&](const io::Datagram& datagram) {
            visit(static_cast<uint16_t>(i), datagram);
            ++drained;
          },
          [&](std::span<const uint8_t, 2> octets) {
            announce(static_cast<uint16_t>(i),
                     static_cast<uint16_t>(octets[0] << 8 | octets[1]));
          });
    } while (count == io::ReceiveBatch::kMessages && drained < kMaxDrain);
    socket.readable = count == io::ReceiveBatch::kMessages;
    more |= socket.readable;
  }
  return more;
}

uint64_t UdpTransport::KernelDrops() {
  uint64_t drops = closed_drops_;
  for (const Socket& socket : sockets_) {
    if (socket.udp != nullptr) drops += socket.udp->KernelDrops();
  }
  return drops;
}

int UdpTransport::granted_buffer() const {
  int granted = INT_MAX;
  for (const Socket& socket : sockets_) {
    if (socket.udp != nullptr) {
      granted = std::min(granted, socket.udp->granted_buffer());
    }
  }
  return granted;
}

}  // namespace scanner
