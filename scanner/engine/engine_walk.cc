// Part of Engine: targets that nobody has listed: a walk finds them in the
// reverse tree (Walk, ITERATION.md 3). What it wants asked is asked here; of
// the names that it has asked for as hosts those that exist become rows.
#include <utility>

#include "io/files/packed_octets.h"
#include "scanner/engine/engine.h"
#include "scanner/verdict/soa_rules.h"

namespace scanner {
namespace {

// The DNAME by which `name` was redirected: its owner, in the zone `apex`, and
// where it leads.
bool FindDname(const dnswire::Message& message, dnswire::NameView name,
               dnswire::NameView apex, dnswire::Name* owner,
               dnswire::Name* target) {
  for (const dnswire::Record& record : message.answers()) {
    if (record.type != dnswire::kTypeDname ||
        !message.NameIsAtOrAbove(record.owner_at, name)) {
      continue;
    }
    message.ReadName(record.owner_at, owner);
    if (!owner->view().IsAtOrBelow(apex)) continue;
    message.ReadName(record.rdata_at, target);
    return true;
  }
  return false;
}

}  // namespace

// What an earlier run had done. False: its state is none of this walk.
bool Engine::TakeUpWalk(const ResumedWalk& resumed) {
  keeps_walk_state_ = true;
  again_ = resumed.again;
  if (resumed.state.empty()) return true;
  io::OctetTaker taker(resumed.state);
  if (!walk_->TakeUp(taker.TakeText())) return false;
  while (taker.ok() && taker.left() > 0) {
    again_.push_back(dnswire::IpAddress::V6(taker.Take128()));
  }
  open_hosts_.insert(again_.begin(), again_.end());
  return taker.IsDone();
}

std::optional<WalkSummary> Engine::SummaryOf(const WalkTargets& targets,
                                             absl::string_view state) {
  io::OctetTaker taker(state);
  Walk walk(&targets, 0);
  if (!walk.TakeUp(taker.TakeText())) return std::nullopt;
  return walk.summary();
}

// What is left of the walk once the rows handed over so far are written: its
// own state, and the hosts whose rows are still to come.
std::string Engine::WalkState() const {
  io::OctetPacker packer;
  packer.PutText(walk_->State());
  for (const dnswire::IpAddress& host : open_hosts_) {
    packer.Put128(host.value());
  }
  return packer.octets();
}

void Engine::PushWalkState(io::TimeNs now) {
  TakeFindings();
  if (!keeps_walk_state_) return;
  walk_state_at_ = now;
  batch_->walk_state = WalkState();
  PushRows(now);
}

// False if nothing can be started.
bool Engine::StartWalked(io::TimeNs now) {
  if (!again_.empty()) {
    const Lookup begun = {.target = again_.back()};
    again_.pop_back();
    if (IsExcluded(begun.target)) {
      open_hosts_.erase(begun.target);
      return true;
    }
    ++stats_.targets;
    ++stats_.started;
    if (!StartTransferred(begun)) {
      asker_->AskPtr(begun.target, NewLookup(begun), {}, now);
    }
    return true;
  }
  if (IsRunBudgetSpent() && !walk_spent_) {
    walk_spent_ = true;
    walk_->EndForBudget();
  }
  const auto work = walk_->NextWork();
  if (!work) return walk_->HasWork();
  if (work->kind == WalkWork::Kind::kHost) {
    StartWalkedHost(*work, now);
  } else if (work->kind == WalkWork::Kind::kServers) {
    SurveyServers(*work, now);
  } else if (!AnswerTransferred(*work)) {
    asker_->AskWalk(work->name, work->tag,
                    {.type = work->type,
                     .dnssec_ok = work->dnssec_ok,
                     .follow_cuts = work->follow,
                     .late = work->late},
                    now);
  }
  RelieveLateList();
  return true;
}

void Engine::StartWalkedHost(const WalkWork& work, io::TimeNs now) {
  // What turns out to be no host has been no target.
  ++stats_.targets;
  ++stats_.started;
  Lookup begun = {.target = work.address};
  begun.area = work.tag;
  if (StartTransferred(begun)) return;
  asker_->AskPtr(work.address, NewLookup(begun), {.late = work.late}, now);
}

// ---- what comes back

void Engine::OnWalkAnswer(const Question& question,
                          const dnswire::Message& message,
                          const dnswire::Answer& answer) {
  if (abandoning_) return;
  walk_->OnAnswer(question.payer, WalkAnswerOf(question, message, answer));
}

void Engine::OnWalkGaveUp(const Question& question) {
  if (abandoning_) return;
  walk_->OnAnswer(question.payer, FailedWalkAnswerOf(question));
}

WalkAnswer Engine::WalkAnswerOf(const Question& question,
                                const dnswire::Message& message,
                                const dnswire::Answer& answer) {
  using enum WalkAnswer::Said;
  WalkAnswer told = {.said = kData, .message = &message};
  told.apex = asker_->ApexOf(question);
  if (told.apex && answer.has_soa &&
      answer.soa_owner.view().IsBelow(*told.apex)) {
    told.apex = answer.soa_owner;
  }
  const dnswire::NameView name = question.names.view()[0];
  if (answer.outcome == dnswire::Outcome::kReferral) {
    told.said = kReferral;
    told.cut = answer.ns_owner;
  } else if (answer.dname &&
             FindDname(message, name, told.apex.value_or(dnswire::NameView()),
                       &walk_owner_, &walk_target_)) {
    told.said = kDname;
    told.dname_owner = walk_owner_;
    told.target = walk_target_;
  } else if (!answer.chain.empty()) {
    told.said = kAlias;
    told.target = answer.chain.view()[0];
  } else if (answer.outcome == dnswire::Outcome::kNodata) {
    told.said = kNodata;
  } else if (answer.outcome == dnswire::Outcome::kNxdomain) {
    ReadDenial(answer, &told);
  } else if (question.type == dnswire::kTypeSoa) {
    // Its own apex, also where the parent's zone has the same servers.
    told.apex = name;
  } else {
    ReadTarget(question.type, message, answer, &told);
  }
  return told;
}

// A denial counts if it is the zone's own (ITERATION.md 1.3).
void Engine::ReadDenial(const dnswire::Answer& answer, WalkAnswer* told) {
  const bool counts = answer.authoritative && answer.has_soa && told->apex &&
                      answer.soa_owner.view().IsAtOrBelow(*told->apex);
  told->said = counts ? WalkAnswer::Said::kNx : WalkAnswer::Said::kFail;
  if (!counts) {
    told->cause = io::Cause::kLame;
    return;
  }
  const NegativeSoa soa = {.owner = answer.soa_owner,
                           .mname = answer.soa_mname,
                           .rname = answer.soa_rname};
  told->registry = !IsLocalZone(soa) && IsRegistrySoa(soa);
}

// The name in the first record.
void Engine::ReadTarget(uint16_t type, const dnswire::Message& message,
                        const dnswire::Answer& answer, WalkAnswer* told) {
  if (type != dnswire::kTypePtr && type != dnswire::kTypeDname) return;
  bool found = false;
  ForEachDataRecord(message, {.type = type}, answer,
                    [&](const dnswire::Record& record) {
                      if (std::exchange(found, true)) return;
                      message.ReadName(record.rdata_at, &walk_target_);
                    });
  walk_target_.Lower();
  told->target = walk_target_;
}

WalkAnswer Engine::FailedWalkAnswerOf(const Question& question) const {
  const CauseSet seen = question.seen.Without(
      question.responded ? io::Cause::kAllNsUnreachable : io::Cause::kNone);
  return {.said = question.responded ? WalkAnswer::Said::kFail
                                     : WalkAnswer::Said::kSilent,
          .cause = DecidingCause(seen, question.responded),
          .apex = asker_->ApexOf(question)};
}

// Tells the walk of the first answer to a host's PTR question. False: it is no
// host, and the lookup is gone.
bool Engine::TellWalkedHost(uint32_t index, const WalkAnswer& answer) {
  Lookup& lookup = lookups_[index];
  const uint32_t tag = std::exchange(lookup.area, kNil);
  using enum WalkAnswer::Said;
  const bool is_host = answer.said == kData || answer.said == kAlias;
  if (!is_host) {
    --stats_.targets;
    --stats_.started;
    stats_.zone_check_packets += lookup.packets;
    Release(index);
  } else {
    open_hosts_.insert(lookup.target);
  }
  if (!abandoning_) walk_->OnAnswer(tag, answer);
  return is_host;
}

bool Engine::TellWalkedHost(const Question& question,
                            const dnswire::Answer& answer) {
  const bool is_alias = question.names.size() > 1 || !answer.chain.empty();
  return TellWalkedHost(
      question.payer, HostAnswerOf(is_alias, answer, asker_->ApexOf(question)));
}

bool Engine::TellWalkedHost(const Question& failed) {
  WalkAnswer told = FailedWalkAnswerOf(failed);
  // An alias: it exists, whatever becomes of it.
  if (failed.names.size() > 1 || failed.seen.Has(io::Cause::kLoop) ||
      failed.seen.Has(io::Cause::kChainTooLong)) {
    told.said = WalkAnswer::Said::kAlias;
  }
  return TellWalkedHost(failed.payer, told);
}

WalkAnswer Engine::HostAnswerOf(bool is_alias, const dnswire::Answer& answer,
                                const std::optional<dnswire::NameView>& apex) {
  WalkAnswer told = {.said = WalkAnswer::Said::kData};
  told.apex = apex;
  if (is_alias) {
    told.said = WalkAnswer::Said::kAlias;
  } else if (answer.outcome == dnswire::Outcome::kNodata) {
    told.said = WalkAnswer::Said::kNodata;
  } else if (answer.outcome == dnswire::Outcome::kNxdomain) {
    ReadDenial(answer, &told);
  }
  return told;
}

void Engine::TakeFindings() {
  for (Finding& finding : walk_->TakeFindings()) {
    finding.time_us = wall_us_;
    if (batch_->empty()) batch_since_ = asker_->now();
    batch_->findings.push_back(std::move(finding));
  }
}

}  // namespace scanner
