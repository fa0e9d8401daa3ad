// TcpExchange: DNS over TCP to one server (RFC 7766): one connection, opened
// when there is something to ask, queries pipelined, answers in any order,
// closed when idle. It frames and matches ids; what an answer means is the
// caller's business. Not thread-safe. The program must ignore SIGPIPE.
#ifndef PTRSWEEP_IO_NET_TCP_EXCHANGE_H_
#define PTRSWEEP_IO_NET_TCP_EXCHANGE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "absl/time/time.h"
#include "io/net/endpoint.h"
#include "io/net/event_loop.h"

namespace io {

class TcpExchange {
 public:
  struct Limits {
    absl::Duration connect = absl::Seconds(3);
    absl::Duration answer = absl::Seconds(5);
    absl::Duration idle = absl::Seconds(5);
    size_t max_open = 64;  // queries on the wire; further ones wait
  };

  enum class Failure : uint8_t {
    kConnect,  // refused, unreachable or not within Limits::connect
    kTimeout,  // no answer within Limits::answer
    kClosed,   // the connection ended, or broke the framing, twice
  };

  class Delegate {
   public:
    virtual ~Delegate() = default;
    // A message whose id is the one `token` was asked with. True if it is
    // accepted; false closes the connection (WIRE.md section 2), and the query
    // counts as open still.
    virtual bool OnTcpAnswer(uint32_t token,
                             std::span<const uint8_t> message) = 0;
    // The query is over without an answer. No call follows for this token.
    virtual void OnTcpFailure(uint32_t token, Failure failure) = 0;
  };

  // `loop` and `delegate` must outlive the exchange. Calls to the delegate
  // come from the loop, never from inside Ask(), and a turn follows them; they
  // may call Ask() and Cancel(), but not destroy the exchange.
  TcpExchange(EventLoop* loop, const Endpoint& server, const Limits& limits,
              Delegate* delegate);
  ~TcpExchange();
  TcpExchange(const TcpExchange&) = delete;
  TcpExchange& operator=(const TcpExchange&) = delete;

  // Asks with `query`, a whole message of 12 octets or more without length
  // prefix. REQUIRES: no query with that token is open; !HasId(its id).
  // A connection that closes with queries open is opened once more for them.
  // No descriptor left for a connection: waits until there is one.
  void Ask(uint32_t token, std::span<const uint8_t> query);
  // Forgets a query: neither an answer nor a failure will be told.
  void Cancel(uint32_t token);

  size_t open() const;  // asked and not yet answered or failed
  // Whether a new query must not use this id: that of an open query, or of one
  // cancelled or timed out whose answer may still come on this connection.
  // Such a late answer is ignored.
  bool HasId(uint16_t id) const;
  // Messages that broke a rule: too short, or an id that is not open.
  uint64_t dropped() const;
  // Connections begun so far, and whether one stands or is being made.
  uint64_t connects() const;
  bool has_connection() const;

 private:
  struct Impl;
  Impl* impl_;  // freed by libuv's close callbacks
};

}  // namespace io

#endif  // PTRSWEEP_IO_NET_TCP_EXCHANGE_H_
