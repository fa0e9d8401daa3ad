// Part of Engine: what answers do to lookups, and the names that are asked for
// them.
#include <algorithm>

#include "dnswire/address_record.h"
#include "scanner/audit/readings.h"
#include "scanner/engine/engine.h"
#include "scanner/verdict/expectation.h"
#include "scanner/verdict/name_rules.h"

namespace scanner {
namespace {

constexpr uint32_t kMinCacheSeconds = 5;
constexpr uint32_t kMaxNegativeSeconds = 10800;  // RFC 2308 section 5
// A failure is shared by equal names for so long.
constexpr uint32_t kFailureSeconds = 300;

// Some accepted response was an error.
bool HasError(CauseSet seen) {
  return std::any_of(std::begin(kErrorOrder), std::end(kErrorOrder),
                     [seen](io::Cause cause) { return seen.Has(cause); });
}

// Why a question failed, of all that was seen.
struct Failure {
  io::Cause cause;
  bool silent;  // nobody answered
};

// No authority reports all_ns_unreachable: it is our own finding, and less
// telling than any response.
Failure FailureOf(CauseSet seen, bool iterative) {
  const CauseSet reported =
      iterative ? seen.Without(io::Cause::kAllNsUnreachable) : seen;
  const bool error = HasError(reported);
  const io::Cause cause = DecidingCause(error ? reported : seen, error);
  return {.cause = cause, .silent = IsTimeoutFamily(cause, error)};
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
        addresses->push_back(*dnswire::AddressOf(message, record));
      });
  std::sort(addresses->begin(), addresses->end());
  addresses->erase(std::unique(addresses->begin(), addresses->end()),
                   addresses->end());
}

ForwardResult ForwardResultOf(dnswire::Outcome outcome) {
  if (outcome == dnswire::Outcome::kData) return ForwardResult::kData;
  return outcome == dnswire::Outcome::kNxdomain ? ForwardResult::kNxdomain
                                                : ForwardResult::kNodata;
}

}  // namespace

// ---- answers

void Engine::PrefetchPayer(uint32_t question) {
  const Question& asked = asker_->question(question);
  if (asked.payer < lookups_.size()) lookups_.Prefetch(asked.payer);
  if (asked.waiters < waiters_.size()) waiters_.Prefetch(asked.waiters);
}

void Engine::PrefetchKept(uint32_t question) {
  const Question& asked = asker_->question(question);
  if (asked.payer < lookups_.size()) {
    const uint32_t gathered = lookups_[asked.payer].gathered;
    if (gathered < gathered_.size()) gathered_.Prefetch(gathered);
  }
  if (asked.waiters < waiters_.size()) {
    cache_.Prefetch(waiters_[asked.waiters].hash);
  }
}

bool Engine::SpendPacket(uint32_t question) {
  if (IsRunBudgetSpent()) return false;
  Question& asked = asker_->question(question);
  if (asked.purpose == Purpose::kServerCheck) {
    ++stats_.zone_check_packets;
    return true;
  }
  // Whoever waits for a name may pay for it.
  for (uint32_t at = asked.waiters; IsBudgetSpent(asked.payer) && at != kNil;
       at = waiters_[at].next) {
    asked.payer = waiters_[at].lookup;
  }
  if (IsBudgetSpent(asked.payer)) return false;
  ++lookups_[asked.payer].packets;
  return true;
}

bool Engine::IsBudgetSpent(uint32_t lookup) const {
  return lookups_[lookup].packets >= options_.max_queries_per_target;
}

void Engine::OnAnswer(uint32_t question_index, const dnswire::Message& message,
                      const dnswire::Answer& answer,
                      const Responder& responder) {
  const Question& question = asker_->question(question_index);
  if (question.purpose == Purpose::kCanary) {
    canaries_->OnAnswer(question, message, answer, asker_->now());
    ForgetDenials();
  } else if (question.purpose == Purpose::kAreaCheck) {
    OnAreaAnswer(question, question_index, message, answer, responder);
  } else if (question.purpose == Purpose::kReuseCheck) {
    OnReuseAnswer(question_index, message, answer, responder);
  } else if (question.purpose == Purpose::kWalk) {
    OnWalkAnswer(question, message, answer);
  } else if (question.purpose == Purpose::kServerCheck) {
    std::optional<ZoneSoa> soa;
    OnServer(question.payer,
             ReadServer(question.names.view()[0], message, answer, &soa));
  } else if (question.checking_disabled) {
    OnUnvalidated(question.payer, true);
  } else if (question.type != dnswire::kTypePtr) {
    OnForwardAnswer(question_index, message, answer, responder.index);
  } else if (IsCompared(question)) {
    OnComparedAnswer(question, message, answer, responder);
  } else if (IsOfAaaa(question)) {
    OnAaaaPtr(question, message, answer, responder.index);
  } else {
    OnReverseAnswer(question, message, answer, responder);
  }
}

void Engine::OnReverseAnswer(const Question& question,
                             const dnswire::Message& message,
                             const dnswire::Answer& answer,
                             const Responder& responder) {
  const uint32_t index = question.payer;
  if (walk_ && lookups_[index].area != kNil &&
      !TellWalkedHost(question, answer)) {
    return;
  }
  Gathered& gathered = GatheredOf(index);
  gathered.KeepAnswer(message, answer, question, responder,
                      asker_->ApexOf(question), &sorter_);
  gathered.answered_us = wall_us_;
  lookups_[index].reverse = ReverseResultOf(answer.outcome);
  NoteSerial(question, message, answer, responder);
  const bool denied = answer.outcome != dnswire::Outcome::kData;
  if (!denied) NoteAnswer(lookups_[index], responder);
  // What a resolver denied counts once a canary has vouched for it: Finish().
  if (lookups_[index].area != kNil && (delegation_ != nullptr || !denied)) {
    TellLeaf(&lookups_[index], LeafAnswerOf(answer, gathered));
  }
  const bool asks = !denied && !options_.ptr_only && !gathered.names.empty();
  LearnCanaries(question, answer, responder.index);
  if (denied) NoteDenial(index, responder.index);
  if (!asks) return Advance(index);
  named_.push_back(index);
  if (named_.size() >= kTogether) AskAllNames();
}

void Engine::OnGaveUp(uint32_t question_index, bool final) {
  const Question& question = asker_->question(question_index);
  if (question.purpose == Purpose::kCanary) {
    canaries_->OnGaveUp(question, asker_->now());
    return ForgetDenials();
  }
  if (question.purpose == Purpose::kAreaCheck) {
    return OnAreaGaveUp(question, question_index);
  }
  if (question.purpose == Purpose::kReuseCheck) {
    return OnReuseGaveUp(question_index);
  }
  if (question.purpose == Purpose::kWalk) return OnWalkGaveUp(question);
  if (question.purpose == Purpose::kServerCheck) {
    return OnServer(question.payer, ReadFailure(question));
  }
  if (question.checking_disabled) return OnUnvalidated(question.payer, false);
  if (walk_ && lookups_[question.payer].area != kNil &&
      !TellWalkedHost(question)) {
    return;
  }
  Lookup& lookup = lookups_[question.payer];
  if (IsOfAaaa(question)) {
    return EndAaaaPtr(question, {.result = ReverseResult::kError});
  }
  lookup.failed |= question.retry.tried;
  CauseSet seen = question.seen;
  if (question.type != dnswire::kTypePtr) {
    seen.AddAll(lookup.forward_seen_before);
    lookup.forward_seen.AddAll(seen);
    return SettleForward(
        question_index,
        {.result = ForwardResult::kError,
         .cause = FailureOf(seen, delegation_ != nullptr).cause,
         .cname = question.names.size() > 1,
         .final = final},
        kFailureSeconds);
  }
  if (IsCompared(question)) return OnComparedGaveUp(question, final);
  if (lookup.area != kNil) {
    using enum LeafAnswer::Said;
    TellLeaf(&lookup, {.said = question.responded ? kNone : kSilent});
  }
  lookup.reverse_seen.AddAll(seen);
  lookup.may_learn_more = !final;
  FailReverse(question.payer);
  if (question.responded) {
    GatheredOf(question.payer).KeepFailure(question);
  }
  if (const auto apex = asker_->ApexOf(question)) {
    GatheredOf(question.payer).KeepZone(*apex);
  }
  if (delegation_ == nullptr && lookup.cause == io::Cause::kServfail &&
      IsLastWord(lookup, final) && AskUnvalidated(question.payer)) {
    return;
  }
  Advance(question.payer);
}

// No answer came; of all that was seen instead one thing is the cause.
void Engine::FailReverse(uint32_t index) {
  Lookup& lookup = lookups_[index];
  const Failure failure =
      FailureOf(lookup.reverse_seen, delegation_ != nullptr);
  lookup.cause = failure.cause;
  lookup.reverse =
      failure.silent ? ReverseResult::kTimeout : ReverseResult::kError;
  if (lookup.packets == 0) CallUnasked(&lookup);
}

// The budget was spent before its turn came, or, with own iteration, nobody is
// left who could be asked.
void Engine::CallUnasked(Lookup* lookup) {
  if (lookup->cause == io::Cause::kNsUnresolvable) return;
  const bool nobody = lookup->cause == io::Cause::kAllNsUnreachable;
  lookup->reverse = ReverseResult::kSkipped;
  lookup->cause = nobody ? io::Cause::kBreaker : io::Cause::kBudget;
}

void Engine::OnForwardAnswer(uint32_t question_index,
                             const dnswire::Message& message,
                             const dnswire::Answer& answer,
                             ServerIndex server) {
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
                 .cname = question.names.size() > 1 || !answer.chain.empty(),
                 .server = server},
                std::max(ttl_s, kMinCacheSeconds));
}

// Tells every lookup that waits for this question; `addresses_` holds the
// answer's.
void Engine::SettleForward(uint32_t question_index, const ForwardAnswer& answer,
                           uint32_t ttl_s) {
  if (answer.result == ForwardResult::kError) addresses_.clear();
  const Question& question = asker_->question(question_index);
  const ForwardKey key(question.names.view()[0], question.type,
                       waiters_[question.waiters].hash);
  running_.Remove(key.hash, question_index);
  cache_.Insert(key, answer, addresses_, asker_->now() + ttl_s * io::kSecond);
  for (uint32_t at = question.waiters; at != kNil;) {
    const Waiter waiter = waiters_[at];
    waiters_.Release(at);
    at = waiter.next;
    KeepForward(waiter, answer, addresses_);
    --lookups_[waiter.lookup].pending;
    Advance(waiter.lookup);
  }
}

void Engine::KeepForward(const Waiter& waiter, const ForwardAnswer& answer,
                         std::span<const dnswire::IpAddress> addresses) {
  if (IsCheckSlot(waiter.slot)) return KeepCheck(waiter, answer, addresses);
  Lookup& lookup = lookups_[waiter.lookup];
  GatheredOf(waiter.lookup)
      .KeepForward(waiter.slot, answer, addresses, lookup.target);
  if (!answer.final) lookup.may_learn_more = true;
  if (IsNegative(answer)) NoteDenial(waiter.lookup, answer.server);
}

// ---- names

void Engine::AskAllNames() {
  for (const uint32_t index : named_) NoteNames(index);
  AskNoted();
  for (const uint32_t index : named_) Advance(index);
  named_.clear();
}

void Engine::AskNames(uint32_t index) {
  NoteNames(index);
  AskNoted();
}

void Engine::NoteNames(uint32_t index) {
  const Gathered& gathered = GatheredOf(index);
  const uint16_t type = ForwardType(lookups_[index].target);
  ForEachNameToAsk(
      lookups_[index].target, gathered.chain, gathered.names,
      options_.max_names, [&](dnswire::NameView name) {
        names_to_ask_.push_back({.lookup = index, .key = {name, type}});
        cache_.Prefetch(names_to_ask_.back().key.hash);
      });
}

void Engine::AskNoted() {
  for (const NameToAsk& name : names_to_ask_) AskName(name.lookup, name.key);
  names_to_ask_.clear();
}

void Engine::AskName(uint32_t index, const ForwardKey& key) {
  Gathered& gathered = GatheredOf(index);
  const auto slot = static_cast<uint16_t>(gathered.forward.size());
  gathered.asked.Add(key.name);
  gathered.forward.emplace_back();
  AskForward(key, {.lookup = index, .slot = slot});
}

// Asks for the waiter's lookup, from the cache, from a question under way, or
// anew.
void Engine::AskForward(const ForwardKey& key, const Waiter& waiter) {
  if (const auto known = cache_.Find(key, asker_->now(), &cached_)) {
    KeepForward(waiter, *known, cached_);
    ++stats_.forward_shared;
    return;
  }
  Lookup& lookup = lookups_[waiter.lookup];
  ++lookup.pending;
  if (JoinQuestion(key, waiter)) return;
  const uint32_t question =
      asker_->AskForward(key.name, key.type, waiter.lookup, lookup.pass > 0);
  AddWaiter(question, key, waiter);
  running_.Add(key.hash, question);
  ++stats_.forward_asked;
}

bool Engine::JoinQuestion(const ForwardKey& key, const Waiter& waiter) {
  const uint32_t running = running_.Find(key.hash);
  if (running == kNil) return false;
  const Question& question = asker_->question(running);
  if (question.type != key.type || !question.names.view()[0].Equals(key.name)) {
    return false;  // equal hashes
  }
  AddWaiter(running, key, waiter);
  ++stats_.forward_shared;
  return true;
}

void Engine::AddWaiter(uint32_t question_index, const ForwardKey& key,
                       const Waiter& waiter) {
  Question& question = asker_->question(question_index);
  const uint32_t at = waiters_.Acquire();
  new (&waiters_[at]) Waiter{.lookup = waiter.lookup,
                             .next = question.waiters,
                             .hash = key.hash,
                             .slot = waiter.slot};
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
  const Expectation expected(match.expected, lookup.target);
  AskName(index, {expected.name(), ForwardType(lookup.target)});
}

}  // namespace scanner
