#include "scanner/asking/retry_policy.h"

#include "scanner/upstream/retransmission.h"

namespace scanner {
namespace {

using Kind = RetryAction::Kind;

constexpr uint8_t kServfailsFirstPass = 2;
constexpr uint8_t kServfailsLatePass = 1;

bool HasOther(const RetryContext& context, const RetryState& state) {
  return (context.servers & ~state.excluded) != 0;
}

RetryAction Tcp(ServerIndex server, RetryState* state) {
  ++state->tcp_tries;
  return {.kind = Kind::kTcp, .server = server};
}

// One more UDP try, if the pass has one left and some server is.
RetryAction UdpOr(Kind otherwise, const RetryContext& context,
                  const RetryState& state) {
  const bool may = state.udp_tries < kMaxUdpTries && HasOther(context, state);
  return {.kind = may ? Kind::kUdp : otherwise};
}

RetryAction AfterSilence(ServerIndex server, const RetryContext& context,
                         RetryState* state) {
  const RetryAction next = UdpOr(Kind::kDefer, context, *state);
  if (next.kind == Kind::kUdp) return next;
  // The last word on a question that only ever timed out is a TCP exchange.
  const bool last_word =
      context.late_pass && state->only_timeouts && state->tcp_tries == 0;
  return last_word ? Tcp(server, state) : next;
}

// SERVFAIL is common in reverse DNS: ask again, but never hammer.
RetryAction AfterServfail(ServerIndex server, const RetryContext& context,
                          RetryState* state) {
  const uint8_t limit =
      context.late_pass ? kServfailsLatePass : kServfailsFirstPass;
  if (state->servfails >= limit) return {.kind = Kind::kDefer};
  if (state->udp_tries >= kMaxUdpTries) return {.kind = Kind::kDefer};
  const ServerMask others =
      context.servers & ~state->excluded & ~MaskOf(server);
  if (others == 0) return {.kind = Kind::kUdpLater, .rung = kRung1S};
  state->excluded |= MaskOf(server);
  return {.kind = Kind::kUdpLater, .rung = kRung250Ms};
}

// One other server may know better; after that, `otherwise`.
RetryAction OtherServerOnce(Kind otherwise, const RetryContext& context,
                            RetryState* state) {
  if (state->other_asked) return {.kind = otherwise};
  state->other_asked = true;
  return UdpOr(otherwise, context, *state);
}

RetryAction AfterMalformed(ServerIndex server, const RetryContext& context,
                           RetryState* state) {
  state->excluded |= MaskOf(server);
  return OtherServerOnce(Kind::kDefer, context, state);
}

// The same question to the same server in a form that it may understand. Not
// counted as a try.
RetryAction SameServer(ServerIndex server, RetryState* state) {
  --state->udp_tries;
  return {.kind = Kind::kUdpSame, .server = server};
}

// Once for each server: the query it refused had OPT, the next has none.
RetryAction WithoutOpt(ServerIndex server, bool tcp, RetryState* state) {
  state->plain |= MaskOf(server);
  return tcp ? Tcp(server, state) : SameServer(server, state);
}

RetryAction AfterBadCookie(ServerIndex server, bool tcp,
                           const RetryContext& context, RetryState* state) {
  if (tcp || (state->bad_cookie && state->tcp_tries > 0)) {
    return context.pending ? RetryAction()
                           : UdpOr(Kind::kDefer, context, *state);
  }
  if (state->bad_cookie) return Tcp(server, state);
  state->bad_cookie = true;
  return SameServer(server, state);
}

// What counts whether or not another try is under way.
void Remember(TryEnd end, ServerIndex server, RetryState* state) {
  if (end != TryEnd::kTimeout && end != TryEnd::kSendFailed) {
    state->only_timeouts = false;
  }
  if (end == TryEnd::kServfail) ++state->servfails;
  if (end == TryEnd::kRefused || end == TryEnd::kOther ||
      end == TryEnd::kTcpFailed) {
    state->excluded |= MaskOf(server);
  }
}

// What is under way may be lost; TCP, which such a response asks for, is not.
bool MovesToTcp(TryEnd end, bool tcp, const RetryState& state) {
  return !tcp && state.tcp_tries == 0 &&
         (end == TryEnd::kTruncated || end == TryEnd::kMalformed ||
          end == TryEnd::kWrongCase);
}

}  // namespace

RetryAction NextAction(TryEnd end, ServerIndex server, bool tcp,
                       const RetryContext& context, RetryState* state) {
  Remember(end, server, state);
  if (MovesToTcp(end, tcp, *state)) return Tcp(server, state);
  if (end == TryEnd::kNoEdns && (state->plain & MaskOf(server)) == 0) {
    return WithoutOpt(server, tcp, state);
  }
  if (end == TryEnd::kBadCookie) {
    return AfterBadCookie(server, tcp, context, state);
  }
  if (context.pending) return RetryAction();
  if (context.single) return {.kind = Kind::kDefer};
  switch (end) {
    case TryEnd::kTimeout:
    case TryEnd::kSendFailed:
      return AfterSilence(server, context, state);
    case TryEnd::kServfail:
      return AfterServfail(server, context, state);
    case TryEnd::kRefused:
      return UdpOr(Kind::kDefer, context, *state);
    case TryEnd::kMalformed:
      return AfterMalformed(server, context, state);
    case TryEnd::kNoEdns:
      state->excluded |= MaskOf(server);
      return OtherServerOnce(Kind::kFinal, context, state);
    case TryEnd::kOther:
      return OtherServerOnce(Kind::kFinal, context, state);
    case TryEnd::kWrongCase:
    case TryEnd::kBadCookie:
      return RetryAction();
    case TryEnd::kTruncated:
      state->excluded |= MaskOf(server);
      return UdpOr(Kind::kDefer, context, *state);
    case TryEnd::kTcpFailed:
      return UdpOr(Kind::kDefer, context, *state);
  }
  return {.kind = Kind::kDefer};
}

}  // namespace scanner
