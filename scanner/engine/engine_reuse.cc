// The sixth part of Engine: targets whose PTR set an earlier scan found, in
// zones that have not changed since (SerialReuse, ITERATION.md 2.7); and the
// notes of zones and serials by which a later scan can do the same.
#include <utility>

#include "scanner/engine/engine.h"

namespace scanner {

// False if nothing of it can be started.
bool Engine::StartReused(io::TimeNs now) {
  const auto work = reuse_->NextWork();
  if (!work) return false;
  Perform(*work, now);
  RelieveLateList();
  return true;
}

void Engine::Perform(const ReuseWork& work, io::TimeNs now) {
  switch (work.kind) {
    case ReuseWork::Kind::kSerial:
    case ReuseWork::Kind::kSample:
      return AskReuse(work);
    case ReuseWork::Kind::kReuse:
      EmitReused(work);
      break;
    case ReuseWork::Kind::kAsk:
      if (plan_) {
        plan_->Add(work.target);
      } else {
        AskTarget(work.target, now);
      }
      break;
  }
  // A target has left.
  plan_waits_ = false;
  if (plan_ && order_done_ && reuse_->waiting() == 0) plan_->EndGroup();
}

void Engine::AskReuse(const ReuseWork& work) {
  const bool serial = work.kind == ReuseWork::Kind::kSerial;
  if (IsRunBudgetSpent()) {
    if (serial) return OnSerial(work, std::nullopt);
    return OnSample(work, SerialReuse::Sample::kNone);
  }
  const SeenZone& zone = targets_->known->zones()[work.zone].record;
  uint8_t buffer[dnswire::kMaxReverseOctets];
  const uint32_t question =
      serial
          ? asker_->AskReuse(NameOfWire(zone.apex), dnswire::kTypeSoa)
          : asker_->AskReuse(
                dnswire::NameView::FromValidWire(
                    {buffer, dnswire::EncodeReverseName(work.row->ip, buffer)}),
                dnswire::kTypePtr);
  reuse_checks_[question] = work;
}

// As if the target had been asked and answered.
void Engine::EmitReused(const ReuseWork& work) {
  const TargetOrder::Item& item = work.target.item;
  if (!excluded_.empty() && excluded_.Contains(item.address)) {
    return SkipTarget({.position = item.position,
                       .number = work.target.number,
                       .target = item.address},
                      io::Cause::kExcluded);
  }
  const uint32_t index = NewLookup(item, work.target.number);
  lookups_[index].reverse = work.row->reverse;
  GatheredOf(index).KeepKnown(*targets_->known, *work.row);
  if (work.row->reverse == ReverseResult::kData && !options_.ptr_only) {
    AskNames(index);
  }
  Advance(index);
}

void Engine::OnReuseAnswer(uint32_t question_index,
                           const dnswire::Message& message,
                           const dnswire::Answer& answer,
                           const Responder& responder) {
  const Question& question = asker_->question(question_index);
  NoteSerial(question, message, answer, responder);
  const auto check = reuse_checks_.extract(question_index);
  if (check.empty()) return;  // NoteZone asked
  const ReuseWork asked = check.mapped();
  const bool direct = question.names.size() == 1 && answer.chain.empty();
  if (asked.kind == ReuseWork::Kind::kSample) {
    return OnSample(asked, direct ? SampleOf(*asked.row, message, answer)
                                  : SerialReuse::Sample::kOther);
  }
  const SeenZone& zone = targets_->known->zones()[asked.zone].record;
  const bool own = answer.outcome == dnswire::Outcome::kData &&
                   answer.authoritative && direct &&
                   asker_->ApexOf(question)->Equals(NameOfWire(zone.apex));
  std::optional<uint32_t> serial;
  if (own) {
    ForEachDataRecord(message, {.type = dnswire::kTypeSoa}, answer,
                      [&](const dnswire::Record& record) {
                        serial = message.ReadSoa(record).serial;
                      });
  }
  OnSerial(asked, serial);
}

void Engine::OnReuseGaveUp(uint32_t question_index) {
  const auto check = reuse_checks_.extract(question_index);
  if (check.empty()) return;  // NoteZone asked
  const ReuseWork asked = check.mapped();
  if (asked.kind == ReuseWork::Kind::kSerial) {
    return OnSerial(asked, std::nullopt);
  }
  OnSample(asked, SerialReuse::Sample::kNone);
}

void Engine::OnSerial(const ReuseWork& asked, std::optional<uint32_t> serial) {
  const bool same = reuse_->OnSerial(asked.zone, serial, asker_->now());
  if (same && options_.note_zones) {
    zone_serials_.NoteUnchanged(targets_->known->zones()[asked.zone].record);
  }
}

void Engine::OnSample(const ReuseWork& asked, SerialReuse::Sample sample) {
  const bool lies = reuse_->OnSample(asked.zone, sample, asker_->now());
  if (!lies) return;
  const SeenZone& zone = targets_->known->zones()[asked.zone].record;
  zone_serials_.NoteLies(NameOfWire(zone.apex));
}

// Whether a PTR set is as it was.
SerialReuse::Sample Engine::SampleOf(const KnownRow& row,
                                     const dnswire::Message& message,
                                     const dnswire::Answer& answer) {
  using enum SerialReuse::Sample;
  if (ReverseResultOf(answer.outcome) != row.reverse) return kOther;
  if (row.reverse != ReverseResult::kData) return kSame;
  sampled_.Clear();
  ReadPtrNames(message, answer, &sorter_, &sampled_);
  const auto then = targets_->known->NamesOf(row).packed();
  const auto now = sampled_.view().packed();
  return std::equal(then.begin(), then.end(), now.begin(), now.end()) ? kSame
                                                                      : kOther;
}

// ---- notes

// A row is of this zone. Its serial is asked for if no answer has told it; rows
// asked before that are asked again another time.
void Engine::NoteZone(dnswire::NameView apex, bool reused) {
  const bool asks = zone_serials_.NoteRow(apex, reused);
  if (!asks || stopped() || abandoning_ || IsRunBudgetSpent()) return;
  asker_->AskReuse(apex, dnswire::kTypeSoa);
}

// The SOA that an authority told, with a denial or as an answer.
void Engine::NoteSerial(const Question& question,
                        const dnswire::Message& message,
                        const dnswire::Answer& answer,
                        const Responder& responder) {
  if (!options_.note_zones || !answer.authoritative || responder.remembered) {
    return;
  }
  const auto apex = asker_->ApexOf(question);
  if (!apex) return;
  if (answer.has_soa && answer.soa_owner.view().IsAtOrBelow(*apex)) {
    zone_serials_.NoteSoa({.apex = answer.soa_owner,
                           .mname = answer.soa_mname,
                           .rname = answer.soa_rname,
                           .serial = answer.soa_serial,
                           .server = responder.server,
                           .now_us = wall_us_});
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
                      message.ReadName(soa.mname_at, &mname);
                      message.ReadName(soa.rname_at, &rname);
                      mname.Lower();
                      rname.Lower();
                      zone_serials_.NoteSoa({.apex = answer.last_name,
                                             .mname = mname,
                                             .rname = rname,
                                             .serial = soa.serial,
                                             .server = responder.server,
                                             .now_us = wall_us_});
                    });
}

void Engine::NoteBroken(ZoneServer who) {
  const AreaDenial* const denial = denials_.Find(who);
  if (denial != nullptr && options_.note_zones) {
    zone_serials_.NoteBroken(denial->soa.view()[0]);
  }
}

}  // namespace scanner
