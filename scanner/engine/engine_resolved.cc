// Part of Engine: what resolvers tell the plan (ITERATION.md 2.5).
//
// Of whom a denial is evidence: of the zone that its SOA names, as one resolver
// shows it. Which authority was asked cannot be seen, but a resolver may add
// faults of its own: one that turns NODATA into NXDOMAIN is not vouched for by
// what another one said. So the area questions of a super-block go to one
// resolver, and evidence is kept by zone and resolver.
//
// A denial tells nothing until a canary has vouched for it (engine_denials):
// what rests on it are the rows of a whole block.
#include <utility>

#include "dnswire/dnssec/denial.h"
#include "scanner/engine/engine.h"

namespace scanner {

void Engine::OnResolvedArea(const Question& question,
                            const dnswire::Message& message,
                            const dnswire::Answer& answer,
                            const Responder& responder) {
  const AreaAnswer told =
      ResolvedAreaOf(question, message, answer, responder.index);
  if (told.said == AreaAnswer::Said::kFail) {
    return TellArea(question.payer, told);
  }
  HeldCheck check = {.told = told, .denial = DenialOf(answer, responder)};
  if (!canaries_) return TakeDenial(question.payer, std::move(check));
  const uint32_t index = NewLookup({.area = question.payer, .is_check = true});
  held_checks_[index] = std::move(check);
  canaries_->Hold(index, responder.index, asker_->now());
}

// A negative of the very name, from the zone above it and from now; all else
// (an apex, an alias, no SOA) is nothing to infer from. A zone that denied by
// NSEC or NSEC3 before has to do so again: AD alone proves nothing of the names
// below.
AreaAnswer Engine::ResolvedAreaOf(const Question& question,
                                  const dnswire::Message& message,
                                  const dnswire::Answer& answer,
                                  ServerIndex resolver) {
  using enum AreaAnswer::Said;
  AreaAnswer told{.said = kFail};
  const dnswire::NameView name = question.names.view()[0];
  if (answer.outcome == dnswire::Outcome::kData || answer.stale ||
      question.names.size() > 1 || !answer.chain.empty() || !answer.has_soa ||
      answer.soa_owner.view().Equals(name)) {
    return told;
  }
  told.who = {.zone = denials_.NumberOf(answer.soa_owner), .server = resolver};
  if (told.who.zone == 0) return told;
  told.zone_above_super_block = IsAboveSuperBlock(answer.soa_owner);
  if (answer.outcome == dnswire::Outcome::kNodata) {
    told.said = kNodata;
  } else if (honesty_->StateOf(told.who) != Honesty::State::kSigned ||
             dnswire::JudgeDenial(message, name, answer.soa_owner) >
                 dnswire::Denial::kNotReal) {
    told.said = kNx;
  }
  return told;
}

void Engine::TakeDenial(AreaId area, HeldCheck check) {
  if (check.told.said == AreaAnswer::Said::kNx) {
    denials_.Keep(check.told.who, std::move(check.denial));
  }
  TellArea(area, check.told);
}

// Without a canary that vouches for it the denial is none, and the area is
// asked.
void Engine::RuleCheck(uint32_t index, bool verified) {
  const AreaId area = lookups_[index].area;
  auto check = held_checks_.extract(index);
  Release(index);
  if (verified) return TakeDenial(area, std::move(check.mapped()));
  TellArea(area, {.said = AreaAnswer::Said::kFail});
}

// The lookup rests on nothing that is still in doubt.
void Engine::TellDeniedLeaf(uint32_t index) {
  Lookup& lookup = lookups_[index];
  TellLeaf(&lookup, DeniedLeafOf(lookup, GatheredOf(index)));
}

// Nothing follows from NODATA, an alias or an old answer, but that the block is
// asked.
LeafAnswer Engine::DeniedLeafOf(const Lookup& lookup,
                                const Gathered& gathered) {
  using enum LeafAnswer::Said;
  const bool clean = lookup.reverse == ReverseResult::kNxdomain &&
                     gathered.chain.empty() && !gathered.stale &&
                     !gathered.soa.empty();
  if (!clean) return {.said = kNone};
  if (!plan_->WantsDenier(lookup.area)) return {.said = kNx};
  const uint32_t zone = denials_.NumberOf(gathered.soa.view()[0]);
  if (zone == 0) return {.said = kNone};
  return {
      .said = kNx,
      .who = {.zone = zone,
              .server = AreaResolver(lookup.target, gathered.responder.index)}};
}

// Whom the area questions of the target's super-block go to: who answered when
// it was first asked for, as long as he may be asked.
ServerIndex Engine::AreaResolver(const dnswire::IpAddress& target,
                                 ServerIndex answered) {
  const auto [chosen, is_new] =
      probed_.try_emplace(TogetherAskedOf(target), answered);
  const Server& server = route_->servers()[chosen->second];
  const bool usable = !server.lying && !server.rewriting &&
                      server.suspension.MaySend(asker_->now());
  if (!usable) chosen->second = answered;
  return chosen->second;
}

// The plan has no work until an answer comes, and most of what is open are
// denials that wait for their canary.
bool Engine::IsPlanHeldUp() const {
  return plan_waits_ && canaries_ && canaries_->held() > 0 &&
         canaries_->held() >= lookups_running();
}

}  // namespace scanner
