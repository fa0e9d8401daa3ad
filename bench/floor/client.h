// Client: asks a server for the PTR of every address of a prefix, and for the A
// of every name, with as little work as can be: what no scanner can be faster
// than. No retries, no checks beyond the id, no verdict beyond one comparison.
//
// Two ways to keep time, as the modes want it:
//   by readability   wait until there is a datagram; take a batch, send a batch
//   by the clock     sleep a tick; take all there is, send all there is room
//                    for, in runs of equal size
#ifndef PTRSWEEP_BENCH_FLOOR_CLIENT_H_
#define PTRSWEEP_BENCH_FLOOR_CLIENT_H_

#include <netinet/in.h>

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "bench/floor/csv_lines.h"
#include "bench/support/datagram_receiver.h"
#include "bench/support/datagram_sender.h"
#include "dnswire/name.h"
#include "dnswire/query.h"

namespace bench {

enum class Mode : uint8_t {
  kPlain,    // by readability, one datagram a system call
  kBatched,  // by readability, 64 datagrams a system call
  kGso,      // by the clock, sent in runs
  kGsoGro,   // and received in runs
};

struct ClientOptions {
  static constexpr uint32_t kMaxWindow = 60000;

  sockaddr_in server{};
  uint32_t first = 0;    // address
  uint32_t targets = 0;  // addresses, a power of two
  Mode mode = Mode::kGso;
  bool forward = false;  // ask A of the names
  uint32_t window = 0;   // most open queries, at most kMaxWindow
  uint32_t tick_us = 0;  // of the clock
};

struct ClientCounters {
  uint64_t answers = 0;   // to PTR and A
  uint64_t finished = 0;  // addresses answered for whole
  uint64_t lost = 0;      // addresses that waited in vain
  uint64_t stray = 0;     // replies nobody waits for
};

class Client {
 public:
  // `fd`: a blocking UDP socket, with EnableGro() for Mode::kGsoGro.
  Client(int fd, const ClientOptions& options, CsvLines* csv);

  // Returns when every address is answered for, each query has waited for
  // kPatienceMs, or the server has been silent for kSilenceMs.
  ClientCounters Run();

 private:
  static constexpr uint32_t kPatienceMs = 2000;
  static constexpr uint32_t kSilenceMs = 5000;
  static constexpr uint32_t kSweepMs = 100;
  static constexpr size_t kIds = 65536;

  enum class State : uint8_t { kFree, kPtr, kA };
  // An address being looked up. Its queries have the slot's number as their id.
  struct Slot {
    uint32_t address = 0;
    uint32_t sent_ms = 0;
    State state = State::kFree;
  };

  bool UsesClock() const { return options_.mode >= Mode::kGso; }
  void TurnByReadability();
  void TurnByClock();
  // One batch. False if it was not full.
  bool Receive();
  void OnReply(std::span<const uint8_t> reply);
  void OnPtr(uint16_t id, std::span<const uint8_t> reply);
  void OnA(uint16_t id, std::span<const uint8_t> reply);
  void Fill();
  void Send(uint16_t id, State state, size_t size);
  void Finish(uint16_t id, const dnswire::NameView* name,
              absl::string_view status);
  void Free(uint16_t id);
  void LookAtTime();
  void SweepLost();

  const ClientOptions options_;
  int fd_;
  CsvLines* csv_;
  ClientCounters counters_;
  DatagramReceiver receiver_;
  DatagramSender sender_;
  std::array<uint8_t, dnswire::kMaxQueryOctets> query_;
  std::unique_ptr<Slot[]> slots_;
  // Free ids, the one used longest ago first; the ends wrap as the ids do.
  std::unique_ptr<uint16_t[]> free_ids_;
  uint16_t free_first_ = 0;
  uint16_t free_end_ = 0;
  uint32_t open_ = 0;
  uint32_t started_ = 0;  // targets
  uint32_t swept_ = 0;    // of them, given up
  uint32_t now_ms_ = 0;
  uint32_t heard_ms_ = 0;       // the newest reply
  uint64_t heard_answers_ = 0;  // as of then
  uint32_t swept_ms_ = 0;
};

}  // namespace bench

#endif  // PTRSWEEP_BENCH_FLOOR_CLIENT_H_
