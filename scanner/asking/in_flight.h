// InFlight: the open tries, and the ids in quarantine. A try is one packet that
// carries a question. UDP tries are found by socket and id: as many chains as
// there are open tries, whose heads stay in the cache while few are open.
//
// An id of a socket is free, then open, then in quarantine (WIRE.md section 5):
// what still comes under it is late, neither a guess of somebody's nor the
// answer to the next query that is given the id.
#ifndef PTRSWEEP_SCANNER_ASKING_IN_FLIGHT_H_
#define PTRSWEEP_SCANNER_ASKING_IN_FLIGHT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "io/net/random.h"
#include "io/net/time.h"
#include "scanner/asking/ring.h"
#include "scanner/asking/slab.h"
#include "scanner/upstream/route.h"

namespace scanner {

// Without holes: there may be a million.
struct Try {
  uint32_t question = kNil;
  uint32_t next = kNil;  // of the same question
  uint32_t next_in_chain = kNil;
  uint16_t socket = 0;  // UDP
  uint16_t id = 0;
  io::TimeNs sent_at = 0;
  uint64_t case_seed = 0;  // of its letters; 0: lower case
  ServerIndex server = 0;
  bool tcp = false;
  bool due = false;     // its deadline has passed; still open for a late answer
  bool edns = false;    // carried OPT
  bool cookie = false;  // carried a COOKIE option
  bool unsent = false;  // the kernel refused its packet
  bool counted_lost = false;  // by the server's congestion control
};
static_assert(sizeof(Try) == 40);

// An id that must not be used again yet because its try got no response, so
// that one may still come.
struct Awaited {
  io::TimeNs until = 0;
  io::TimeNs sent_at = 0;
  uint16_t socket = 0;
  uint16_t id = 0;
  ServerIndex server = 0;
  bool counted_lost = false;
  bool taken = false;  // its response has come after all
};

class InFlight {
 public:
  // Ids of a socket that may be used at once (WIRE.md section 1), those in
  // quarantine included.
  static constexpr uint32_t kMaxIdsPerSocket = 49152;
  static constexpr io::TimeNs kQuarantineUnanswered = 10 * io::kSecond;
  static constexpr io::TimeNs kQuarantineAnswered = 250 * io::kMillisecond;

  explicit InFlight(size_t sockets);

  // A new UDP try on `socket` with an id that is free there, from `random`.
  // kNil if the socket has kMaxIdsPerSocket ids in use.
  uint32_t AddUdp(uint16_t socket, io::SecureRandom* random);
  // A new TCP try; its id is the caller's choice.
  uint32_t AddTcp(uint16_t id);
  // Frees the try; the id of a UDP try goes into quarantine.
  void Remove(uint32_t index, bool answered, io::TimeNs now);
  // Frees a UDP try, and its id, whose packet was never sent.
  void Discard(uint32_t index);

  // Frees the ids whose quarantine is over.
  void Advance(io::TimeNs now);

  // The open UDP try with this id on this socket; kNil if there is none.
  uint32_t Find(uint16_t socket, uint16_t id) const {
    uint32_t index = chains_[ChainOf(socket, id)];
    while (index != kNil && !Has(tries_[index], socket, id)) {
      index = tries_[index].next_in_chain;
    }
    return index;
  }
  // Begins to fetch what Find() will look at; the try that it will very likely
  // find, kNil if there is none.
  uint32_t Prefetch(uint16_t socket, uint16_t id) const {
    const uint32_t first = chains_[ChainOf(socket, id)];
    if (first != kNil) __builtin_prefetch(&tries_[first]);
    return first;
  }
  bool IsQuarantined(uint16_t socket, uint16_t id) const {
    return IsTaken(socket, id) && Find(socket, id) == kNil;
  }
  // What the late response of `server` under this id was awaited for, once;
  // nullopt if it was not.
  std::optional<Awaited> TakeAwaited(uint16_t socket, uint16_t id,
                                     ServerIndex server);

  Try& operator[](uint32_t index) { return tries_[index]; }
  const Try& operator[](uint32_t index) const { return tries_[index]; }
  size_t open() const { return tries_.in_use(); }
  // No id of the socket is open or in quarantine.
  bool IsIdle(uint16_t socket) const { return sockets_[socket].used == 0; }

 private:
  static constexpr size_t kIds = 65536;
  static constexpr size_t kWordBits = 64;
  static constexpr size_t kFirstChains = 1024;
  static constexpr uint32_t kAhead = 8;  // ids freed until one is fetched

  struct Socket {
    std::unique_ptr<uint64_t[]> taken;  // a bit an id: open or in quarantine
    // By id: the ticket of what is awaited, or one of another time. Null while
    // all tries are answered.
    std::unique_ptr<uint32_t[]> tickets;
    uint32_t used = 0;
    // Drawn for the next try, so that its place in `taken` can be fetched while
    // this one is sent.
    uint16_t next_id = 0;
    bool has_next_id = false;
  };
  struct SocketId {
    uint16_t socket = 0;
    uint16_t id = 0;
  };
  // Ids answered at one time.
  struct Answered {
    io::TimeNs until = 0;
    uint32_t count = 0;
  };

  bool IsTaken(uint16_t socket, uint16_t id) const {
    return (sockets_[socket].taken[id / kWordBits] >> id % kWordBits & 1) != 0;
  }
  // Ids are drawn at random: they need no hashing.
  size_t ChainOf(uint16_t socket, uint16_t id) const {
    return (size_t{socket} * kIds + id) & (chains_.size() - 1);
  }
  static bool Has(const Try& open, uint16_t socket, uint16_t id) {
    return open.id == id && open.socket == socket;
  }
  uint16_t DrawId(uint16_t socket, io::SecureRandom* random);
  void Take(uint16_t socket, uint16_t id);
  void Free(uint16_t socket, uint16_t id);
  void Link(uint32_t index);
  void Unlink(uint32_t index);
  void LengthenChains();
  void Await(const Try& closed, io::TimeNs until);

  std::vector<Socket> sockets_;
  Slab<Try> tries_;
  std::vector<uint32_t> chains_;  // first tries; size a power of two
  size_t chained_ = 0;            // open UDP tries
  // In quarantine, in the order in which that ends.
  Ring<SocketId> answered_;
  Ring<Answered> answered_at_;
  Ring<Awaited> awaited_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ASKING_IN_FLIGHT_H_
