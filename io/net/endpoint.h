// Endpoint: an address and a port, and its text.
#ifndef PTRSWEEP_IO_NET_ENDPOINT_H_
#define PTRSWEEP_IO_NET_ENDPOINT_H_

#include <sys/socket.h>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "dnswire/ip_address.h"
#include "dnswire/wire.h"

namespace io {

struct Endpoint {
  dnswire::IpAddress address;
  uint16_t port = dnswire::kPort;
  uint32_t scope = 0;  // IPv6 link-local: interface index, else 0

  // "ADDR", "ADDR:PORT" (IPv4), "[V6]" or "[V6]:PORT"; a link-local V6 may
  // carry "%interface". Port 1..65535, 53 if absent. nullopt for everything
  // else: host names, interfaces that do not exist.
  static std::optional<Endpoint> Parse(absl::string_view text);
  // The same forms; the port only if it is not 53.
  std::string ToString() const;

  // Fills `out` and returns the size to pass with it.
  socklen_t ToSockaddr(sockaddr_storage* out) const;
  // REQUIRES: `address` is AF_INET or AF_INET6, which recvmsg wrote.
  static Endpoint FromSockaddr(const sockaddr_storage& address);

  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
  template <typename H>
  friend H AbslHashValue(H hash, const Endpoint& at) {
    return H::combine(std::move(hash), at.address, at.port, at.scope);
  }
};

// The `nameserver` lines of a resolv.conf(5) text, in order, each once;
// anything else in it is ignored, lines that do not parse too.
std::vector<Endpoint> ParseResolvConf(absl::string_view text);

}  // namespace io

#endif  // PTRSWEEP_IO_NET_ENDPOINT_H_
