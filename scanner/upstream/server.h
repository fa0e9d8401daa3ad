// Server: what one engine knows of one upstream server: its pace, its window,
// its round trips, its counters.
#ifndef PTRSWEEP_SCANNER_UPSTREAM_SERVER_H_
#define PTRSWEEP_SCANNER_UPSTREAM_SERVER_H_

#include <cstdint>

#include "io/net/endpoint.h"
#include "io/net/time.h"
#include "scanner/upstream/rate_limiter.h"
#include "scanner/upstream/retransmission.h"

namespace scanner {

struct Server {
  io::Endpoint endpoint;
  RateLimiter limiter;
  RetransmissionTimer timer;
  uint32_t window = 0;     // UDP tries it may have before their deadline
  uint32_t in_flight = 0;  // that it has

  uint64_t sent = 0;      // packets with a question, UDP and TCP
  uint64_t accepted = 0;  // responses
  uint64_t expired = 0;   // tries whose deadline passed unanswered

  bool CanSend(io::TimeNs now) const {
    return in_flight < window && limiter.Ready(now);
  }
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_UPSTREAM_SERVER_H_
