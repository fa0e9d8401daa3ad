#include "scanner/asking/in_flight.h"

#include <algorithm>
#include <utility>

namespace scanner {

InFlight::InFlight(size_t sockets) : sockets_(sockets) {
  for (Socket& socket : sockets_) {
    socket.uses = std::make_unique_for_overwrite<uint32_t[]>(kIds);
    std::fill_n(socket.uses.get(), kIds, kNil);
  }
}

uint32_t InFlight::AddUdp(uint16_t socket, io::SecureRandom* random) {
  Socket& ids = sockets_[socket];
  if (ids.used >= kMaxIdsPerSocket) return kNil;
  // At least a quarter of the ids is free, so this takes four draws at most on
  // average.
  uint16_t id = random->U16();
  while (ids.uses[id] != kNil) id = random->U16();
  const uint32_t index = tries_.Acquire();
  tries_[index] = Try{.socket = socket, .id = id};
  ids.uses[id] = index;
  ++ids.used;
  return index;
}

uint32_t InFlight::AddTcp(uint16_t id) {
  const uint32_t index = tries_.Acquire();
  tries_[index] = Try{.id = id, .tcp = true};
  return index;
}

void InFlight::Remove(uint32_t index, bool answered, io::TimeNs now) {
  const Try& removed = tries_[index];
  if (!removed.tcp) {
    const io::TimeNs wait =
        answered ? kQuarantineAnswered : kQuarantineUnanswered;
    const Quarantined entry = {.until = now + wait,
                               .sent_at = removed.sent_at,
                               .socket = removed.socket,
                               .id = removed.id,
                               .server = removed.server,
                               .awaited = !answered,
                               .counted_lost = removed.counted_lost};
    const uint32_t ticket =
        (answered ? answered_ : unanswered_).Push(entry) & kTicketMask;
    sockets_[removed.socket].uses[removed.id] =
        kQuarantineBit | (answered ? kAnsweredBit : 0) | ticket;
  }
  tries_.Release(index);
}

void InFlight::Discard(uint32_t index) {
  const Try& removed = tries_[index];
  Socket& socket = sockets_[removed.socket];
  socket.uses[removed.id] = kNil;
  --socket.used;
  tries_.Release(index);
}

void InFlight::Advance(io::TimeNs now) {
  ExpireRing(&answered_, now);
  ExpireRing(&unanswered_, now);
}

void InFlight::ExpireRing(Ring* ring, io::TimeNs now) {
  while (!ring->empty() && ring->front().until <= now) {
    Socket& socket = sockets_[ring->front().socket];
    socket.uses[ring->front().id] = kNil;
    --socket.used;
    ring->Pop();
  }
}

const Quarantined* InFlight::FindQuarantined(uint16_t socket,
                                             uint16_t id) const {
  const uint32_t use = sockets_[socket].uses[id];
  if (use == kNil || use < kQuarantineBit) return nullptr;
  const Ring& ring = (use & kAnsweredBit) != 0 ? answered_ : unanswered_;
  return &ring.At(use & kTicketMask);
}

Quarantined* InFlight::FindQuarantined(uint16_t socket, uint16_t id) {
  const InFlight& self = *this;
  return const_cast<Quarantined*>(self.FindQuarantined(socket, id));
}

uint32_t InFlight::Ring::Push(const Quarantined& entry) {
  if (end_ - first_ == entries_.size()) Grow();
  At(end_) = entry;
  return end_++;
}

// An entry's place follows from its ticket, so it moves with the size.
void InFlight::Ring::Grow() {
  std::vector<Quarantined> larger(2 * entries_.size());
  for (uint32_t ticket = first_; ticket != end_; ++ticket) {
    larger[ticket & (larger.size() - 1)] = At(ticket);
  }
  entries_ = std::move(larger);
}

}  // namespace scanner
