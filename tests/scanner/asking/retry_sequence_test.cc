// The retry policy over whole passes: a network of a few words instead of
// sockets and a clock.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "scanner/asking/retry_policy.h"
#include "scanner/upstream/retransmission.h"

namespace scanner {
namespace {

using Kind = RetryAction::Kind;

constexpr RetryAction kUdp = {.kind = Kind::kUdp};

// Servers that always do the same. Tells what a pass did: "U1" UDP to server 1,
// "T0" TCP to server 0, "250" and "1000" a delay in ms, then how the pass
// ended.
class FakeNetwork {
 public:
  explicit FakeNetwork(int servers) : servers_(servers) {}

  // What server `server` does with a UDP try; TCP if `tcp`.
  FakeNetwork& Server(int server, TryEnd udp, TryEnd tcp) {
    udp_.resize(static_cast<size_t>(servers_), TryEnd::kTimeout);
    tcp_.resize(static_cast<size_t>(servers_), TryEnd::kTcpFailed);
    udp_[static_cast<size_t>(server)] = udp;
    tcp_[static_cast<size_t>(server)] = tcp;
    return *this;
  }

  std::string Run(bool late_pass) {
    RetryState state;
    std::vector<std::string> done;
    RetryAction action = kUdp;
    while (action.kind != Kind::kDefer && action.kind != Kind::kFinal) {
      action = Step(action, late_pass, &state, &done);
      if (done.size() > 20) return "goes on for ever";
    }
    done.push_back(action.kind == Kind::kFinal ? "final" : "defer");
    return absl::StrJoin(done, " ");
  }

 private:
  RetryAction Step(const RetryAction& action, bool late_pass, RetryState* state,
                   std::vector<std::string>* done) const {
    const RetryContext context = {.servers = (ServerMask{1} << servers_) - 1,
                                  .late_pass = late_pass};
    if (action.kind == Kind::kTcp) {
      done->push_back(absl::StrCat("T", action.server));
      return NextAction(tcp_[action.server], action.server, true, context,
                        state);
    }
    if (action.kind == Kind::kUdpLater) {
      done->push_back(
          absl::StrCat(kWaitLadder[action.rung] / io::kMillisecond));
    }
    const ServerIndex server = Choose(*state);
    done->push_back(absl::StrCat("U", server));
    state->tried |= MaskOf(server);
    ++state->udp_tries;
    return NextAction(udp_[server], server, false, context, state);
  }

  // As Route does: not an excluded one, rather an untried one.
  ServerIndex Choose(const RetryState& state) const {
    for (const ServerMask avoided :
         {state.excluded | state.tried, state.excluded}) {
      for (ServerIndex i = 0; i < servers_; ++i) {
        if ((avoided & MaskOf(i)) == 0) return i;
      }
    }
    ADD_FAILURE() << "asked for a server where none is left";
    return 0;
  }

  int servers_;
  std::vector<TryEnd> udp_;
  std::vector<TryEnd> tcp_;
};

std::string RunOne(TryEnd udp, TryEnd tcp, bool late_pass) {
  return FakeNetwork(1).Server(0, udp, tcp).Run(late_pass);
}

TEST(RetrySequenceTest, OneServerThatNeverAnswersWell) {
  struct Sequence {
    const char* label;
    TryEnd udp;
    TryEnd tcp;
    const char* first_pass;
    const char* late_pass;
  };
  constexpr TryEnd kNoTcp = TryEnd::kTcpFailed;
  const Sequence kSequences[] = {
      {"silent", TryEnd::kTimeout, kNoTcp, "U0 U0 U0 defer",
       "U0 U0 U0 T0 defer"},
      {"unreachable", TryEnd::kSendFailed, kNoTcp, "U0 U0 U0 defer",
       "U0 U0 U0 T0 defer"},
      {"servfail 2 + 1", TryEnd::kServfail, kNoTcp, "U0 1000 U0 defer",
       "U0 defer"},
      {"refused", TryEnd::kRefused, kNoTcp, "U0 defer", "U0 defer"},
      {"lame", TryEnd::kOther, kNoTcp, "U0 final", "U0 final"},
      {"malformed", TryEnd::kMalformed, TryEnd::kMalformed, "U0 T0 defer",
       "U0 T0 defer"},
      {"malformed, no TCP", TryEnd::kMalformed, kNoTcp, "U0 T0 defer",
       "U0 T0 defer"},
      {"truncated, no TCP", TryEnd::kTruncated, kNoTcp, "U0 T0 defer",
       "U0 T0 defer"},
      {"truncated, servfail by TCP", TryEnd::kTruncated, TryEnd::kServfail,
       "U0 T0 1000 U0 defer", "U0 T0 defer"},
  };
  for (const Sequence& s : kSequences) {
    EXPECT_EQ(RunOne(s.udp, s.tcp, false), s.first_pass) << s.label;
    EXPECT_EQ(RunOne(s.udp, s.tcp, true), s.late_pass) << s.label;
  }
}

TEST(RetrySequenceTest, ServersThatFailInDifferentWays) {
  struct Sequence {
    const char* label;
    TryEnd udp[3];
    TryEnd tcp;
    const char* expected;
  };
  constexpr TryEnd kSilent = TryEnd::kTimeout;
  constexpr TryEnd kBroken = TryEnd::kMalformed;
  const Sequence kSequences[] = {
      {"all silent", {kSilent, kSilent, kSilent}, kSilent, "U0 U1 U2 defer"},
      {"all refuse",
       {TryEnd::kRefused, TryEnd::kRefused, TryEnd::kRefused},
       kSilent,
       "U0 U1 U2 defer"},
      {"servfail, then silence: its server is not asked again",
       {TryEnd::kServfail, kSilent, kSilent},
       kSilent,
       "U0 250 U1 U2 defer"},
      {"servfail everywhere",
       {TryEnd::kServfail, TryEnd::kServfail, TryEnd::kServfail},
       kSilent,
       "U0 250 U1 defer"},
      {"lame everywhere",
       {TryEnd::kOther, TryEnd::kOther, TryEnd::kOther},
       kSilent,
       "U0 U1 final"},
      {"malformed everywhere: one TCP, one other server",
       {kBroken, kBroken, kBroken},
       kBroken,
       "U0 T0 U1 defer"},
      {"refused, silent, silent",
       {TryEnd::kRefused, kSilent, kSilent},
       kSilent,
       "U0 U1 U2 defer"},
      {"truncated everywhere, no TCP",
       {TryEnd::kTruncated, TryEnd::kTruncated, TryEnd::kTruncated},
       TryEnd::kTcpFailed,
       "U0 T0 U1 U2 defer"},
  };
  for (const Sequence& s : kSequences) {
    FakeNetwork network(3);
    for (int i = 0; i < 3; ++i) network.Server(i, s.udp[i], s.tcp);
    EXPECT_EQ(network.Run(false), s.expected) << s.label;
  }
}

constexpr TryEnd kEnds[] = {
    TryEnd::kTimeout,   TryEnd::kSendFailed, TryEnd::kServfail,
    TryEnd::kRefused,   TryEnd::kMalformed,  TryEnd::kOther,
    TryEnd::kTruncated, TryEnd::kTcpFailed,
};

// Whatever servers do, a pass ends after 3 UDP tries and 1 TCP exchange.
TEST(RetrySequenceTest, NoCombinationOfFailuresExceedsTheTriesOfAPass) {
  for (int first = 0; first < 8; ++first) {
    for (int second = 0; second < 8; ++second) {
      for (int tcp = 0; tcp < 8; ++tcp) {
        for (const bool late_pass : {false, true}) {
          const std::string done = FakeNetwork(2)
                                       .Server(0, kEnds[first], kEnds[tcp])
                                       .Server(1, kEnds[second], kEnds[tcp])
                                       .Run(late_pass);
          EXPECT_LE(std::count(done.begin(), done.end(), 'U'), 3) << done;
          EXPECT_LE(std::count(done.begin(), done.end(), 'T'), 1) << done;
        }
      }
    }
  }
}

}  // namespace
}  // namespace scanner
