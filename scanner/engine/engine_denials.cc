// Part of Engine: lookups that rest on a denial wait until a canary
// vouches for the server that denied (WIRE.md section 6).
#include <bit>

#include "scanner/engine/engine.h"

namespace scanner {

void Engine::RunCanaries(io::TimeNs now) {
  if (!canaries_ || asker_->outage() == OutageWatch::State::kOut) return;
  const bool idle = (lookups_running() == 0 && !HasWork()) || IsPlanHeldUp();
  canaries_->Turn(now, idle);
  while (const auto ruled = canaries_->TakeRuled(now)) Rule(*ruled);
}

// The lookup has one more denial to rest on.
void Engine::NoteDenial(uint32_t index, ServerIndex server) {
  if (!canaries_) return;
  Lookup& lookup = lookups_[index];
  const ServerMask mask = MaskOf(server);
  if ((lookup.denying & mask) != 0) return;
  lookup.denying |= mask;
  const uint32_t epoch = canaries_->EpochOf(mask);
  lookup.epoch += epoch;
  if (!options_.compare_resolvers) return;
  CrossChecks& checks = ChecksOf(index);
  checks.resolvers.resize(servers().size());
  checks.resolvers[server].epoch = epoch;
}

// After a canary: denials of a time in which one failed are not used again.
void Engine::ForgetDenials() {
  if (epoch_ == canaries_->epoch()) return;
  epoch_ = canaries_->epoch();
  cache_.ForgetNegatives();
}

void Engine::Rule(const CanaryKeeper::Ruled& ruled) {
  Lookup& lookup = lookups_[ruled.lookup];
  if (lookup.is_check) {
    return RuleCheck(ruled.lookup, ruled.kind == CanaryRuling::Kind::kVerified);
  }
  switch (ruled.kind) {
    case CanaryRuling::Kind::kUnverified:
      ++stats_.negatives_unverified;
      TellLeaf(&lookup, {.said = LeafAnswer::Said::kNone});
      break;
    case CanaryRuling::Kind::kVerified:
      if (const Gathered* const gathered = FindGathered(lookup);
          gathered != nullptr && !gathered->soa.empty() &&
          !options_.compare_resolvers) {
        canaries_->LearnApex(gathered->soa.view()[0]);
      }
      break;
    case CanaryRuling::Kind::kAskAgain:
      return Doubt(ruled.lookup, ruled.server, false);
    case CanaryRuling::Kind::kContradicted:
    case CanaryRuling::Kind::kLied:
      return Doubt(ruled.lookup, ruled.server, true);
  }
  Vouch(&lookup, ruled.server);
  Finish(ruled.lookup);
}

// Of those whose denials the lookup rests on one whose canary was denied since,
// else the first.
ServerIndex Engine::DoubtedServer(uint32_t index) {
  const ServerMask denying = lookups_[index].denying;
  if (options_.compare_resolvers) {
    for (ServerMask left = denying; left != 0; left &= left - 1) {
      const auto server = static_cast<ServerIndex>(std::countr_zero(left));
      const uint32_t then = ChecksOf(index).resolvers[server].epoch;
      if (then != canaries_->EpochOf(MaskOf(server))) return server;
    }
  }
  return static_cast<ServerIndex>(std::countr_zero(denying));
}

// The denial is not believed: the address is asked again, elsewhere if there is
// another server. If that may not be, what was contradicted is unknown; without
// contradiction, for want of a canary's answer only, it stands unverified.
void Engine::Doubt(uint32_t index, ServerIndex server, bool contradicted) {
  Lookup& lookup = lookups_[index];
  ++stats_.negatives_doubted;
  TellLeaf(&lookup, {.said = LeafAnswer::Said::kNone});
  lookup.failed |= MaskOf(server);
  const bool may_ask = lookup.pass < options_.late_passes &&
                       lookup.packets < options_.max_queries_per_target;
  if (may_ask && stopped()) {
    ++stats_.abandoned;
    stats_.unwritten_queries += lookup.packets;
    return Release(index);
  }
  if (may_ask) {
    CauseSet& seen = lookup.reverse == ReverseResult::kData
                         ? lookup.forward_seen
                         : lookup.reverse_seen;
    if (contradicted) seen.Add(io::Cause::kBlocked);
    Defer(lookup);
    return Release(index);
  }
  if (contradicted) {
    CallBlocked(index, server);
    DropDenying(index, server);
  } else {
    ++stats_.negatives_unverified;
    Vouch(&lookup, server);
  }
  Finish(index);
}

// The server's denials are settled, and so is its part of the epoch, which has
// not changed since: that would have been a contradiction.
void Engine::Vouch(Lookup* lookup, ServerIndex server) {
  lookup->denying &= ~MaskOf(server);
  lookup->epoch -= canaries_->EpochOf(MaskOf(server));
}

// The lookup rests on no denial any more; where resolvers are compared, on none
// of this one.
void Engine::DropDenying(uint32_t index, ServerIndex server) {
  Lookup& lookup = lookups_[index];
  lookup.denying &= options_.compare_resolvers ? ~MaskOf(server) : 0;
  lookup.epoch = 0;
  for (ServerMask left = lookup.denying; left != 0; left &= left - 1) {
    const auto other = static_cast<size_t>(std::countr_zero(left));
    lookup.epoch += ChecksOf(index).resolvers[other].epoch;
  }
}

// What the liar denied is unknown, and it is the liar's fault. So is what
// others denied, unless resolvers are compared.
void Engine::CallBlocked(uint32_t index, ServerIndex liar) {
  Lookup& lookup = lookups_[index];
  Gathered& gathered = GatheredOf(index);
  const auto is_suspect = [&](ServerIndex server) {
    return !options_.compare_resolvers || server == liar;
  };
  if (lookup.reverse != ReverseResult::kData &&
      is_suspect(gathered.responder.index)) {
    lookup.reverse = ReverseResult::kError;
    lookup.cause = io::Cause::kBlocked;
    gathered.soa.Clear();
    gathered.zone.Clear();
    gathered.has_ttl = false;
  }
  if (gathered.checks != nullptr) gathered.checks->DropDenials(liar);
  for (ForwardSlot& slot : gathered.forward) {
    if (!IsNegative(slot.answer) || !is_suspect(slot.answer.server)) continue;
    slot.answer.result = ForwardResult::kError;
    slot.answer.cause = io::Cause::kBlocked;
  }
  // The row is as final as it gets.
  lookup.may_learn_more = false;
}

// What was found at the first try, without detour, will be found again.
void Engine::LearnCanaries(const Question& question,
                           const dnswire::Answer& answer, ServerIndex server) {
  // What one resolver alone says is none where they may differ.
  if (!canaries_ || options_.compare_resolvers) return;
  if (answer.outcome != dnswire::Outcome::kData) {
    if (answer.has_soa && !canaries_->knows_names()) {
      canaries_->LearnApex(answer.soa_owner);
    }
    return;
  }
  const Gathered& gathered = GatheredOf(question.payer);
  if (IsDirect(question, answer) && !gathered.names.empty()) {
    canaries_->LearnPtr(server, question.target, gathered.names.view()[0]);
  }
}

bool Engine::IsDirect(const Question& question, const dnswire::Answer& answer) {
  return question.retry.udp_tries == 1 && !question.late_pass &&
         question.names.empty() && answer.chain.empty();
}

}  // namespace scanner
