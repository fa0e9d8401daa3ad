// RetryPolicy: what a question does when one of its tries ends without an
// answer (the table of WIRE.md section 5). Pure: state and event in, action
// out; no clock and no socket, so every line of the table is a unit test.
#ifndef PTRSWEEP_SCANNER_ASKING_RETRY_POLICY_H_
#define PTRSWEEP_SCANNER_ASKING_RETRY_POLICY_H_

#include <cstddef>
#include <cstdint>

#include "scanner/upstream/route.h"

namespace scanner {

// How a try ended.
enum class TryEnd : uint8_t {
  kTimeout,
  kSendFailed,  // the kernel refused the packet
  kServfail,
  kRefused,  // REFUSED, NOTAUTH, or an answer its server says it altered
  kMalformed,
  kOther,  // lame, FORMERR, NOTIMP, any other rcode
  kTruncated,
  kTcpFailed,
  kNoEdns,     // FORMERR or NOTIMP without OPT, or BADVERS, to a query with OPT
  kBadCookie,  // BADCOOKIE: the new server cookie has been taken over
  kWrongCase,  // a reply that matched but for the case of its letters
};

// What one pass has done for a question so far.
struct RetryState {
  uint8_t udp_tries = 0;
  uint8_t tcp_tries = 0;
  uint8_t servfails = 0;
  bool other_asked = false;  // the one other server of kMalformed and kOther
  bool only_timeouts = true;
  bool bad_cookie = false;  // one BADCOOKIE was answered with the new cookie
  ServerMask tried = 0;
  ServerMask excluded = 0;  // not to be asked again in this pass
  ServerMask plain = 0;     // to be asked without OPT
};

struct RetryContext {
  ServerMask servers = 0;  // that the question may go to at all
  bool late_pass = false;
  bool single = false;  // a canary or probe: silence is not asked again
  // Another try before its deadline, a delay or a TCP query is under way: the
  // question goes on by itself.
  bool pending = false;
};

struct RetryAction {
  enum class Kind : uint8_t {
    kNothing,   // wait for what is under way
    kUdp,       // another try: not to state.excluded, rather not to state.tried
    kUdpSame,   // another try to `server`, at once
    kUdpLater,  // the same after kWaitLadder[rung]
    kTcp,       // ask `server` by TCP
    kDefer,     // the late pass may try again
    kFinal,     // another try would not tell more
  };
  Kind kind = Kind::kNothing;
  size_t rung = 0;
  ServerIndex server = 0;
};

inline constexpr uint8_t kMaxUdpTries = 3;  // a pass (RFC 9520 section 3.1)

// A try to `server` ended by `end`; `tcp` says how it was sent. Updates *state.
RetryAction NextAction(TryEnd end, ServerIndex server, bool tcp,
                       const RetryContext& context, RetryState* state);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ASKING_RETRY_POLICY_H_
