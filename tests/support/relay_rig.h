// A client and a server with a relay between them, for tests of the relay.
#ifndef PTRSWEEP_TESTS_SUPPORT_RELAY_RIG_H_
#define PTRSWEEP_TESTS_SUPPORT_RELAY_RIG_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/relay.h"
#include "tests/support/sockets.h"

namespace testing_support {

// Waits for a datagram for at most 10 s; "(nothing)" then.
std::string ReceiveOne(const Descriptor& from, SocketAddress* sender = nullptr);
void SendOne(const Descriptor& through, const std::string& text,
             const SocketAddress& to);

class RelayRig {
 public:
  // `options` without an address to relay to: it is the rig's server.
  explicit RelayRig(const Weather& weather, uint64_t seed = 1,
                    RelayOptions options = {});

  // Sends the datagrams "00000000 to", "00000001 to" ... through the relay, as
  // fast as they are taken; what arrived, in order, once all were dealt with.
  std::vector<std::string> SendToServer(size_t count);
  // The other way, "00000000 from"; begins with a datagram to the server.
  std::vector<std::string> SendFromServer(size_t count);

  Relay& relay() { return *relay_; }
  const Descriptor& client() const { return client_; }
  const Descriptor& server() const { return server_; }

 private:
  std::vector<std::string> Pass(const Descriptor& from, const SocketAddress& to,
                                const Descriptor& at, size_t count,
                                RelayCounters RelayReport::*direction,
                                const char* suffix);

  Descriptor client_ = BoundSocket(SOCK_DGRAM, SocketAddress::Loopback(0));
  Descriptor server_ = BoundSocket(SOCK_DGRAM, SocketAddress::Loopback(0));
  std::unique_ptr<Relay> relay_;
};

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_SUPPORT_RELAY_RIG_H_
