#include "scanner/engine/in_flight.h"

#include <algorithm>

namespace scanner {

InFlight::InFlight(size_t sockets) : sockets_(sockets) {
  for (Socket& socket : sockets_) {
    socket.tries = std::make_unique_for_overwrite<uint32_t[]>(kIds);
    std::fill_n(socket.tries.get(), kIds, kNil);
  }
}

uint32_t InFlight::AddUdp(uint16_t socket, io::SecureRandom* random) {
  Socket& ids = sockets_[socket];
  if (ids.used >= kMaxIdsPerSocket) return kNil;
  // At least a quarter of the ids is free, so this takes four draws at most on
  // average.
  uint16_t id = random->U16();
  while (ids.tries[id] != kNil) id = random->U16();
  const uint32_t index = tries_.Acquire();
  tries_[index] = Try{.socket = socket, .id = id};
  ids.tries[id] = index;
  ++ids.used;
  return index;
}

uint32_t InFlight::AddTcp(uint16_t id) {
  const uint32_t index = tries_.Acquire();
  tries_[index] = Try{.id = id, .tcp = true};
  return index;
}

void InFlight::Remove(uint32_t index) {
  const Try& removed = tries_[index];
  if (!removed.tcp) {
    Socket& socket = sockets_[removed.socket];
    socket.tries[removed.id] = kNil;
    --socket.used;
  }
  tries_.Release(index);
}

}  // namespace scanner
