// The second part of Asker: tries on their way out.
#include <algorithm>
#include <bit>
#include <utility>

#include "dnswire/query.h"
#include "dnswire/reverse.h"
#include "scanner/asking/asker.h"

namespace scanner {
namespace {

// TCP queries to one server that may be open, and that may be while all its
// questions go there.
constexpr size_t kMaxOpenTcp = 1024;
constexpr size_t kMaxAlarmedTcp = 128;
// After a try for which no id was free.
constexpr io::TimeNs kStarvedWait = 10 * io::kMillisecond;
// A question's third try to a server that never answered with OPT has none.
constexpr uint8_t kTriesWithOpt = 2;

// How the transport names a packet: by socket and id, because the try may have
// ended, and its slot be another's, before the kernel refuses the packet.
constexpr uint32_t TagOf(uint16_t socket, uint16_t id) {
  return uint32_t{socket} << 16 | id;
}

}  // namespace

Asker::SendResult Asker::SendNext(uint32_t index, io::TimeNs now) {
  Question& question = questions_[index];
  if (!limiter_.Ready(now)) {
    ready_at_ = std::min(ready_at_, limiter_.ReadyAt());
    return SendResult::kStop;
  }
  if (question.want == Question::Want::kTcp) {
    const Server& server = route_->servers()[question.tcp_server];
    if (!server.tcp_refused || !server.alarm.IsOn(now)) {
      return SendTcp(index, now);
    }
    question.next_only = PlaceMask(question, question.tcp_server);
    MakeReady(index, Question::Want::kUdp);
    return SendResult::kSent;
  }
  if (open_udp_tries_ >= max_open_tries_) return SendResult::kStop;
  if (iteration_ != nullptr && question.zone == kNoZone &&
      !PlaceQuestion(index, now)) {
    return SendResult::kSent;
  }
  return Choose(index, now);
}

Asker::SendResult Asker::Choose(uint32_t index, io::TimeNs now) {
  Question& question = questions_[index];
  const ServerMask pinned =
      question.next_only != 0 ? question.next_only : question.pinned;
  const RouteChoice choice =
      route_->Choose({.excluded = question.retry.excluded,
                      .tried = question.retry.tried,
                      .pinned = pinned,
                      .urgent = !question.is_work(),
                      .question = index,
                      .zone = question.zone},
                     now);
  switch (choice.kind) {
    case RouteChoice::Kind::kAsk:
      if (MustUseTcp(question, route_->servers()[choice.server], now)) {
        MakeReadyForTcp(index, choice.server);
        return SendResult::kSent;
      }
      return SendUdp(index, choice.server, now);
    case RouteChoice::Kind::kWait:
      ready_at_ = std::min(ready_at_, choice.ready_at);
      if (question.zone != kNoZone) WaitInZone(index);
      return SendResult::kSkip;
    case RouteChoice::Kind::kNone:
      if (choice.cause != io::Cause::kNone) question.seen.Add(choice.cause);
      GiveUp(index, false);
      return SendResult::kSent;
    case RouteChoice::Kind::kPark:
      Park(index, now);
      return SendResult::kSent;
  }
  return SendResult::kStop;
}

bool Asker::MustUseTcp(const Question& question, const Server& server,
                       io::TimeNs now) const {
  if (server.tcp_refused) return false;
  return question.rather_tcp || server.alarm.IsOn(now) ||
         server.limiting.IsOn(now);
}

// Under an alarm without TCP the case is all there is left to make guessing
// harder.
bool Asker::RandomizesCase(const Server& server, io::TimeNs now) const {
  const bool forced = server.tcp_refused && server.alarm.IsOn(now) &&
                      !server.letter_case.no_0x20();
  return forced || server.letter_case.randomize();
}

// Of a target's question the lookup pays, the others are counted apart.
bool Asker::SpendPacket(uint32_t index) {
  switch (questions_[index].purpose) {
    case Purpose::kTarget:
    case Purpose::kServerCheck:
      return delegate_->SpendPacket(index);
    case Purpose::kCanary:
    case Purpose::kProbe:
      ++stats_->canary_packets;
      return true;
    case Purpose::kZoneCheck:
    case Purpose::kAreaCheck:
    case Purpose::kReuseCheck:
    case Purpose::kWalk:
      ++stats_->zone_check_packets;
      return true;
  }
  return true;
}

bool Asker::GoesPlain(const Question& question, const Server& server) const {
  return server.edns.no_edns() ||
         (question.retry.udp_tries >= kTriesWithOpt && !server.edns.opt_seen());
}

size_t Asker::EncodeFor(const Question& question, const Try& sent,
                        const Server& server, uint8_t* out) const {
  dnswire::QueryOptions options = {
      .recursion_desired = route_->recursion_desired(),
      .edns = sent.edns,
      .checking_disabled = question.checking_disabled,
      .dnssec_ok = question.dnssec_ok,
      .case_seed = sent.case_seed};
  if (sent.cookie) options.cookie = server.cookies.query_cookie();
  if (question.names.empty()) {
    return dnswire::EncodePtrQuery(sent.id, question.target, options, out);
  }
  const dnswire::NameListView names = question.names;
  return dnswire::EncodeQuery(sent.id, names[names.size() - 1], question.type,
                              options, out);
}

// A try on a socket that has an id left, and room for its packet; kNil if no
// socket has both.
uint32_t Asker::NewUdpTry(const Server& server, uint8_t** room) {
  for (size_t i = 0; i < transport_->sockets_per_family(); ++i) {
    const uint16_t socket = transport_->PickSocket(server.endpoint, i);
    *room = transport_->Append(socket);
    if (*room == nullptr) return kNil;
    const uint32_t try_index = in_flight_.AddUdp(socket, random_);
    if (try_index != kNil) return try_index;
  }
  return kNil;
}

Asker::SendResult Asker::SendUdp(uint32_t index, ServerIndex server_index,
                                 io::TimeNs now) {
  Server& server = route_->servers()[server_index];
  uint8_t* room = nullptr;
  const uint32_t try_index = NewUdpTry(server, &room);
  if (room == nullptr) return SendResult::kStop;
  if (try_index == kNil) {
    ++stats_->id_starved;
    ready_at_ = std::min(ready_at_, now + kStarvedWait);
    return SendResult::kSkip;
  }
  if (!SpendPacket(index)) {
    in_flight_.Discard(try_index);
    GiveUp(index, true);
    return SendResult::kSent;
  }
  Question& question = questions_[index];
  if (question.want != Question::Want::kNothing) LeaveReady(index);
  const ServerMask mask = PlaceMask(question, server_index);
  if (GoesPlain(question, server)) question.retry.plain |= mask;
  Try& sent = in_flight_[try_index];
  sent.edns = (question.retry.plain & mask) == 0;
  sent.cookie = sent.edns && server.cookies.enabled();
  if (RandomizesCase(server, now)) {
    sent.case_seed = std::max<uint64_t>(random_->U64(), 1);
  }
  transport_->Commit(sent.socket, EncodeFor(question, sent, server, room),
                     server.endpoint, TagOf(sent.socket, sent.id));
  AddTry(index, try_index, server_index, now);
  question.retry.tried |= mask;
  question.next_only = 0;
  ++question.retry.udp_tries;
  deadlines_.Schedule(try_index,
                      server.timer.RungOfTry(question.retry.udp_tries), now);
  ++server.in_flight;
  ++open_udp_tries_;
  ++stats_->udp_tries;
  return SendResult::kSent;
}

io::TcpExchange& Asker::ExchangeWith(ServerIndex server) {
  MakeSeat(server);
  auto& exchange = tcp_[server];
  const io::Endpoint& endpoint = route_->servers()[server].endpoint;
  // With own iteration the place may have been another server's.
  if (exchange != nullptr && tcp_endpoints_[server] != endpoint) {
    CountTcp(*exchange);
    exchange.reset();
    connects_charged_[server] = 0;
  }
  if (exchange == nullptr) {
    io::TcpExchange::Delegate* delegate = this;
    exchange = std::make_unique<io::TcpExchange>(
        loop_, endpoint, io::TcpExchange::Limits(), delegate);
    tcp_endpoints_[server] = endpoint;
  }
  return *exchange;
}

bool Asker::HasRoomForTcp(ServerIndex server_index, io::TimeNs now) {
  const Server& server = route_->servers()[server_index];
  if (!server.limiter.Ready(now)) {
    ready_at_ = std::min(ready_at_, server.limiter.ReadyAt());
    return false;
  }
  const io::TcpExchange& exchange = ExchangeWith(server_index);
  const size_t max_open = server.alarm.IsOn(now) ? kMaxAlarmedTcp : kMaxOpenTcp;
  if (exchange.open() >= max_open) return false;
  if (exchange.has_connection()) return true;
  const auto connections = static_cast<size_t>(
      std::count_if(tcp_.begin(), tcp_.end(), [](const auto& other) {
        return other != nullptr && other->has_connection();
      }));
  if (connections < max_tcp_) return true;
  ready_at_ = std::min(ready_at_, now + kStarvedWait);
  return false;
}

Asker::SendResult Asker::SendTcp(uint32_t index, io::TimeNs now) {
  Question& question = questions_[index];
  const ServerIndex server_index = question.tcp_server;
  const Server& server = route_->servers()[server_index];
  if (!HasRoomForTcp(server_index, now)) return SendResult::kSkip;
  if (!SpendPacket(index)) {
    GiveUp(index, true);
    return SendResult::kSent;
  }
  LeaveReady(index);
  io::TcpExchange& exchange = ExchangeWith(server_index);
  uint16_t id = random_->U16();
  while (exchange.HasId(id)) id = random_->U16();
  const uint32_t try_index = in_flight_.AddTcp(id);
  Try& sent = in_flight_[try_index];
  sent.edns = server.uses_edns() &&
              (question.retry.plain & PlaceMask(question, server_index)) == 0;
  sent.cookie = sent.edns && server.cookies.enabled();
  AddTry(index, try_index, server_index, now);
  question.retry.tried |= PlaceMask(question, server_index);
  question.rather_tcp = false;
  question.next_only = 0;
  uint8_t query[dnswire::kMaxQueryOctets];
  exchange.Ask(try_index, {query, EncodeFor(question, sent, server, query)});
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
  ++server.open_tries;
  if (iteration_ != nullptr) iteration_->OnSent(question.zone, now);
  server.congestion.OnSent(now);
  server.suspension.OnSent(now);
  if (question.is_work()) outage_.OnSent(now);
}

// Frees the try, its id and its place in the server's window.
void Asker::CloseTry(uint32_t try_index, TryClose how) {
  const Try closed = in_flight_[try_index];
  Question& question = questions_[closed.question];
  uint32_t* link = &question.first_try;
  while (*link != try_index) link = &in_flight_[*link].next;
  *link = closed.next;
  --question.tries_open;
  --route_->servers()[closed.server].open_tries;
  if (closed.tcp) {
    if (how == TryClose::kDropped) tcp_[closed.server]->Cancel(try_index);
  } else {
    if (closed.due) {
      --question.tries_due;
    } else {
      deadlines_.Cancel(try_index);
      --route_->servers()[closed.server].in_flight;
    }
    --open_udp_tries_;
    CountClosed(closed, how);
  }
  if (closed.unsent) {
    in_flight_.Discard(try_index);
  } else {
    in_flight_.Remove(try_index, how == TryClose::kAnswered, now_);
  }
}

void Asker::CountClosed(const Try& closed, TryClose how) {
  if (how == TryClose::kAnswered) {
    ++stats_->udp_answered;
  } else if (closed.unsent) {
    ++stats_->send_failed;
  } else if (closed.due) {
    ++stats_->udp_expired;
  } else if (how == TryClose::kCancelled) {
    ++stats_->udp_cancelled;
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
  const RetryContext context = {
      .servers = ServersOf(question),
      .late_pass = question.late_pass,
      .single = question.single || question.checking_disabled,
      .pending = IsPending(question, index)};
  const ServerIndex place = iteration_ == nullptr
                                ? server
                                : iteration_->PlaceOf(question.zone, server);
  const RetryAction action =
      NextAction(end, place, tcp, context, &question.retry);
  switch (action.kind) {
    case RetryAction::Kind::kNothing:
      return;
    case RetryAction::Kind::kUdp:
      return MakeReady(index, Question::Want::kUdp);
    case RetryAction::Kind::kUdpSame:
      question.next_only = MaskOf(place);
      return MakeReady(index, Question::Want::kUdp);
    case RetryAction::Kind::kUdpLater:
      return delays_.Schedule(index, action.rung, now_);
    case RetryAction::Kind::kTcp:
      return MakeReadyForTcp(index, server);
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
    if (!expired.unsent) {
      if (observer_) Tell(expired, SeenTry::End::kTimeout);
      question.seen.Add(io::Cause::kTimeout);
      expired.counted_lost = !question.late_pass;
    }
    if (expired.counted_lost) {
      server.congestion.OnEnd(Congestion::End::kLost, now);
    }
    server.suspension.OnExpired(now, server.timer.rto());
    outage_.OnExpired(now);
    EndTry(expired.question,
           expired.unsent ? TryEnd::kSendFailed : TryEnd::kTimeout,
           expired.server, false);
  }
  while (const auto index = delays_.PopExpired(now)) {
    questions_[*index].parked = false;
    MakeReady(*index, Question::Want::kUdp);
  }
}

// The try waits for its deadline all the same: a network that is gone for a
// moment must not use up the targets.
void Asker::OnSendFailed(uint32_t tag) {
  const uint32_t try_index = in_flight_.Find(static_cast<uint16_t>(tag >> 16),
                                             static_cast<uint16_t>(tag));
  if (try_index == kNil) return;  // ended while the packet waited
  Try& failed = in_flight_[try_index];
  failed.unsent = true;
  if (observer_) Tell(failed, SeenTry::End::kUnsent);
  route_->servers()[failed.server].limiter.Refund();
  limiter_.Refund();
  questions_[failed.question].seen.Add(io::Cause::kUnreachable);
}

void Asker::Tell(const Try& seen, SeenTry::End end,
                 const dnswire::Message* message) const {
  const Question& question = questions_[seen.question];
  uint8_t buffer[dnswire::kMaxReverseOctets];
  observer_({.end = end,
             .question = question,
             .name = AskedName(question, buffer),
             .server = route_->servers()[seen.server].endpoint,
             .tcp = seen.tcp,
             .waited = now_ - seen.sent_at,
             .message = message,
             .answer = message == nullptr ? nullptr : &answer_});
}

// Somebody guesses at the answers of this server: what is open there is asked
// by TCP instead.
void Asker::MoveToTcp(ServerIndex server) {
  if (route_->servers()[server].tcp_refused) return;
  for (uint32_t i = 0; i < questions_.size(); ++i) {
    bool moved = false;
    for (uint32_t at = questions_[i].first_try; at != kNil;) {
      const uint32_t next = in_flight_[at].next;
      if (!in_flight_[at].tcp && in_flight_[at].server == server) {
        CloseTry(at, TryClose::kCancelled);
        moved = true;
      }
      at = next;
    }
    if (!moved) continue;
    MakeReadyForTcp(i, server);
  }
}

}  // namespace scanner
