#include "scanner/asking/in_flight.h"

#include <new>
#include <utility>

namespace scanner {

InFlight::InFlight(size_t sockets)
    : sockets_(sockets), chains_(kFirstChains, kNil) {
  for (Socket& socket : sockets_) {
    socket.taken = std::make_unique<uint64_t[]>(kIds / kWordBits);
  }
}

void InFlight::Take(uint16_t socket, uint16_t id) {
  Socket& ids = sockets_[socket];
  ids.taken[id / kWordBits] |= uint64_t{1} << id % kWordBits;
  ++ids.used;
}

void InFlight::Free(uint16_t socket, uint16_t id) {
  Socket& ids = sockets_[socket];
  ids.taken[id / kWordBits] &= ~(uint64_t{1} << id % kWordBits);
  --ids.used;
}

// At least a quarter of the ids is free, so this takes four draws at most on
// average. The first was made the last time, and nobody has seen it.
uint16_t InFlight::DrawId(uint16_t socket, io::SecureRandom* random) {
  Socket& ids = sockets_[socket];
  uint16_t id = ids.has_next_id ? ids.next_id : random->U16();
  while (IsTaken(socket, id)) id = random->U16();
  ids.next_id = random->U16();
  ids.has_next_id = true;
  __builtin_prefetch(&ids.taken[ids.next_id / kWordBits], 1);
  return id;
}

void InFlight::Link(uint32_t index) {
  Try& linked = tries_[index];
  uint32_t& first = chains_[ChainOf(linked.socket, linked.id)];
  linked.next_in_chain = std::exchange(first, index);
}

void InFlight::Unlink(uint32_t index) {
  const Try& unlinked = tries_[index];
  uint32_t* link = &chains_[ChainOf(unlinked.socket, unlinked.id)];
  while (*link != index) link = &tries_[*link].next_in_chain;
  *link = unlinked.next_in_chain;
  --chained_;
}

void InFlight::LengthenChains() {
  const std::vector<uint32_t> before =
      std::exchange(chains_, std::vector<uint32_t>(2 * chains_.size(), kNil));
  for (uint32_t index : before) {
    while (index != kNil) {
      const uint32_t next = tries_[index].next_in_chain;
      Link(index);
      index = next;
    }
  }
}

uint32_t InFlight::AddUdp(uint16_t socket, io::SecureRandom* random) {
  if (sockets_[socket].used >= kMaxIdsPerSocket) return kNil;
  const uint16_t id = DrawId(socket, random);
  const uint32_t index = tries_.Acquire();
  new (&tries_[index]) Try{.socket = socket, .id = id};
  Take(socket, id);
  if (chained_ == chains_.size()) LengthenChains();
  Link(index);
  ++chained_;
  return index;
}

uint32_t InFlight::AddTcp(uint16_t id) {
  const uint32_t index = tries_.Acquire();
  new (&tries_[index]) Try{.id = id, .tcp = true};
  return index;
}

void InFlight::Remove(uint32_t index, bool answered, io::TimeNs now) {
  const Try& removed = tries_[index];
  if (!removed.tcp) {
    Unlink(index);
    if (answered) {
      const io::TimeNs until = now + kQuarantineAnswered;
      if (answered_at_.empty() || answered_at_.back().until != until) {
        answered_at_.Push({.until = until});
      }
      ++answered_at_.back().count;
      answered_.Push({.socket = removed.socket, .id = removed.id});
    } else {
      Await(removed, now + kQuarantineUnanswered);
    }
  }
  tries_.Release(index);
}

void InFlight::Await(const Try& closed, io::TimeNs until) {
  auto& tickets = sockets_[closed.socket].tickets;
  if (tickets == nullptr) tickets = std::make_unique<uint32_t[]>(kIds);
  tickets[closed.id] = awaited_.Push({.until = until,
                                      .sent_at = closed.sent_at,
                                      .socket = closed.socket,
                                      .id = closed.id,
                                      .server = closed.server,
                                      .counted_lost = closed.counted_lost});
}

void InFlight::Discard(uint32_t index) {
  Unlink(index);
  const Try& removed = tries_[index];
  Free(removed.socket, removed.id);
  tries_.Release(index);
}

void InFlight::Advance(io::TimeNs now) {
  while (!answered_at_.empty() && answered_at_.front().until <= now) {
    for (uint32_t left = answered_at_.front().count; left > 0; --left) {
      if (left > kAhead) {
        const SocketId& later = answered_.FromFront(kAhead);
        __builtin_prefetch(&sockets_[later.socket].taken[later.id / kWordBits],
                           1);
      }
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

// A ticket is of this time if what it names is still awaited under this id: an
// id is not drawn again before that.
std::optional<Awaited> InFlight::TakeAwaited(uint16_t socket, uint16_t id,
                                             ServerIndex server) {
  if (sockets_[socket].tickets == nullptr) return std::nullopt;
  const uint32_t ticket = sockets_[socket].tickets[id];
  if (!awaited_.Holds(ticket)) return std::nullopt;
  Awaited& awaited = awaited_.At(ticket);
  if (awaited.socket != socket || awaited.id != id || awaited.taken ||
      awaited.server != server) {
    return std::nullopt;
  }
  awaited.taken = true;
  return awaited;
}

}  // namespace scanner
