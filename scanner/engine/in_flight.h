// InFlight: the open tries. A try is one packet that carries a question. UDP
// tries are found by socket and id in an array, not a hash map.
#ifndef PTRSWEEP_SCANNER_ENGINE_IN_FLIGHT_H_
#define PTRSWEEP_SCANNER_ENGINE_IN_FLIGHT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "io/net/random.h"
#include "io/net/time.h"
#include "scanner/engine/slab.h"
#include "scanner/upstream/route.h"

namespace scanner {

struct Try {
  uint32_t question = kNil;
  uint32_t next = kNil;  // of the same question
  io::TimeNs sent_at = 0;
  ServerIndex server = 0;
  uint16_t socket = 0;  // UDP
  uint16_t id = 0;
  bool tcp = false;
  bool due = false;  // its deadline has passed; still open for a late answer
};

class InFlight {
 public:
  // Ids of a socket that may be used at once (WIRE.md section 1).
  static constexpr uint32_t kMaxIdsPerSocket = 49152;

  explicit InFlight(size_t sockets);

  // A new UDP try on `socket` with an id that is free there, from `random`.
  // kNil if the socket has kMaxIdsPerSocket ids in use.
  uint32_t AddUdp(uint16_t socket, io::SecureRandom* random);
  // A new TCP try; its id is the caller's choice.
  uint32_t AddTcp(uint16_t id);
  // Frees the try and its id.
  void Remove(uint32_t index);

  // The open UDP try with this id on this socket; kNil if there is none.
  uint32_t Find(uint16_t socket, uint16_t id) const {
    return sockets_[socket].tries[id];
  }
  Try& operator[](uint32_t index) { return tries_[index]; }
  const Try& operator[](uint32_t index) const { return tries_[index]; }
  size_t open() const { return tries_.in_use(); }

 private:
  static constexpr size_t kIds = 65536;
  struct Socket {
    std::unique_ptr<uint32_t[]> tries;  // by id; kNil: free
    uint32_t used = 0;
  };

  std::vector<Socket> sockets_;
  Slab<Try> tries_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ENGINE_IN_FLIGHT_H_
