// Part of Engine: targets that need not be asked, because the block
// they are in was denied (BlockPlan, ITERATION.md 2). The order's targets go
// into the plan; what the plan wants done is done here.
#include <utility>

#include "dnswire/dnssec/denial.h"
#include "dnswire/reverse.h"
#include "scanner/engine/engine.h"

namespace scanner {
namespace {

// The reverse name of a prefix whose length ends with a label: an IPv4 /8, /16
// or /24, an IPv6 one of whole nibbles.
dnswire::NameView NameOfPrefix(const dnswire::IpPrefix& prefix,
                               const dnswire::Name& reverse_name) {
  const bool v4 = prefix.first().is_v4();
  const int labels = prefix.length() / (v4 ? 8 : 4) + 2;
  return reverse_name.view().Suffix(labels);
}

// NXDOMAIN from which absence may be inferred (ITERATION.md 1.3): the zone's
// own, of the very name.
bool IsEvidence(const Question& question, const dnswire::Answer& answer,
                dnswire::NameView apex) {
  return answer.authoritative && answer.chain.empty() &&
         question.names.size() == 1 && answer.has_soa &&
         answer.soa_owner.view().IsAtOrBelow(apex);
}

uint64_t HashOfNames(dnswire::NameListView names) {
  const auto packed = names.packed();
  return absl::HashOf(absl::string_view(
      reinterpret_cast<const char*>(packed.data()), packed.size()));
}

}  // namespace

// Which zone an area is in, as far as is known.
uint64_t Engine::ZoneOf(const dnswire::IpPrefix& area) const {
  const dnswire::Name reverse = dnswire::ReverseName(area.first());
  return delegation_->DeepestZone(NameOfPrefix(area, reverse), asker_->now());
}

// Zones that became known: areas that wait for another zone's may go on.
void Engine::TellCuts() {
  if (!plan_ || delegation_ == nullptr) return;
  const uint64_t stored = delegation_->zones_stored();
  if (std::exchange(cuts_told_, stored) == stored) return;
  plan_->OnCuts();
  plan_waits_ = false;
}

// False if nothing can be started until an answer comes.
bool Engine::StartPlanned(io::TimeNs now) {
  // What `reuse_` has for us comes first: it may take a target a step.
  while (!order_done_ && plan_->WantsTargets() &&
         !(reuse_ && (reuse_->HasWork() || reuse_->full()))) {
    if (!FeedPlan()) continue;
    RelieveLateList();
    return true;
  }
  const auto work = plan_->NextWork();
  if (!work) {
    if (reuse_ && reuse_->HasWork()) return true;
    plan_waits_ = true;
    return false;
  }
  Perform(*work, now);
  RelieveLateList();
  return true;
}

// The next target of the order: to the plan, unless it needs no question. True
// if that began a lookup, of which there may be only so many.
bool Engine::FeedPlan() {
  PlannedTarget target;
  const Taken taken = TakeTarget(&target);
  if (taken == Taken::kNone) {
    if (!reuse_ || reuse_->waiting() == 0) plan_->EndGroup();
    return false;
  }
  const absl::uint128 group = order_.GroupOf(target.item.position);
  if (group != std::exchange(group_, group)) {
    plan_->EndGroup();
    probed_.clear();
  }
  if (taken != Taken::kToAsk) return taken == Taken::kStarted;
  if (!reuse_ || !reuse_->Take(target, asker_->now())) plan_->Add(target);
  return false;
}

void Engine::Perform(const PlanWork& work, io::TimeNs now) {
  switch (work.kind) {
    case PlanWork::Kind::kProbe:
    case PlanWork::Kind::kProof:
      return AskArea(work);
    case PlanWork::Kind::kChildSoa: {
      // The probe has gone on to the child by itself.
      const auto child = children_.find(work.area);
      const AreaAnswer::Said said = child->second;
      children_.erase(child);
      return TellArea(work.area, {.said = said});
    }
    case PlanWork::Kind::kLeaf:
    case PlanWork::Kind::kSample:
      return StartLeaf(work, now);
    case PlanWork::Kind::kPruned:
      return EmitPruned(work);
    case PlanWork::Kind::kDefer:
      return DeferPlanned(work.target);
    case PlanWork::Kind::kBroken:
      return NoteBroken(work.who);
    case PlanWork::Kind::kWildcard:
    case PlanWork::Kind::kSynthesis:
      return;  // flags of zones, which rows do not carry
  }
}

void Engine::StartLeaf(const PlanWork& work, io::TimeNs now) {
  Lookup unasked = LookupOf(work.target);
  if (Refuse(unasked, true)) {
    return plan_->OnLeaf(work.area, unasked.target, {});
  }
  unasked.area = work.area;
  Asker::Pass pass;
  if (work.kind == PlanWork::Kind::kSample) pass.rather = work.who.server;
  asker_->AskPtr(unasked.target, NewLookup(unasked), pass, now);
}

void Engine::AskArea(const PlanWork& work) {
  if (IsRunBudgetSpent()) {
    if (work.kind == PlanWork::Kind::kProof) {
      return plan_->OnProof(work.area, work.who, false);
    }
    return TellArea(work.area, {.said = AreaAnswer::Said::kFail});
  }
  const dnswire::Name reverse = dnswire::ReverseName(work.prefix.first());
  const dnswire::NameView name = NameOfPrefix(work.prefix, reverse);
  const bool proof = work.kind == PlanWork::Kind::kProof;
  // A resolver's denial is to bring its proof with it (ResolvedAreaOf).
  const bool resolved = delegation_ == nullptr;
  Asker::AreaQuestion how = {.dnssec_ok = proof || resolved, .once = proof};
  const auto last = probed_.find(TogetherAskedOf(work.prefix.first()));
  if (last != probed_.end()) how.server = last->second;
  if (proof || resolved) how.server = work.who.server;
  const uint32_t question = asker_->AskArea(name, work.area, how);
  asker_->question(question).target = work.prefix.first();
  if (proof) proofs_[question] = work.who;
}

// ---- what comes back

void Engine::OnAreaAnswer(const Question& question, uint32_t index,
                          const dnswire::Message& message,
                          const dnswire::Answer& answer,
                          const Responder& responder) {
  const AreaId area = question.payer;
  NoteSerial(question, message, answer, responder);
  if (const auto proof = proofs_.find(index); proof != proofs_.end()) {
    const ZoneServer who = proof->second;
    proofs_.erase(proof);
    const bool real =
        who.server == responder.index && answer.has_soa &&
        answer.chain.empty() && question.names.size() == 1 && !answer.stale &&
        denials_.NumberOf(answer.soa_owner) == who.zone &&
        dnswire::JudgeDenial(message, answer.last_name, answer.soa_owner) >
            dnswire::Denial::kNotReal;
    plan_waits_ = false;
    return plan_->OnProof(area, who, real);
  }
  if (delegation_ == nullptr) {
    return OnResolvedArea(question, message, answer, responder);
  }
  TellArea(area, AreaAnswerOf(question, answer, responder));
}

AreaAnswer Engine::AreaAnswerOf(const Question& question,
                                const dnswire::Answer& answer,
                                const Responder& responder) {
  using enum AreaAnswer::Said;
  const dnswire::NameView name = question.names.view()[0];
  const dnswire::NameView apex = *asker_->ApexOf(question);
  AreaAnswer told{.said = kData};
  if (apex.Equals(name)) {
    children_[question.payer] = kData;
    told.said = kReferral;
    return told;
  }
  probed_[TogetherAskedOf(question.target)] = responder.index;
  const bool alias = question.names.size() > 1 || !answer.chain.empty();
  if (!alias && answer.outcome == dnswire::Outcome::kNodata) {
    told.said = kNodata;
  } else if (answer.outcome == dnswire::Outcome::kNxdomain) {
    told.said = IsEvidence(question, answer, apex) ? kNx : kFail;
  }
  const dnswire::NameView zone =
      answer.has_soa && answer.soa_owner.view().IsAtOrBelow(apex)
          ? answer.soa_owner.view()
          : apex;
  told.who = {.zone = denials_.NumberOf(zone), .server = responder.index};
  if (told.said != kNx) return told;
  if (told.who.zone == 0) {
    told.said = kFail;
    return told;
  }
  denials_.Keep(told.who, DenialOf(answer, responder));
  BelieveAsBefore(told.who, answer, responder);
  told.zone_above_super_block = IsAboveSuperBlock(zone);
  return told;
}

void Engine::OnAreaGaveUp(const Question& question, uint32_t index) {
  using enum AreaAnswer::Said;
  const AreaId area = question.payer;
  if (const auto proof = proofs_.find(index); proof != proofs_.end()) {
    const ZoneServer who = proof->second;
    proofs_.erase(proof);
    plan_waits_ = false;
    return plan_->OnProof(area, who, false);
  }
  if (delegation_ == nullptr) return TellArea(area, {.said = kFail});
  const AreaAnswer::Said said = question.responded ? kFail : kSilent;
  const auto apex = asker_->ApexOf(question);
  if (apex && apex->Equals(question.names.view()[0])) {
    children_[area] = said;
    return TellArea(area, {.said = kReferral});
  }
  TellArea(area, {.said = said});
}

void Engine::TellArea(AreaId area, const AreaAnswer& answer) {
  plan_waits_ = false;
  plan_->OnArea(area, answer);
}

// What the first answer to the PTR question of a planned target is.
void Engine::TellLeaf(Lookup* lookup, const LeafAnswer& answer) {
  const AreaId area = std::exchange(lookup->area, kNil);
  if (area == kNil) return;
  plan_waits_ = false;
  plan_->OnLeaf(area, lookup->target, answer);
}

LeafAnswer Engine::LeafAnswerOf(const dnswire::Answer& answer,
                                const Gathered& gathered) {
  using enum LeafAnswer::Said;
  if (answer.outcome == dnswire::Outcome::kData) {
    return {.said = kPtr, .ptr_hash = HashOfNames(gathered.names)};
  }
  if (!gathered.chain.empty()) return {.said = kExists};
  if (!answer.authoritative) return {.said = kNone};
  return {.said =
              answer.outcome == dnswire::Outcome::kNxdomain ? kNx : kExists};
}

// ---- rows without a question

// As if the target had been asked and denied.
void Engine::EmitPruned(const PlanWork& work) {
  const Lookup unasked = LookupOf(work.target);
  if (Refuse(unasked, false)) return;
  const uint32_t index = NewLookup(unasked);
  lookups_[index].reverse = ReverseResult::kNxdomain;
  const AreaDenial& denial = *denials_.Find(work.who);
  NoteHonest(work.who, denial);
  GatheredOf(index).KeepDenial(denial);
  Advance(index);
}

// Its block is silent: the late pass asks it.
void Engine::DeferPlanned(const PlannedTarget& target) {
  ++stats_.deferred;
  const Deferred deferred = {.position = target.item.position,
                             .target = target.item.address,
                             .passes = 1};
  late_.Add(deferred);
  if (resumed_ != nullptr) {
    batch_->events.put_off.push_back({target.number, deferred});
  }
}

}  // namespace scanner
