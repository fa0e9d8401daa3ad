// Authorities: the servers that iteration knows, by address: pace and health of
// each, as of a resolver. A fixed number of places; the idle server that was
// asked longest ago makes room for a new one.
#ifndef PTRSWEEP_SCANNER_DELEGATION_AUTHORITIES_H_
#define PTRSWEEP_SCANNER_DELEGATION_AUTHORITIES_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "dnswire/ip_address.h"
#include "io/net/endpoint.h"
#include "io/net/random.h"
#include "io/net/time.h"
#include "scanner/options.h"
#include "scanner/upstream/server.h"

namespace scanner {

// A server at an address, and where it was last.
struct AuthorityRef {
  dnswire::IpAddress address;
  uint16_t place = 0;
};

// The rate that the caller lists for a server of its own: that of the longest
// prefix. nullopt: none.
std::optional<double> FindListedRate(const ScanOptions& options,
                                     const dnswire::IpAddress& address);

class Authorities {
 public:
  // `random` must outlive this. `part`: of the pace of every server.
  Authorities(const ScanOptions& options, size_t max_servers,
              io::SecureRandom* random, Part part);

  // The server at `address`, known or new. `infrastructure`: it serves the
  // root, a TLD or a registry, and is never asked faster than at the start.
  // nullopt: every place is taken by a server with open tries.
  std::optional<AuthorityRef> Get(const dnswire::IpAddress& address,
                                  bool infrastructure);
  // The same, for who remembers a place: it may have become another's.
  // nullptr: as nullopt above.
  Server* Renew(AuthorityRef* ref, bool infrastructure);
  // kNoServer if there is none.
  uint16_t Find(const io::Endpoint& from) const;
  std::span<Server> servers() { return servers_; }
  // The server at `place` is about to be asked.
  void Use(uint16_t place);
  // Lets the pace of those in use follow what was lost. Once a turn.
  void Adapt(io::TimeNs now);

  // No server may have more open tries than this.
  void CapWindows(uint32_t window);
  // Of each server's rate.
  void SetRateShare(double share);

 private:
  Server NewServer(const dnswire::IpAddress& address, bool infrastructure);
  std::optional<uint16_t> TakePlace();

  const ScanOptions& options_;
  const size_t max_servers_;
  io::SecureRandom* random_;
  Part part_;
  std::optional<uint32_t> window_cap_;
  double rate_share_ = 1;
  std::vector<Server> servers_;  // never moves: all of it is reserved
  std::vector<uint16_t> in_use_;
  std::vector<uint8_t> is_in_use_;  // by place
  absl::flat_hash_map<dnswire::IpAddress, uint16_t> by_address_;
  // Places found last, by a few bits of the address: most responses come from
  // few servers. What it says is looked at in `servers_`.
  static constexpr int kRecentBits = 8;
  mutable std::array<uint16_t, 1 << kRecentBits> recent_ = {};
  size_t hand_ = 0;  // of the clock that looks for an idle server
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_DELEGATION_AUTHORITIES_H_
