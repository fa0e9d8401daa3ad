#include "scanner/engine/engine.h"

#include <algorithm>
#include <cassert>
#include <new>
#include <utility>

#include "absl/time/clock.h"
#include "scanner/upstream/resolver_route.h"

namespace scanner {
namespace {

constexpr io::TimeNs kDrainTime = 5 * io::kSecond;
// Rows reach the writer after this long, however few they are.
constexpr io::TimeNs kBatchTime = 100 * io::kMillisecond;
// How soon another engine's ruling is heeded.
constexpr io::TimeNs kRulingTime = io::kMillisecond;
// New lookups in one turn, so that what arrives is not kept waiting.
constexpr int kMaxStartsPerTurn = 4096;
// Between two looks at what may forbid them, but for what each start changes.
constexpr int kStartsAtOnce = 8;
// A zone holds at most one of so many of the lookups, or so many of them.
constexpr uint32_t kZoneShare = 8;
constexpr uint32_t kMinZoneLookups = 64;

}  // namespace

absl::StatusOr<std::unique_ptr<Engine>> Engine::Create(
    const ScanOptions& options, const EngineShare& share,
    const ScanTargets* targets, const TransferredZones* transferred,
    const Resumed& resumed, io::EventLoop* loop, RowWriter* writer,
    Hooks hooks) {
  std::unique_ptr<Engine> engine(new Engine(options, share, targets,
                                            transferred, resumed, loop, writer,
                                            std::move(hooks)));
  if (resumed.walk != nullptr && !engine->TakeUpWalk(*resumed.walk)) {
    return absl::DataLossError("the journal's state is not that of this walk");
  }
  engine->MakeRoute(options, share.part);
  auto asker = Asker::Create(engine->options_, loop, engine->route_.get(),
                             engine->delegation_, &engine->random_,
                             &engine->stats_, engine.get());
  if (!asker.ok()) return asker.status();
  engine->asker_ = *std::move(asker);
  if (engine->delegation_ != nullptr) {
    engine->delegation_->Connect(engine->asker_.get());
  } else if (options.canaries) {
    engine->canaries_.emplace(options, engine->route_->servers(),
                              &engine->random_, engine->asker_.get(),
                              &engine->stats_);
  }
  return engine;
}

Engine::Engine(const ScanOptions& options, const EngineShare& share,
               const ScanTargets* targets, const TransferredZones* transferred,
               const Resumed& resumed, io::EventLoop* loop, RowWriter* writer,
               Hooks hooks)
    : options_(OptionsOf(options, share)),
      shard_(share.shard),
      shards_(share.shards),
      max_packets_(share.max_packets),
      record_interval_(absl::ToInt64Nanoseconds(options.record_interval)),
      targets_(targets),
      transferred_(transferred),
      resumed_(resumed.scan),
      loop_(loop),
      writer_(writer),
      hooks_(std::move(hooks)),
      order_(&targets->targets, options.seed, share.shard, share.shards),
      cache_(options_.forward_cache_octets),
      warnings_(hooks_.warn),
      batch_(writer->TakeEmpty()) {
  stats_.targets = share.targets;
  if (targets->walk != nullptr) {
    walk_.emplace(targets->walk, random_.U64());
    order_done_ = true;
    return;
  }
  if (options_.iterative || options_.prune != Prune::kOff) MakePlan(share);
  if (options_.iterative && targets->known != nullptr) {
    reuse_.emplace(targets->known, options.shards, random_.U64());
    for (const SeenZone& liar : targets->known->liars()) {
      zone_serials_.NoteLies(NameOfWire(liar.apex));
    }
  }
  if (resumed_ != nullptr) TakeUp();
}

Engine::~Engine() = default;

// Resolvers' limits are the scan's, and each route takes its part of them.
void Engine::MakeRoute(const ScanOptions& scan_options, Part part) {
  if (options_.iterative) {
    auto route = std::make_unique<DelegationRoute>(options_, &random_, part);
    delegation_ = route.get();
    route_ = std::move(route);
  } else {
    route_ = std::make_unique<ResolverRoute>(scan_options, &random_, part);
  }
}

// With own iteration also where nothing is pruned: no zone is to hold up the
// others.
void Engine::MakePlan(const EngineShare& share) {
  BlockPlanOptions options = {.iterative = options_.iterative,
                              .prune = options_.prune,
                              .shard = share.shard,
                              .shards = share.shards};
  BlockPlan::ZoneOf zone_of;
  if (options_.iterative) {
    options.max_zone_leaves =
        std::max(kMinZoneLookups, options_.max_in_flight / kZoneShare);
    zone_of = [this](const dnswire::IpPrefix& area) { return ZoneOf(area); };
  }
  honesty_.emplace();
  plan_.emplace(&targets_->targets, &*honesty_, options, std::move(zone_of));
}

// What earlier runs left of this shard: addresses that were put off go to the
// late list, what is finished is no target of this run.
void Engine::TakeUp() {
  uint64_t taken = order_.SeekCounting(resumed_->low_water());
  TargetOrder ahead = order_;
  while (const auto item = ahead.Next()) {
    if (item->position >= resumed_->end()) break;
    if (resumed_->IsTaken(item->position, item->address)) ++taken;
  }
  for (const Deferred& deferred : resumed_->DeferredOf(shard_, shards_)) {
    late_.Add(deferred);
    stats_.resumed_queries += deferred.packets;
  }
  stats_.targets -= taken - late_.size();
  stats_.started = late_.size();
}

// ---- the turn

void Engine::Run() {
  started_at_ = io::EventLoop::Now();
  next_progress_ =
      started_at_ + absl::ToInt64Nanoseconds(hooks_.progress_interval);
  loop_->OnTurn([this] {
    ReadMail();
    Turn();
  });
  loop_->WakeAt(started_at_);
  loop_->Run();
  // What the last moment brought is told too.
  warnings_.Look(asker_->outage(), servers(), stats_,
                 io::EventLoop::Now() + io::kSecond);
  if (walk_) PushWalkState(io::EventLoop::Now());
  AbandonRest();
  asker_->FinishStats();
  PushRows(io::kNever);
}

// What has begun but will get no row: the scan was stopped, or its output
// failed.
void Engine::AbandonRest() {
  abandoning_ = true;
  asker_->Abandon();
  FinishAll();
  while (canaries_) {
    const auto held = canaries_->TakeAny();
    if (!held) break;
    if (lookups_[*held].is_check) {
      RuleCheck(*held, false);
    } else {
      Finish(*held);
    }
  }
  stats_.abandoned += targets_waiting();
  while (!late_.empty()) {
    ++stats_.abandoned;
    stats_.unwritten_queries += late_.Take().packets;
  }
}

void Engine::Stop(StopReason reason) {
  mailbox_.PutStop(reason);
  loop_->Wake();
}

void Engine::Exclude(TargetSet excluded) {
  mailbox_.PutExcluded(std::move(excluded));
  loop_->Wake();
}

void Engine::ReadMail() {
  auto mail = mailbox_.Take();
  if (!mail) return;
  if (mail->excluded) {
    excluded_ = *std::move(mail->excluded);
    if (walk_) walk_->Exclude(excluded_);
  }
  if (mail->stop != StopReason::kNone) BeginStop(mail->stop);
}

void Engine::BeginStop(StopReason reason) {
  if (stopped()) return;
  stop_reason_ = reason;
  drain_until_ = io::EventLoop::Now() + kDrainTime;
}

void Engine::Turn() {
  const io::TimeNs now = io::EventLoop::Now();
  wall_us_ = absl::GetCurrentTimeNanos() / 1000;
  const bool more = asker_->Receive(now);
  if (pace_.OnTurn(now, stats_.udp_received)) route_->OnOtherTurns(now);
  asker_->Advance(now);
  asker_->Expire(now);
  GoOn();
  RunCanaries(now);
  if (reuse_) reuse_->Look(now);
  asker_->SendReady(now);
  Fill(now);
  if (IsPlanHeldUp()) RunCanaries(now);
  asker_->Flush();
  GoOn();
  ChangePhase(now);
  if (walk_ && !writer_->full() && now - walk_state_at_ >= record_interval_) {
    PushWalkState(now);
  }
  StopIfHopeless(now);
  CheckBooks();
  warnings_.Look(asker_->outage(), servers(), stats_, now);
  if (now - batch_since_ >= kBatchTime) PushRows(now);
  if (now >= next_progress_) {
    next_progress_ = now + absl::ToInt64Nanoseconds(hooks_.progress_interval);
    if (hooks_.progress) hooks_.progress();
  }
  if (IsDone(now)) return loop_->Stop();
  PlanWake(now, more);
}

void Engine::PlanWake(io::TimeNs now, bool more) {
  if (more) return loop_->WakeAt(now);
  io::TimeNs wake = asker_->NextWake(now, MayStart());
  if (canaries_ && asker_->outage() != OutageWatch::State::kOut) {
    wake = std::min(wake, canaries_->NextTime());
  }
  wake = std::min({wake, next_progress_, drain_until_});
  if (reuse_ && reuse_->waits_for_others()) {
    wake = std::min(wake, now + kRulingTime);
  }
  if (!batch_->empty()) wake = std::min(wake, batch_since_ + kBatchTime);
  if (phase_ == Phase::kPause && asker_->outage() != OutageWatch::State::kOut) {
    wake = std::min(wake, resume_at_);
  }
  loop_->WakeAt(wake);
  if (pace_.ticking()) loop_->PauseUntil(now + TurnPace::kTick);
}

bool Engine::IsDone(io::TimeNs now) const {
  if (writer_->failed() || now >= drain_until_) return true;
  if (lookups_.in_use() > 0) return false;
  if (stopped()) return true;
  return order_done_ && late_.empty() && targets_waiting() == 0 &&
         reuse_questions_ == 0 && (!walk_ || (walk_->done() && again_.empty()));
}

// ---- starting lookups

// Whether targets of this phase are left.
bool Engine::HasWork() const {
  if (stopped() || phase_ == Phase::kPause) return false;
  if (walk_ && (walk_->HasWork() || !again_.empty())) return true;
  if (phase_ == Phase::kLatePass) return late_in_pass_ > 0;
  return !order_done_ || targets_waiting() > 0;
}

// Whether nothing can be started before an answer has come.
bool Engine::Waits() const {
  return plan_waits_ && !(reuse_ && reuse_->HasWork());
}

// Targets that the order gave and that have not been started.
size_t Engine::targets_waiting() const {
  return (plan_ ? plan_->waiting() : 0) + (reuse_ ? reuse_->waiting() : 0);
}

size_t Engine::lookups_running() const {
  return lookups_.in_use() - (canaries_ ? canaries_->held() : 0);
}

// Whether one of them may be started, as far as the servers' pace allows.
bool Engine::MayStart() const {
  return HasWork() && !writer_->full() && (late_in_pass_ > 0 || !Waits()) &&
         lookups_running() < options_.max_in_flight &&
         asker_->outage() != OutageWatch::State::kOut &&
         !(canaries_ && canaries_->full());
}

void Engine::Fill(io::TimeNs now) {
  TellCuts();
  for (int i = 0; i < kMaxStartsPerTurn && MayStart(); i += kStartsAtOnce) {
    for (int k = 0; k < kStartsAtOnce; ++k) {
      if (lookups_running() >= options_.max_in_flight) return;
      if (!asker_->CanStart(now) || !StartNext(now)) return;
    }
  }
}

// Without a server that answers, or that can be believed, asking on would only
// fill rows with timeouts.
void Engine::StopIfHopeless(io::TimeNs now) {
  if (stopped()) return;
  if (asker_->outage() == OutageWatch::State::kGivenUp) {
    const bool heard = stats_.udp_accepted + stats_.tcp_accepted > 0;
    GiveUp(heard ? StopReason::kOutage : StopReason::kUnheard);
  } else if (delegation_ != nullptr && delegation_->IsLost(now)) {
    GiveUp(StopReason::kUnheard);
  } else if (canaries_ && canaries_->all_lying_since() != io::kNever &&
             now - canaries_->all_lying_since() >=
                 absl::ToInt64Nanoseconds(options_.max_outage)) {
    GiveUp(StopReason::kLying);
  }
}

void Engine::GiveUp(StopReason reason) {
  BeginStop(reason);
  if (hooks_.gave_up) hooks_.gave_up(reason);
}

// In debug builds the counters must agree after every turn (WIRE.md section 8).
void Engine::CheckBooks() const {
  assert(stats_
             .BrokenIdentities({.lookups = lookups_open() + targets_waiting(),
                                .deferred = late_.size(),
                                .udp_tries = asker_->open_udp_tries()})
             .empty());
}

// False when there is nothing more to start.
bool Engine::StartNext(io::TimeNs now) {
  if (late_in_pass_ > 0) {
    --late_in_pass_;
    StartDeferred(late_.Take(), now);
    return true;
  }
  if (walk_) return StartWalked(now);
  if (reuse_ && StartReused(now)) return true;
  if (plan_) return StartPlanned(now);
  PlannedTarget next;
  const Taken taken = TakeTarget(&next);
  if (taken == Taken::kNone) {
    assert(stats_.started == stats_.targets);
    return false;
  }
  if (taken == Taken::kToAsk) {
    const io::Cause refusal = RefusalOf(next.item.address, true);
    if (refusal == io::Cause::kNone) {
      AskReverse(NewLookup(next), {}, now);
    } else {
      SkipTarget(LookupOf(next), refusal);
    }
  }
  RelieveLateList();
  return true;
}

// The next target of the order, and what needs no question of it.
Engine::Taken Engine::TakeTarget(PlannedTarget* taken) {
  const TargetOrder::Item& item = taken->item;
  if (!NextTarget(&taken->item)) {
    order_done_ = true;
    batch_->events.exhausted = resumed_ != nullptr;
    return Taken::kNone;
  }
  ++stats_.started;
  if (resumed_ != nullptr) batch_->events.started.push_back(item.position);
  taken->number = next_number_++;
  if (targets_->IsSkipped(item.address)) {
    SkipTarget(LookupOf(*taken), io::Cause::kSpecialUse);
    return Taken::kHasRow;
  }
  if (!transferred_->empty() && StartTransferred(LookupOf(*taken))) {
    return Taken::kStarted;
  }
  return Taken::kToAsk;
}

// No room for more deferred addresses: the older half goes first.
void Engine::RelieveLateList() {
  if (!late_.full()) return;
  late_in_pass_ = late_.size() / 2;
  cache_.ForgetUnfinished();
}

// False when there is none left.
bool Engine::NextTarget(TargetOrder::Item* item) {
  bool any = order_.Take(item);
  while (resumed_ != nullptr && any &&
         resumed_->IsTaken(item->position, item->address)) {
    any = order_.Take(item);
  }
  return any;
}

void Engine::ChangePhase(io::TimeNs now) {
  if (asker_->outage() == OutageWatch::State::kOut) return;
  if (phase_ == Phase::kPause) {
    if (now >= resume_at_) {
      phase_ = Phase::kLatePass;
      late_in_pass_ = late_.size();
      if (walk_) walk_->BeginLatePass();
      cache_.ForgetUnfinished();
    }
    return;
  }
  if (HasWork() || lookups_.in_use() > 0 || stopped()) return;
  if (walk_ ? !walk_->idle() : late_.empty()) return;
  if (late_.empty() && walk_->late() == 0) return;
  ++late_pass_;
  if (late_pass_ == 1) route_->EnterLatePass();
  phase_ = Phase::kPause;
  const io::TimeNs tenth = (now - started_at_) / 10;
  resume_at_ =
      now + (options_.late_pause
                 ? absl::ToInt64Nanoseconds(*options_.late_pause)
                 : std::clamp(tenth, 5 * io::kSecond, 30 * io::kSecond));
}

Lookup Engine::LookupOf(const PlannedTarget& target) {
  return {.position = target.item.position,
          .number = target.number,
          .target = target.item.address};
}

// Why a target is not to be asked any more; kNone if it is. `spends`: it would
// need packets.
io::Cause Engine::RefusalOf(const dnswire::IpAddress& address,
                            bool spends) const {
  if (IsExcluded(address)) return io::Cause::kExcluded;
  return spends && IsRunBudgetSpent() ? io::Cause::kBudget : io::Cause::kNone;
}

// True if it is refused: its row says why.
bool Engine::Refuse(const Lookup& unasked, bool spends) {
  const io::Cause refusal = RefusalOf(unasked.target, spends);
  if (refusal == io::Cause::kNone) return false;
  SkipTarget(unasked, refusal);
  return true;
}

bool Engine::IsExcluded(const dnswire::IpAddress& address) const {
  return !excluded_.empty() && excluded_.Contains(address);
}

void Engine::StartDeferred(const Deferred& deferred, io::TimeNs now) {
  const Lookup begun = {.position = deferred.position,
                        .target = deferred.target,
                        .pass = deferred.passes,
                        .packets = deferred.packets,
                        .reverse_seen = deferred.reverse_seen,
                        .forward_seen_before = deferred.forward_seen,
                        .failed = deferred.failed};
  if (Refuse(begun, false) || StartTransferred(begun)) return;
  AskReverse(NewLookup(begun), {.late = true, .failed = deferred.failed}, now);
}

bool Engine::IsRunBudgetSpent() const {
  return stats_.packets() >= max_packets_;
}

void Engine::SkipTarget(const Lookup& skipped, io::Cause cause) {
  Lookup lookup = skipped;
  lookup.reverse = ReverseResult::kSkipped;
  lookup.cause = cause;
  const LabelTable::Match match = targets_->labels.Find(lookup.target);
  const Verdict verdict =
      Judge(view_.Of(lookup, nullptr, options_.ptr_only, match.expected));
  io::Row* const row = NewRow();
  view_.FillRow(lookup, nullptr, verdict, row);
  EmitRow(lookup, match, row);
}

uint32_t Engine::NewLookup(const Lookup& begun) {
  const uint32_t index = lookups_.Acquire();
  new (&lookups_[index]) Lookup(begun);
  return index;
}

// Made in its place: a copy of so many small fields waits for each of them.
uint32_t Engine::NewLookup(const PlannedTarget& target) {
  const uint32_t index = lookups_.Acquire();
  new (&lookups_[index]) Lookup{.position = target.item.position,
                                .number = target.number,
                                .target = target.item.address};
  return index;
}

}  // namespace scanner
