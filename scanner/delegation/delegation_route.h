// DelegationRoute: own iteration (ITERATION.md section 1). Questions go from
// zone to zone, from the root down, to the authorities themselves.
//
//   Place: the deepest known zone; then LEAD: the first of all that ask for
//   something below an unknown name goes on, the others wait for what it finds:
//
//     referral ----> a zone cut below: stored, all are placed again; names
//                    between the two zones are transparent
//     answer   ----> no cut there: the name is transparent for an hour
//     failure  ----> the next one leads
//
//   Before all that the root's servers are asked who they are (priming).
//
//   Choose: a server of the zone. None with an address known: its servers'
//   names are looked up, by iteration too, and the question waits for that.
//
// Its parts: delegation_route (servers), delegation_descent (zones and leads),
// delegation_hosts (addresses of name servers).
#ifndef PTRSWEEP_SCANNER_DELEGATION_DELEGATION_ROUTE_H_
#define PTRSWEEP_SCANNER_DELEGATION_DELEGATION_ROUTE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "io/net/random.h"
#include "scanner/asking/asker.h"
#include "scanner/asking/index_queue.h"
#include "scanner/asking/iteration.h"
#include "scanner/delegation/authorities.h"
#include "scanner/delegation/host_table.h"
#include "scanner/delegation/name_marks.h"
#include "scanner/delegation/referral.h"
#include "scanner/delegation/suffix_hashes.h"
#include "scanner/delegation/zone_table.h"
#include "scanner/options.h"
#include "scanner/upstream/route.h"

namespace scanner {

class DelegationRoute : public Route, public Iteration {
 public:
  // `options` and `random` must outlive the route. `part`: of the pace of every
  // server and zone.
  DelegationRoute(const ScanOptions& options, io::SecureRandom* random,
                  Part part = {});
  // Before the first question. `asker` asks what iteration has to know.
  void Connect(Asker* asker) { asker_ = asker; }
  // Calls `listener` with each referral that is followed, and the zone it came
  // from: what a parent says of a zone. Before the first question.
  using ReferralListener =
      std::function<void(const Referral& referral, dnswire::NameView parent)>;
  void OnEachReferral(ReferralListener listener) {
    listener_ = std::move(listener);
  }
  // A zone that no question is placed in, with one server, at place 0: for
  // Asker::AskServer(). It stays until PutBack(). nullopt: the options forbid
  // this server, or there is no place for it now.
  std::optional<ZoneIndex> SetAside(dnswire::NameView apex,
                                    const dnswire::IpAddress& server,
                                    io::TimeNs now);
  void PutBack(ZoneIndex zone) { zones_.Unpin(zone); }

  // The name servers of a zone as its parent names them, and what is known of
  // their addresses. None: the zone is not known, or no more.
  struct NameServer {
    enum class Has : uint8_t {
      kAddresses,
      kNone,     // there are none
      kFailed,   // nobody could tell
      kUnasked,  // they have not been looked up
    };
    dnswire::Name name;
    Has has = Has::kUnasked;
    std::vector<dnswire::IpAddress> addresses;
  };
  std::vector<NameServer> NameServersOf(dnswire::NameView apex, io::TimeNs now);

  // Stands for the deepest zone known at or above `name`; 0: none is.
  uint64_t DeepestZone(dnswire::NameView name, io::TimeNs now);
  // How many became known so far.
  uint64_t zones_stored() const { return zones_stored_; }

  // Route.
  RouteChoice Choose(const RouteRequest& request, io::TimeNs now) override;
  RouteChoice::Kind CanStart(io::TimeNs now, io::TimeNs* ready_at) override;
  ServerIndex Find(const io::Endpoint& from) const override;
  bool recursion_desired() const override { return false; }
  void Advance(io::TimeNs now) override;
  void OnOtherTurns(io::TimeNs now) override;
  void EnterLatePass() override;
  void CapWindows(uint32_t window) override;

  // Iteration.
  Placement Place(uint32_t question, dnswire::NameView name, bool may_wait,
                  io::TimeNs now) override;
  dnswire::NameView Apex(ZoneIndex zone) const override;
  ServerIndex PlaceOf(ZoneIndex zone, ServerIndex server) const override;
  ServerMask PlacesOf(ZoneIndex zone) const override;
  void OnSent(ZoneIndex zone, io::TimeNs now) override;
  AfterReferral OnReferral(uint32_t question, const dnswire::Message& message,
                           const dnswire::Answer& answer,
                           io::TimeNs now) override;
  void OnAnswer(uint32_t question, const dnswire::Answer& answer,
                ServerIndex server, io::TimeNs now) override;
  void OnNotServed(uint32_t question, ServerIndex server,
                   io::TimeNs now) override;
  void OnEnd(uint32_t question, io::TimeNs now) override;
  void OnCheckAnswer(uint32_t question, const dnswire::Message& message,
                     const dnswire::Answer& answer, ServerIndex server,
                     io::TimeNs now) override;
  void OnCheckGaveUp(uint32_t question, io::TimeNs now) override;

  // No server of the root has answered for kMaxPriming.
  bool IsLost(io::TimeNs now) const;

  // For tests and reports.
  const ZoneTable& zones() const { return zones_; }

 private:
  // What iteration keeps of a question, by its index.
  struct Descent {
    bool waits() const {
      return waits_for_lead != 0 || waits_for_zone != kNoZone;
    }

    io::TimeNs began = 0;
    uint64_t leads = 0;  // hash of the name it leads to; 0: none
    // What it waits for: another's lead, or the servers of a zone (pinned).
    uint64_t waits_for_lead = 0;
    ZoneIndex waits_for_zone = kNoZone;
    ZoneIndex zone = kNoZone;  // that it is in, pinned
    HostIndex host = kNil;     // whose address it looks up
    uint8_t referrals = 0;
    uint8_t depth = 0;  // of lookups of name servers' names
    bool begun = false;
    bool top_level = false;  // it asks for the NS set of a TLD
    bool priming = false;    // it asks for that of the root
  };
  // A chain of questions that wait for one another is not followed further.
  static constexpr int kMaxLinks = 5;
  struct Lead {
    uint32_t leader = kNil;
    IndexQueue waiting;
  };

  // Servers.
  RouteChoice ChooseAmong(Zone* zone, ServerMask pool, io::TimeNs now);
  struct Found {
    ServerMask usable = 0;
    bool suspended = false;  // some are
    bool no_room = false;    // for the record of some
  };
  Found FindUsable(Zone* zone, ServerMask excluded, io::TimeNs now);
  ServerMask WithoutAvoided(const Zone& zone, ServerMask pool,
                            io::TimeNs now) const;
  RouteChoice WithoutServers(const RouteRequest& request, bool suspended,
                             io::TimeNs now);

  // Priming.
  void Prime(io::TimeNs now);
  void OnPrimed(const dnswire::Message& message, const dnswire::Answer& answer,
                io::TimeNs now);

  // Zones and leads.
  Descent& DescentOf(uint32_t question) {
    if (question >= descents_.size()) [[unlikely]] {
      AddDescents(question);
    }
    return descents_[question];
  }
  void AddDescents(uint32_t question);
  void Enter(uint32_t question, ZoneIndex zone);
  void Leave(uint32_t question);
  bool StopWaiting(uint32_t question);
  Placement PlaceBelowRoot(uint32_t question, const SuffixHashes& hashes,
                           io::TimeNs now);
  bool JoinLead(uint32_t question, uint64_t hash);
  void EndLead(uint32_t question);
  void WakeAll(IndexQueue* queue);
  bool WouldWaitForItself(uint32_t question, uint32_t on, int links) const;
  ZoneIndex StoreZone(const Referral& referral, io::TimeNs now);
  void BeginZone(ZoneIndex index, const Referral& referral);
  void AddPlace(ZoneIndex zone, const dnswire::IpAddress& address,
                uint8_t host = Zone::kNoHost);
  bool MayAsk(const dnswire::IpAddress& address) const;
  void MarkTransparent(uint32_t question, io::TimeNs now);
  void MarkBetween(dnswire::NameView zone, dnswire::NameView below,
                   io::TimeNs now);
  void StoreZoneOfSoa(const Descent& descent, const dnswire::Answer& answer,
                      ServerIndex server, io::TimeNs now);
  void OnTopLevel(const Descent& descent, const dnswire::Message& message,
                  const dnswire::Answer& answer, ServerIndex server,
                  io::TimeNs now);

  // Addresses of name servers.
  enum class HostSearch : uint8_t { kNothing, kFound, kWaiting };
  HostSearch LookUpHosts(ZoneIndex zone, uint32_t question, io::TimeNs now);
  bool LookUpHost(ZoneIndex zone, size_t place, uint8_t depth, io::TimeNs now);
  void AskHost(HostIndex host, uint8_t depth, io::TimeNs now);
  bool WaitsInVain(ZoneIndex zone, uint32_t question, int links) const;
  void OnHostAnswer(uint32_t question, const dnswire::Message& message,
                    const dnswire::Answer& answer, io::TimeNs now);
  void EndHostQuestion(HostIndex host, uint32_t question, io::TimeNs now);
  void TellZones(HostIndex host);
  IndexQueue& WaitingFor(ZoneIndex zone);
  NameServer NameServerOf(const Zone& zone, size_t host) const;

  const ScanOptions& options_;
  io::SecureRandom* random_;
  Asker* asker_ = nullptr;
  ReferralListener listener_;  // may be empty
  const Part part_;
  const uint64_t key_;  // of all hashes of names
  Authorities authorities_;
  ZoneTable zones_;
  HostTable hosts_;
  NameMarks marks_;
  uint64_t zones_stored_ = 0;
  ZoneIndex root_ = kNoZone;
  // RFC 8109: until a server of the root has told who they are, nothing else is
  // asked; the questions wait for the lead of the root's name.
  bool primed_ = false;
  io::TimeNs priming_since_ = io::kNever;
  size_t next_hint_ = 0;
  size_t priming_asked_ = 0;
  std::vector<Descent> descents_;
  absl::flat_hash_map<uint64_t, Lead> leads_;
  std::vector<IndexQueue> waiting_;  // for servers, by zone
  IndexLinks waiting_links_;         // of these and of leads
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_DELEGATION_DELEGATION_ROUTE_H_
