// ZoneAuditor: `zones`: finds the reverse zones of the targets by own iteration
// and asks each of their name servers (VERDICTS.md section 6).
//
//   names of the tree --visit--> a zone, its blocks, or a denial
//                                   |              |
//                                   |      2 addresses below it: does one
//                                   exist?
//                                   v
//   addresses of its NS names --> each server: SOA by UDP, without OPT if need
//      be, by TCP --> NS set at the apex, the same for names that only it has
//      --> probes for what is made up
//
// One thread, one event loop, one Asker. A job is one question; a zone goes
// through its steps when the last job of a step has ended.
//
// Its parts: zone_auditor (turn, jobs, visits), zone_auditor_servers (what is
// asked of a zone).
#ifndef PTRSWEEP_SCANNER_AUDIT_ZONE_AUDITOR_H_
#define PTRSWEEP_SCANNER_AUDIT_ZONE_AUDITOR_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "io/net/event_loop.h"
#include "io/net/random.h"
#include "scanner/asking/asker.h"
#include "scanner/asking/slab.h"
#include "scanner/asking/stats.h"
#include "scanner/audit/block_tree.h"
#include "scanner/audit/readings.h"
#include "scanner/audit/zone_ledger.h"
#include "scanner/delegation/delegation_route.h"
#include "scanner/options.h"

namespace scanner {

struct AuditOptions {
  std::vector<dnswire::Name> you;  // suffixes of your own name servers
  std::vector<io::ListedProvider> providers;  // that go before ours
};

class ZoneAuditor : private Asker::Delegate {
 public:
  enum class End : uint8_t {
    kDone,
    kStopped,
    kUnheard,  // no server of the root answers, or none at all any more
  };

  // `options` are those of own iteration. All pointers must outlive the
  // auditor. Errors: sockets that cannot be had.
  static absl::StatusOr<std::unique_ptr<ZoneAuditor>> Create(
      const ScanOptions& options, AuditOptions audit, const TargetSet& targets,
      io::EventLoop* loop);
  ~ZoneAuditor() override;

  // Runs the loop until all is found out, or Stop().
  End Run();
  // In the loop's thread: leaves the rest unasked.
  void Stop() { end_ = End::kStopped; }

  // After Run().
  std::vector<ZoneRow> Rows() const { return ledger_.Rows(); }
  const Stats& stats() const { return stats_; }

 private:
  // A name to visit; `parent`: the deepest zone above it, as far as is known.
  struct Node {
    dnswire::IpPrefix prefix;
    RecordIndex parent = kNoRecord;
    RecordIndex zone = kNoRecord;  // that denied it
    uint8_t probes = 0;            // under way
    bool found = false;            // a probe found something below it
    bool certain = true;           // each probe had an answer
    bool again = false;            // silence was met once
  };
  // What a parent said of a zone.
  struct Known {
    dnswire::Name parent;
    std::vector<std::string> ns;
    std::vector<std::pair<std::string, dnswire::IpAddress>> glue;
  };
  // A name server's name.
  struct Host {
    uint8_t open = 0;  // questions for its addresses
    bool cname = false;
    bool uncertain = false;  // one of them had no answer
    std::vector<dnswire::IpAddress> addresses;
    std::vector<RecordIndex> waiting;  // zones
  };
  struct Job {
    enum class Kind : uint8_t {
      kVisit,     // of a node
      kProbe,     // of an address below a denied node
      kNsSet,     // of a zone
      kHost,      // one family of a name server's addresses
      kServer,    // SOA of a zone, from one server
      kMadeUp,    // a name that nobody has made, below a zone's apex
      kMadeUpV6,  // an address that surely has none
    };
    Kind kind = Kind::kVisit;
    uint32_t node = kNil;
    RecordIndex zone = kNoRecord;
    std::string host;           // of kHost
    size_t server = 0;          // of kServer: its place in the evidence
    ZoneIndex aside = kNoZone;  // of kServer
    Asker::ServerCheck how;     // of kServer
  };
  // What is asked of a zone.
  struct Inquiry {
    uint32_t open = 0;  // jobs of this step, hosts it waits for included
    enum class Step : uint8_t {
      kBegin,
      kHosts,
      kServers,
      kNsSet,
      kMadeUp,
      kMadeUpV6,
    } step = Step::kBegin;
    bool ns_set_asked = false;
    CauseSet seen;        // why nobody told its NS set
    uint8_t made_up = 0;  // addresses that had a name
    // Names of servers that are looked up and asked next, or were.
    std::vector<std::string> hosts;
  };

  ZoneAuditor(const ScanOptions& options, AuditOptions audit,
              const TargetSet& targets, io::EventLoop* loop);

  // The turn.
  void Turn();
  bool IsDone() const;
  void StartVisits();
  void StartInquiries();

  // Jobs.
  uint32_t NewJob(const Job& job);
  const Job& JobOf(uint32_t question);
  bool SpendPacket(uint32_t question) override;
  void OnAnswer(uint32_t question, const dnswire::Message& message,
                const dnswire::Answer& answer,
                const Responder& responder) override;
  void OnGaveUp(uint32_t question, bool final) override;
  void OnReferral(const Referral& referral, dnswire::NameView parent);

  // Visits.
  void AskVisit(uint32_t node, bool late);
  void OnVisit(uint32_t question, uint32_t node,
               const dnswire::Message& message, const dnswire::Answer& answer);
  void OnVisitFailed(const Question& question, uint32_t node, bool final);
  bool IsCut(dnswire::NameView name, const Question& question) const;
  RecordIndex Touch(dnswire::NameView apex, RecordIndex parent);
  void Deny(uint32_t node, RecordIndex zone);
  void AskProbe(uint32_t node);
  void EndProbe(uint32_t node);
  void Descend(uint32_t node, RecordIndex zone, bool exists);
  void GiveBlocks(uint32_t node, RecordIndex zone, bool exists);
  void Consider(RecordIndex zone);
  dnswire::IpAddress RandomAddress(const dnswire::IpPrefix& prefix);

  // Zones.
  void OnNsSet(RecordIndex zone, std::vector<std::string> names);
  void EndJobOf(RecordIndex zone);
  void NextStep(RecordIndex zone);
  void BeginStep(RecordIndex zone);
  void EndInquiry(RecordIndex zone);
  void AskNsSet(RecordIndex zone);
  void TakeNamesOfApex(RecordIndex zone);
  void AskHosts(RecordIndex zone);
  void WaitForHost(RecordIndex zone, const std::string& name);
  void OnHost(const std::string& name, const dnswire::Message& message,
              const dnswire::Answer& answer, uint16_t type, bool cname);
  void EndHost(const std::string& name);
  void AskServers(RecordIndex zone);
  void AddServers(RecordIndex zone, const std::string& name);
  bool IsRoutable(const dnswire::IpAddress& address) const;
  void AskServer(RecordIndex zone, size_t server,
                 const Asker::ServerCheck& how);
  void OnServer(const Job& job, const ServerEvidence& read, bool plain);
  void AskMadeUp(RecordIndex zone);
  void AskMadeUpV6(RecordIndex zone);

  const ScanOptions options_;
  const AuditOptions audit_;
  const BlockTree tree_;
  io::EventLoop* loop_;
  End end_ = End::kDone;

  Stats stats_;
  io::SecureRandom random_;
  DelegationRoute route_;
  std::unique_ptr<Asker> asker_;

  Slab<Job> jobs_;
  Slab<Node> nodes_;
  std::vector<uint32_t> to_visit_;  // nodes, the last one first
  size_t visiting_ = 0;
  ZoneLedger ledger_;
  std::deque<Inquiry> inquiries_;  // by record
  std::deque<RecordIndex> to_ask_;
  size_t asking_ = 0;                              // zones
  absl::flat_hash_map<std::string, Known> known_;  // by apex
  absl::flat_hash_map<std::string, Host> hosts_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_AUDIT_ZONE_AUDITOR_H_
