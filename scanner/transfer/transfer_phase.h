// TransferPhase: before a scan asks anything, the listed zones that hold
// targets of it are transferred whole (ITERATION.md 2.6). Whatever fails leaves
// its zone to be asked, with one warning.
//
//   a zone:  waits for its server --> transfer --whole--> TransferredZones
//               ^                        `--failed--> its next server
//               `-----------------------------'   none left: warning
//
// A zone that is listed without servers first has its name servers found.
// A server has one connection at a time; all together kMostAtOnce. A server
// that no connection can be made to, or that stalls, is not tried again:
// thousands of zones may be listed for it.
#ifndef PTRSWEEP_SCANNER_TRANSFER_TRANSFER_PHASE_H_
#define PTRSWEEP_SCANNER_TRANSFER_TRANSFER_PHASE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "dnswire/ip_address.h"
#include "dnswire/name.h"
#include "io/net/endpoint.h"
#include "io/net/event_loop.h"
#include "io/net/random.h"
#include "io/net/time.h"
#include "io/net/transfer_decoder.h"
#include "io/net/transfer_signer.h"
#include "io/net/zone_transfer.h"
#include "scanner/asking/stats.h"
#include "scanner/options.h"
#include "scanner/targets/target_set.h"
#include "scanner/transfer/server_finder.h"
#include "scanner/transfer/transferred_zones.h"

namespace scanner {

struct ListedZone {
  dnswire::IpPrefix prefix;  // whose zone it is
  dnswire::Name apex;        // lower case
  // Tried in this order; none: its name servers.
  std::vector<io::Endpoint> servers;
  // Makes what signs one transfer; empty: it is not signed.
  std::function<std::unique_ptr<io::TransferSigner>()> make_signer;
};

bool HoldsTargets(const ListedZone& zone, const TargetSet& targets);

struct TransferPlan {
  std::vector<ListedZone> zones;
  uint64_t max_octets = uint64_t{64} << 20;  // of a zone, kept
  io::ZoneTransfer::Limits limits;
};

// What became of a zone of the list that holds targets.
struct TransferReport {
  dnswire::Name apex;
  bool transferred = false;
  // Of the transfer, if it is.
  io::Endpoint server;
  uint64_t records = 0;
  uint64_t octets = 0;  // of its messages
};

// Not thread-safe.
class TransferPhase {
 public:
  static constexpr size_t kMostAtOnce = 4;

  // `plan`, `options` and `loop` must outlive the phase; a plan that is null is
  // an empty one; `warn` may be empty.
  TransferPhase(const TransferPlan* plan, const ScanOptions& options,
                const TargetSet& targets, io::EventLoop* loop,
                std::function<void(const std::string&)> warn);
  ~TransferPhase();

  void Begin();
  // To be called in every turn of the loop until it is done. When the next one
  // is needed, if nothing happens before.
  io::TimeNs Turn();
  // Gives up what is not transferred yet, without a warning. It is done then.
  void Stop();
  bool done() const { return open_ == 0; }

  // Complete when done; valid as long as the phase.
  const TransferredZones& zones() const { return zones_; }
  // In the order of the list.
  const std::vector<TransferReport>& reports() const { return reports_; }
  // Packets that found name servers, as zone checks; once it is done.
  const Stats& stats() const { return stats_; }

 private:
  struct Running;
  // A zone on its way.
  struct Job {
    const ListedZone* zone = nullptr;
    std::vector<io::Endpoint> servers;  // listed, or found
    size_t report = 0;
    size_t next_server = 0;
    std::string failures;  // of servers so far
  };
  struct ServerState {
    std::deque<size_t> waiting;  // jobs
    bool busy = false;
    std::string dead;  // why it is not tried again
  };

  void FindServers();
  void OnFound(size_t index, std::vector<io::Endpoint> servers,
               absl::string_view why);
  void StartWaiting();
  void StartJob(size_t index);
  void AskNextServer(size_t index);
  void OnEnd(Running* running, io::TransferFailure failure,
             const absl::Status& status);
  void Abandon(ServerState* state, io::TransferFailure failure);
  void Keep(Running* running);
  static void NoteFailure(Job* job, const std::string& failure);
  void GiveUp(const Job& job);

  const TransferPlan* plan_;
  const ScanOptions& options_;
  io::EventLoop* loop_;
  std::function<void(const std::string&)> warn_;
  io::SecureRandom random_;
  std::vector<Job> jobs_;
  size_t open_ = 0;  // jobs
  bool stopped_ = false;
  std::unique_ptr<ServerFinder> finder_;  // while servers are to be found
  Stats stats_;
  std::map<io::Endpoint, ServerState> servers_;
  std::vector<std::unique_ptr<Running>> running_;
  TransferredZones zones_;
  std::vector<TransferReport> reports_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_TRANSFER_TRANSFER_PHASE_H_
