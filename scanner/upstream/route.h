// Route: which server gets a question next. The seam between the two ways of
// resolving: through recursive resolvers (ResolverRoute) or by own iteration.
// The engine does not know which one it has.
#ifndef PTRSWEEP_SCANNER_UPSTREAM_ROUTE_H_
#define PTRSWEEP_SCANNER_UPSTREAM_ROUTE_H_

#include <cstdint>
#include <optional>
#include <span>

#include "io/formats/status.h"
#include "io/net/endpoint.h"
#include "io/net/time.h"
#include "scanner/upstream/server.h"

namespace scanner {

using ServerIndex = uint16_t;
using ServerMask = uint64_t;  // bit i: server i
inline constexpr ServerIndex kNoServer = 0xffff;

constexpr ServerMask MaskOf(ServerIndex server) {
  return ServerMask{1} << server;
}

// A zone whose servers a question is asked of, with own iteration. Bits of a
// ServerMask are then places among that zone's servers.
using ZoneIndex = uint32_t;
inline constexpr ZoneIndex kNoZone = ~ZoneIndex{0};

// What a question asks of the next server.
struct RouteRequest {
  ServerMask excluded = 0;  // never these
  ServerMask tried = 0;     // better not these
  // Only these, whatever their health; 0: any. With own iteration rather these,
  // if they may be asked at all.
  ServerMask pinned = 0;
  // A canary or probe: it does not wait for room in the window. With own
  // iteration all do.
  bool urgent = false;
  // With own iteration: who asks, and of whom.
  uint32_t question = 0;
  ZoneIndex zone = kNoZone;
};

struct RouteChoice {
  enum class Kind : uint8_t {
    kAsk,   // `server` may be asked now
    kWait,  // one is allowed, but busy: not before `ready_at`
    kNone,  // none is left, because of `cause` if that is known
    kPark,  // their addresses are being looked up: the question is woken
  };
  Kind kind = Kind::kNone;
  ServerIndex server = 0;
  // kNever: when a response or a timeout makes room.
  io::TimeNs ready_at = io::kNever;
  io::Cause cause = io::Cause::kNone;
};

class Route {
 public:
  virtual ~Route() = default;

  virtual RouteChoice Choose(const RouteRequest& request, io::TimeNs now) = 0;
  // How a new question may be sent now: kAsk, or kWait with the time.
  virtual RouteChoice::Kind CanStart(io::TimeNs now, io::TimeNs* ready_at) = 0;

  std::span<Server> servers() { return servers_; }
  std::span<const Server> servers() const { return servers_; }
  // The server that has this address and port; kNoServer if none has.
  virtual ServerIndex Find(const io::Endpoint& from) const = 0;
  virtual bool recursion_desired() const = 0;
  // Lets pace and health of all servers follow the time. Once a turn.
  virtual void Advance(io::TimeNs now) = 0;
  // Turns come by the clock from now on, or no longer do.
  virtual void OnOtherTurns(io::TimeNs now) = 0;
  // A late pass runs at a quarter of each server's rate.
  virtual void EnterLatePass() = 0;
  // No server may have more open tries than this.
  virtual void CapWindows(uint32_t window) = 0;

 protected:
  std::span<Server> servers_;  // the implementation's
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_UPSTREAM_ROUTE_H_
