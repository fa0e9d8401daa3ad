// Part of Engine: targets whose PTR set an earlier scan found, in
// zones that have not changed since (SerialReuse, ITERATION.md 2.7); and the
// notes of zones and serials by which a later scan can do the same.
#include <utility>

#include "scanner/engine/engine.h"

namespace scanner {

// False if nothing of it can be started.
bool Engine::StartReused(io::TimeNs now) {
  const auto work = reuse_->NextWork(now);
  if (!work) return false;
  Perform(*work);
  RelieveLateList();
  return true;
}

void Engine::Perform(const ReuseWork& work) {
  switch (work.kind) {
    case ReuseWork::Kind::kSerial:
    case ReuseWork::Kind::kAccuse:
    case ReuseWork::Kind::kSample:
      return AskReuse(work);
    case ReuseWork::Kind::kReuse:
      EmitReused(work);
      break;
    case ReuseWork::Kind::kAsk:
      plan_->Add(work.target);
      break;
  }
  // A target has left.
  plan_waits_ = false;
  if (order_done_ && reuse_->waiting() == 0) plan_->EndGroup();
}

void Engine::AskReuse(const ReuseWork& work) {
  uint32_t question = kNil;
  if (work.kind == ReuseWork::Kind::kSample) {
    const dnswire::IpAddress& ip = work.row->ip;
    if (IsRunBudgetSpent() || IsExcluded(ip)) {
      return reuse_->OnSample(work.zone, SerialReuse::Sample::kNone, 0,
                              asker_->now());
    }
    uint8_t buffer[dnswire::kMaxReverseOctets];
    const size_t size = dnswire::EncodeReverseName(ip, buffer);
    question =
        asker_->AskReuse(dnswire::NameView::FromValidWire({buffer, size}),
                         dnswire::kTypePtr, std::nullopt);
  } else {
    if (IsRunBudgetSpent()) return OnSerial(work, false);
    const SeenZone& zone = targets_->known->zones()[work.zone].record;
    question = asker_->AskReuse(NameOfWire(zone.apex), dnswire::kTypeSoa,
                                work.kind == ReuseWork::Kind::kAccuse
                                    ? std::optional(work.server)
                                    : std::nullopt);
  }
  reuse_checks_[question] = work;
  ++reuse_questions_;
}

// As if the target had been asked and answered.
void Engine::EmitReused(const ReuseWork& work) {
  Lookup known = LookupOf(work.target);
  known.reverse = work.row->reverse;
  const bool asks = known.reverse == ReverseResult::kData && !options_.ptr_only;
  if (Refuse(known, asks)) return;
  const uint32_t index = NewLookup(known);
  GatheredOf(index).KeepKnown(*targets_->known, *work.row);
  if (asks) AskNames(index);
  Advance(index);
}

void Engine::OnReuseAnswer(uint32_t question_index,
                           const dnswire::Message& message,
                           const dnswire::Answer& answer,
                           const Responder& responder) {
  --reuse_questions_;
  const Question& question = asker_->question(question_index);
  NoteSerial(question, message, answer, responder);
  const auto check = reuse_checks_.extract(question_index);
  if (check.empty()) return;  // NoteAnswer asked
  const ReuseWork asked = check.mapped();
  const bool direct = question.names.size() == 1 && answer.chain.empty();
  if (asked.kind != ReuseWork::Kind::kSample) {
    return OnSerial(asked, direct && IsSameSoa(asked, message, answer));
  }
  reuse_->OnSample(asked.zone,
                   direct ? SampleOf(*asked.row, message, answer)
                          : SerialReuse::Sample::kOther,
                   responder.index, asker_->now());
}

void Engine::OnReuseGaveUp(uint32_t question_index) {
  --reuse_questions_;
  const auto check = reuse_checks_.extract(question_index);
  if (check.empty()) return;  // NoteAnswer asked
  const ReuseWork asked = check.mapped();
  if (asked.kind != ReuseWork::Kind::kSample) return OnSerial(asked, false);
  reuse_->OnSample(asked.zone, SerialReuse::Sample::kNone, 0, asker_->now());
}

void Engine::OnSerial(const ReuseWork& asked, bool same) {
  const SeenZone& zone = targets_->known->zones()[asked.zone].record;
  if (asked.kind == ReuseWork::Kind::kAccuse) {
    reuse_->OnAccused();
    if (same) zone_serials_.NoteLies(NameOfWire(zone.apex));
    return;
  }
  if (same && options_.note_zones) zone_serials_.NoteUnchanged(zone);
  reuse_->OnSerial(asked.zone, same, asker_->now());
}

// Whether the zone's apex was answered with the SOA that was known.
bool Engine::IsSameSoa(const ReuseWork& asked, const dnswire::Message& message,
                       const dnswire::Answer& answer) const {
  if (answer.outcome != dnswire::Outcome::kData || !answer.authoritative) {
    return false;
  }
  const SeenZone& zone = targets_->known->zones()[asked.zone].record;
  bool same = false;
  ForEachDataRecord(
      message, {.type = dnswire::kTypeSoa}, answer,
      [&](const dnswire::Record& record) {
        const dnswire::Soa soa = message.ReadSoa(record);
        same = soa.serial == zone.serial &&
               message.NameEquals(soa.mname_at, NameOfWire(zone.mname)) &&
               message.NameEquals(soa.rname_at, NameOfWire(zone.rname));
      });
  return same;
}

// Whether a PTR set is as it was; of none it does not matter how it is none.
SerialReuse::Sample Engine::SampleOf(const KnownRow& row,
                                     const dnswire::Message& message,
                                     const dnswire::Answer& answer) {
  sampled_.Clear();
  if (answer.outcome == dnswire::Outcome::kData) {
    ReadPtrNames(message, answer, &sorter_, &sampled_);
  }
  const auto then = targets_->known->NamesOf(row).packed();
  const auto now = sampled_.view().packed();
  return std::equal(then.begin(), then.end(), now.begin(), now.end())
             ? SerialReuse::Sample::kSame
             : SerialReuse::Sample::kOther;
}

// A server that an earlier scan found to tell absent names from empty ones, and
// whose zone is as it was. Blocks that nobody is asked in teach nothing of it.
void Engine::BelieveAsBefore(ZoneServer who, const dnswire::Answer& answer,
                             const Responder& responder) {
  if (!reuse_) return;
  const auto index = targets_->known->ZoneOf(answer.soa_owner);
  if (!index) return;
  const SeenZone& zone = targets_->known->zones()[*index].record;
  const SeenServer* const server = zone.Find(responder.server);
  if (server != nullptr && answer.soa_serial == zone.serial) {
    honesty_->Assume(who, server->honesty);
  }
}

// ---- notes

// A server answered with a PTR, which does not tell the serial: it is asked for
// that, once. What it answered before is asked again another time.
void Engine::NoteAnswer(const Lookup& lookup, const Responder& responder) {
  if (!options_.note_zones || stopped() || IsRunBudgetSpent()) return;
  const Gathered& gathered = *FindGathered(lookup);
  if (!gathered.chain.empty() || gathered.zone.empty()) return;
  const dnswire::NameView apex = gathered.zone.view()[0];
  if (zone_serials_.NoteAnswer(apex, responder.server)) {
    asker_->AskReuse(apex, dnswire::kTypeSoa, responder.index);
    ++reuse_questions_;
  }
}

// The SOA that an authority told, with a denial or as an answer.
void Engine::NoteSerial(const Question& question,
                        const dnswire::Message& message,
                        const dnswire::Answer& answer,
                        const Responder& responder) {
  if (!answer.authoritative || responder.remembered) return;
  const auto apex = asker_->ApexOf(question);
  if (!apex) return;
  const bool tells =
      answer.has_soa && answer.soa_owner.view().IsAtOrBelow(*apex);
  if (tells) HeedSerial(answer);
  if (!options_.note_zones) return;
  if (tells) {
    zone_serials_.NoteSoa({.apex = answer.soa_owner,
                           .mname = answer.soa_mname,
                           .rname = answer.soa_rname,
                           .serial = answer.soa_serial,
                           .server = responder.server,
                           .now_us = wall_us_,
                           .of_leaf = question.purpose == Purpose::kTarget});
  }
  if (question.type != dnswire::kTypeSoa ||
      answer.outcome != dnswire::Outcome::kData) {
    return;
  }
  ForEachDataRecord(message, {.type = dnswire::kTypeSoa}, answer,
                    [&](const dnswire::Record& record) {
                      const dnswire::Soa soa = message.ReadSoa(record);
                      dnswire::Name mname;
                      dnswire::Name rname;
                      message.ReadLowerName(soa.mname_at, &mname);
                      message.ReadLowerName(soa.rname_at, &rname);
                      zone_serials_.NoteSoa({.apex = answer.last_name,
                                             .mname = mname,
                                             .rname = rname,
                                             .serial = soa.serial,
                                             .server = responder.server,
                                             .now_us = wall_us_});
                    });
}

// A zone that was found unchanged may change during the scan.
void Engine::HeedSerial(const dnswire::Answer& answer) {
  if (!reuse_) return;
  const auto zone = targets_->known->ZoneOf(answer.soa_owner);
  if (!zone) return;
  const SeenZone& record = targets_->known->zones()[*zone].record;
  if (answer.soa_serial != record.serial) reuse_->OnMoved(*zone);
}

void Engine::NoteBroken(ZoneServer who) {
  const AreaDenial* const denial = denials_.Find(who);
  if (denial != nullptr && options_.note_zones) {
    zone_serials_.NoteBroken(denial->soa.view()[0]);
  }
}

void Engine::NoteHonest(ZoneServer who, const AreaDenial& denial) {
  if (!options_.note_zones) return;
  zone_serials_.NoteHonest(denial.soa.view()[0], denial.responder.server,
                           honesty_->StateOf(who));
}

}  // namespace scanner
