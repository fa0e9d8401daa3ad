#include "scanner/asking/in_flight.h"

#include <new>

namespace scanner {

InFlight::InFlight(size_t sockets) : sockets_(sockets) {
  for (Socket& socket : sockets_) {
    socket.taken = std::make_unique<uint64_t[]>(kIds / kWordBits);
    socket.uses = std::make_unique_for_overwrite<uint32_t[]>(kIds);
  }
}

void InFlight::Take(uint16_t socket, uint16_t id, uint32_t use) {
  Socket& ids = sockets_[socket];
  ids.taken[id / kWordBits] |= uint64_t{1} << id % kWordBits;
  ids.uses[id] = use;
  ++ids.used;
}

void InFlight::Free(uint16_t socket, uint16_t id) {
  Socket& ids = sockets_[socket];
  ids.taken[id / kWordBits] &= ~(uint64_t{1} << id % kWordBits);
  --ids.used;
}

// At least a quarter of the ids is free, so this takes four draws at most on
// average.
uint16_t InFlight::DrawId(uint16_t socket, io::SecureRandom* random) const {
  uint16_t id = random->U16();
  while (IsTaken(socket, id)) id = random->U16();
  return id;
}

uint32_t InFlight::AddUdp(uint16_t socket, io::SecureRandom* random) {
  Socket& ids = sockets_[socket];
  if (ids.used >= kMaxIdsPerSocket) return kNil;
  if (!ids.has_next_id) ids.next_id = DrawId(socket, random);
  const uint16_t id = ids.next_id;
  const uint32_t index = tries_.Acquire();
  new (&tries_[index]) Try{.socket = socket, .id = id};
  Take(socket, id, index);
  ids.has_next_id = ids.used < kMaxIdsPerSocket;
  if (ids.has_next_id) {
    ids.next_id = DrawId(socket, random);
    __builtin_prefetch(&ids.uses[ids.next_id], 1);
  }
  return index;
}

uint32_t InFlight::AddTcp(uint16_t id) {
  const uint32_t index = tries_.Acquire();
  new (&tries_[index]) Try{.id = id, .tcp = true};
  return index;
}

void InFlight::Remove(uint32_t index, bool answered, io::TimeNs now) {
  const Try& removed = tries_[index];
  if (!removed.tcp && answered) {
    const io::TimeNs until = now + kQuarantineAnswered;
    if (answered_at_.empty() || answered_at_.back().until != until) {
      answered_at_.Push({.until = until});
    }
    ++answered_at_.back().count;
    answered_.Push({.socket = removed.socket, .id = removed.id});
    sockets_[removed.socket].uses[removed.id] = kQuarantineBit;
  } else if (!removed.tcp) {
    const uint32_t ticket =
        awaited_.Push({.until = now + kQuarantineUnanswered,
                       .sent_at = removed.sent_at,
                       .socket = removed.socket,
                       .id = removed.id,
                       .server = removed.server,
                       .counted_lost = removed.counted_lost});
    sockets_[removed.socket].uses[removed.id] =
        kQuarantineBit | kAwaitedBit | (ticket & kTicketMask);
  }
  tries_.Release(index);
}

void InFlight::Discard(uint32_t index) {
  const Try& removed = tries_[index];
  Free(removed.socket, removed.id);
  tries_.Release(index);
}

void InFlight::Advance(io::TimeNs now) {
  while (!answered_at_.empty() && answered_at_.front().until <= now) {
    for (uint32_t left = answered_at_.front().count; left > 0; --left) {
      Free(answered_.front().socket, answered_.front().id);
      answered_.Pop();
    }
    answered_at_.Pop();
  }
  while (!awaited_.empty() && awaited_.front().until <= now) {
    Free(awaited_.front().socket, awaited_.front().id);
    awaited_.Pop();
  }
}

std::optional<Awaited> InFlight::TakeAwaited(uint16_t socket, uint16_t id,
                                             ServerIndex server) {
  if (!IsQuarantined(socket, id)) return std::nullopt;
  uint32_t& use = sockets_[socket].uses[id];
  if ((use & kAwaitedBit) == 0) return std::nullopt;
  const Awaited awaited = awaited_.At(use & kTicketMask);
  if (awaited.server != server) return std::nullopt;
  use = kQuarantineBit;
  return awaited;
}

}  // namespace scanner
