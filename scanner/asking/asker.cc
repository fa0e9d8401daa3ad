#include "scanner/asking/asker.h"

#include <algorithm>
#include <new>
#include <utility>

#include "dnswire/reverse.h"

namespace scanner {
namespace {

// Questions that wait for a busy server and may be overtaken by others.
constexpr size_t kMaxOvertaken = 64;
// With own iteration, where each zone has a queue of its own: or as many as
// there are lookups, of which no zone has too many.
constexpr size_t kMaxInZones = 4096;
// After new questions that could not be sent others are looked at so soon.
constexpr io::TimeNs kLookOn = io::kMillisecond / 2;
// What a datagram in a receive buffer is charged by the kernel, at most.
constexpr int kChargedOctets = 1280;

// Open tries whose answers the receive buffers of as many sockets hold with a
// quarter to spare.
uint32_t WindowOf(int receive_buffer_octets, size_t sockets) {
  return static_cast<uint32_t>(receive_buffer_octets / 4 * 3 / kChargedOctets *
                               static_cast<int>(sockets));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Asker>> Asker::Create(
    const ScanOptions& options, io::EventLoop* loop, Route* route,
    Iteration* iteration, io::SecureRandom* random, Stats* stats,
    Delegate* delegate) {
  auto transport = UdpTransport::Open(options, loop, random);
  if (!transport.ok()) return transport.status();
  return std::unique_ptr<Asker>(new Asker(options, loop, route, iteration,
                                          random, stats, delegate,
                                          *std::move(transport)));
}

Asker::Asker(const ScanOptions& options, io::EventLoop* loop, Route* route,
             Iteration* iteration, io::SecureRandom* random, Stats* stats,
             Delegate* delegate, std::unique_ptr<UdpTransport> transport)
    : loop_(loop),
      route_(route),
      iteration_(iteration),
      random_(random),
      stats_(stats),
      delegate_(delegate),
      transport_(std::move(transport)),
      tcp_(route->servers().size()),
      tcp_endpoints_(route->servers().size()),
      connects_charged_(route->servers().size()),
      max_tcp_(options.max_tcp),
      max_ready_(iteration == nullptr
                     ? kMaxOvertaken
                     : std::max<size_t>(kMaxInZones, options.max_in_flight)),
      limiter_(options.rate_qps),
      outage_(absl::ToInt64Nanoseconds(options.max_outage)),
      in_flight_(transport_->slot_count()),
      ready_tcp_(route->servers().size()) {
  announced_.fill(kNil);
  const uint32_t window =
      WindowOf(transport_->granted_buffer(), transport_->sockets_per_family());
  route_->CapWindows(window);
  // Servers without number, and all their answers come to the same sockets.
  if (iteration_ != nullptr) max_open_tries_ = window;
}

Asker::~Asker() = default;

// ---- questions

uint32_t Asker::NewQuestion(uint32_t payer, uint16_t type, bool late_pass) {
  const uint32_t index = questions_.Acquire();
  Question& question = questions_[index];
  new (static_cast<QuestionState*>(&question))
      QuestionState{.payer = payer, .type = type, .late_pass = late_pass};
  question.names.Clear();
  return index;
}

void Asker::AskPtr(const dnswire::IpAddress& target, uint32_t payer,
                   const Pass& pass, io::TimeNs now) {
  now_ = now;
  const uint32_t index = NewQuestion(payer, dnswire::kTypePtr, pass.late);
  questions_[index].target = target;
  // What they failed at may have been another zone.
  if (iteration_ == nullptr) questions_[index].retry.tried = pass.failed;
  questions_[index].rather = pass.rather.value_or(kNoServer);
  if (pass.only) questions_[index].pinned = MaskOf(*pass.only);
  Start(index, now);
}

void Asker::AskPtrBeside(const dnswire::IpAddress& target, uint32_t payer,
                         bool late_pass) {
  const uint32_t index = NewQuestion(payer, dnswire::kTypePtr, late_pass);
  questions_[index].target = target;
  MakeReady(index, Question::Want::kUdp);
}

void Asker::AskWalk(dnswire::NameView name, uint32_t payer,
                    const WalkQuestion& how, io::TimeNs now) {
  now_ = now;
  const uint32_t index = NewQuestion(payer, how.type, how.late);
  Question& question = questions_[index];
  question.purpose = Purpose::kWalk;
  question.dnssec_ok = how.dnssec_ok;
  question.first_answer = true;
  question.follow_cuts = how.follow_cuts;
  question.names.Add(name);
  Start(index, now);
}

void Asker::Start(uint32_t index, io::TimeNs now) {
  const uint64_t sent_before = stats_->udp_tries;
  const SendResult result = SendNext(index, now);
  unsent_starts_ = stats_->udp_tries > sent_before ? 0 : unsent_starts_ + 1;
  if (result == SendResult::kSent) return;
  if (questions_[index].want == Question::Want::kNothing) {
    Enqueue(index, Question::Want::kUdp);
  }
}

void Asker::AskUnvalidated(const dnswire::IpAddress& target, uint32_t payer) {
  const uint32_t index = NewQuestion(payer, dnswire::kTypePtr, true);
  questions_[index].target = target;
  questions_[index].checking_disabled = true;
  MakeReady(index, Question::Want::kUdp);
}

uint32_t Asker::AskForward(dnswire::NameView name, uint16_t type,
                           uint32_t payer, bool late_pass) {
  const uint32_t index = NewQuestion(payer, type, late_pass);
  questions_[index].names.Add(name);
  MakeReady(index, Question::Want::kUdp);
  return index;
}

uint32_t Asker::AskCanary(dnswire::NameView name, uint16_t type,
                          ServerIndex server) {
  const uint32_t index = NewQuestion(kNil, type, false);
  Question& question = questions_[index];
  question.purpose = Purpose::kCanary;
  question.single = true;
  question.pinned = MaskOf(server);
  question.names.Add(name);
  MakeReady(index, Question::Want::kUdp);
  return index;
}

IndexQueue& Asker::QueueOf(const Question& question) {
  if (question.want == Question::Want::kUdpInZone) {
    return ready_zone_[question.zone];
  }
  if (!question.is_work()) return ready_first_;
  return question.want == Question::Want::kTcp ? ready_tcp_[question.tcp_server]
                                               : ready_;
}

void Asker::Enqueue(uint32_t index, Question::Want want) {
  questions_[index].want = want;
  IndexQueue& queue = QueueOf(questions_[index]);
  queue.PushBack(&ready_links_, index);
  if (want == Question::Want::kTcp) {
    ++route_->servers()[questions_[index].tcp_server].tcp_backlog;
  } else if (&queue != &ready_first_) {
    ++ready_count_;
  }
}

// What the question waited for so far, a delay or a try by other means, is
// given up for `want`.
void Asker::MakeReady(uint32_t index, Question::Want want) {
  delays_.Cancel(index);
  if (questions_[index].want != Question::Want::kNothing) LeaveReady(index);
  Enqueue(index, want);
  ready_at_ = std::min(ready_at_, now_);
}

void Asker::MakeReadyForTcp(uint32_t index, ServerIndex server) {
  delays_.Cancel(index);
  if (questions_[index].want != Question::Want::kNothing) LeaveReady(index);
  questions_[index].tcp_server = server;
  MakeSeat(server);
  Enqueue(index, Question::Want::kTcp);
  ready_at_ = std::min(ready_at_, now_);
}

void Asker::LeaveReady(uint32_t index) {
  IndexQueue& queue = QueueOf(questions_[index]);
  queue.Remove(&ready_links_, index);
  const Question::Want wanted =
      std::exchange(questions_[index].want, Question::Want::kNothing);
  if (wanted == Question::Want::kTcp) {
    --route_->servers()[questions_[index].tcp_server].tcp_backlog;
  } else if (&queue != &ready_first_) {
    --ready_count_;
  }
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
  BeginAnew(index);
}

// With other tries and servers: what is open asks for something else.
void Asker::BeginAnew(uint32_t index) {
  Question& question = questions_[index];
  question.retry = RetryState();
  while (question.first_try != kNil) {
    CloseTry(question.first_try, TryClose::kDropped);
  }
  MakeReady(index, Question::Want::kUdp);
  question.zone = kNoZone;
}

void Asker::GiveUp(uint32_t index, bool final) {
  switch (questions_[index].purpose) {
    case Purpose::kProbe:
      outage_.OnProbeLost(now_);
      break;
    case Purpose::kZoneCheck:
      iteration_->OnCheckGaveUp(index, now_);
      break;
    case Purpose::kTarget:
    case Purpose::kWalk:
      if (iteration_ != nullptr) NoteSilence(&questions_[index]);
      delegate_->OnGaveUp(index, final);
      break;
    case Purpose::kCanary:
    case Purpose::kAreaCheck:
    case Purpose::kReuseCheck:
    case Purpose::kServerCheck:
      delegate_->OnGaveUp(index, final);
      break;
  }
  Retire(index);
}

void Asker::Retire(uint32_t index) {
  Question& question = questions_[index];
  while (question.first_try != kNil) {
    CloseTry(question.first_try, TryClose::kDropped);
  }
  delays_.Cancel(index);
  if (question.want != Question::Want::kNothing) LeaveReady(index);
  if (iteration_ != nullptr) iteration_->OnEnd(index, now_);
  question.names.ShrinkTo(4 * dnswire::kMaxNameOctets);
  questions_.Release(index);
}

// One that ends may set others going that waited for it.
void Asker::Abandon() {
  for (bool any = true; any;) {
    any = false;
    for (uint32_t i = 0; i < questions_.size(); ++i) {
      const Question& question = questions_[i];
      if (question.first_try == kNil &&
          question.want == Question::Want::kNothing &&
          !delays_.IsScheduled(i)) {
        continue;
      }
      GiveUp(i, false);
      any = true;
    }
  }
}

void Asker::CountTcp(const io::TcpExchange& exchange) {
  stats_->tcp_received += exchange.dropped();
  stats_->tcp_drop += exchange.dropped();
}

void Asker::FinishStats() {
  for (const auto& exchange : tcp_) {
    if (exchange != nullptr) CountTcp(*exchange);
  }
  stats_->outages += outage_.outages();
  for (const Server& server : route_->servers()) {
    stats_->spoof_alarms += server.alarm.alarms();
  }
}

// ---- pace

bool Asker::CanStart(io::TimeNs now) {
  if (iteration_ != nullptr && unsent_starts_ >= kMaxUnsentStarts) return false;
  if (ready_count_ >= max_ready_ || transport_->blocked() ||
      open_udp_tries_ >= max_open_tries_ || !limiter_.Ready(now)) {
    return false;
  }
  io::TimeNs ready_at = 0;
  return route_->CanStart(now, &ready_at) == RouteChoice::Kind::kAsk;
}

io::TimeNs Asker::NextWake(io::TimeNs now, bool wants_start) {
  io::TimeNs wake = std::min(
      {deadlines_.NextDeadline(), delays_.NextDeadline(), outage_.NextTime()});
  if (transport_->blocked()) return wake;  // the socket wakes the loop
  wake = std::min(wake, ready_at_);
  if (!wants_start || ready_count_ >= max_ready_) return wake;
  if (!limiter_.Ready(now)) return std::min(wake, limiter_.ReadyAt());
  io::TimeNs ready_at = 0;
  if (route_->CanStart(now, &ready_at) != RouteChoice::Kind::kAsk) {
    return std::min(wake, ready_at);
  }
  return unsent_starts_ == 0 ? now : std::min(wake, now + kLookOn);
}

void Asker::Advance(io::TimeNs now) {
  now_ = now;
  in_flight_.Advance(now);
  route_->Advance(now);
  outage_.Advance(now);
  SendProbes(now);
  ChargeConnects(now);
  const bool replaced = transport_->Rotate(
      now, [this](uint16_t slot) { return in_flight_.IsIdle(slot); });
  if (replaced) ++stats_->sockets_replaced;
}

// The root's name servers are what every resolver knows.
void Asker::SendProbes(io::TimeNs now) {
  while (outage_.TakeProbe(now)) {
    const uint32_t index = NewQuestion(kNil, dnswire::kTypeNs, false);
    Question& question = questions_[index];
    question.purpose = Purpose::kProbe;
    question.single = true;
    question.names.Add(dnswire::NameView());
    MakeReady(index, Question::Want::kUdp);
    if (iteration_ != nullptr) continue;  // any of the root's
    question.pinned = MaskOf(probed_);
    probed_ = static_cast<ServerIndex>((probed_ + 1) % tcp_.size());
  }
}

// A connection costs a token too (WIRE.md section 7).
void Asker::ChargeConnects(io::TimeNs now) {
  for (size_t i = 0; i < tcp_.size(); ++i) {
    if (tcp_[i] == nullptr) continue;
    for (; connects_charged_[i] < tcp_[i]->connects(); ++connects_charged_[i]) {
      route_->servers()[i].limiter.Spend(now);
      limiter_.Spend(now);
    }
  }
}

void Asker::SendReady(io::TimeNs now) {
  now_ = now;
  ready_at_ = io::kNever;
  unsent_starts_ = 0;
  if (!SendFrom(ready_first_, SIZE_MAX, now)) return;
  for (size_t i = 0; i < ready_tcp_.size(); ++i) {
    if (!SendFrom(ready_tcp_[i], 1, now)) return;
  }
  if (iteration_ != nullptr) SendInZones(now);
  SendFrom(ready_, kMaxOvertaken, now);
}

// False if nothing more may be sent at all.
bool Asker::SendFrom(const IndexQueue& queue, size_t max_overtaken,
                     io::TimeNs now) {
  size_t overtaken = 0;
  for (uint32_t index = queue.front(); index != kNil;) {
    const uint32_t next = IndexQueue::Next(ready_links_, index);
    if (next != kNil) {
      delegate_->PrefetchPayer(next);
      const uint32_t after = IndexQueue::Next(ready_links_, next);
      if (after != kNil) questions_.Prefetch(after);
    }
    const SendResult result = SendNext(index, now);
    if (result == SendResult::kStop) return false;
    if (result == SendResult::kSkip && ++overtaken == max_overtaken) break;
    index = next;
  }
  return true;
}

void Asker::Flush() {
  const bool was_blocked = transport_->blocked();
  transport_->Flush([this](uint32_t tag) { OnSendFailed(tag); });
  if (transport_->blocked() && !was_blocked) ++stats_->send_blocked;
}

}  // namespace scanner
