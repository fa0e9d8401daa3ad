// HostTable: addresses of name servers that no glue told, by name, and who
// waits for them. Bounded: a host nobody waits for makes room for a new one.
#ifndef PTRSWEEP_SCANNER_DELEGATION_HOST_TABLE_H_
#define PTRSWEEP_SCANNER_DELEGATION_HOST_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "dnswire/ip_address.h"
#include "dnswire/name_list.h"
#include "io/net/time.h"
#include "scanner/asking/slab.h"
#include "scanner/upstream/route.h"

namespace scanner {

using HostIndex = uint32_t;

struct Host {
  bool asking() const { return pending > 0; }
  // Of the last lookup, which has ended and is still good.
  bool IsSettled(io::TimeNs now) const { return !asking() && ends_at > now; }

  dnswire::NameList name;  // one
  uint64_t hash = 0;
  std::vector<dnswire::IpAddress> addresses;  // empty: the lookup failed
  io::TimeNs ends_at = 0;
  io::TimeNs failed_for = 0;  // how long the last failure lasts
  uint8_t pending = 0;        // questions under way
  bool uncertain = false;     // one of the last lookup had no answer
  std::array<uint32_t, 2> questions = {kNil, kNil};  // by family
  std::vector<ZoneIndex> zones;                      // that wait, each pinned
  bool used = false;
};

class HostTable {
 public:
  explicit HostTable(size_t max_hosts) : max_hosts_(max_hosts) {}

  // The host of this name, known or new; kNil if all are being asked for.
  HostIndex Get(uint64_t hash, dnswire::NameView name);
  // The same, but never new: kNil if it is not known.
  HostIndex Find(uint64_t hash) const;
  Host& operator[](HostIndex host) { return hosts_[host]; }
  const Host& operator[](HostIndex host) const { return hosts_[host]; }
  size_t size() const { return hosts_.size(); }

 private:
  HostIndex TakePlace();

  const size_t max_hosts_;
  std::vector<Host> hosts_;
  absl::flat_hash_map<uint64_t, HostIndex> by_hash_;
  size_t hand_ = 0;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_DELEGATION_HOST_TABLE_H_
