// The third part of Asker: what comes in, and what it does to questions and to
// what is known of servers.
#include <utility>

#include "dnswire/reverse.h"
#include "scanner/asking/asker.h"
#include "scanner/asking/response.h"

namespace scanner {
namespace {

// Between two turns (WIRE.md section 5).
constexpr io::TimeNs kStall = io::kSecond;

// What the kernel drops shows to us as tries without an answer, whose shortest
// deadline is much longer.
constexpr io::TimeNs kDropsInterval = 5 * io::kMillisecond;

// The server does not know the zone, or does not want us.
bool IsNotServed(io::Cause cause) {
  return cause == io::Cause::kLame || cause == io::Cause::kRefused ||
         cause == io::Cause::kNotauth;
}

// The server has said what it has to say; asking it again would be in vain.
bool IsLastWord(const Reaction& reaction) {
  return reaction.kind != Reaction::Kind::kRetry ||
         reaction.try_end == TryEnd::kRefused ||
         reaction.try_end == TryEnd::kOther;
}

}  // namespace

bool Asker::Receive(io::TimeNs now) {
  // The process was stopped: what has arrived meanwhile may not have been told
  // yet, and must be read before deadlines are looked at.
  if (now - now_ >= kStall) transport_->LookAtAll();
  now_ = now;
  const bool more = transport_->Receive(
      [this, now](uint16_t socket, const io::Datagram& datagram) {
        OnDatagram(socket, datagram, now);
      },
      [this](uint16_t socket, uint16_t id) { Announce(socket, id); });
  if (now >= drops_due_) LookAtDrops(now);
  return more;
}

void Asker::LookAtDrops(io::TimeNs now) {
  drops_due_ = now + kDropsInterval;
  const uint64_t drops = transport_->KernelDrops();
  if (drops == stats_->local_drops) return;
  stats_->local_drops = drops;
  for (Server& server : route_->servers()) server.congestion.OnLocalDrop(now);
}

// A response will come under this id, a few others before it. Each call fetches
// one more thing of those announced before: what one needs to find the next.
void Asker::Announce(uint16_t socket, uint16_t id) {
  const auto announced_before = [this](uint32_t count) {
    const uint32_t try_index =
        announced_[(announced_count_ - count) % announced_.size()];
    if (try_index == kNil) return kNil;
    const uint32_t question = in_flight_[try_index].question;
    return question < questions_.size() ? question : kNil;
  };
  if (const uint32_t question = announced_before(1); question != kNil) {
    questions_.Prefetch(question);
  }
  if (const uint32_t question = announced_before(3); question != kNil) {
    delegate_->PrefetchPayer(question);
  }
  if (const uint32_t question = announced_before(5); question != kNil) {
    delegate_->PrefetchKept(question);
  }
  announced_[announced_count_++ % announced_.size()] =
      in_flight_.Prefetch(socket, id);
}

void Asker::OnDatagram(uint16_t socket, const io::Datagram& datagram,
                       io::TimeNs now) {
  AcceptanceResult result;
  Accept(datagram, socket, acceptance_context(), &message_, &result);
  CountDatagram(result.acceptance, stats_);
  if (result.acceptance == Acceptance::kAccepted) {
    return OnResponse(result.try_index, &message_, now);
  }
  if (result.acceptance == Acceptance::kLate) {
    return OnLate(socket, result.server, now);
  }
  OnDropped(result, now);
}

// The question is over, but how long the server took is worth knowing.
void Asker::OnLate(uint16_t socket, ServerIndex server_index, io::TimeNs now) {
  const auto awaited =
      in_flight_.TakeAwaited(socket, message_.header().id, server_index);
  if (!awaited) return;
  Server& server = route_->servers()[server_index];
  server.timer.OnSample(now - awaited->sent_at);
  if (!awaited->counted_lost) return;
  server.congestion.OnLate();
  ++server.late;
}

void Asker::OnDropped(const AcceptanceResult& result, io::TimeNs now) {
  if (result.acceptance == Acceptance::kStray) OnStray(now);
  if (result.try_index != kNil) {
    const Try& open = in_flight_[result.try_index];
    Question& question = questions_[open.question];
    question.seen.Add(io::Cause::kUnmatched);
    if (observer_) Tell(open, SeenTry::End::kUnmatched);
    if (result.acceptance == Acceptance::kDropCookie) {
      question.rather_tcp = true;
    } else if (result.acceptance == Acceptance::kDropCase) {
      route_->servers()[open.server].letter_case.OnResponse(false);
      EndTry(open.question, TryEnd::kWrongCase, open.server, false);
    }
  }
  if (!IsNearMiss(result)) return;
  Server& server = route_->servers()[result.server];
  if (server.alarm.OnNearMiss(now)) MoveToTcp(result.server);
}

// A reply under a wrong id may carry the question of an open try. Finding it
// takes a search, so only some are looked at.
void Asker::OnStray(io::TimeNs now) {
  if (!message_.has_question() || !stray_searches_.Ready(now)) return;
  stray_searches_.Spend(now);
  for (uint32_t i = 0; i < questions_.size(); ++i) {
    Question& question = questions_[i];
    const bool open = question.first_try != kNil;
    if (open && QuestionMatches(message_, question)) {
      question.seen.Add(io::Cause::kUnmatched);
    }
  }
}

void Asker::OnResponse(uint32_t try_index, dnswire::Message* message,
                       io::TimeNs now) {
  const Try answered = in_flight_[try_index];
  Server& server = route_->servers()[answered.server];
  const io::TimeNs rtt = now - answered.sent_at;
  const auto rtt_us = static_cast<uint32_t>(rtt / io::kMicrosecond);
  if (!answered.tcp) server.timer.OnSample(rtt);
  ++server.accepted;
  stats_->rtt.Add(rtt_us);
  CloseTry(try_index, TryClose::kAnswered);
  Question& question = questions_[answered.question];
  message->ParseSections();
  LearnHabits(answered, *message);
  uint8_t buffer[dnswire::kMaxReverseOctets];
  const dnswire::NameView name = message->has_question()
                                     ? message->question_name()
                                     : AskedName(question, buffer);
  dnswire::ResolveAnswer(*message, {.name = name, .type = question.type},
                         AskedAsOf(question), question.names, &answer_);
  ++stats_->outcomes[static_cast<size_t>(answer_.outcome)];
  if (answer_.lax) ++stats_->lax;
  if (answer_.trailing) ++stats_->trailing;
  if (observer_) Tell(answered, SeenTry::End::kAnswered, message);
  JudgeServer(answered, *message, now);
  Act(answered, *message,
      {.server = server.endpoint, .index = answered.server, .rtt_us = rtt_us});
}

void Asker::LearnHabits(const Try& answered, const dnswire::Message& message) {
  Server& server = route_->servers()[answered.server];
  if (message.has_opt()) server.edns.OnOptSeen();
  if (answered.case_seed != 0) server.letter_case.OnResponse(true);
  if (!answered.cookie) return;
  if (const auto cookie = message.FindCookie()) {
    server.cookies.Learn(*cookie);
  } else if (answered.tcp) {
    server.cookies.Forget();
  }
}

// What the response says of its server's health. A try whose deadline had
// passed has been counted as lost before.
void Asker::JudgeServer(const Try& answered, const dnswire::Message& message,
                        io::TimeNs now) {
  Server& server = route_->servers()[answered.server];
  const bool refused = answer_.outcome == dnswire::Outcome::kRcode &&
                       answer_.rcode == dnswire::kRcodeRefused;
  outage_.OnAccepted(now);
  server.alarm.OnResponse(now);
  // An authority may refuse one zone and serve others: Iteration knows which.
  const bool refuses_us = refused && iteration_ == nullptr;
  if (refuses_us) {
    server.suspension.OnRefused(now);
  } else {
    server.suspension.OnAccepted(now);
  }
  if (answered.tcp || questions_[answered.question].late_pass) return;
  if (answered.counted_lost) {
    server.congestion.OnLate();
  } else {
    server.congestion.OnEnd(
        refuses_us ? Congestion::End::kRefused : Congestion::End::kOk, now);
  }
  if (message.header().tc && message.header().answer_count == 0 &&
      message.header().authority_count == 0) {
    server.congestion.OnTruncatedEmpty(now);
    if (iteration_ != nullptr) server.limiting.OnEmptyTruncation(now);
  }
}

void Asker::Act(const Try& answered, const dnswire::Message& message,
                const Responder& responder) {
  const uint32_t index = answered.question;
  const bool iterative = iteration_ != nullptr;
  if (questions_[index].purpose == Purpose::kProbe) return Retire(index);
  const Reaction reaction =
      ReactionTo(answer_, answered.edns && !message.has_opt(), iterative);
  if (PlainWorked(answered)) {
    route_->servers()[answered.server].edns.OnPlainWorked();
  }
  if (questions_[index].purpose == Purpose::kServerCheck &&
      IsLastWord(reaction)) {
    delegate_->OnAnswer(index, message, answer_, responder);
    return Retire(index);
  }
  switch (reaction.kind) {
    case Reaction::Kind::kSettle:
      return Settle(index, message, responder);
    case Reaction::Kind::kFollow:
      if (iterative) {
        iteration_->OnAnswer(index, answer_, responder.index, now_);
      }
      if (questions_[index].first_answer) {
        delegate_->OnAnswer(index, message, answer_, responder);
        return Retire(index);
      }
      return Follow(index, answer_);
    case Reaction::Kind::kDescend:
      return FollowReferral(answered, message, responder);
    case Reaction::Kind::kFinal:
      KeepFailure(index, responder, reaction.cause);
      return GiveUp(index, true);
    case Reaction::Kind::kRetry:
      if (iterative && IsNotServed(reaction.cause)) {
        iteration_->OnNotServed(index, answered.server, now_);
      }
      KeepFailure(index, responder, reaction.cause);
      return EndTry(index, reaction.try_end, answered.server, answered.tcp);
  }
}

void Asker::FollowReferral(const Try& answered, const dnswire::Message& message,
                           const Responder& responder) {
  const uint32_t index = answered.question;
  switch (iteration_->OnReferral(index, message, answer_, now_)) {
    case AfterReferral::kPlaceAgain:
      if (questions_[index].first_answer && !questions_[index].follow_cuts) {
        delegate_->OnAnswer(index, message, answer_, responder);
        return Retire(index);
      }
      return Descend(index);
    case AfterReferral::kOver:
      return Retire(index);
    case AfterReferral::kNowhere:
      KeepFailure(index, responder, io::Cause::kLame);
      return EndTry(index, TryEnd::kOther, answered.server, answered.tcp);
  }
}

void Asker::Settle(uint32_t index, const dnswire::Message& message,
                   const Responder& responder) {
  if (questions_[index].purpose == Purpose::kZoneCheck) {
    iteration_->OnCheckAnswer(index, message, answer_, responder.index, now_);
    return Retire(index);
  }
  if (iteration_ != nullptr) {
    iteration_->OnAnswer(index, answer_, responder.index, now_);
  }
  delegate_->OnAnswer(index, message, answer_, responder);
  Retire(index);
}

// A question that the server did not understand, or was silent about, with OPT
// was understood without.
bool Asker::PlainWorked(const Try& answered) const {
  const bool refused = answer_.outcome == dnswire::Outcome::kRcode &&
                       (answer_.rcode == dnswire::kRcodeFormerr ||
                        answer_.rcode == dnswire::kRcodeNotimp);
  return !answered.edns && !refused &&
         (questions_[answered.question].retry.plain &
          PlaceMask(questions_[answered.question], answered.server)) != 0;
}

void Asker::KeepFailure(uint32_t index, const Responder& responder,
                        io::Cause cause) {
  Question& question = questions_[index];
  question.seen.Add(cause);
  question.responded = true;
  question.rcode = answer_.rcode;
  question.responder = responder;
}

bool Asker::OnTcpAnswer(uint32_t token, std::span<const uint8_t> octets) {
  now_ = io::EventLoop::Now();
  ++stats_->tcp_received;
  message_.ReadHead(octets, dnswire::NameView());
  if (!AcceptTcp(in_flight_[token], acceptance_context(), &message_)) {
    ++stats_->tcp_drop;
    return false;
  }
  ++stats_->tcp_accepted;
  OnResponse(token, &message_, now_);
  return true;
}

void Asker::OnTcpFailure(uint32_t token, io::TcpExchange::Failure failure) {
  now_ = io::EventLoop::Now();
  const Try failed = in_flight_[token];
  Server& server = route_->servers()[failed.server];
  if (observer_) Tell(failed, SeenTry::End::kTcpFailed);
  CloseTry(token, TryClose::kFailed);
  const bool limits = server.limiting.IsOn(now_);
  if (failure == io::TcpExchange::Failure::kConnect) {
    server.limiting.OnTcpRefused();
    if (limits) {  // slowly, then
      questions_[failed.question].next_only =
          PlaceMask(questions_[failed.question], failed.server);
      return MakeReady(failed.question, Question::Want::kUdp);
    }
  }
  if (failure == io::TcpExchange::Failure::kConnect &&
      server.alarm.IsOn(now_)) {
    // It does not do TCP: rather UDP under forgery than no question at all.
    server.tcp_refused = true;
    questions_[failed.question].next_only =
        PlaceMask(questions_[failed.question], failed.server);
    return MakeReady(failed.question, Question::Want::kUdp);
  }
  EndTry(failed.question, TryEnd::kTcpFailed, failed.server, true);
}

}  // namespace scanner
