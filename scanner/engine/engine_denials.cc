// The third part of Engine: lookups that rest on a denial wait until a canary
// vouches for the server that denied (WIRE.md section 6).
#include "scanner/engine/engine.h"

namespace scanner {

void Engine::RunCanaries(io::TimeNs now) {
  if (!canaries_ || asker_->outage() == OutageWatch::State::kOut) return;
  const bool idle = lookups_running() == 0 && !HasWork();
  canaries_->Turn(now, idle);
  const uint64_t doubted = stats_.negatives_doubted;
  while (const auto ruled = canaries_->TakeRuled(now)) Rule(*ruled);
  if (stats_.negatives_doubted != doubted) cache_.ForgetNegatives();
}

void Engine::Rule(const CanaryKeeper::Ruled& ruled) {
  Lookup& lookup = lookups_[ruled.lookup];
  switch (ruled.kind) {
    case CanaryRuling::Kind::kUnverified:
      ++stats_.negatives_unverified;
      [[fallthrough]];
    case CanaryRuling::Kind::kVerified:
      if (const Gathered* const gathered = FindGathered(lookup);
          gathered != nullptr && !gathered->soa.empty()) {
        canaries_->LearnApex(gathered->soa.view()[0]);
      }
      lookup.denying &= ~MaskOf(ruled.server);
      return Finish(ruled.lookup);
    case CanaryRuling::Kind::kAskAgain:
      return Doubt(ruled.lookup, ruled.server, false);
    case CanaryRuling::Kind::kLied:
      return Doubt(ruled.lookup, ruled.server, true);
  }
}

// The denial is not believed: the address is asked again, elsewhere if there is
// another server. If that may not be, a lie leaves it unknown; a canary that
// merely had no answer leaves the denial as it is, unverified.
void Engine::Doubt(uint32_t index, ServerIndex server, bool lied) {
  Lookup& lookup = lookups_[index];
  ++stats_.negatives_doubted;
  lookup.failed |= MaskOf(server);
  const bool may_ask = lookup.pass < options_.late_passes &&
                       lookup.packets < options_.max_queries_per_target;
  if (may_ask && !stopped()) {
    if (lied) lookup.reverse_seen.Add(io::Cause::kBlocked);
    Defer(lookup);
    return Release(index);
  }
  if (lied) {
    CallBlocked(index);
  } else {
    ++stats_.negatives_unverified;
  }
  lookup.denying &= ~MaskOf(server);
  Finish(index);
}

// What the liar denied is unknown, and it is the liar's fault.
void Engine::CallBlocked(uint32_t index) {
  Lookup& lookup = lookups_[index];
  Gathered& gathered = GatheredOf(index);
  if (lookup.reverse != ReverseResult::kData) {
    lookup.reverse = ReverseResult::kError;
    lookup.cause = io::Cause::kBlocked;
    gathered.soa.Clear();
    gathered.zone.Clear();
    gathered.has_ttl = false;
  }
  for (ForwardSlot& slot : gathered.forward) {
    if (!IsNegative(slot.answer)) continue;
    slot.answer.result = ForwardResult::kError;
    slot.answer.cause = io::Cause::kBlocked;
  }
  // The row is as final as it gets.
  lookup.may_learn_more = false;
}

// What was found at the first try, without detour, will be found again.
void Engine::LearnCanaries(const Question& question,
                           const dnswire::Answer& answer, ServerIndex server) {
  if (!canaries_) return;
  if (answer.outcome != dnswire::Outcome::kData) {
    if (answer.has_soa && !canaries_->knows_names()) {
      canaries_->LearnApex(answer.soa_owner);
    }
    return;
  }
  const Gathered& gathered = GatheredOf(question.payer);
  const bool direct = question.retry.udp_tries == 1 && !question.late_pass &&
                      question.names.empty() && answer.chain.empty();
  if (direct && !gathered.names.empty()) {
    canaries_->LearnPtr(server, question.target, gathered.names.view()[0]);
  }
}

}  // namespace scanner
