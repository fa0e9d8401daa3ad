// ResolverRoute: a pool of recursive resolvers. A question goes to a random one
// of those that may be asked now, weighted by their rates; a retry goes to one
// it has not tried.
#ifndef PTRSWEEP_SCANNER_UPSTREAM_RESOLVER_ROUTE_H_
#define PTRSWEEP_SCANNER_UPSTREAM_RESOLVER_ROUTE_H_

#include <vector>

#include "io/net/random.h"
#include "scanner/options.h"
#include "scanner/upstream/route.h"

namespace scanner {

// Pace of one resolver, by the options.
struct ServerPlan {
  io::Endpoint endpoint;
  PaceLimits limits;
};

std::vector<ServerPlan> PlanServers(const ScanOptions& options);
// Packets a second that run and resolvers start with; 0: no limit.
double PlannedRate(const ScanOptions& options);

class ResolverRoute : public Route {
 public:
  // `random` must outlive the route. `part`: of the pace of every resolver.
  // REQUIRES: 1 to kMaxServers resolvers.
  ResolverRoute(const ScanOptions& options, io::SecureRandom* random,
                Part part = {});

  RouteChoice Choose(const RouteRequest& request, io::TimeNs now) override;
  RouteChoice::Kind CanStart(io::TimeNs now, io::TimeNs* ready_at) override;
  ServerIndex Find(const io::Endpoint& from) const override;
  bool recursion_desired() const override { return true; }
  void Advance(io::TimeNs now) override;
  void OnOtherTurns(io::TimeNs now) override;
  void EnterLatePass() override;
  void CapWindows(uint32_t window) override;

 private:
  // Those in good health; if there are none, the next best. Never one that
  // lies.
  ServerMask Healthy(io::TimeNs now) const;
  // Random among `candidates` that can send now; kWait if none can.
  RouteChoice ChooseAmong(ServerMask candidates, bool urgent, io::TimeNs now);

  std::vector<Server> resolvers_;
  io::SecureRandom* random_;
  ServerMask all_ = 0;
  bool all_well_ = true;  // as of Advance(): Healthy() has nothing to do
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_UPSTREAM_RESOLVER_ROUTE_H_
