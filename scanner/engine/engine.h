// Engine: one thread's share of a scan. It turns targets into lookups, lookups
// into questions for its Asker, and what comes back into rows.
//
// A turn: receive, expire, send what waits, start new lookups, flush. All
// memory is bounded by the options, not by the number of targets.
//
// Its parts: engine (the turn, the phases of a scan, rows), engine_answers
// (what answers do to lookups), engine_comparison (what each resolver says),
// engine_checks (what options ask beside), engine_denials (lookups that rest on
// a denial), engine_validation (is a SERVFAIL the validator's?),
// engine_planning (targets that need not be asked), engine_resolved (what
// resolvers tell of such), engine_reuse (nor these: an earlier scan asked
// them), engine_transferred (nor these: their zone is here), engine_walk
// (targets that are found, not listed), engine_servers (who serves a zone that
// no walk enters).
#ifndef PTRSWEEP_SCANNER_ENGINE_ENGINE_H_
#define PTRSWEEP_SCANNER_ENGINE_ENGINE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "io/net/event_loop.h"
#include "io/net/random.h"
#include "scanner/asking/asker.h"
#include "scanner/asking/slab.h"
#include "scanner/asking/stats.h"
#include "scanner/audit/zone_evidence.h"
#include "scanner/delegation/delegation_route.h"
#include "scanner/engine/area_denials.h"
#include "scanner/engine/canary_keeper.h"
#include "scanner/engine/cross_checks.h"
#include "scanner/engine/forward_cache.h"
#include "scanner/engine/lookup.h"
#include "scanner/engine/mailbox.h"
#include "scanner/engine/running_questions.h"
#include "scanner/engine/stop_reason.h"
#include "scanner/engine/turn_pace.h"
#include "scanner/engine/warnings.h"
#include "scanner/options.h"
#include "scanner/planning/block_plan.h"
#include "scanner/progress/division.h"
#include "scanner/progress/late_list.h"
#include "scanner/progress/output_batch.h"
#include "scanner/progress/progress_map.h"
#include "scanner/progress/resumed.h"
#include "scanner/progress/row_writer.h"
#include "scanner/reuse/serial_reuse.h"
#include "scanner/reuse/zone_serials.h"
#include "scanner/targets/label_table.h"
#include "scanner/targets/scan_targets.h"
#include "scanner/targets/target_order.h"
#include "scanner/transfer/transferred_zones.h"
#include "scanner/upstream/honesty.h"
#include "scanner/upstream/route.h"
#include "scanner/walk/walk.h"

namespace scanner {

class Engine : private Asker::Delegate {
 public:
  // What the engine tells while it runs, in its own thread. Each may be empty.
  struct Hooks {
    std::function<void()> progress;  // about every `progress_interval`
    std::function<void(const std::string&)> warn;  // one line, Warnings
    // It gives up: no server answers, or can be believed.
    std::function<void(StopReason)> gave_up;
    absl::Duration progress_interval = absl::Seconds(1);
  };

  // `options` are the scan's, of which the engine takes its share.
  // `transferred` may be filled until Run(). `resumed` is what earlier runs
  // have done; a pointer in it that is null: the engine tells no positions, or
  // no states of the walk. All pointers must outlive the engine.
  static absl::StatusOr<std::unique_ptr<Engine>> Create(
      const ScanOptions& options, const EngineShare& share,
      const ScanTargets* targets, const TransferredZones* transferred,
      const Resumed& resumed, io::EventLoop* loop, RowWriter* writer,
      Hooks hooks);
  ~Engine() override;

  // Runs the loop until every target has its row, or the scan was stopped and
  // what was in flight has been drained.
  void Run();
  // Any thread, from the next turn on: starts nothing new; lookups in flight
  // have kDrainTime to finish.
  void Stop(StopReason reason);
  // The same: none of these is asked any more; what is under way is finished.
  // Targets among them that are not finished get a row that says so.
  void Exclude(TargetSet excluded);
  // Before Run(): tells it of each try, in the engine's thread.
  void Observe(TryObserver observer) { asker_->Observe(std::move(observer)); }

  // In the loop's thread, or once it has ended.
  bool iterative() const { return delegation_ != nullptr; }
  // Null: a scan of listed targets.
  // What a walk came to, of the state that it ended with; nullopt: it is none.
  static std::optional<WalkSummary> SummaryOf(const WalkTargets& targets,
                                              absl::string_view state);
  const Walk* walk() const { return walk_ ? &*walk_ : nullptr; }
  bool stopped() const { return stop_reason_ != StopReason::kNone; }
  const Stats& stats() const { return stats_; }
  // With options.note_zones; else of zones whose serials lie.
  ZoneSerials TakeZoneSerials() { return std::move(zone_serials_); }
  std::span<const Server> servers() const { return route_->servers(); }
  size_t lookups_open() const {
    return lookups_.in_use() - held_checks_.size();
  }
  size_t deferred_waiting() const { return late_.size(); }
  // Kernel receive buffer of a socket, as granted.
  int granted_buffer() const { return asker_->transport().granted_buffer(); }
  io::UdpOffload offload() const { return asker_->transport().offload(); }

 private:
  enum class Phase : uint8_t { kFirstPass, kPause, kLatePass };
  // Lookups that want one forward answer, as a list.
  struct Waiter {
    uint32_t lookup = kNil;
    uint32_t next = kNil;
    uint64_t hash = 0;  // of the question's ForwardKey
    uint16_t slot = 0;
  };
  struct NameToAsk {
    uint32_t lookup;
    ForwardKey key;
  };

  // A resolver's denial of an area, which waits for its canary.
  struct HeldCheck {
    AreaAnswer told;
    AreaDenial denial;
  };

  // What the servers of a zone say, for a finding of the walk.
  struct Survey {
    uint32_t tag = kNil;  // the walk's
    dnswire::Name apex;
    std::vector<ServerEvidence> servers;
    std::vector<std::string> unasked;  // names
    size_t open = 0;                   // questions
  };
  struct ServerCheck {
    uint32_t survey = kNil;
    size_t server = 0;  // of Survey::servers
    ZoneIndex aside = kNoZone;
  };

  Engine(const ScanOptions& options, const EngineShare& share,
         const ScanTargets* targets, const TransferredZones* transferred,
         const Resumed& resumed, io::EventLoop* loop, RowWriter* writer,
         Hooks hooks);
  void MakePlan(const EngineShare& share);
  void MakeRoute(const ScanOptions& scan_options, Part part);
  void TakeUp();

  // The turn.
  void AbandonRest();
  void ReadMail();
  void BeginStop(StopReason reason);
  void Turn();
  void Fill(io::TimeNs now);
  bool StartNext(io::TimeNs now);
  void RelieveLateList();
  bool HasWork() const;
  bool MayStart() const;
  bool Waits() const;
  size_t targets_waiting() const;
  size_t lookups_running() const;
  void StopIfHopeless(io::TimeNs now);
  void GiveUp(StopReason reason);
  void CheckBooks() const;
  void ChangePhase(io::TimeNs now);
  bool IsDone(io::TimeNs now) const;
  void PlanWake(io::TimeNs now, bool more);

  // Lookups.
  bool NextTarget(TargetOrder::Item* item);
  // What became of the next target of the order.
  enum class Taken : uint8_t {
    kNone,  // there is none
    kHasRow,
    kStarted,  // its lookup goes on without a question for its PTR
    kToAsk,
  };
  Taken TakeTarget(PlannedTarget* taken);
  static Lookup LookupOf(const PlannedTarget& target);
  io::Cause RefusalOf(const dnswire::IpAddress& address, bool spends) const;
  bool Refuse(const Lookup& unasked, bool spends);
  bool IsExcluded(const dnswire::IpAddress& address) const;
  void StartDeferred(const Deferred& deferred, io::TimeNs now);
  bool IsRunBudgetSpent() const;
  bool IsBudgetSpent(uint32_t lookup) const;
  void SkipTarget(const Lookup& skipped, io::Cause cause);
  uint32_t NewLookup(const Lookup& begun);
  uint32_t NewLookup(const PlannedTarget& target);
  void AskAllNames();
  void AskNames(uint32_t index);
  void NoteNames(uint32_t index);
  void AskNoted();
  void AskName(uint32_t index, const ForwardKey& key);
  void AskForward(const ForwardKey& key, const Waiter& waiter);
  void KeepForward(const Waiter& waiter, const ForwardAnswer& answer,
                   std::span<const dnswire::IpAddress> addresses);
  bool JoinQuestion(const ForwardKey& key, const Waiter& waiter);
  void AddWaiter(uint32_t question, const ForwardKey& key,
                 const Waiter& waiter);
  void AskExpected(uint32_t index);
  void Advance(uint32_t index);
  void GoOn();
  void FinishAll();
  void PrefetchEnd(uint32_t index) const;
  void Finish(uint32_t index);
  bool Withhold(const Lookup& lookup, const Verdict& verdict);
  void Defer(const Lookup& lookup);
  void Release(uint32_t index);
  Gathered& GatheredOf(uint32_t index);
  const Gathered* FindGathered(const Lookup& lookup) const;

  // What each resolver says.
  void AskReverse(uint32_t index, const Asker::Pass& pass, io::TimeNs now);
  ServerMask ComparedNow(io::TimeNs now) const;
  bool IsCompared(const Question& question) const;
  void OnComparedAnswer(const Question& question,
                        const dnswire::Message& message,
                        const dnswire::Answer& answer,
                        const Responder& responder);
  void OnComparedGaveUp(const Question& question, bool final);
  void EndCompared(uint32_t index);
  void LearnFromAgreed(uint32_t index);
  bool ResolversAgree(uint32_t index);

  // What options ask beside.
  CrossChecks& ChecksOf(uint32_t index);
  void AskChecks(uint32_t index);
  void AskOtherFamily(uint32_t index);
  void AskAaaa(uint32_t index);
  void AskAaaaPtrs(uint32_t index);
  void KeepCheck(const Waiter& waiter, const ForwardAnswer& answer,
                 std::span<const dnswire::IpAddress> addresses);
  bool IsOfAaaa(const Question& question) const;
  void OnAaaaPtr(const Question& question, const dnswire::Message& message,
                 const dnswire::Answer& answer, ServerIndex server);
  void EndAaaaPtr(const Question& question, const AaaaEvidence& found);

  // Denials.
  void RunCanaries(io::TimeNs now);
  void Rule(const CanaryKeeper::Ruled& ruled);
  void NoteDenial(uint32_t index, ServerIndex server);
  ServerIndex DoubtedServer(uint32_t index);
  void Doubt(uint32_t index, ServerIndex server, bool contradicted);
  void Vouch(Lookup* lookup, ServerIndex server);
  void ForgetDenials();
  void DropDenying(uint32_t index, ServerIndex server);
  void CallBlocked(uint32_t index, ServerIndex liar);
  bool IsLastWord(const Lookup& lookup, bool final) const;

  // Failed validation.
  bool AskUnvalidated(uint32_t index);
  void OnUnvalidated(uint32_t index, bool answered);

  // Targets that need not be asked.
  uint64_t ZoneOf(const dnswire::IpPrefix& area) const;
  void TellCuts();
  bool StartPlanned(io::TimeNs now);
  bool FeedPlan();
  void Perform(const PlanWork& work, io::TimeNs now);
  void StartLeaf(const PlanWork& work, io::TimeNs now);
  void AskArea(const PlanWork& work);
  void OnAreaAnswer(const Question& question, uint32_t index,
                    const dnswire::Message& message,
                    const dnswire::Answer& answer, const Responder& responder);
  void OnAreaGaveUp(const Question& question, uint32_t index);
  void TellArea(AreaId area, const AreaAnswer& answer);
  AreaAnswer AreaAnswerOf(const Question& question,
                          const dnswire::Answer& answer,
                          const Responder& responder);
  void TellLeaf(Lookup* lookup, const LeafAnswer& answer);
  static LeafAnswer LeafAnswerOf(const dnswire::Answer& answer,
                                 const Gathered& gathered);
  void EmitPruned(const PlanWork& work);
  void NoteBroken(ZoneServer who);
  void DeferPlanned(const PlannedTarget& target);

  // Targets that an earlier scan asked.
  bool StartReused(io::TimeNs now);
  void Perform(const ReuseWork& work);
  void AskReuse(const ReuseWork& work);
  void EmitReused(const ReuseWork& work);
  void OnReuseAnswer(uint32_t question, const dnswire::Message& message,
                     const dnswire::Answer& answer, const Responder& responder);
  void OnReuseGaveUp(uint32_t question);
  void OnSerial(const ReuseWork& asked, bool same);
  bool IsSameSoa(const ReuseWork& asked, const dnswire::Message& message,
                 const dnswire::Answer& answer) const;
  SerialReuse::Sample SampleOf(const KnownRow& row,
                               const dnswire::Message& message,
                               const dnswire::Answer& answer);
  void BelieveAsBefore(ZoneServer who, const dnswire::Answer& answer,
                       const Responder& responder);
  void NoteAnswer(const Lookup& lookup, const Responder& responder);
  void HeedSerial(const dnswire::Answer& answer);
  void NoteHonest(ZoneServer who, const AreaDenial& denial);
  void NoteSerial(const Question& question, const dnswire::Message& message,
                  const dnswire::Answer& answer, const Responder& responder);

  // What resolvers tell of them.
  void OnResolvedArea(const Question& question, const dnswire::Message& message,
                      const dnswire::Answer& answer,
                      const Responder& responder);
  AreaAnswer ResolvedAreaOf(const Question& question,
                            const dnswire::Message& message,
                            const dnswire::Answer& answer,
                            ServerIndex resolver);
  void TakeDenial(AreaId area, HeldCheck check);
  void RuleCheck(uint32_t index, bool verified);
  void TellDeniedLeaf(uint32_t index);
  LeafAnswer DeniedLeafOf(const Lookup& lookup, const Gathered& gathered);
  ServerIndex AreaResolver(const dnswire::IpAddress& target,
                           ServerIndex answered);
  bool IsPlanHeldUp() const;

  // Targets of transferred zones, and what a walk asks of these.
  bool StartTransferred(const Lookup& begun);
  bool AnswerTransferred(const WalkWork& work);
  bool ReadTransferred(const WalkWork& work, const ZoneImage& image,
                       WalkAnswer* told);
  bool FindTransferredDname(const ZoneImage& image, dnswire::NameView name);
  void ReadTransferredTarget(const WalkWork& work, const ZoneImage& image);

  // Targets that a walk finds.
  bool TakeUpWalk(const ResumedWalk& resumed);
  std::string WalkState() const;
  void PushWalkState(io::TimeNs now);
  bool StartWalked(io::TimeNs now);
  void StartWalkedHost(const WalkWork& work, io::TimeNs now);
  void OnWalkAnswer(const Question& question, const dnswire::Message& message,
                    const dnswire::Answer& answer);
  void OnWalkGaveUp(const Question& question);
  WalkAnswer WalkAnswerOf(const Question& question,
                          const dnswire::Message& message,
                          const dnswire::Answer& answer);
  static void ReadDenial(const dnswire::Answer& answer, WalkAnswer* told);
  void ReadTarget(uint16_t type, const dnswire::Message& message,
                  const dnswire::Answer& answer, WalkAnswer* told);
  WalkAnswer FailedWalkAnswerOf(const Question& question) const;
  bool TellWalkedHost(uint32_t index, const WalkAnswer& answer);
  bool TellWalkedHost(const Question& question, const dnswire::Answer& answer);
  bool TellWalkedHost(const Question& failed);
  static WalkAnswer HostAnswerOf(bool is_alias, const dnswire::Answer& answer,
                                 const std::optional<dnswire::NameView>& apex);
  void TakeFindings();

  // Who serves a zone that a walk cannot enter.
  void SurveyServers(const WalkWork& work, io::TimeNs now);
  void AddServers(const DelegationRoute::NameServer& from,
                  std::vector<ServerEvidence>* servers) const;
  void AddTransferredNames(dnswire::NameView apex,
                           std::vector<std::string>* names) const;
  void AskServer(uint32_t survey, size_t server, io::TimeNs now);
  void OnServer(uint32_t check, const ServerEvidence& read);
  void EndSurvey(uint32_t survey);

  void LearnCanaries(const Question& question, const dnswire::Answer& answer,
                     ServerIndex server);
  static bool IsDirect(const Question& question, const dnswire::Answer& answer);

  // Asker::Delegate.
  bool SpendPacket(uint32_t question) override;
  void PrefetchPayer(uint32_t question) override;
  void PrefetchKept(uint32_t question) override;
  void OnAnswer(uint32_t question, const dnswire::Message& message,
                const dnswire::Answer& answer,
                const Responder& responder) override;
  void OnGaveUp(uint32_t question, bool final) override;

  void OnReverseAnswer(const Question& question,
                       const dnswire::Message& message,
                       const dnswire::Answer& answer,
                       const Responder& responder);
  void FailReverse(uint32_t index);
  static void CallUnasked(Lookup* lookup);
  void OnForwardAnswer(uint32_t question_index, const dnswire::Message& message,
                       const dnswire::Answer& answer, ServerIndex server);
  void SettleForward(uint32_t question_index, const ForwardAnswer& answer,
                     uint32_t ttl_s);

  // Rows.
  io::Row* NewRow();
  void EmitRow(const Lookup& lookup, const LabelTable::Match& match,
               io::Row* row);
  void NoteFinished(const Lookup& lookup);
  void PushRows(io::TimeNs now);

  const ScanOptions options_;  // its share of the limits
  const uint32_t shard_;
  const uint32_t shards_;
  const uint64_t max_packets_;
  const io::TimeNs record_interval_;
  const ScanTargets* targets_;
  const TransferredZones* transferred_;
  const ProgressMap* resumed_;
  TargetSet excluded_;  // during the run
  io::EventLoop* loop_;
  RowWriter* writer_;
  Hooks hooks_;
  Mailbox mailbox_;

  Stats stats_;
  io::SecureRandom random_;
  DelegationRoute* delegation_ = nullptr;  // the route, with own iteration
  std::unique_ptr<Route> route_;
  std::unique_ptr<Asker> asker_;
  std::optional<CanaryKeeper> canaries_;  // unless the options forbid them
  TargetOrder order_;
  bool order_done_ = false;
  // Which targets need not be asked; unless the options forbid it.
  std::optional<Honesty> honesty_;
  std::optional<BlockPlan> plan_;
  uint64_t cuts_told_ = 0;
  bool plan_waits_ = false;  // for an answer: it has no work
  absl::uint128 group_ = 0;  // of the order, that the plan has come to
  AreaDenials denials_;
  absl::flat_hash_map<uint32_t, ZoneServer> proofs_;  // by question
  absl::flat_hash_map<AreaId, AreaAnswer::Said> children_;
  absl::flat_hash_map<uint32_t, HeldCheck> held_checks_;  // by lookup
  // By super-block of the order's group: who answered its last probe; of
  // resolvers, whom its probes go to.
  absl::flat_hash_map<dnswire::IpAddress, ServerIndex> probed_;
  uint64_t next_number_ = 0;  // of the next target, in the events
  // Which of them an earlier scan answered, if there was one.
  std::optional<SerialReuse> reuse_;
  absl::flat_hash_map<uint32_t, ReuseWork> reuse_checks_;  // by question
  uint32_t reuse_questions_ = 0;  // open: those, and NoteAnswer's
  ZoneSerials zone_serials_;
  // What finds the targets, if they are not listed.
  std::optional<Walk> walk_;
  bool walk_spent_ = false;        // it has been told that the budget is
  bool keeps_walk_state_ = false;  // there is a journal
  io::TimeNs walk_state_at_ = 0;   // when it was told last
  // Hosts without a row yet; of them those of an earlier run, to be asked.
  absl::flat_hash_set<dnswire::IpAddress> open_hosts_;
  std::vector<dnswire::IpAddress> again_;
  Slab<Survey> surveys_;
  Slab<ServerCheck> server_checks_;
  size_t surveyed_ = 0;  // zones whose servers were asked

  Slab<Lookup> lookups_;
  // Those whose names are to be asked, and those that wait for nothing and are
  // to get their rows: some of them together, and all in this turn. What leads
  // to an answer, to further questions and to a row is each half the code that
  // a core's instruction cache holds; and a name's place in the forward cache
  // comes meanwhile.
  static constexpr size_t kTogether = 32;
  std::vector<uint32_t> named_;
  std::vector<uint32_t> finished_;
  std::vector<NameToAsk> names_to_ask_;
  Slab<Gathered> gathered_;
  Slab<Waiter> waiters_;
  ForwardCache cache_;
  RunningQuestions running_;

  Phase phase_ = Phase::kFirstPass;
  int late_pass_ = 0;        // the one that runs or comes next, from 1
  size_t late_in_pass_ = 0;  // of late_, left to start in this pass
  LateList late_;
  io::TimeNs started_at_ = 0;
  io::TimeNs resume_at_ = 0;  // end of the pause
  StopReason stop_reason_ = StopReason::kNone;
  bool abandoning_ = false;
  io::TimeNs drain_until_ = io::kNever;

  TurnPace pace_;
  Warnings warnings_;
  io::TimeNs next_progress_ = 0;
  io::TimeNs batch_since_ = 0;
  int64_t wall_us_ = 0;  // UTC, read once a turn
  std::unique_ptr<OutputBatch> batch_;
  EvidenceView view_;
  uint32_t epoch_ = 0;  // of the canaries, that the cache has seen
  // Blocks whose SERVFAIL was looked into, and whether validation alone failed.
  absl::flat_hash_map<uint64_t, bool> bogus_blocks_;
  // Scratch: addresses of the answer being settled, of one in the cache.
  std::vector<dnswire::IpAddress> addresses_;
  std::vector<dnswire::IpAddress> cached_;
  dnswire::NameList::Sorter sorter_;
  dnswire::NameList sampled_;
  dnswire::Answer zone_answer_;  // of a transferred zone
  dnswire::Name walk_owner_;
  dnswire::Name walk_target_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ENGINE_ENGINE_H_
