// ScanOptions: everything a scan can be told, already checked.
#ifndef PTRSWEEP_SCANNER_OPTIONS_H_
#define PTRSWEEP_SCANNER_OPTIONS_H_

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "dnswire/ip_address.h"
#include "dnswire/name.h"
#include "io/net/endpoint.h"

namespace scanner {

// A protection that costs something: by default only where it is needed.
enum class Choice : uint8_t { kAuto, kOn, kOff };

// What the kernel may do for many datagrams at once.
enum class Offload : uint8_t {
  kAuto,  // send and receive runs of them, as far as it can
  kGso,   // only send them
  kNone,
};

// What NXDOMAIN for a block tells of its addresses (ITERATION.md 2.3).
enum class Prune : uint8_t {
  kVerify,  // that they have no PTR, if the server, or with resolvers the zone,
            // tells absent from empty names
  kTrust,   // the same, of every server
  kOff,     // nothing: each is asked
};

// One of `count` equal parts of a limit.
struct Part {
  uint32_t index = 0;
  uint32_t count = 1;

  double Of(double whole) const { return whole / count; }
  // All parts together are the whole; they differ by one at most.
  template <std::unsigned_integral T>
  T Of(T whole) const {
    return static_cast<T>(whole / count + (index < whole % count ? 1 : 0));
  }
};

// A PTR record that surely exists.
struct KnownPtr {
  dnswire::IpAddress address;
  dnswire::Name name;
};

// A name server of the root and where it is.
struct RootServer {
  dnswire::Name name;
  std::vector<dnswire::IpAddress> addresses;
};

struct ListedRate {
  dnswire::IpPrefix prefix;
  double qps = 0;
};

struct ScanOptions {
  // Recursive resolvers, 1 to kMaxServers, each once; none with own iteration.
  static constexpr size_t kMaxServers = 64;
  std::vector<io::Endpoint> resolvers;

  // Ask the authorities themselves, from the root down.
  bool iterative = false;
  std::vector<RootServer> root_servers;  // where that begins, at least one
  bool transport_v4 = true;              // families it asks over
  bool transport_v6 = true;
  // Also servers in special-use address space: a delegation may aim there.
  bool allow_special_servers = false;
  // Packets a second to an authority at first, and at most while all goes well;
  // those of the root, of TLDs and of registries stay at the first. None on
  // loopback.
  double authority_rate_qps = 100;
  double authority_max_qps = 1000;
  // Authorities of the caller's own, wherever they are: packets a second to
  // each address of a prefix, all the time; 0: no limit. Each prefix once.
  std::vector<ListedRate> listed_rates;
  // Note the zones of the rows and their serials (ScanReport::zones).
  bool note_zones = false;
  // To all servers of a zone together; 0: no limit. Without it 1,000, none for
  // zones on loopback.
  std::optional<double> zone_rate_qps;

  Prune prune = Prune::kOff;

  // Ask each resolver for the PTR (flag resolver_disagree); the first of
  // `resolvers` with an answer is judged. Not with iterative or prune.
  bool compare_resolvers = false;
  // Flags other_family_only and aaaa_unconfirmed. Not with ptr_only.
  bool both_families = false;
  bool dual_stack = false;

  bool ptr_only = false;  // ask no forward name; status unconfirmed
  size_t max_names = 10;  // K: names looked up per address, 1 to 100
  uint64_t seed = 0;      // of the target order
  // Of the targets, the blocks of one shard; REQUIRES: shard < shards. Limits
  // are this shard's own.
  uint32_t shard = 0;
  uint32_t shards = 1;

  // Engines, each in a thread of its own: so many, or as many as DivideScan()
  // finds useful. Every limit below is the scan's and is divided among them,
  // but for `sockets`.
  static constexpr uint32_t kMaxThreads = 64;
  uint32_t threads = 1;

  // Packets a second; 0 is no limit. Without resolver_rate_qps: no limit for
  // loopback resolvers until they lose packets, kDefaultResolverRate for others
  // to start with. Below what is allowed the rate follows the losses.
  static constexpr double kDefaultResolverRate = 100;
  double rate_qps = 0;
  std::optional<double> resolver_rate_qps;
  // Most open tries per server. Without it the window finds its size.
  std::optional<uint32_t> resolver_window;

  uint32_t max_in_flight = 16384;  // addresses being looked up
  uint32_t sockets = 8;            // per address family and engine
  Offload offload = Offload::kAuto;
  uint16_t first_source_port = 0;  // 0, 0: the kernel's choice
  uint16_t last_source_port = 0;

  int late_passes = 1;  // 0 to 3
  // Before a late pass; without it 10 % of the run so far, 5 to 30 s.
  std::optional<absl::Duration> late_pause;
  uint32_t max_queries_per_target = 48;
  uint64_t max_queries = 0;  // packets of the run; 0 is no limit

  static constexpr size_t kMinCacheOctets = 256 << 10;
  // An engine's, at least the minimum; with own iteration as much again for
  // what it learns of zones and servers.
  size_t forward_cache_octets = 16 << 20;

  // kAuto: all servers but those on loopback.
  Choice cookies = Choice::kAuto;      // RFC 7873
  Choice case_random = Choice::kAuto;  // 0x20
  uint32_t max_tcp = 256;              // connections

  // Names known to exist are asked now and then, so that the denials of a
  // resolver that lies are not believed.
  bool canaries = true;
  static constexpr size_t kMaxCanaries = 16;
  std::vector<KnownPtr> known_ptrs;  // at most kMaxCanaries

  // All servers silent for so long end the scan.
  absl::Duration max_outage = absl::Seconds(300);
  // How often what was written is made durable and recorded in the journal.
  absl::Duration record_interval = absl::Seconds(1);
  // After so long the scan stops, as by a signal.
  std::optional<absl::Duration> max_time;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_OPTIONS_H_
