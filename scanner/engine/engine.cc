#include "scanner/engine/engine.h"

#include <algorithm>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/time/clock.h"
#include "scanner/verdict/expectation.h"
#include "scanner/verdict/name_rules.h"

namespace scanner {
namespace {

constexpr io::TimeNs kDrainTime = 5 * io::kSecond;
// Rows reach the writer after this long, however few they are.
constexpr io::TimeNs kBatchTime = 100 * io::kMillisecond;
// New lookups in one turn, so that what arrives is not kept waiting.
constexpr int kMaxStartsPerTurn = 4096;
constexpr uint32_t kMinCacheSeconds = 5;
constexpr uint32_t kMaxNegativeSeconds = 10800;  // RFC 2308 section 5
// A failure is shared by equal names for so long.
constexpr uint32_t kFailureSeconds = 300;

// Some accepted response was an error.
bool HasError(CauseSet seen) {
  return std::any_of(std::begin(kErrorOrder), std::end(kErrorOrder),
                     [seen](io::Cause cause) { return seen.Has(cause); });
}

uint64_t KeyOf(dnswire::NameView name, uint16_t type) {
  const absl::string_view octets(
      reinterpret_cast<const char*>(name.wire().data()), name.size());
  return absl::HashOf(octets, type);
}

uint16_t ForwardType(const dnswire::IpAddress& target) {
  return target.is_v4() ? dnswire::kTypeA : dnswire::kTypeAaaa;
}

// The addresses of a forward answer, ascending, each once.
void ReadAddresses(const dnswire::Message& message, uint16_t type,
                   const dnswire::Answer& answer,
                   std::vector<dnswire::IpAddress>* addresses) {
  addresses->clear();
  if (answer.outcome != dnswire::Outcome::kData) return;
  ForEachDataRecord(
      message, {.type = type}, answer, [&](const dnswire::Record& record) {
        const auto rdata =
            message.octets().subspan(record.rdata_at, record.rdata_size);
        addresses->push_back(
            type == dnswire::kTypeA
                ? dnswire::IpAddress::FromV4Octets(rdata.first<4>())
                : dnswire::IpAddress::FromV6Octets(rdata.first<16>()));
      });
  std::sort(addresses->begin(), addresses->end());
  addresses->erase(std::unique(addresses->begin(), addresses->end()),
                   addresses->end());
}

ReverseResult ReverseResultOf(dnswire::Outcome outcome) {
  if (outcome == dnswire::Outcome::kData) return ReverseResult::kData;
  return outcome == dnswire::Outcome::kNxdomain ? ReverseResult::kNxdomain
                                                : ReverseResult::kNodata;
}

ForwardResult ForwardResultOf(dnswire::Outcome outcome) {
  if (outcome == dnswire::Outcome::kData) return ForwardResult::kData;
  return outcome == dnswire::Outcome::kNxdomain ? ForwardResult::kNxdomain
                                                : ForwardResult::kNodata;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Engine>> Engine::Create(
    const ScanOptions& options, const ScanTargets* targets, io::EventLoop* loop,
    RowWriter* writer, Hooks hooks) {
  std::unique_ptr<Engine> engine(
      new Engine(options, targets, loop, writer, std::move(hooks)));
  auto asker = Asker::Create(options, loop, &engine->route_, &engine->random_,
                             &engine->stats_, engine.get());
  if (!asker.ok()) return asker.status();
  engine->asker_ = *std::move(asker);
  return engine;
}

Engine::Engine(const ScanOptions& options, const ScanTargets* targets,
               io::EventLoop* loop, RowWriter* writer, Hooks hooks)
    : options_(options),
      targets_(targets),
      loop_(loop),
      writer_(writer),
      hooks_(std::move(hooks)),
      route_(options, &random_),
      order_(&targets->targets, options.seed),
      cache_(options.forward_cache_octets),
      batch_(writer->TakeEmpty()) {
  stats_.targets = static_cast<uint64_t>(targets->targets.size());
}

Engine::~Engine() = default;

// ---- the turn

void Engine::Run() {
  started_at_ = io::EventLoop::Now();
  next_progress_ =
      started_at_ + absl::ToInt64Nanoseconds(hooks_.progress_interval);
  loop_->OnTurn([this] { Turn(); });
  loop_->WakeAt(started_at_);
  loop_->Run();
  AbandonRest();
  asker_->FinishStats();
  PushRows(io::kNever);
}

// What has begun but will get no row: the scan was stopped, or its output
// failed.
void Engine::AbandonRest() {
  abandoning_ = true;
  asker_->Abandon();
  while (!late_.empty()) {
    ++stats_.abandoned;
    stats_.unwritten_queries += late_.Take().packets;
  }
}

void Engine::Stop() {
  if (stopped_) return;
  stopped_ = true;
  drain_until_ = io::EventLoop::Now() + kDrainTime;
  loop_->Wake();
}

void Engine::Turn() {
  const io::TimeNs now = io::EventLoop::Now();
  wall_us_ = absl::GetCurrentTimeNanos() / 1000;
  const bool more = asker_->Receive(now);
  asker_->Expire(now);
  asker_->SendReady(now);
  Fill(now);
  asker_->Flush();
  ChangePhase(now);
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
  const bool wants_start = HasWork() && !writer_->full() &&
                           lookups_.in_use() < options_.max_in_flight;
  io::TimeNs wake = asker_->NextWake(now, wants_start);
  wake = std::min({wake, next_progress_, drain_until_});
  if (batch_->size() > 0) wake = std::min(wake, batch_since_ + kBatchTime);
  if (phase_ == Phase::kPause) wake = std::min(wake, resume_at_);
  loop_->WakeAt(wake);
}

bool Engine::IsDone(io::TimeNs now) const {
  if (writer_->failed() || now >= drain_until_) return true;
  if (lookups_.in_use() > 0) return false;
  return stopped_ || (order_done_ && late_.empty());
}

// ---- starting lookups

bool Engine::HasWork() const {
  if (stopped_ || phase_ == Phase::kPause) return false;
  return phase_ == Phase::kLatePass ? late_in_pass_ > 0 : !order_done_;
}

void Engine::Fill(io::TimeNs now) {
  for (int i = 0; i < kMaxStartsPerTurn && HasWork(); ++i) {
    if (lookups_.in_use() >= options_.max_in_flight) return;
    if (writer_->full() || !asker_->CanStart(now)) return;
    if (!StartNext(now)) return;
  }
}

// False when there is nothing more to start.
bool Engine::StartNext(io::TimeNs now) {
  if (late_in_pass_ > 0) {
    --late_in_pass_;
    StartDeferred(late_.Take(), now);
    return true;
  }
  const auto item = order_.Next();
  if (!item) {
    order_done_ = true;
    return false;
  }
  ++stats_.started;
  StartTarget(item->address, now);
  // No room for more deferred addresses: the older half goes first.
  if (late_.full()) {
    late_in_pass_ = late_.size() / 2;
    cache_.ForgetUnfinished();
  }
  return true;
}

void Engine::ChangePhase(io::TimeNs now) {
  if (phase_ == Phase::kPause) {
    if (now >= resume_at_) {
      phase_ = Phase::kLatePass;
      late_in_pass_ = late_.size();
      cache_.ForgetUnfinished();
    }
    return;
  }
  if (HasWork() || lookups_.in_use() > 0 || late_.empty() || stopped_) return;
  ++late_pass_;
  if (late_pass_ == 1) route_.EnterLatePass();
  phase_ = Phase::kPause;
  const io::TimeNs tenth = (now - started_at_) / 10;
  resume_at_ =
      now + (options_.late_pause
                 ? absl::ToInt64Nanoseconds(*options_.late_pause)
                 : std::clamp(tenth, 5 * io::kSecond, 30 * io::kSecond));
}

void Engine::StartTarget(const dnswire::IpAddress& target, io::TimeNs now) {
  if (targets_->IsSkipped(target)) {
    return SkipTarget(target, io::Cause::kSpecialUse);
  }
  if (IsRunBudgetSpent()) return SkipTarget(target, io::Cause::kBudget);
  asker_->AskPtr(target, NewLookup(target), false, now);
}

void Engine::StartDeferred(const Deferred& deferred, io::TimeNs now) {
  const uint32_t index = NewLookup(deferred.target);
  Lookup& lookup = lookups_[index];
  lookup.packets = deferred.packets;
  lookup.pass = deferred.passes;
  lookup.reverse_seen = deferred.reverse_seen;
  lookup.forward_seen_before = deferred.forward_seen;
  asker_->AskPtr(deferred.target, index, true, now);
}

bool Engine::IsRunBudgetSpent() const {
  return options_.max_queries > 0 && stats_.packets() >= options_.max_queries;
}

void Engine::SkipTarget(const dnswire::IpAddress& target, io::Cause cause) {
  const Lookup lookup{
      .target = target, .reverse = ReverseResult::kSkipped, .cause = cause};
  const LabelTable::Match match = targets_->labels.Find(target);
  const Verdict verdict =
      Judge(view_.Of(lookup, nullptr, options_.ptr_only, match.expected));
  io::Row row = view_.RowOf(lookup, nullptr, verdict);
  EmitRow(&row, match);
}

uint32_t Engine::NewLookup(const dnswire::IpAddress& target) {
  const uint32_t index = lookups_.Acquire();
  lookups_[index] = Lookup{.target = target};
  return index;
}

// ---- answers

bool Engine::SpendPacket(uint32_t question) {
  Lookup& lookup = lookups_[asker_->question(question).payer];
  if (IsRunBudgetSpent() || lookup.packets >= options_.max_queries_per_target) {
    return false;
  }
  ++lookup.packets;
  return true;
}

void Engine::OnAnswer(uint32_t question_index, const dnswire::Message& message,
                      const dnswire::Answer& answer,
                      const Responder& responder) {
  const Question& question = asker_->question(question_index);
  if (question.type == dnswire::kTypePtr) {
    OnReverseAnswer(question, message, answer, responder);
  } else {
    OnForwardAnswer(question_index, message, answer);
  }
}

void Engine::OnReverseAnswer(const Question& question,
                             const dnswire::Message& message,
                             const dnswire::Answer& answer,
                             const Responder& responder) {
  const uint32_t index = question.payer;
  GatheredOf(index).KeepAnswer(message, answer, question, responder);
  lookups_[index].reverse = ReverseResultOf(answer.outcome);
  if (answer.outcome == dnswire::Outcome::kData && !options_.ptr_only) {
    AskNames(index);
  }
  Advance(index);
}

void Engine::OnGaveUp(uint32_t question_index, bool final) {
  const Question& question = asker_->question(question_index);
  Lookup& lookup = lookups_[question.payer];
  CauseSet seen = question.seen;
  if (question.type != dnswire::kTypePtr) {
    seen.AddAll(lookup.forward_seen_before);
    lookup.forward_seen.AddAll(seen);
    return SettleForward(question_index,
                         {.result = ForwardResult::kError,
                          .cause = DecidingCause(seen, HasError(seen)),
                          .cname = question.names.size() > 1,
                          .final = final},
                         kFailureSeconds);
  }
  seen.AddAll(lookup.reverse_seen);
  lookup.reverse_seen = seen;
  lookup.cause = DecidingCause(seen, HasError(seen));
  lookup.may_learn_more = !final;
  lookup.reverse = IsTimeoutFamily(lookup.cause, HasError(seen))
                       ? ReverseResult::kTimeout
                       : ReverseResult::kError;
  if (lookup.packets == 0) {  // the budget was spent before its turn came
    lookup.reverse = ReverseResult::kSkipped;
    lookup.cause = io::Cause::kBudget;
  }
  if (question.responded) {
    GatheredOf(question.payer).KeepFailure(question);
  }
  Advance(question.payer);
}

void Engine::OnForwardAnswer(uint32_t question_index,
                             const dnswire::Message& message,
                             const dnswire::Answer& answer) {
  const Question& question = asker_->question(question_index);
  ReadAddresses(message, question.type, answer, &addresses_);
  uint32_t ttl_s = answer.has_ttl ? answer.ttl_s : kMinCacheSeconds;
  if (question.has_ttl) ttl_s = std::min(ttl_s, question.ttl_s);
  if (answer.outcome != dnswire::Outcome::kData) {
    addresses_.clear();
    ttl_s = std::min(ttl_s, kMaxNegativeSeconds);
  }
  SettleForward(question_index,
                {.result = ForwardResultOf(answer.outcome),
                 .cname = question.names.size() > 1 || !answer.chain.empty()},
                std::max(ttl_s, kMinCacheSeconds));
}

// Tells every lookup that waits for this question; `addresses_` holds the
// answer's.
void Engine::SettleForward(uint32_t question_index, const ForwardAnswer& answer,
                           uint32_t ttl_s) {
  if (answer.result == ForwardResult::kError) addresses_.clear();
  const Question& question = asker_->question(question_index);
  const dnswire::NameView name = question.names.view()[0];
  const auto running = running_.find(KeyOf(name, question.type));
  if (running != running_.end() && running->second == question_index) {
    running_.erase(running);
  }
  cache_.Insert(name, question.type, answer, addresses_,
                io::EventLoop::Now() + ttl_s * io::kSecond);
  for (uint32_t at = question.waiters; at != kNil;) {
    const Waiter waiter = waiters_[at];
    waiters_.Release(at);
    at = waiter.next;
    Lookup& lookup = lookups_[waiter.lookup];
    GatheredOf(waiter.lookup)
        .KeepForward(waiter.slot, answer, addresses_, lookup.target);
    if (!answer.final) lookup.may_learn_more = true;
    --lookup.pending;
    Advance(waiter.lookup);
  }
}

// ---- names

void Engine::AskNames(uint32_t index) {
  const Gathered& gathered = GatheredOf(index);
  ForEachNameToAsk(lookups_[index].target, gathered.chain, gathered.names,
                   options_.max_names,
                   [&](dnswire::NameView name) { AskName(index, name); });
}

// Asks a name for a lookup, from the cache, from a question under way, or anew.
void Engine::AskName(uint32_t index, dnswire::NameView name) {
  Gathered& gathered = GatheredOf(index);
  Lookup& lookup = lookups_[index];
  const auto slot = static_cast<uint16_t>(gathered.forward.size());
  gathered.asked.Add(name);
  gathered.forward.emplace_back();
  const uint16_t type = ForwardType(lookup.target);
  const io::TimeNs now = io::EventLoop::Now();
  if (const auto known = cache_.Find(name, type, now, &cached_)) {
    gathered.KeepForward(slot, *known, cached_, lookup.target);
    if (!known->final) lookup.may_learn_more = true;
    ++stats_.forward_shared;
    return;
  }
  ++lookup.pending;
  const Waiter waiter{.lookup = index, .slot = slot};
  if (JoinQuestion(name, waiter)) return;
  const uint32_t question =
      asker_->AskForward(name, type, index, lookup.pass > 0);
  AddWaiter(question, waiter);
  running_.try_emplace(KeyOf(name, type), question);
  ++stats_.forward_asked;
}

bool Engine::JoinQuestion(dnswire::NameView name, const Waiter& waiter) {
  const uint16_t type = ForwardType(lookups_[waiter.lookup].target);
  const auto running = running_.find(KeyOf(name, type));
  if (running == running_.end()) return false;
  const Question& question = asker_->question(running->second);
  if (!question.names.view()[0].Equals(name)) return false;  // equal hashes
  AddWaiter(running->second, waiter);
  ++stats_.forward_shared;
  return true;
}

void Engine::AddWaiter(uint32_t question_index, const Waiter& waiter) {
  Question& question = asker_->question(question_index);
  const uint32_t at = waiters_.Acquire();
  waiters_[at] = waiter;
  waiters_[at].next = question.waiters;
  question.waiters = at;
}

void Engine::AskExpected(uint32_t index) {
  Lookup& lookup = lookups_[index];
  const LabelTable::Match match = targets_->labels.Find(lookup.target);
  if (match.expected.empty() || lookup.expected_asked) return;
  const Evidence& evidence =
      view_.Of(lookup, FindGathered(lookup), options_.ptr_only, match.expected);
  if (!WantsExpectedLookup(evidence)) return;
  lookup.expected_asked = true;
  AskName(index, Expectation(match.expected, lookup.target).name());
}

// ---- the end of a lookup

// Goes on with a lookup that waits for nothing.
void Engine::Advance(uint32_t index) {
  if (lookups_[index].pending > 0) return;
  if (!stopped_ && !abandoning_) AskExpected(index);
  if (lookups_[index].pending == 0) Finish(index);
}

void Engine::Finish(uint32_t index) {
  const Lookup& lookup = lookups_[index];
  const Gathered* gathered = FindGathered(lookup);
  const LabelTable::Match match = targets_->labels.Find(lookup.target);
  const Verdict verdict =
      Judge(view_.Of(lookup, gathered, options_.ptr_only, match.expected));
  if (!Withhold(lookup, verdict)) {
    io::Row row = view_.RowOf(lookup, gathered, verdict);
    if (lookup.pass > 0 && !io::IsIndefinite(row.status, row.cause)) {
      ++stats_.rescued;
    }
    EmitRow(&row, match);
  }
  Release(index);
}

// True if the lookup gets no row now: the scan ends before it was done, or it
// is put off to a late pass that may tell more.
bool Engine::Withhold(const Lookup& lookup, const Verdict& verdict) {
  const bool unfinished = lookup.may_learn_more &&
                          lookup.packets < options_.max_queries_per_target &&
                          io::IsIndefinite(verdict.status, verdict.cause);
  if (abandoning_ || (stopped_ && unfinished)) {
    ++stats_.abandoned;
    stats_.unwritten_queries += lookup.packets;
    return true;
  }
  if (!unfinished || lookup.pass >= options_.late_passes) return false;
  ++stats_.deferred;
  CauseSet forward_seen = lookup.forward_seen;
  forward_seen.AddAll(lookup.forward_seen_before);
  late_.Add({.target = lookup.target,
             .packets = lookup.packets,
             .passes = static_cast<uint8_t>(lookup.pass + 1),
             .reverse_seen = lookup.reverse_seen,
             .forward_seen = forward_seen});
  return true;
}

void Engine::Release(uint32_t index) {
  const Lookup& lookup = lookups_[index];
  if (lookup.gathered != kNil) gathered_.Release(lookup.gathered);
  lookups_.Release(index);
}

Gathered& Engine::GatheredOf(uint32_t index) {
  Lookup& lookup = lookups_[index];
  if (lookup.gathered == kNil) {
    lookup.gathered = gathered_.Acquire();
    gathered_[lookup.gathered].Clear();
  }
  return gathered_[lookup.gathered];
}

const Gathered* Engine::FindGathered(const Lookup& lookup) const {
  return lookup.gathered == kNil ? nullptr : &gathered_[lookup.gathered];
}

// ---- rows

void Engine::EmitRow(io::Row* row, const LabelTable::Match& match) {
  row->time_us = wall_us_;
  row->label = match.label;
  std::string expected;
  if (!match.expected.empty()) {
    expected = Expectation(match.expected, row->ip).ToText();
    row->expected = expected;
  }
  ++stats_.rows;
  ++stats_.rows_by_status[static_cast<size_t>(row->status)];
  if (io::IsIndefinite(row->status, row->cause)) ++stats_.unknown_rows;
  stats_.row_queries += row->queries;
  if (batch_->size() == 0) batch_since_ = io::EventLoop::Now();
  batch_->Append(*row);
  if (batch_->size() >= RowWriter::kBatchRows) PushRows(batch_since_);
}

void Engine::PushRows(io::TimeNs now) {
  batch_since_ = now;
  if (batch_->size() == 0) return;
  writer_->Push(std::move(batch_));
  batch_ = writer_->TakeEmpty();
}

}  // namespace scanner
