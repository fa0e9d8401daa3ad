#include "scanner/asking/retry_policy.h"

#include <gtest/gtest.h>

#include <ostream>
#include <vector>

#include "scanner/upstream/retransmission.h"

namespace scanner {

// For messages of failed expectations.
void PrintTo(const RetryAction& action, std::ostream* out) {
  constexpr const char* kNames[] = {
      "nothing", "udp", "same server", "udp later", "tcp", "defer", "final"};
  *out << kNames[static_cast<size_t>(action.kind)];
  if (action.kind == RetryAction::Kind::kUdpLater) *out << " " << action.rung;
  if (action.kind == RetryAction::Kind::kTcp) *out << " " << action.server;
}

bool operator==(const RetryAction& a, const RetryAction& b) {
  return a.kind == b.kind && a.rung == b.rung && a.server == b.server;
}

namespace {

using Kind = RetryAction::Kind;

constexpr ServerMask kOne = 0b1;
constexpr ServerMask kTwo = 0b11;
constexpr ServerMask kThree = 0b111;

constexpr RetryAction kWait = {.kind = Kind::kNothing};
constexpr RetryAction kUdp = {.kind = Kind::kUdp};
constexpr RetryAction kAfter250Ms = {.kind = Kind::kUdpLater,
                                     .rung = kRung250Ms};
constexpr RetryAction kAfter1S = {.kind = Kind::kUdpLater, .rung = kRung1S};
constexpr RetryAction kTcp0 = {.kind = Kind::kTcp, .server = 0};
constexpr RetryAction kSame0 = {.kind = Kind::kUdpSame, .server = 0};
constexpr RetryAction kDefer = {.kind = Kind::kDefer};
constexpr RetryAction kFinal = {.kind = Kind::kFinal};

// The try that ended went to server 0.
struct Case {
  const char* label;
  TryEnd end;
  bool tcp;
  RetryState state;
  RetryContext context;
  RetryAction expected;
};

void Check(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    RetryState state = c.state;
    EXPECT_EQ(NextAction(c.end, 0, c.tcp, c.context, &state), c.expected)
        << c.label;
  }
}

// After so many UDP tries, all of them to server 0.
RetryState After(uint8_t udp_tries) {
  return {.udp_tries = udp_tries, .tried = kOne};
}

RetryContext First(ServerMask servers) { return {.servers = servers}; }
RetryContext Late(ServerMask servers) {
  return {.servers = servers, .late_pass = true};
}

TEST(RetryPolicyTest, Timeout) {
  constexpr TryEnd kEnd = TryEnd::kTimeout;
  RetryState had_response = After(3);
  had_response.only_timeouts = false;
  RetryState had_tcp = After(3);
  had_tcp.tcp_tries = 1;
  RetryState none_left = After(1);
  none_left.excluded = kTwo;
  Check({
      {"the only server again", kEnd, false, After(1), First(kOne), kUdp},
      {"a second one", kEnd, false, After(1), First(kTwo), kUdp},
      {"third try", kEnd, false, After(2), First(kOne), kUdp},
      {"no fourth", kEnd, false, After(3), First(kTwo), kDefer},
      {"every server excluded", kEnd, false, none_left, First(kTwo), kDefer},
      {"late pass, as before", kEnd, false, After(2), Late(kOne), kUdp},
      {"late pass ends with TCP", kEnd, false, After(3), Late(kTwo), kTcp0},
      {"only once", kEnd, false, had_tcp, Late(kTwo), kDefer},
      {"not after a response", kEnd, false, had_response, Late(kTwo), kDefer},
      {"out of servers: TCP as well", kEnd, false, none_left, Late(kTwo),
       kTcp0},
  });
}

TEST(RetryPolicyTest, AFailedSendIsAFailedTry) {
  constexpr TryEnd kEnd = TryEnd::kSendFailed;
  Check({
      {"again", kEnd, false, After(1), First(kOne), kUdp},
      {"no fourth", kEnd, false, After(3), First(kTwo), kDefer},
      {"late pass ends with TCP", kEnd, false, After(3), Late(kOne), kTcp0},
  });
}

TEST(RetryPolicyTest, Servfail) {
  constexpr TryEnd kEnd = TryEnd::kServfail;
  RetryState second = After(2);
  second.servfails = 1;
  RetryState other_refused = After(2);
  other_refused.excluded = 0b10;
  Check({
      {"another server after 250 ms", kEnd, false, After(1), First(kTwo),
       kAfter250Ms},
      {"the only one after 1 s", kEnd, false, After(1), First(kOne), kAfter1S},
      {"the others refused", kEnd, false, other_refused, First(kTwo), kAfter1S},
      {"the second one ends the pass", kEnd, false, second, First(kThree),
       kDefer},
      {"after two timeouts", kEnd, false, After(3), First(kTwo), kDefer},
      {"one in a late pass", kEnd, false, After(1), Late(kThree), kDefer},
      {"over TCP it counts alike", kEnd, true, After(1), First(kTwo),
       kAfter250Ms},
  });
}

TEST(RetryPolicyTest, Refused) {
  constexpr TryEnd kEnd = TryEnd::kRefused;
  RetryState one_left = After(1);
  one_left.excluded = 0b010;
  Check({
      {"no other server", kEnd, false, After(1), First(kOne), kDefer},
      {"another server at once", kEnd, false, After(1), First(kTwo), kUdp},
      {"the last one", kEnd, false, one_left, First(kThree), kUdp},
      {"the others refused too", kEnd, false, one_left, First(kTwo), kDefer},
      {"three tries a pass", kEnd, false, After(3), First(kThree), kDefer},
      {"late pass, the same", kEnd, false, After(1), Late(kTwo), kUdp},
      {"late pass, no other", kEnd, false, After(1), Late(kOne), kDefer},
  });
}

TEST(RetryPolicyTest, Malformed) {
  constexpr TryEnd kEnd = TryEnd::kMalformed;
  RetryState after_tcp = After(1);
  after_tcp.tcp_tries = 1;
  RetryState after_other = After(2);
  after_other.tcp_tries = 1;
  after_other.other_asked = true;
  Check({
      {"TCP to the same server", kEnd, false, After(1), First(kTwo), kTcp0},
      {"also the only one", kEnd, false, After(1), First(kOne), kTcp0},
      {"again from TCP: another", kEnd, true, after_tcp, First(kTwo), kUdp},
      {"there is no other", kEnd, true, after_tcp, First(kOne), kDefer},
      {"another server once only", kEnd, false, after_other, First(kThree),
       kDefer},
      {"late pass", kEnd, false, After(1), Late(kTwo), kTcp0},
      {"late pass, from TCP", kEnd, true, after_tcp, Late(kTwo), kUdp},
  });
}

TEST(RetryPolicyTest, LameAndOtherRcodes) {
  constexpr TryEnd kEnd = TryEnd::kOther;
  RetryState after_other = After(2);
  after_other.other_asked = true;
  Check({
      {"another server", kEnd, false, After(1), First(kTwo), kUdp},
      {"no other: final", kEnd, false, After(1), First(kOne), kFinal},
      {"another once: final", kEnd, false, after_other, First(kThree), kFinal},
      {"no try left: final", kEnd, false, After(3), First(kTwo), kFinal},
      {"late pass", kEnd, false, After(1), Late(kTwo), kUdp},
      {"late pass, no other", kEnd, false, After(1), Late(kOne), kFinal},
  });
}

TEST(RetryPolicyTest, Truncated) {
  constexpr TryEnd kEnd = TryEnd::kTruncated;
  RetryState after_tcp = After(1);
  after_tcp.tcp_tries = 1;
  Check({
      {"TCP", kEnd, false, After(1), First(kTwo), kTcp0},
      {"not counted as a UDP try", kEnd, false, After(3), First(kOne), kTcp0},
      {"a second time: another server", kEnd, false, after_tcp, First(kTwo),
       kUdp},
      {"a second time, no other", kEnd, false, after_tcp, First(kOne), kDefer},
      {"late pass", kEnd, false, After(1), Late(kOne), kTcp0},
  });
}

TEST(RetryPolicyTest, TcpFailed) {
  constexpr TryEnd kEnd = TryEnd::kTcpFailed;
  RetryState state = After(1);
  state.tcp_tries = 1;
  RetryState no_try_left = After(3);
  no_try_left.tcp_tries = 1;
  Check({
      {"another server by UDP", kEnd, true, state, First(kTwo), kUdp},
      {"none left", kEnd, true, state, First(kOne), kDefer},
      {"no try left", kEnd, true, no_try_left, First(kTwo), kDefer},
      {"late pass", kEnd, true, state, Late(kTwo), kUdp},
      {"late pass, none left", kEnd, true, state, Late(kOne), kDefer},
  });
}

TEST(RetryPolicyTest, AServerThatDislikesOptIsAskedWithout) {
  constexpr TryEnd kEnd = TryEnd::kNoEdns;
  RetryState plain = After(2);
  plain.plain = kOne;
  RetryState other_plain = After(2);
  other_plain.plain = 0b10;
  const RetryContext kPending = {.servers = kTwo, .pending = true};
  Check({
      {"the same server at once", kEnd, false, After(1), First(kTwo), kSame0},
      {"though others are asked", kEnd, false, After(2), kPending, kSame0},
      {"not counted as a try", kEnd, false, After(3), First(kOne), kSame0},
      {"once a server: another", kEnd, false, plain, First(kTwo), kUdp},
      {"once a server: final", kEnd, false, plain, First(kOne), kFinal},
      {"each server once", kEnd, false, other_plain, First(kTwo), kSame0},
      {"over TCP, by TCP", kEnd, true, After(1), First(kOne), kTcp0},
      {"over TCP, once a server", kEnd, true, plain, First(kOne), kFinal},
  });
  RetryState state = After(3);
  NextAction(kEnd, 0, false, First(kOne), &state);
  EXPECT_EQ(state.udp_tries, 2);
  EXPECT_EQ(state.plain, kOne);
}

TEST(RetryPolicyTest, BadCookie) {
  constexpr TryEnd kEnd = TryEnd::kBadCookie;
  RetryState second = After(1);
  second.bad_cookie = true;
  Check({
      {"the same server with the new cookie", kEnd, false, After(1),
       First(kTwo), kSame0},
      {"again: TCP", kEnd, false, second, First(kTwo), kTcp0},
      {"even over TCP: another", kEnd, true, second, First(kTwo), kUdp},
      {"even over TCP, the last", kEnd, true, After(3), First(kTwo), kDefer},
  });
}

// The try stays open: the right reply may follow.
TEST(RetryPolicyTest, AWrongCaseIsAskedByTcpBesides) {
  RetryState by_tcp = After(1);
  by_tcp.tcp_tries = 1;
  const RetryContext kPending = {.servers = kTwo, .pending = true};
  Check({
      {"TCP", TryEnd::kWrongCase, false, After(1), kPending, kTcp0},
      {"once", TryEnd::kWrongCase, false, by_tcp, kPending, kWait},
  });
}

TEST(RetryPolicyTest, ASingleQuestionIsAskedOnce) {
  const RetryContext kSingle = {.servers = kOne, .single = true};
  for (const TryEnd end : {TryEnd::kTimeout, TryEnd::kServfail,
                           TryEnd::kRefused, TryEnd::kOther}) {
    RetryState state = After(1);
    EXPECT_EQ(NextAction(end, 0, false, kSingle, &state), kDefer)
        << static_cast<int>(end);
  }
  Check({{"but by TCP if truncated", TryEnd::kTruncated, false, After(1),
          kSingle, kTcp0}});
}

TEST(RetryPolicyTest, WaitsForWhatIsUnderWay) {
  const RetryContext kPending = {.servers = kTwo, .pending = true};
  for (const TryEnd end :
       {TryEnd::kTimeout, TryEnd::kSendFailed, TryEnd::kServfail,
        TryEnd::kRefused, TryEnd::kOther, TryEnd::kTcpFailed}) {
    RetryState state = After(2);
    EXPECT_EQ(NextAction(end, 0, false, kPending, &state), kWait)
        << static_cast<int>(end);
  }
}

// The response is acted on all the same (WIRE.md 2): what is under way by UDP
// may be lost, TCP is not.
TEST(RetryPolicyTest, GoesToTcpEvenIfAnotherTryIsUnderWay) {
  const RetryContext kPending = {.servers = kTwo, .pending = true};
  RetryState asked_by_tcp = After(2);
  asked_by_tcp.tcp_tries = 1;
  Check({
      {"truncated", TryEnd::kTruncated, false, After(2), kPending, kTcp0},
      {"malformed", TryEnd::kMalformed, false, After(2), kPending, kTcp0},
      {"truncated, TCP under way", TryEnd::kTruncated, false, asked_by_tcp,
       kPending, kWait},
      {"malformed, TCP under way", TryEnd::kMalformed, false, asked_by_tcp,
       kPending, kWait},
  });
}

TEST(RetryPolicyTest, RemembersWhichServersAreOfNoMoreUse) {
  struct Excludes {
    TryEnd end;
    bool pending;
    bool expected;
  };
  for (const Excludes& c : std::vector<Excludes>{
           {TryEnd::kTimeout, false, false},
           {TryEnd::kSendFailed, false, false},
           {TryEnd::kServfail, false, true},
           {TryEnd::kRefused, false, true},
           {TryEnd::kRefused, true, true},
           {TryEnd::kOther, false, true},
           {TryEnd::kOther, true, true},
           {TryEnd::kTcpFailed, false, true},
           {TryEnd::kTcpFailed, true, true},
       }) {
    RetryState state = After(1);
    const RetryContext context = {.servers = kThree, .pending = c.pending};
    NextAction(c.end, 0, false, context, &state);
    EXPECT_EQ(state.excluded, c.expected ? kOne : 0)
        << static_cast<int>(c.end) << " pending " << c.pending;
  }
}

TEST(RetryPolicyTest, ASlowServfailCountsTowardsTheLimit) {
  RetryState state = After(2);
  EXPECT_EQ(NextAction(TryEnd::kServfail, 0, false,
                       {.servers = kTwo, .pending = true}, &state),
            kWait);
  EXPECT_EQ(NextAction(TryEnd::kServfail, 1, false, {.servers = kTwo}, &state),
            kDefer);
}

}  // namespace
}  // namespace scanner
