// ServerFinder: the name servers of zones, by the means of the scan: through
// its resolvers, or by own iteration. NS of the zone, then A and AAAA of the
// names in it.
//
//   zone --NS--> names --A, AAAA of each, asked once for all zones--> servers
//
// So many zones at a time as kMostAtOnce.
#ifndef PTRSWEEP_SCANNER_TRANSFER_SERVER_FINDER_H_
#define PTRSWEEP_SCANNER_TRANSFER_SERVER_FINDER_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dnswire/ip_address.h"
#include "dnswire/name.h"
#include "io/net/endpoint.h"
#include "io/net/event_loop.h"
#include "io/net/random.h"
#include "io/net/time.h"
#include "scanner/asking/asker.h"
#include "scanner/asking/stats.h"
#include "scanner/delegation/delegation_route.h"
#include "scanner/options.h"
#include "scanner/upstream/route.h"

namespace scanner {

class ServerFinder : private Asker::Delegate {
 public:
  static constexpr size_t kMostAtOnce = 64;
  // No zone was finished for so long: the rest is given up.
  static constexpr io::TimeNs kPatience = 60 * io::kSecond;

  // A zone's servers, at port 53; if there are none, why.
  using Found = std::function<void(size_t zone, std::vector<io::Endpoint>,
                                   absl::string_view why)>;
  // Errors: sockets that cannot be had. `found` may not destroy the finder.
  static absl::StatusOr<std::unique_ptr<ServerFinder>> Create(
      const ScanOptions& options, io::EventLoop* loop, Found found);
  ~ServerFinder() override;

  // `zone` is what Found will call it.
  void Find(size_t zone, dnswire::NameView apex);
  // To be called in every turn of the loop. When the next one is needed;
  // kNever: when something arrives.
  io::TimeNs Turn();
  bool done() const { return open_ == 0; }
  // Gives up what is open; what its packets came to. Call once, at the end.
  const Stats& Finish();

 private:
  struct Zone {
    size_t number = 0;  // the caller's
    dnswire::Name apex;
    std::vector<std::string> hosts;
    size_t waits_for = 0;  // hosts
  };
  struct Host {
    int open = 0;  // questions
    std::vector<dnswire::IpAddress> addresses;
    std::vector<size_t> zones;  // that wait for it
  };
  // What a question is for: the NS set of a zone, or an address of `host`.
  struct Job {
    size_t zone = 0;
    Host* host = nullptr;
  };

  ServerFinder(const ScanOptions& options, Found found);
  void StartZones();
  void Ask(dnswire::NameView name, uint16_t type, const Job& job);
  void OnNames(size_t index, std::vector<std::string> names);
  void WaitForHost(size_t index, const std::string& name);
  void EndHost(Host* host);
  void Settle(size_t index);

  // Asker::Delegate.
  bool SpendPacket(uint32_t question) override;
  void OnAnswer(uint32_t question, const dnswire::Message& message,
                const dnswire::Answer& answer,
                const Responder& responder) override;
  void OnGaveUp(uint32_t question, bool final) override;

  const ScanOptions options_;
  const Found found_;
  io::SecureRandom random_;
  Stats stats_;
  DelegationRoute* delegation_ = nullptr;  // the route, with own iteration
  std::unique_ptr<Route> route_;
  std::unique_ptr<Asker> asker_;
  std::vector<Zone> zones_;
  std::deque<size_t> waiting_;  // zones that nothing was asked for
  size_t asking_ = 0;           // zones
  size_t open_ = 0;             // zones, waiting ones too
  io::TimeNs heard_ = 0;        // when the last zone was finished
  std::map<std::string, Host> hosts_;
  std::vector<Job> jobs_;  // by the payer of a question
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_TRANSFER_SERVER_FINDER_H_
