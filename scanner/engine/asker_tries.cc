// The second half of Asker: tries on the wire and the responses to them.
#include <algorithm>
#include <optional>
#include <utility>

#include "dnswire/query.h"
#include "dnswire/reverse.h"
#include "scanner/engine/asker.h"
#include "scanner/engine/response.h"

namespace scanner {
namespace {

constexpr ServerMask AllServers(size_t count) {
  return count >= 64 ? ~ServerMask{0} : (ServerMask{1} << count) - 1;
}

// How the transport names a packet: by socket and id, because the try may have
// ended, and its slot be another's, before the kernel refuses the packet.
constexpr uint32_t TagOf(uint16_t socket, uint16_t id) {
  return uint32_t{socket} << 16 | id;
}

}  // namespace

// ---- tries

size_t Asker::EncodeFor(const Question& question, uint16_t id,
                        uint8_t* out) const {
  const dnswire::QueryOptions options = {.recursion_desired =
                                             route_->recursion_desired()};
  if (question.names.empty()) {
    return dnswire::EncodePtrQuery(id, question.target, options, out);
  }
  const dnswire::NameListView names = question.names;
  return dnswire::EncodeQuery(id, names[names.size() - 1], question.type,
                              options, out);
}

Asker::SendResult Asker::SendUdp(uint32_t index, ServerIndex server_index,
                                 io::TimeNs now) {
  Server& server = route_->servers()[server_index];
  const uint16_t socket = transport_->PickSocket(server.endpoint);
  uint8_t* room = transport_->Append(socket);
  if (room == nullptr) return SendResult::kStop;
  const uint32_t try_index = in_flight_.AddUdp(socket, random_);
  if (try_index == kNil) {
    ++stats_->id_starved;
    return SendResult::kSkip;
  }
  if (!delegate_->SpendPacket(index)) {
    in_flight_.Remove(try_index);
    GiveUp(index, true);
    return SendResult::kSent;
  }
  Question& question = questions_[index];
  LeaveReady(index);
  const uint16_t id = in_flight_[try_index].id;
  transport_->Commit(socket, EncodeFor(question, id, room), server.endpoint,
                     TagOf(socket, id));
  AddTry(index, try_index, server_index, now);
  question.retry.tried |= MaskOf(server_index);
  ++question.retry.udp_tries;
  deadlines_.Schedule(try_index,
                      server.timer.RungOfTry(question.retry.udp_tries), now);
  ++server.in_flight;
  ++stats_->udp_tries;
  return SendResult::kSent;
}

Asker::SendResult Asker::SendTcp(uint32_t index, io::TimeNs now) {
  Question& question = questions_[index];
  const ServerIndex server_index = question.tcp_server;
  Server& server = route_->servers()[server_index];
  if (!server.limiter.Ready(now)) {
    ready_at_ = std::min(ready_at_, server.limiter.ReadyAt());
    return SendResult::kSkip;
  }
  if (!delegate_->SpendPacket(index)) {
    GiveUp(index, true);
    return SendResult::kSent;
  }
  LeaveReady(index);
  auto& exchange = tcp_[server_index];
  if (exchange == nullptr) {
    io::TcpExchange::Delegate* delegate = this;
    exchange = std::make_unique<io::TcpExchange>(
        loop_, server.endpoint, io::TcpExchange::Limits(), delegate);
  }
  uint16_t id = random_->U16();
  while (exchange->HasId(id)) id = random_->U16();
  const uint32_t try_index = in_flight_.AddTcp(id);
  AddTry(index, try_index, server_index, now);
  question.retry.tried |= MaskOf(server_index);
  uint8_t query[dnswire::kMaxQueryOctets];
  exchange->Ask(try_index, {query, EncodeFor(question, id, query)});
  ++stats_->tcp_queries;
  return SendResult::kSent;
}

void Asker::AddTry(uint32_t index, uint32_t try_index, ServerIndex server_index,
                   io::TimeNs now) {
  Question& question = questions_[index];
  Try& added = in_flight_[try_index];
  added.question = index;
  added.server = server_index;
  added.sent_at = now;
  added.next = question.first_try;
  question.first_try = try_index;
  ++question.tries_open;
  Server& server = route_->servers()[server_index];
  server.limiter.Spend(now);
  limiter_.Spend(now);
  ++server.sent;
}

// Frees the try, its id and its place in the server's window.
void Asker::CloseTry(uint32_t try_index, TryClose how) {
  const Try closed = in_flight_[try_index];
  Question& question = questions_[closed.question];
  uint32_t* link = &question.first_try;
  while (*link != try_index) link = &in_flight_[*link].next;
  *link = closed.next;
  --question.tries_open;
  if (closed.tcp) {
    if (how == TryClose::kDropped) tcp_[closed.server]->Cancel(try_index);
  } else {
    if (closed.due) {
      --question.tries_due;
    } else {
      deadlines_.Cancel(try_index);
      --route_->servers()[closed.server].in_flight;
    }
    CountClosed(closed, how);
  }
  in_flight_.Remove(try_index);
}

void Asker::CountClosed(const Try& closed, TryClose how) {
  if (how == TryClose::kAnswered) {
    ++stats_->udp_answered;
  } else if (how == TryClose::kFailed) {
    ++stats_->send_failed;
  } else if (closed.due) {
    ++stats_->udp_expired;
  } else {
    ++stats_->udp_superseded;
  }
}

bool Asker::IsPending(const Question& question, uint32_t index) const {
  return question.tries_open > question.tries_due ||
         question.want != Question::Want::kNothing ||
         delays_.IsScheduled(index);
}

void Asker::EndTry(uint32_t index, TryEnd end, ServerIndex server, bool tcp) {
  Question& question = questions_[index];
  const RetryContext context = {.servers = AllServers(route_->servers().size()),
                                .late_pass = question.late_pass,
                                .pending = IsPending(question, index)};
  const RetryAction action =
      NextAction(end, server, tcp, context, &question.retry);
  switch (action.kind) {
    case RetryAction::Kind::kNothing:
      return;
    case RetryAction::Kind::kUdp:
      return MakeReady(index, Question::Want::kUdp);
    case RetryAction::Kind::kUdpLater:
      return delays_.Schedule(index, action.rung, now_);
    case RetryAction::Kind::kTcp:
      question.tcp_server = action.server;
      return MakeReady(index, Question::Want::kTcp);
    case RetryAction::Kind::kDefer:
      return GiveUp(index, false);
    case RetryAction::Kind::kFinal:
      return GiveUp(index, true);
  }
}

void Asker::Expire(io::TimeNs now) {
  now_ = now;
  while (const auto try_index = deadlines_.PopExpired(now)) {
    Try& expired = in_flight_[*try_index];
    Server& server = route_->servers()[expired.server];
    expired.due = true;
    --server.in_flight;
    ++server.expired;
    Question& question = questions_[expired.question];
    ++question.tries_due;
    question.seen.Add(io::Cause::kTimeout);
    EndTry(expired.question, TryEnd::kTimeout, expired.server, false);
  }
  while (const auto index = delays_.PopExpired(now)) {
    MakeReady(*index, Question::Want::kUdp);
  }
}

void Asker::OnSendFailed(uint32_t tag) {
  const uint32_t try_index = in_flight_.Find(static_cast<uint16_t>(tag >> 16),
                                             static_cast<uint16_t>(tag));
  if (try_index == kNil) return;  // ended while the packet waited
  const Try failed = in_flight_[try_index];
  route_->servers()[failed.server].limiter.Refund();
  limiter_.Refund();
  questions_[failed.question].seen.Add(io::Cause::kUnreachable);
  CloseTry(try_index, TryClose::kFailed);
  EndTry(failed.question, TryEnd::kSendFailed, failed.server, false);
}

// ---- responses

bool Asker::Receive(io::TimeNs now) {
  now_ = now;
  const bool more = transport_->Receive(
      [this, now](uint16_t socket, const io::UdpSocket::Datagram& datagram) {
        OnDatagram(socket, datagram, now);
      });
  stats_->local_drops = transport_->kernel_drops();
  return more;
}

void Asker::OnDatagram(uint16_t socket, const io::UdpSocket::Datagram& datagram,
                       io::TimeNs now) {
  const AcceptanceResult result =
      Accept(datagram, socket, *route_, in_flight_, questions_, &message_);
  CountDatagram(result.acceptance, stats_);
  if (result.acceptance == Acceptance::kAccepted) {
    OnResponse(result.try_index, &message_, now);
  } else if (result.try_index != kNil) {
    questions_[in_flight_[result.try_index].question].seen.Add(
        io::Cause::kUnmatched);
  } else if (result.acceptance == Acceptance::kStray) {
    OnStray(now);
  }
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
  if (!answered.tcp) server.timer.OnSample(rtt);
  ++server.accepted;
  CloseTry(try_index, TryClose::kAnswered);
  Question& question = questions_[answered.question];
  message->ParseSections();
  uint8_t buffer[dnswire::kMaxReverseOctets];
  dnswire::ResolveAnswer(
      *message, {.name = NameOf(question, buffer), .type = question.type},
      route_->asked_as(), question.names, &answer_);
  ++stats_->outcomes[static_cast<size_t>(answer_.outcome)];
  if (answer_.lax) ++stats_->lax;
  if (answer_.trailing) ++stats_->trailing;
  Act(answered, *message,
      {.server = server.endpoint,
       .rtt_us = static_cast<uint32_t>(rtt / io::kMicrosecond)});
}

void Asker::Act(const Try& answered, const dnswire::Message& message,
                const Responder& responder) {
  const uint32_t index = answered.question;
  const Reaction reaction = ReactionTo(answer_);
  switch (reaction.kind) {
    case Reaction::Kind::kSettle:
      delegate_->OnAnswer(index, message, answer_, responder);
      return Retire(index);
    case Reaction::Kind::kFollow:
      return Follow(index, answer_);
    case Reaction::Kind::kFinal:
      KeepFailure(index, responder, reaction.cause);
      return GiveUp(index, true);
    case Reaction::Kind::kRetry:
      KeepFailure(index, responder, reaction.cause);
      return EndTry(index, reaction.try_end, answered.server, answered.tcp);
  }
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
  message_ = dnswire::Message::ParseHead(octets);
  const Question& question = questions_[in_flight_[token].question];
  if (!IsResponseToQuery(message_) || message_.header().tc ||
      !QuestionMatches(message_, question)) {
    ++stats_->tcp_drop;
    return false;
  }
  ++stats_->tcp_accepted;
  OnResponse(token, &message_, now_);
  return true;
}

void Asker::OnTcpFailure(uint32_t token, io::TcpExchange::Failure) {
  now_ = io::EventLoop::Now();
  const Try failed = in_flight_[token];
  CloseTry(token, TryClose::kFailed);
  EndTry(failed.question, TryEnd::kTcpFailed, failed.server, true);
}

}  // namespace scanner
