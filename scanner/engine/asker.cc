#include "scanner/engine/asker.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "dnswire/query.h"
#include "dnswire/reverse.h"
#include "scanner/engine/response.h"

namespace scanner {
namespace {

// Questions that wait for a busy server and may be overtaken by others.
constexpr size_t kMaxOvertaken = 64;

constexpr ServerMask AllServers(size_t count) {
  return count >= 64 ? ~ServerMask{0} : (ServerMask{1} << count) - 1;
}

// How the transport names a packet: by socket and id, because the try may have
// ended, and its slot be another's, before the kernel refuses the packet.
constexpr uint32_t TagOf(uint16_t socket, uint16_t id) {
  return uint32_t{socket} << 16 | id;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Asker>> Asker::Create(
    const ScanOptions& options, io::EventLoop* loop, Route* route,
    io::SecureRandom* random, Stats* stats, Delegate* delegate) {
  auto transport = UdpTransport::Open(options, loop, random);
  if (!transport.ok()) return transport.status();
  return std::unique_ptr<Asker>(new Asker(options, loop, route, random, stats,
                                          delegate, *std::move(transport)));
}

Asker::Asker(const ScanOptions& options, io::EventLoop* loop, Route* route,
             io::SecureRandom* random, Stats* stats, Delegate* delegate,
             std::unique_ptr<UdpTransport> transport)
    : loop_(loop),
      route_(route),
      random_(random),
      stats_(stats),
      delegate_(delegate),
      transport_(std::move(transport)),
      tcp_(route->servers().size()),
      limiter_(options.rate_qps),
      in_flight_(transport_->socket_count()) {}

Asker::~Asker() = default;

// ---- questions

uint32_t Asker::NewQuestion(uint32_t payer, uint16_t type, bool late_pass) {
  const uint32_t index = questions_.Acquire();
  Question& question = questions_[index];
  dnswire::NameList names = std::move(question.names);
  names.Clear();
  question = Question{.payer = payer, .type = type, .late_pass = late_pass};
  question.names = std::move(names);
  return index;
}

void Asker::AskPtr(const dnswire::IpAddress& target, uint32_t payer,
                   bool late_pass, io::TimeNs now) {
  const uint32_t index = NewQuestion(payer, dnswire::kTypePtr, late_pass);
  questions_[index].target = target;
  Enqueue(index, Question::Want::kUdp);
  SendNext(index, now);
}

uint32_t Asker::AskForward(dnswire::NameView name, uint16_t type,
                           uint32_t payer, bool late_pass) {
  const uint32_t index = NewQuestion(payer, type, late_pass);
  questions_[index].names.Add(name);
  MakeReady(index, Question::Want::kUdp);
  return index;
}

void Asker::Enqueue(uint32_t index, Question::Want want) {
  questions_[index].want = want;
  ready_.PushBack(&ready_links_, index);
  ++ready_count_;
}

// What the question waited for so far, a delay or a try by other means, is
// given up for `want`.
void Asker::MakeReady(uint32_t index, Question::Want want) {
  delays_.Cancel(index);
  if (questions_[index].want == Question::Want::kNothing) {
    Enqueue(index, want);
  }
  questions_[index].want = want;
  ready_at_ = std::min(ready_at_, now_);
}

void Asker::LeaveReady(uint32_t index) {
  questions_[index].want = Question::Want::kNothing;
  ready_.Remove(&ready_links_, index);
  --ready_count_;
}

dnswire::NameView Asker::NameOf(const Question& question,
                                uint8_t* buffer) const {
  if (!question.names.empty()) {
    const dnswire::NameListView names = question.names;
    return names[names.size() - 1];
  }
  const size_t size = dnswire::EncodeReverseName(question.target, buffer);
  return dnswire::NameView::FromValidWire({buffer, size});
}

// The alias chain leads on: a new question for its last name, in the same slot,
// with tries of its own.
void Asker::Follow(uint32_t index, const dnswire::Answer& answer) {
  Question& question = questions_[index];
  if (question.names.empty()) {
    question.names.Add(dnswire::ReverseName(question.target));
  }
  for (const dnswire::NameView name : answer.chain.view()) {
    question.names.Add(name);
  }
  question.dname |= answer.dname;
  if (answer.has_ttl) {
    question.ttl_s = question.has_ttl ? std::min(question.ttl_s, answer.ttl_s)
                                      : answer.ttl_s;
    question.has_ttl = true;
  }
  question.retry = RetryState();
  while (question.first_try != kNil) {
    CloseTry(question.first_try, TryClose::kDropped);
  }
  MakeReady(index, Question::Want::kUdp);
}

void Asker::GiveUp(uint32_t index, bool final) {
  delegate_->OnGaveUp(index, final);
  Retire(index);
}

void Asker::Retire(uint32_t index) {
  Question& question = questions_[index];
  while (question.first_try != kNil) {
    CloseTry(question.first_try, TryClose::kDropped);
  }
  delays_.Cancel(index);
  if (question.want != Question::Want::kNothing) LeaveReady(index);
  question.names.ShrinkTo(4 * dnswire::kMaxNameOctets);
  questions_.Release(index);
}

void Asker::Abandon() {
  while (!ready_.empty()) GiveUp(ready_.front(), false);
  for (uint32_t i = 0; i < questions_.size(); ++i) {
    const bool open = questions_[i].first_try != kNil || delays_.IsScheduled(i);
    if (open) GiveUp(i, false);
  }
}

void Asker::FinishStats() {
  for (const auto& exchange : tcp_) {
    if (exchange == nullptr) continue;
    stats_->tcp_received += exchange->dropped();
    stats_->tcp_drop += exchange->dropped();
  }
}

// ---- pace

bool Asker::CanStart(io::TimeNs now) const {
  if (ready_count_ >= kMaxOvertaken || transport_->blocked() ||
      !limiter_.Ready(now)) {
    return false;
  }
  io::TimeNs ready_at = 0;
  return route_->CanStart(now, &ready_at) == RouteChoice::Kind::kAsk;
}

io::TimeNs Asker::NextWake(io::TimeNs now, bool wants_start) const {
  io::TimeNs wake = std::min(deadlines_.NextDeadline(), delays_.NextDeadline());
  if (transport_->blocked()) return wake;  // the socket wakes the loop
  if (!ready_.empty()) wake = std::min(wake, ready_at_);
  if (!wants_start || ready_count_ >= kMaxOvertaken) return wake;
  if (!limiter_.Ready(now)) return std::min(wake, limiter_.ReadyAt());
  io::TimeNs ready_at = 0;
  if (route_->CanStart(now, &ready_at) == RouteChoice::Kind::kAsk) return now;
  return std::min(wake, ready_at);
}

void Asker::SendReady(io::TimeNs now) {
  now_ = now;
  ready_at_ = io::kNever;
  size_t overtaken = 0;
  for (uint32_t index = ready_.front(); index != kNil;) {
    const uint32_t next = IndexQueue::Next(ready_links_, index);
    const SendResult result = SendNext(index, now);
    if (result == SendResult::kStop) break;
    if (result == SendResult::kSkip && ++overtaken == kMaxOvertaken) break;
    index = next;
  }
}

void Asker::Flush() {
  const bool was_blocked = transport_->blocked();
  transport_->Flush([this](uint32_t tag) { OnSendFailed(tag); });
  if (transport_->blocked() && !was_blocked) ++stats_->send_blocked;
}

Asker::SendResult Asker::SendNext(uint32_t index, io::TimeNs now) {
  Question& question = questions_[index];
  if (!limiter_.Ready(now)) {
    ready_at_ = std::min(ready_at_, limiter_.ReadyAt());
    return SendResult::kStop;
  }
  if (question.want == Question::Want::kTcp) return SendTcp(index, now);
  const RouteChoice choice = route_->Choose(
      {.excluded = question.retry.excluded, .tried = question.retry.tried},
      now);
  switch (choice.kind) {
    case RouteChoice::Kind::kAsk:
      return SendUdp(index, choice.server, now);
    case RouteChoice::Kind::kWait:
      ready_at_ = std::min(ready_at_, choice.ready_at);
      return SendResult::kSkip;
    case RouteChoice::Kind::kNone:
      GiveUp(index, false);
      return SendResult::kSent;
  }
  return SendResult::kStop;
}

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
