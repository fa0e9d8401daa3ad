// The fourth part of Asker: questions on their way from zone to zone, with own
// iteration.
#include <algorithm>

#include "dnswire/reverse.h"
#include "scanner/asking/asker.h"

namespace scanner {
namespace {

// What a parked question waits at most: what it waits for may be circular, or
// lost. A rung of kWaitLadder, 2,828 ms.
constexpr size_t kParkedRung = 7;

constexpr ServerMask AllServers(size_t count) {
  return count >= 64 ? ~ServerMask{0} : (ServerMask{1} << count) - 1;
}

// For another question that leads the way. What looks for cuts itself does not:
// a node's sixteen children would go one after the other.
bool MayWait(const Question& question) {
  const bool looks = question.first_answer && !question.follow_cuts;
  return question.purpose != Purpose::kAreaCheck && !looks;
}

}  // namespace

uint32_t Asker::AskZoneCheck(dnswire::NameView name, uint16_t type,
                             ZoneIndex zone) {
  const uint32_t index = NewQuestion(kNil, type, false);
  Question& question = questions_[index];
  question.purpose = Purpose::kZoneCheck;
  question.zone = zone;
  question.names.Add(name);
  MakeReady(index, Question::Want::kUdp);
  return index;
}

uint32_t Asker::AskArea(dnswire::NameView name, uint32_t area,
                        const AreaQuestion& how) {
  const uint32_t index = NewQuestion(area, dnswire::kTypeSoa, false);
  Question& question = questions_[index];
  question.purpose = Purpose::kAreaCheck;
  question.dnssec_ok = how.dnssec_ok;
  question.single = how.once;
  if (iteration_ != nullptr) {
    question.rather = how.server.value_or(kNoServer);
  } else if (how.server) {
    question.pinned = MaskOf(*how.server);
  }
  question.names.Add(name);
  MakeReady(index, Question::Want::kUdp);
  return index;
}

uint32_t Asker::AskReuse(dnswire::NameView name, uint16_t type,
                         std::optional<ServerIndex> rather) {
  const uint32_t index = NewQuestion(kNil, type, false);
  Question& question = questions_[index];
  question.purpose = Purpose::kReuseCheck;
  question.rather = rather.value_or(kNoServer);
  question.names.Add(name);
  MakeReady(index, Question::Want::kUdp);
  return index;
}

uint32_t Asker::AskServer(dnswire::NameView name, uint16_t type, uint32_t payer,
                          ZoneIndex zone, const ServerCheck& how) {
  const uint32_t index = NewQuestion(payer, type, false);
  Question& question = questions_[index];
  question.purpose = Purpose::kServerCheck;
  question.zone = zone;
  question.pinned = MaskOf(0);
  question.retry.plain = how.without_opt ? MaskOf(0) : 0;
  question.rather_tcp = how.by_tcp;
  question.single = how.by_tcp;
  question.names.Add(name);
  MakeReady(index, Question::Want::kUdp);
  return index;
}

// True if the servers of its zone may be asked now.
bool Asker::PlaceQuestion(uint32_t index, io::TimeNs now) {
  Question& question = questions_[index];
  uint8_t buffer[dnswire::kMaxReverseOctets];
  const Placement placement = iteration_->Place(
      index, AskedName(question, buffer), MayWait(question), now);
  question.zone = placement.zone;
  switch (placement.kind) {
    case Placement::Kind::kInZone:
      if (question.parked_in != placement.zone) {
        // Its places are those of other servers.
        question.retry.tried = 0;
        question.retry.excluded = 0;
        question.retry.plain = 0;
        question.next_only = 0;
      }
      question.parked_in = kNoZone;
      PreferServer(&question);
      return true;
    case Placement::Kind::kParked:
      Park(index, now);
      return false;
    case Placement::Kind::kAbsent:
      SettleAbsent(index, placement.zone);
      return false;
    case Placement::Kind::kFailed:
      question.seen.Add(placement.cause);
      GiveUp(index, false);
      return false;
  }
  return false;
}

// Its next try goes to the server it would rather be asked of.
void Asker::PreferServer(Question* question) const {
  if (question->rather == kNoServer) return;
  const ServerMask mask = PlaceMask(*question, question->rather);
  if ((mask & iteration_->PlacesOf(question->zone)) != 0) {
    question->next_only = mask;
  }
}

void Asker::Park(uint32_t index, io::TimeNs now) {
  Question& question = questions_[index];
  if (question.want != Question::Want::kNothing) LeaveReady(index);
  // A late answer to them would be that of a zone it is no longer in.
  while (question.first_try != kNil) {
    CloseTry(question.first_try, TryClose::kDropped);
  }
  question.parked_in = question.zone;
  question.zone = kNoZone;
  question.parked = true;
  delays_.Cancel(index);
  delays_.Schedule(index, kParkedRung, now);
}

void Asker::Wake(uint32_t index) {
  if (!questions_[index].parked) return;
  questions_[index].parked = false;
  MakeReady(index, Question::Want::kUdp);
}

// The name is known not to exist: the answer that the servers of `zone` would
// repeat.
void Asker::SettleAbsent(uint32_t index, ZoneIndex zone) {
  uint8_t buffer[dnswire::kMaxReverseOctets];
  answer_ = dnswire::Answer();
  answer_.outcome = dnswire::Outcome::kNxdomain;
  answer_.rcode = dnswire::kRcodeNxdomain;
  answer_.last_name.Assign(AskedName(questions_[index], buffer));
  answer_.last_name.Lower();
  answer_.authoritative = true;
  answer_.has_soa = true;
  answer_.soa_owner.Assign(iteration_->Apex(zone));
  message_ = dnswire::Message();
  if (questions_[index].purpose == Purpose::kZoneCheck) {
    iteration_->OnCheckAnswer(index, message_, answer_, 0, now_);
  } else {
    delegate_->OnAnswer(index, message_, answer_, {.remembered = true});
  }
  Retire(index);
}

// In the queue of its zone: who waits for other servers is not kept waiting.
void Asker::WaitInZone(uint32_t index) {
  Question& question = questions_[index];
  const bool may_wait =
      question.is_work() || question.purpose == Purpose::kAreaCheck;
  if (question.want == Question::Want::kUdpInZone || !may_wait) return;
  if (question.want != Question::Want::kNothing) LeaveReady(index);
  if (question.zone >= ready_zone_.size()) {
    ready_zone_.resize(question.zone + 1);
  }
  if (ready_zone_[question.zone].empty()) {
    waiting_zones_.push_back(question.zone);
  }
  Enqueue(index, Question::Want::kUdpInZone);
}

void Asker::SendInZones(io::TimeNs now) {
  // A zone may be added meanwhile, at the end.
  for (size_t i = 0; i < waiting_zones_.size();) {
    const ZoneIndex zone = waiting_zones_[i];
    const bool stopped = !SendFrom(ready_zone_[zone], 1, now);
    if (ready_zone_[zone].empty()) {
      waiting_zones_[i] = waiting_zones_.back();
      waiting_zones_.pop_back();
    } else {
      ++i;
    }
    if (stopped) return;
  }
}

// A referral has been taken in: on to the zone it told of. What the servers of
// the last one failed to say no longer matters.
void Asker::Descend(uint32_t index) {
  Question& question = questions_[index];
  question.seen = CauseSet();
  question.responded = false;
  BeginAnew(index);
}

// Every server of the zone was asked, and none answered.
void Asker::NoteSilence(Question* question) const {
  if (question->zone == kNoZone || question->responded) return;
  const ServerMask unasked =
      iteration_->PlacesOf(question->zone) & ~question->retry.tried;
  if (unasked == 0 && question->seen.Has(io::Cause::kTimeout)) {
    question->seen.Add(io::Cause::kAllNsUnreachable);
  }
}

ServerMask Asker::PlaceMask(const Question& question,
                            ServerIndex server) const {
  return MaskOf(iteration_ == nullptr
                    ? server
                    : iteration_->PlaceOf(question.zone, server));
}

ServerMask Asker::ServersOf(const Question& question) const {
  if (question.pinned != 0) return question.pinned;
  return iteration_ == nullptr ? AllServers(route_->servers().size())
                               : iteration_->PlacesOf(question.zone);
}

dnswire::AskedAs Asker::AskedAsOf(const Question& question) const {
  if (iteration_ == nullptr) return {};
  return {.iterative = true, .zone = iteration_->Apex(question.zone)};
}

std::optional<dnswire::NameView> Asker::ApexOf(const Question& question) const {
  if (iteration_ == nullptr || question.zone == kNoZone) return std::nullopt;
  return iteration_->Apex(question.zone);
}

// Iteration gets to know servers as it goes.
void Asker::MakeSeat(ServerIndex server) {
  if (server < tcp_.size()) return;
  tcp_.resize(server + size_t{1});
  tcp_endpoints_.resize(server + size_t{1});
  connects_charged_.resize(server + size_t{1});
  ready_tcp_.resize(server + size_t{1});
}

}  // namespace scanner
