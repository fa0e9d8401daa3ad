// Part of Engine: --compare-resolvers. Each resolver in good health is asked
// for the PTR; when all have had their say the first listed one with a definite
// result is judged, and whether they agree is evidence too.
#include <bit>

#include "scanner/engine/engine.h"

namespace scanner {

// The PTR question of a lookup that begins, or one for each resolver.
void Engine::AskReverse(uint32_t index, const Asker::Pass& pass,
                        io::TimeNs now) {
  const dnswire::IpAddress target = lookups_[index].target;
  const ServerMask able = options_.compare_resolvers ? ComparedNow(now) : 0;
  if (std::popcount(able) < 2) return asker_->AskPtr(target, index, pass, now);
  CrossChecks& checks = ChecksOf(index);
  checks.resolvers.resize(servers().size());
  // All are awaited from the start: a question may give up at once.
  lookups_[index].pending = static_cast<uint16_t>(std::popcount(able));
  for (ServerMask left = able; left != 0; left &= left - 1) {
    const auto resolver = static_cast<ServerIndex>(std::countr_zero(left));
    checks.resolvers[resolver].asked = true;
  }
  for (ServerMask left = able; left != 0; left &= left - 1) {
    asker_->AskPtr(target, index,
                   {.late = pass.late,
                    .only = static_cast<ServerIndex>(std::countr_zero(left))},
                   now);
  }
}

// Not those that are silent, lie or make names up: what they say is no answer.
ServerMask Engine::ComparedNow(io::TimeNs now) const {
  ServerMask able = 0;
  for (size_t i = 0; i < servers().size(); ++i) {
    const Server& server = servers()[i];
    if (server.lying || server.rewriting) continue;
    if (!server.suspension.MaySend(now)) continue;
    able |= MaskOf(static_cast<ServerIndex>(i));
  }
  return able;
}

// Whether the question is one resolver's part of a comparison. A lookup whose
// resolvers are not compared has none that was asked.
bool Engine::IsCompared(const Question& question) const {
  return options_.compare_resolvers && question.pinned != 0;
}

void Engine::OnComparedAnswer(const Question& question,
                              const dnswire::Message& message,
                              const dnswire::Answer& answer,
                              const Responder& responder) {
  const uint32_t index = question.payer;
  Gathered& gathered = GatheredOf(index);
  CrossChecks& checks = ChecksOf(index);
  const auto place = static_cast<size_t>(std::countr_zero(question.pinned));
  CrossChecks::Resolver& said = checks.resolvers[place];
  said.result = ReverseResultOf(answer.outcome);
  if (said.result == ReverseResult::kData) {
    ReadPtrNames(message, answer, &sorter_, &said.names);
  } else {
    NoteDenial(index, responder.index);
  }
  checks.direct &= IsDirect(question, answer);
  if (place < checks.judged_resolver) {
    checks.judged_resolver = static_cast<uint32_t>(place);
    gathered.ForgetAnswer();
    gathered.KeepAnswer(message, answer, question, responder, std::nullopt,
                        &sorter_);
    gathered.answered_us = wall_us_;
    lookups_[index].reverse = said.result;
    lookups_[index].cause = io::Cause::kNone;
  }
  EndCompared(index);
}

void Engine::OnComparedGaveUp(const Question& question, bool final) {
  const uint32_t index = question.payer;
  Lookup& lookup = lookups_[index];
  CrossChecks& checks = ChecksOf(index);
  const auto place = static_cast<size_t>(std::countr_zero(question.pinned));
  checks.resolvers[place].result = ReverseResult::kError;
  lookup.reverse_seen.AddAll(question.seen);
  lookup.may_learn_more |= !final;
  if (question.responded && checks.judged_resolver == kNil) {
    GatheredOf(index).KeepFailure(question);
  }
  EndCompared(index);
}

// One more has had its say. After the last the lookup goes on as if the judged
// one alone had been asked.
void Engine::EndCompared(uint32_t index) {
  Lookup& lookup = lookups_[index];
  if (--lookup.pending > 0) return;
  if (ChecksOf(index).judged_resolver == kNil) {
    FailReverse(index);
    if (lookup.cause == io::Cause::kServfail &&
        IsLastWord(lookup, !lookup.may_learn_more) && AskUnvalidated(index)) {
      return;
    }
  } else {
    LearnFromAgreed(index);
    if (lookup.reverse == ReverseResult::kData && !options_.ptr_only) {
      AskNames(index);
    }
  }
  Advance(index);
}

// Canaries are put to all resolvers, so only a name that all of them have is
// one; and no zone that a denial speaks of, which others need not know.
void Engine::LearnFromAgreed(uint32_t index) {
  if (!canaries_ || !ResolversAgree(index)) return;
  const CrossChecks& checks = ChecksOf(index);
  if (!checks.direct || lookups_[index].reverse != ReverseResult::kData) return;
  canaries_->LearnPtr(static_cast<ServerIndex>(checks.judged_resolver),
                      lookups_[index].target,
                      GatheredOf(index).names.view()[0]);
}

// Each that was asked gave the same definite result.
bool Engine::ResolversAgree(uint32_t index) {
  for (const CrossChecks::Resolver& resolver : ChecksOf(index).resolvers) {
    if (resolver.asked && !IsDefinite(resolver.result)) return false;
  }
  return !ResolversDisagree(
      view_.Of(lookups_[index], &GatheredOf(index), options_.ptr_only, {})
          .checks->resolvers);
}

}  // namespace scanner
