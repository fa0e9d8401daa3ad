// Asker: takes questions to an outcome. It owns the questions, their tries,
// the sockets and TCP connections, the deadlines and the pace; it knows nothing
// of targets and verdicts.
//
//   Ask ---> ready queue --(server has room, tokens)--> try on the wire
//              ^                                          |
//              |  retry now, or after a delay             |  accepted response
//              +------------------ NextAction <-----------+  or deadline
//                                      |                  |
//                        give up: OnGaveUp        answer: OnAnswer
//
// A question whose deadline passed keeps its tries open: a late answer is as
// good. It ends exactly once, with OnAnswer or OnGaveUp.
//
// With own iteration a question is first placed in a zone (Iteration), may have
// to wait for that, and is placed again after each referral and alias.
//
// Its parts: asker (questions and pace), asker_tries (what goes out),
// asker_responses (what comes in), asker_zones (from zone to zone).
#ifndef PTRSWEEP_SCANNER_ASKING_ASKER_H_
#define PTRSWEEP_SCANNER_ASKING_ASKER_H_

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "dnswire/answer.h"
#include "dnswire/message.h"
#include "io/net/event_loop.h"
#include "io/net/random.h"
#include "io/net/receive_batch.h"
#include "io/net/tcp_exchange.h"
#include "scanner/asking/acceptance.h"
#include "scanner/asking/in_flight.h"
#include "scanner/asking/iteration.h"
#include "scanner/asking/question.h"
#include "scanner/asking/retry_policy.h"
#include "scanner/asking/seen_try.h"
#include "scanner/asking/stats.h"
#include "scanner/asking/timer_queue.h"
#include "scanner/asking/udp_transport.h"
#include "scanner/options.h"
#include "scanner/upstream/outage_watch.h"
#include "scanner/upstream/rate_limiter.h"
#include "scanner/upstream/route.h"

namespace scanner {

class Asker : private io::TcpExchange::Delegate {
 public:
  class Delegate {
   public:
    virtual ~Delegate() = default;
    // A packet for this question of a target is about to go; false: its budget
    // is spent, and the question gives up.
    virtual bool SpendPacket(uint32_t question) = 0;
    // Data, NXDOMAIN or NODATA, of a target or canary; of a server check
    // whatever the server said, but for what is asked again: SERVFAIL, TC and
    // what breaks the format. All arguments live until the call returns; then
    // the question is gone.
    virtual void OnAnswer(uint32_t question, const dnswire::Message& message,
                          const dnswire::Answer& answer,
                          const Responder& responder) = 0;
    // No answer; Question::seen says what came instead. `final`: asking again
    // would not tell more. The question is gone when the call returns.
    virtual void OnGaveUp(uint32_t question, bool final) = 0;
    // A question may soon be answered: time to fetch what belongs to its payer,
    // and then what was kept for it. It may have ended by now.
    virtual void PrefetchPayer(uint32_t /*question*/) {}
    virtual void PrefetchKept(uint32_t /*question*/) {}
  };

  // All pointers must outlive the asker; `iteration` is null with resolvers.
  // Errors: sockets that cannot be had.
  static absl::StatusOr<std::unique_ptr<Asker>> Create(
      const ScanOptions& options, io::EventLoop* loop, Route* route,
      Iteration* iteration, io::SecureRandom* random, Stats* stats,
      Delegate* delegate);
  ~Asker() override;

  // Tells it of each try from now on. It calls nothing of the asker.
  void Observe(TryObserver observer) { observer_ = std::move(observer); }

  // Asks the PTR question of `target` at once if it may go now, else from the
  // ready queue, in a late pass rather not servers of `failed`. May call the
  // delegate.
  struct Pass {
    bool late = false;
    ServerMask failed = 0;
    // With own iteration: a server that is asked first, if it serves the zone.
    std::optional<ServerIndex> rather;
    std::optional<ServerIndex> only;  // of resolvers: the one that is asked
  };
  void AskPtr(const dnswire::IpAddress& target, uint32_t payer,
              const Pass& pass, io::TimeNs now);
  // Puts a question into the ready queue: PTR of another address, for a lookup
  // that has begun. Calls no delegate method.
  void AskPtrBeside(const dnswire::IpAddress& target, uint32_t payer,
                    bool late_pass);
  // The same: PTR of `target` with CD=1, once.
  void AskUnvalidated(const dnswire::IpAddress& target, uint32_t payer);
  // The same for a forward question.
  uint32_t AskForward(dnswire::NameView name, uint16_t type, uint32_t payer,
                      bool late_pass);
  // The same for a canary, which goes to `server` and nowhere else, once.
  uint32_t AskCanary(dnswire::NameView name, uint16_t type, ServerIndex server);
  // The same for what iteration has to know, asked of `zone`'s servers, or by
  // iteration itself (kNoZone). It hears of the outcome.
  uint32_t AskZoneCheck(dnswire::NameView name, uint16_t type, ZoneIndex zone);
  // The same for the SOA question of a block of targets; the delegate hears of
  // the outcome.
  struct AreaQuestion {
    bool dnssec_ok = false;
    bool once = false;  // silence is not asked again
    // Asked first; of resolvers, the only one.
    std::optional<ServerIndex> server;
  };
  uint32_t AskArea(dnswire::NameView name, uint32_t area,
                   const AreaQuestion& how);
  // The same for what shows whether a zone is as it was, with own iteration.
  uint32_t AskReuse(dnswire::NameView name, uint16_t type,
                    std::optional<ServerIndex> rather);
  // What a walk asks, with own iteration: at once if it may go now, else from
  // the ready queue. An alias is its answer (Outcome::kFollow if that leads
  // on), and a referral too (kReferral) unless `follow_cuts`. May call the
  // delegate.
  struct WalkQuestion {
    uint16_t type = dnswire::kTypePtr;
    bool dnssec_ok = false;
    bool follow_cuts = false;
    bool late = false;
  };
  void AskWalk(dnswire::NameView name, uint32_t payer, const WalkQuestion& how,
               io::TimeNs now);
  // The same of the one server of a zone that was set aside
  // (DelegationRoute::SetAside); its packets are counted for `payer`.
  struct ServerCheck {
    bool without_opt = false;
    bool by_tcp = false;  // once
  };
  uint32_t AskServer(dnswire::NameView name, uint16_t type, uint32_t payer,
                     ZoneIndex zone, const ServerCheck& how);
  // A question that was parked goes on.
  void Wake(uint32_t index);
  Question& question(uint32_t index) { return questions_[index]; }
  // The apex of the zone the question is in; nullopt with resolvers.
  std::optional<dnswire::NameView> ApexOf(const Question& question) const;

  // True if a new question could be sent at once: a server has room, all
  // limits allow it, and few questions wait for busy servers.
  bool CanStart(io::TimeNs now);

  // The parts of a turn, in its order.
  bool Receive(io::TimeNs now);    // true: there is more to receive
  void Advance(io::TimeNs now);    // servers, ids and sockets
  void Expire(io::TimeNs now);     // deadlines and delays
  void SendReady(io::TimeNs now);  // what may go of the ready queue
  void Flush();                    // hands all packets to the kernel

  // When the next turn is needed if nothing arrives: a deadline, or tokens for
  // what waits (`wants_start`: also for a new question).
  io::TimeNs NextWake(io::TimeNs now, bool wants_start);

  // Gives up every question, as at the end of a stopped scan.
  void Abandon();
  // Adds what the connections counted by themselves. Call once, at the end.
  void FinishStats();
  size_t open_questions() const { return questions_.in_use(); }
  size_t open_udp_tries() const { return open_udp_tries_; }
  // When the event that is being handled came.
  io::TimeNs now() const { return now_; }
  // As of the last Advance().
  OutageWatch::State outage() const { return outage_.state(); }
  const UdpTransport& transport() const { return *transport_; }

 private:
  static constexpr double kStraySearchesPerSecond = 10;  // WIRE.md section 2
  // With own iteration: new questions of targets in a row that found their zone
  // busy, or not known yet, after which a turn starts no more.
  static constexpr int kMaxUnsentStarts = 16;

  enum class TryClose : uint8_t {
    kAnswered,
    kFailed,     // TCP failed
    kDropped,    // its question is over
    kCancelled,  // moved to TCP
  };
  enum class SendResult : uint8_t { kSent, kSkip, kStop };

  Asker(const ScanOptions& options, io::EventLoop* loop, Route* route,
        Iteration* iteration, io::SecureRandom* random, Stats* stats,
        Delegate* delegate, std::unique_ptr<UdpTransport> transport);

  // Questions.
  uint32_t NewQuestion(uint32_t payer, uint16_t type, bool late_pass);
  IndexQueue& QueueOf(const Question& question);
  void Enqueue(uint32_t index, Question::Want want);
  void Start(uint32_t index, io::TimeNs now);
  void MakeReady(uint32_t index, Question::Want want);
  void MakeReadyForTcp(uint32_t index, ServerIndex server);
  void LeaveReady(uint32_t index);
  void Follow(uint32_t index, const dnswire::Answer& answer);
  void BeginAnew(uint32_t index);
  void GiveUp(uint32_t index, bool final);
  void Retire(uint32_t index);

  // From zone to zone.
  bool PlaceQuestion(uint32_t index, io::TimeNs now);
  void PreferServer(Question* question) const;
  void Park(uint32_t index, io::TimeNs now);
  void SettleAbsent(uint32_t index, ZoneIndex zone);
  void WaitInZone(uint32_t index);
  void SendInZones(io::TimeNs now);
  void Descend(uint32_t index);
  void NoteSilence(Question* question) const;
  ServerMask PlaceMask(const Question& question, ServerIndex server) const;
  ServerMask ServersOf(const Question& question) const;
  dnswire::AskedAs AskedAsOf(const Question& question) const;
  void MakeSeat(ServerIndex server);

  // Tries.
  bool SendFrom(const IndexQueue& queue, size_t max_overtaken, io::TimeNs now);
  SendResult Choose(uint32_t index, io::TimeNs now);
  SendResult SendNext(uint32_t index, io::TimeNs now);
  SendResult SendUdp(uint32_t index, ServerIndex server, io::TimeNs now);
  SendResult SendTcp(uint32_t index, io::TimeNs now);
  uint32_t NewUdpTry(const Server& server, uint8_t** room);
  bool MustUseTcp(const Question& question, const Server& server,
                  io::TimeNs now) const;
  bool HasRoomForTcp(ServerIndex server, io::TimeNs now);
  io::TcpExchange& ExchangeWith(ServerIndex server);
  void CountTcp(const io::TcpExchange& exchange);
  bool SpendPacket(uint32_t index);
  bool RandomizesCase(const Server& server, io::TimeNs now) const;
  bool GoesPlain(const Question& question, const Server& server) const;
  size_t EncodeFor(const Question& question, const Try& sent,
                   const Server& server, uint8_t* out) const;
  void AddTry(uint32_t index, uint32_t try_index, ServerIndex server,
              io::TimeNs now);
  void CloseTry(uint32_t try_index, TryClose how);
  void CountClosed(const Try& closed, TryClose how);
  bool IsPending(const Question& question, uint32_t index) const;
  void EndTry(uint32_t index, TryEnd end, ServerIndex server, bool tcp);
  void OnSendFailed(uint32_t tag);
  void Tell(const Try& seen, SeenTry::End end,
            const dnswire::Message* message = nullptr) const;
  void MoveToTcp(ServerIndex server);
  void SendProbes(io::TimeNs now);
  void ChargeConnects(io::TimeNs now);

  // Responses.
  void Announce(uint16_t socket, uint16_t id);
  void LookAtDrops(io::TimeNs now);
  void OnDatagram(uint16_t socket, const io::Datagram& datagram,
                  io::TimeNs now);
  void OnDropped(const AcceptanceResult& result, io::TimeNs now);
  void OnLate(uint16_t socket, ServerIndex server, io::TimeNs now);
  void OnStray(io::TimeNs now);
  void OnResponse(uint32_t try_index, dnswire::Message* message,
                  io::TimeNs now);
  void LearnHabits(const Try& answered, const dnswire::Message& message);
  void JudgeServer(const Try& answered, const dnswire::Message& message,
                   io::TimeNs now);
  void Act(const Try& answered, const dnswire::Message& message,
           const Responder& responder);
  void FollowReferral(const Try& answered, const dnswire::Message& message,
                      const Responder& responder);
  void Settle(uint32_t index, const dnswire::Message& message,
              const Responder& responder);
  AcceptanceContext acceptance_context() const {
    return {.route = *route_, .in_flight = in_flight_, .questions = questions_};
  }
  bool PlainWorked(const Try& answered) const;
  void KeepFailure(uint32_t index, const Responder& responder, io::Cause cause);

  // io::TcpExchange::Delegate; the token is the try.
  bool OnTcpAnswer(uint32_t token, std::span<const uint8_t> message) override;
  void OnTcpFailure(uint32_t token, io::TcpExchange::Failure failure) override;

  io::EventLoop* loop_;
  Route* route_;
  Iteration* iteration_;  // or null
  io::SecureRandom* random_;
  Stats* stats_;
  Delegate* delegate_;
  TryObserver observer_;  // usually none
  std::unique_ptr<UdpTransport> transport_;
  // By server; null before its first use.
  std::vector<std::unique_ptr<io::TcpExchange>> tcp_;
  std::vector<io::Endpoint> tcp_endpoints_;
  std::vector<uint64_t> connects_charged_;  // by server
  const size_t max_tcp_;
  const size_t max_ready_;  // questions that wait, for new ones to be started

  RateLimiter limiter_;  // of the run
  RateLimiter stray_searches_{kStraySearchesPerSecond};
  OutageWatch outage_;
  InFlight in_flight_;
  // Tries whose responses are about to be looked at; kNil: none.
  std::array<uint32_t, io::ReceiveBatch::kAhead> announced_;
  size_t announced_count_ = 0;
  size_t open_udp_tries_ = 0;
  size_t max_open_tries_ = SIZE_MAX;
  Slab<Question> questions_;
  TimerQueue deadlines_;  // of tries
  TimerQueue delays_;     // of questions
  // Questions that wait to be sent: canaries and probes, those for UDP, and
  // those for TCP by server, so that nobody waits behind one that is busy.
  IndexQueue ready_first_;
  IndexQueue ready_;
  std::vector<IndexQueue> ready_tcp_;
  // Those that wait for busy servers of their zone, and the zones there are.
  std::vector<IndexQueue> ready_zone_;
  std::vector<ZoneIndex> waiting_zones_;
  IndexLinks ready_links_;
  size_t ready_count_ = 0;            // of ready_ and ready_zone_
  int unsent_starts_ = 0;             // in a row, in this turn
  io::TimeNs ready_at_ = io::kNever;  // when what waits may go on
  io::TimeNs now_ = 0;                // of this turn
  io::TimeNs drops_due_ = 0;          // the kernel is asked for them
  ServerIndex probed_ = 0;            // the next server to probe
  dnswire::Message message_;
  dnswire::Answer answer_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ASKING_ASKER_H_
