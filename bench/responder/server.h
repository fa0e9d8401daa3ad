// Server: one socket, one core, every query answered in its turn.
#ifndef PTRSWEEP_BENCH_RESPONDER_SERVER_H_
#define PTRSWEEP_BENCH_RESPONDER_SERVER_H_

#include <netinet/in.h>

#include <array>
#include <cstdint>
#include <span>

#include "bench/responder/answer.h"
#include "bench/responder/delay_line.h"
#include "bench/support/datagram_receiver.h"
#include "bench/support/datagram_sender.h"

namespace bench {

struct ServerOptions {
  uint32_t nxdomain_percent = 0;
  bool gso = false;           // answers go out in runs
  bool gro = false;           // queries may come in runs
  uint32_t delay_us = 0;      // of every answer
  uint32_t loss_percent = 0;  // queries dropped, as if they had been lost
};

struct ServerCounters {
  uint64_t queries = 0;  // received, whatever became of them
  uint64_t answers = 0;
  uint64_t dropped = 0;  // by `loss_percent`
  uint64_t ignored = 0;  // no sound query
  uint64_t refused = 0;  // answers the kernel did not take
};

class Server {
 public:
  // `fd`: a blocking UDP socket, with EnableGro() if options.gro.
  Server(int fd, const ServerOptions& options);

  // Serves until `stop_fd` is readable or closed at its other end.
  void ServeUntil(int stop_fd);
  ServerCounters counters() const;

 private:
  void ServeReadable();
  void OnQuery(std::span<const uint8_t> query, const sockaddr_in& from);
  bool IsDropped();
  void Send(std::span<const uint8_t> answer, const sockaddr_in& to);
  void SendDue();

  int fd_;
  ServerOptions options_;
  ServerCounters counters_;
  DatagramReceiver receiver_;
  DatagramSender sender_;
  DelayLine delayed_;
  int64_t now_ns_ = 0;  // with a delay, once a turn
  std::array<uint8_t, kMaxAnswerOctets> answer_;
};

}  // namespace bench

#endif  // PTRSWEEP_BENCH_RESPONDER_SERVER_H_
