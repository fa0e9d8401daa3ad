// Relay: a bad network between a client and a server on loopback, in a thread
// of its own, seeded. (The kernel's netem is not to be had everywhere.)
//
//   client <--> port() of the relay | a socket per client <--> server
//
// Each client address and port has a socket of its own towards the server, so
// ids and ports stay as far apart as the client keeps them. What becomes of a
// datagram: relay_fate.h, with a pattern of its own for each direction.
#ifndef PTRSWEEP_TESTS_SUPPORT_RELAY_H_
#define PTRSWEEP_TESTS_SUPPORT_RELAY_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "tests/support/relay_fate.h"
#include "tests/support/sockets.h"

namespace testing_support {

struct Weather {
  Impairment to_server;
  Impairment from_server;
  // Datagrams a second towards the server, over 20 ms; what exceeds it is
  // dropped. 0: no limit.
  double rate_qps = 0;
};

struct RelayOptions {
  SocketAddress to;
  SocketAddress listen = SocketAddress::Loopback(0);
  uint64_t seed = 0;
  Weather weather;
  // Relays TCP untouched on the same port number; else it is refused.
  bool tcp = false;
  // Sockets towards the server; the one unused for longest is recycled.
  size_t max_clients = 256;
  // Datagrams held back at a time; more are dropped.
  size_t max_held = 65536;
};

// Of one direction. In the end received + duplicated = lost + over_rate +
// overflowed + unsent + sent.
struct RelayCounters {
  uint64_t received = 0;
  uint64_t lost = 0;
  uint64_t over_rate = 0;
  uint64_t duplicated = 0;
  uint64_t reordered = 0;
  uint64_t corrupted = 0;
  uint64_t delayed = 0;     // held back, for whatever reason
  uint64_t overflowed = 0;  // dropped: too many were held back
  // Dropped: over 4,096 octets, the kernel did not take it, its client was
  // recycled, or the relay was stopped.
  uint64_t unsent = 0;
  uint64_t sent = 0;
};

struct RelayReport {
  RelayCounters to_server;
  RelayCounters from_server;
};

// "to-server received 7 lost 0 ...; from-server received ...".
std::string FormatReport(const RelayReport& report);

// All methods may be called from any thread, but Stop() from one only.
class Relay {
 public:
  // Runs from now on; nullptr if the port is taken.
  static std::unique_ptr<Relay> Start(const RelayOptions& options);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  uint16_t port() const { return address().port(); }
  const SocketAddress& address() const;
  // From the next datagrams on.
  void SetWeather(const Weather& weather);
  // At most a few milliseconds old; exact once stopped.
  RelayReport counters() const;
  void Stop();

 private:
  class Impl;
  explicit Relay(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_SUPPORT_RELAY_H_
