// A query moves through three lists:
//
//     Ask -> waiting --written--> open --answer accepted--> gone
//               ^                  |
//               |                  +--no answer in time--> failed (kTimeout)
//               +--connection lost-+--lost a second time--> failed (kClosed)
//     waiting --connection refused--> failed (kConnect)
//
// Events only move queries and set the timer to "now"; OnTimer does all that
// follows from that: it tells failures, connects, writes, closes. So nothing
// is told from inside Ask(), and many queries leave in one write.
#include "io/net/tcp_exchange.h"

#include <uv.h>

#include <algorithm>
#include <bitset>
#include <cassert>
#include <cerrno>
#include <deque>
#include <iterator>
#include <utility>
#include <vector>

#include "dnswire/wire.h"
#include "io/net/tcp_stream.h"

namespace io {
namespace {

// Pause after the process or the system ran out of descriptors or buffers.
constexpr TimeNs kShortageRetry = 50 * kMillisecond;

struct Query {
  uint32_t token = 0;
  uint16_t id = 0;
  bool moved = false;  // its first connection was lost
  TimeNs sent = 0;
  std::vector<uint8_t> framed;
};

struct Failed {
  uint32_t token;
  TcpExchange::Failure failure;
};

bool IsShortage(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS ||
         error == ENOMEM;
}

uint16_t IdOf(std::span<const uint8_t> message) {
  return static_cast<uint16_t>(message[0] << 8 | message[1]);
}

std::vector<uint8_t> Framed(std::span<const uint8_t> message) {
  std::vector<uint8_t> framed = {static_cast<uint8_t>(message.size() >> 8),
                                 static_cast<uint8_t>(message.size())};
  framed.insert(framed.end(), message.begin(), message.end());
  return framed;
}

template <typename List>
auto FindToken(List& list, uint32_t token) {
  return std::find_if(list.begin(), list.end(), [token](const auto& entry) {
    return entry.token == token;
  });
}

}  // namespace

struct TcpExchange::Impl : TcpStream::Listener {
  Impl(EventLoop* the_loop, const Endpoint& the_server,
       const Limits& the_limits, Delegate* the_delegate);

  void OnConnected(int error) override;
  void OnMessage(std::span<const uint8_t> message) override;
  void OnEnd(TcpStream::End end) override;

  void Ask(uint32_t token, std::span<const uint8_t> message);
  void Cancel(uint32_t token);
  void Close();

  // OnTimer() in the next iteration, before the loop waits again.
  void Soon() { StartTimer(0); }
  void OnTimer();
  void Expire(TimeNs now);
  void TellFailures();
  void Connect(TimeNs now);
  void Send(TimeNs now);
  void SetTimer();
  void StartTimer(uint64_t wait_ms);
  TimeNs NextTime() const;

  void Settle(uint16_t id);
  void DropConnection();
  void FailToConnect(int error, TimeNs now);
  void FailWaiting(Failure failure);
  bool idle() const { return open.empty() && waiting.empty(); }

  EventLoop* const loop;
  const Endpoint server;
  const TimeNs connect_limit;
  const TimeNs answer_limit;
  const TimeNs idle_limit;
  const size_t max_open;
  Delegate* const delegate;
  uv_timer_t timer{};

  TcpStream::Ptr stream;
  bool connected = false;
  TimeNs connect_started = 0;
  TimeNs retry_at = 0;   // no connection before that: local shortage
  TimeNs last_read = 0;  // on this connection
  TimeNs last_use = 0;   // read or write

  std::deque<Query> waiting;
  std::vector<Query> open;  // on the wire, oldest first, max_open at most
  std::deque<Failed> failed;
  // Ids given up but still on the wire: an answer to one is late, no fault.
  std::vector<uint16_t> abandoned;
  std::bitset<65536> ids;  // of waiting, open and abandoned queries
  uint64_t dropped = 0;
  uint64_t connects = 0;
};

TcpExchange::Impl::Impl(EventLoop* the_loop, const Endpoint& the_server,
                        const Limits& limits, Delegate* the_delegate)
    : loop(the_loop),
      server(the_server),
      connect_limit(absl::ToInt64Nanoseconds(limits.connect)),
      answer_limit(absl::ToInt64Nanoseconds(limits.answer)),
      idle_limit(absl::ToInt64Nanoseconds(limits.idle)),
      max_open(limits.max_open),
      delegate(the_delegate) {
  uv_timer_init(loop->uv(), &timer);
  timer.data = this;
}

void TcpExchange::Impl::Ask(uint32_t token, std::span<const uint8_t> message) {
  assert(message.size() >= dnswire::kHeaderOctets);
  assert(message.size() <= dnswire::kMaxMessageOctets);
  const uint16_t id = IdOf(message);
  assert(!ids[id]);
  ids.set(id);
  waiting.push_back({.token = token, .id = id, .framed = Framed(message)});
  Soon();
}

void TcpExchange::Impl::Cancel(uint32_t token) {
  if (const auto at = FindToken(open, token); at != open.end()) {
    abandoned.push_back(at->id);
    open.erase(at);
  } else if (const auto in = FindToken(waiting, token); in != waiting.end()) {
    ids.reset(in->id);
    waiting.erase(in);
  } else if (const auto lost = FindToken(failed, token); lost != failed.end()) {
    failed.erase(lost);
  }
}

void TcpExchange::Impl::OnConnected(int error) {
  const TimeNs now = EventLoop::Now();
  if (error != 0) {
    FailToConnect(error, now);
  } else {
    connected = true;
    last_read = last_use = now;
  }
  Soon();
}

void TcpExchange::Impl::OnMessage(std::span<const uint8_t> message) {
  last_read = last_use = EventLoop::Now();
  Soon();
  const uint16_t id = IdOf(message);
  const auto query = std::find_if(open.begin(), open.end(),
                                  [id](const Query& q) { return q.id == id; });
  if (query != open.end()) {
    if (delegate->OnTcpAnswer(query->token, message)) {
      Settle(id);
    } else {
      DropConnection();
    }
  } else if (std::erase(abandoned, id) > 0) {
    ids.reset(id);
  } else {
    ++dropped;
    DropConnection();
  }
}

void TcpExchange::Impl::OnEnd(TcpStream::End end) {
  if (end == TcpStream::End::kFraming) ++dropped;
  DropConnection();
  Soon();
}

// The query with that id is over, even if its owner cancelled it meanwhile.
void TcpExchange::Impl::Settle(uint16_t id) {
  std::erase_if(open, [id](const Query& query) { return query.id == id; });
  std::erase(abandoned, id);
  ids.reset(id);
}

// Queries that were open go back in front, in their order, or fail.
void TcpExchange::Impl::DropConnection() {
  stream.reset();
  connected = false;
  for (const uint16_t id : abandoned) ids.reset(id);
  abandoned.clear();
  const auto again = std::stable_partition(
      open.begin(), open.end(), [](const Query& query) { return query.moved; });
  for (auto query = open.begin(); query != again; ++query) {
    ids.reset(query->id);
    failed.push_back({query->token, Failure::kClosed});
  }
  std::for_each(again, open.end(), [](Query& query) { query.moved = true; });
  waiting.insert(waiting.begin(), std::move_iterator(again),
                 std::move_iterator(open.end()));
  open.clear();
}

void TcpExchange::Impl::FailToConnect(int error, TimeNs now) {
  stream.reset();
  if (IsShortage(error)) {
    retry_at = now + kShortageRetry;
    return;
  }
  FailWaiting(Failure::kConnect);
}

void TcpExchange::Impl::FailWaiting(Failure failure) {
  for (const Query& query : waiting) {
    ids.reset(query.id);
    failed.push_back({query.token, failure});
  }
  waiting.clear();
}

void TcpExchange::Impl::OnTimer() {
  const TimeNs now = EventLoop::Now();
  Expire(now);
  TellFailures();
  if (!waiting.empty() && stream == nullptr && now >= retry_at) Connect(now);
  if (connected) Send(now);
  SetTimer();
}

void TcpExchange::Impl::Expire(TimeNs now) {
  if (stream != nullptr && !connected &&
      now >= connect_started + connect_limit) {
    FailToConnect(ETIMEDOUT, now);
  }
  bool silent = false;
  while (!open.empty() && now >= open.front().sent + answer_limit) {
    silent = silent || last_read < open.front().sent;
    failed.push_back({open.front().token, Failure::kTimeout});
    abandoned.push_back(open.front().id);
    open.erase(open.begin());
  }
  // Nobody is there: what waits for room would wait 5 s by 5 s.
  if (silent) FailWaiting(Failure::kTimeout);
  const bool useless = silent || abandoned.size() >= max_open;
  const bool unused = idle() && now >= last_use + idle_limit;
  if (connected && (useless || unused)) DropConnection();
}

// Timers come before poll: without the wake-up, the turn that follows would
// have to wait for some other event.
void TcpExchange::Impl::TellFailures() {
  if (!failed.empty()) loop->Wake();
  while (!failed.empty()) {
    const Failed first = failed.front();
    failed.pop_front();
    delegate->OnTcpFailure(first.token, first.failure);
  }
}

void TcpExchange::Impl::Connect(TimeNs now) {
  connect_started = now;
  ++connects;
  stream = TcpStream::Create(loop->uv(), this);
  const int error = stream->Connect(server);
  if (error != 0) FailToConnect(error, now);
}

// Writes as many waiting queries as may be open, all at once.
void TcpExchange::Impl::Send(TimeNs now) {
  std::vector<uint8_t> octets;
  while (!waiting.empty() && open.size() < max_open) {
    Query& query = waiting.front();
    query.sent = now;
    octets.insert(octets.end(), query.framed.begin(), query.framed.end());
    open.push_back(std::move(query));
    waiting.pop_front();
  }
  if (octets.empty()) return;
  last_use = now;
  if (!stream->Write(std::move(octets))) DropConnection();
}

TimeNs TcpExchange::Impl::NextTime() const {
  if (!failed.empty()) return 0;
  if (stream == nullptr) return waiting.empty() ? kNever : retry_at;
  if (!connected) return connect_started + connect_limit;
  if (!open.empty()) return open.front().sent + answer_limit;
  return last_use + idle_limit;
}

// At least one millisecond ahead: libuv runs a timer that is set to "now" from
// a timer's callback at once and again, without looking at descriptors.
void TcpExchange::Impl::SetTimer() {
  const TimeNs next = NextTime();
  if (next == kNever) {
    uv_timer_stop(&timer);
    return;
  }
  const TimeNs next_ms = (next + kMillisecond - 1) / kMillisecond;
  const TimeNs now_ms = static_cast<TimeNs>(uv_now(loop->uv()));
  StartTimer(static_cast<uint64_t>(std::max<TimeNs>(next_ms - now_ms, 1)));
}

void TcpExchange::Impl::StartTimer(uint64_t wait_ms) {
  uv_timer_start(
      &timer,
      [](uv_timer_t* handle) { static_cast<Impl*>(handle->data)->OnTimer(); },
      wait_ms, 0);
}

void TcpExchange::Impl::Close() {
  stream.reset();
  uv_close(reinterpret_cast<uv_handle_t*>(&timer), [](uv_handle_t* handle) {
    delete static_cast<Impl*>(handle->data);
  });
}

TcpExchange::TcpExchange(EventLoop* loop, const Endpoint& server,
                         const Limits& limits, Delegate* delegate)
    : impl_(new Impl(loop, server, limits, delegate)) {}

TcpExchange::~TcpExchange() { impl_->Close(); }

void TcpExchange::Ask(uint32_t token, std::span<const uint8_t> query) {
  impl_->Ask(token, query);
}

void TcpExchange::Cancel(uint32_t token) { impl_->Cancel(token); }

size_t TcpExchange::open() const {
  return impl_->waiting.size() + impl_->open.size() + impl_->failed.size();
}

bool TcpExchange::HasId(uint16_t id) const { return impl_->ids[id]; }

uint64_t TcpExchange::dropped() const { return impl_->dropped; }

uint64_t TcpExchange::connects() const { return impl_->connects; }

bool TcpExchange::has_connection() const { return impl_->stream != nullptr; }

}  // namespace io
