// The asker against a scripted server on loopback, and against a kernel that
// refuses packets or drops them.
#include "scanner/asking/asker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/sock_diag.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "tests/scanner/asking/asker_rig.h"
#include "tests/support/scripted_replies.h"
#include "tests/support/scripted_server.h"

namespace {

// Errors of the next calls of sendmmsg, in their order; 0: it sends.
std::deque<int> send_errors;

// What the kernel says it has dropped, of every socket, and how often it was
// asked.
uint32_t kernel_drops = 0;
int drop_readings = 0;

}  // namespace

// Stands before libc's: by the script, without script the real one.
extern "C" int sendmmsg(int fd, mmsghdr* messages, unsigned count, int flags) {
  if (!send_errors.empty()) {
    const int error = send_errors.front();
    send_errors.pop_front();
    if (error != 0) {
      errno = error;
      return -1;
    }
  }
  return static_cast<int>(syscall(SYS_sendmmsg, fd, messages, count, flags));
}

// The same, but that it says what is in kernel_drops.
extern "C" int getsockopt(int fd, int level, int name, void* value,
                          socklen_t* size) noexcept {
  const auto result =
      static_cast<int>(syscall(SYS_getsockopt, fd, level, name, value, size));
  if (level == SOL_SOCKET && name == SO_MEMINFO) {
    ++drop_readings;
    static_cast<uint32_t*>(value)[SK_MEMINFO_DROPS] = kernel_drops;
  }
  return result;
}

namespace scanner {
namespace {

using testing_support::Asked;
using testing_support::Once;
using testing_support::PtrReply;
using testing_support::RcodeReply;
using testing_support::Replies;
using testing_support::Script;
using testing_support::ScriptedServer;
using testing_support::Transport;
using testing_support::TruncatedReply;
namespace rcode = testing_support::rcode;
namespace rr = testing_support::rr;

Replies AnswerPtr(const Asked& asked) {
  return Once(PtrReply(asked, {"mail.example.com"}));
}

TEST(AskerTest, TakesAQuestionToItsAnswer) {
  const ScriptedServer server(AnswerPtr);
  AskerRig rig(OptionsFor({&server}));
  rig.AskPtr(1, "192.0.2.10");
  rig.AskForward(2, "Mail.Example.Com", dnswire::kTypePtr);
  rig.Run();
  for (const uint32_t payer : {1u, 2u}) {
    EXPECT_TRUE(rig.ending(payer).answered);
    EXPECT_EQ(rig.ending(payer).outcome, dnswire::Outcome::kData);
    EXPECT_EQ(rig.ending(payer).responder.server.port, server.port());
    EXPECT_GT(rig.ending(payer).responder.rtt_us, 0u);
  }
  EXPECT_EQ(server.asked("10.2.0.192.in-addr.arpa", rr::kPtr), 1);
  EXPECT_EQ(rig.packets(), 2u);
  EXPECT_TRUE(rig.server(0).timer.has_sample());
  rig.Close();
}

TEST(AskerTest, SpeaksToServersOfBothFamilies) {
  const ScriptedServer v6(AnswerPtr, {.ipv6 = true});
  const ScriptedServer v4(AnswerPtr);
  ScanOptions options = OptionsFor({&v4});
  options.resolvers.push_back(OptionsFor({&v6}, "[::1]").resolvers[0]);
  AskerRig rig(options);
  constexpr uint32_t kQuestions = 40;
  for (uint32_t i = 0; i < kQuestions; ++i) rig.AskPtr(i, "2001:db8::1");
  rig.Run();
  EXPECT_GT(v4.asked(), 0u);
  EXPECT_GT(v6.asked(), 0u);
  EXPECT_EQ(v4.asked() + v6.asked(), kQuestions);
  rig.Close();
}

TEST(AskerTest, ASpentBudgetEndsTheQuestionUnasked) {
  const ScriptedServer server(AnswerPtr);
  AskerRig rig(OptionsFor({&server}));
  rig.AllowPackets(0);
  rig.AskPtr(1, "192.0.2.1");
  rig.AskForward(2, "a.example", dnswire::kTypeA);
  rig.Run();
  for (const uint32_t payer : {1u, 2u}) {
    EXPECT_FALSE(rig.ending(payer).answered);
    EXPECT_TRUE(rig.ending(payer).final);
    EXPECT_TRUE(rig.ending(payer).seen.empty());
  }
  EXPECT_EQ(server.asked(), 0u);
  rig.Close();
}

TEST(AskerTest, KeepsToTheWindowOfAServer) {
  const ScriptedServer server([](const Asked& asked) {
    return Once(PtrReply(asked, {"a.example"}), 5);
  });
  ScanOptions options = OptionsFor({&server});
  options.resolver_window = 2;
  AskerRig rig(options);
  uint32_t most_in_flight = 0;
  for (uint32_t i = 0; i < 20; ++i) rig.AskPtr(i, "192.0.2.1");
  rig.Run([&] {
    most_in_flight = std::max(most_in_flight, rig.server(0).in_flight);
    return false;
  });
  EXPECT_EQ(most_in_flight, 2u);
  EXPECT_EQ(rig.ended(), 20u);
  rig.Close();
}

TEST(AskerTest, KeepsToTheRate) {
  const ScriptedServer server(AnswerPtr);
  ScanOptions options = OptionsFor({&server});
  options.resolver_rate_qps = 100;
  AskerRig rig(options);
  const io::TimeNs began = io::EventLoop::Now();
  for (uint32_t i = 0; i < 22; ++i) rig.AskPtr(i, "192.0.2.1");
  rig.Run();
  // Two at once, then one every 10 ms.
  EXPECT_GE(io::EventLoop::Now() - began, 200 * io::kMillisecond);
  // A turn to send and one to receive for each, not a poll of the clock.
  EXPECT_LT(rig.turns(), 80);
  rig.Close();
}

// The failure is told from a timer's callback, which no turn follows by itself:
// the retry must not wait for something else to wake the loop.
TEST(AskerTest, GoesOnAtOnceWhenTcpIsRefused) {
  std::atomic<int> asked_at_all = 0;
  const Script script = [&](const Asked& asked) -> Replies {
    if (++asked_at_all == 1) return Once(TruncatedReply(asked));
    return AnswerPtr(asked);
  };
  const ScriptedServer one(script, {.tcp = false});
  const ScriptedServer two(script, {.tcp = false});
  AskerRig rig(OptionsFor({&one, &two}));
  rig.AskPtr(1, "192.0.2.1");
  rig.Run();
  EXPECT_TRUE(rig.ending(1).answered);
  EXPECT_EQ(one.asked(), 1u);
  EXPECT_EQ(two.asked(), 1u);
  EXPECT_EQ(rig.stats().tcp_queries, 1u);
  rig.Close();
}

// The answer to the first try says TC while the second is under way and is
// never answered.
TEST(AskerTest, GoesToTcpThoughAnotherTryIsUnderWay) {
  const ScriptedServer server([](const Asked& asked) -> Replies {
    if (asked.transport == Transport::kTcp) return AnswerPtr(asked);
    if (asked.nth > 1) return {};
    return Once(TruncatedReply(asked), 1100);
  });
  AskerRig rig(OptionsFor({&server}));
  rig.AskPtr(1, "192.0.2.1");
  const io::TimeNs began = io::EventLoop::Now();
  rig.Run();
  EXPECT_TRUE(rig.ending(1).answered);
  // Not after the second deadline, which is at 3 s.
  EXPECT_LT(io::EventLoop::Now() - began, 2 * io::kSecond);
  EXPECT_EQ(rig.packets(), 3u);
  rig.Close();
}

io::TimeNs ThreadCpu() {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  const auto ns = [](const timeval& time) {
    return time.tv_sec * io::kSecond + time.tv_usec * io::kMicrosecond;
  };
  return ns(usage.ru_utime) + ns(usage.ru_stime);
}

TEST(AskerTest, AServerCheckEndsWithWhateverTheServerSays) {
  const ScriptedServer server([](const Asked& asked) {
    return Once(RcodeReply(asked, asked.name == "refused.example"
                                      ? rcode::kRefused
                                      : rcode::kFormerr));
  });
  AskerRig rig(OptionsFor({&server}));
  rig.AskServer(1, "refused.example", rr::kSoa, {});
  // Without OPT it might understand.
  rig.AskServer(2, "formerr.example", rr::kSoa, {});
  rig.AskServer(3, "plain.example", rr::kSoa, {.without_opt = true});
  rig.Run();
  EXPECT_TRUE(rig.ending(1).answered);
  EXPECT_EQ(rig.ending(1).rcode, rcode::kRefused);
  EXPECT_EQ(server.asked("refused.example", rr::kSoa), 1);
  EXPECT_TRUE(rig.ending(2).answered);
  EXPECT_EQ(rig.ending(2).rcode, rcode::kFormerr);
  EXPECT_EQ(server.asked("formerr.example", rr::kSoa), 2);
  EXPECT_EQ(server.asked("plain.example", rr::kSoa), 1);
  EXPECT_EQ(rig.packets(), 4u);
}

TEST(AskerTest, AServerCheckByTcpIsOneExchange) {
  const ScriptedServer server(AnswerPtr);
  const ScriptedServer without(AnswerPtr, {.tcp = false});
  AskerRig rig(OptionsFor({&server}));
  rig.AskServer(1, "a.example", rr::kPtr, {.by_tcp = true});
  rig.Run();
  EXPECT_TRUE(rig.ending(1).answered);
  EXPECT_EQ(rig.stats().tcp_queries, 1u);
  EXPECT_EQ(rig.stats().udp_tries, 0u);
  AskerRig refused(OptionsFor({&without}));
  refused.AskServer(1, "a.example", rr::kPtr, {.by_tcp = true});
  refused.Run();
  EXPECT_FALSE(refused.ending(1).answered);
  EXPECT_EQ(refused.stats().udp_tries, 0u);
}

TEST(AskerTest, SleepsUntilADeadline) {
  const ScriptedServer server([](const Asked&) -> Replies { return {}; });
  AskerRig rig(OptionsFor({&server}));
  rig.AskPtr(1, "192.0.2.1");
  rig.AskPtr(2, "192.0.2.2");
  const io::TimeNs cpu = ThreadCpu();
  rig.Run([&] { return rig.packets() == 6; });
  EXPECT_LT(ThreadCpu() - cpu, 30 * io::kMillisecond);
  EXPECT_LT(rig.turns(),
            10);  // the first, then two deadlines each, 1 s and 2 s
  EXPECT_EQ(rig.ended(), 0u);
  rig.Close();
}

TEST(AskerTest, AQuestionIsUnreachableIfTheKernelRefusesEveryTry) {
  const ScriptedServer server(AnswerPtr);
  ScanOptions options = OptionsFor({&server});
  options.resolver_rate_qps = 10;
  AskerRig rig(options);
  send_errors = {ENETUNREACH, EPERM, ENETUNREACH};
  int told = 0;
  rig.asker().Observe([&told](const SeenTry& seen) {
    EXPECT_EQ(seen.end, SeenTry::End::kUnsent);
    ++told;
  });
  rig.AskPtr(1, "192.0.2.1");
  const io::TimeNs began = io::EventLoop::Now();
  rig.Run();
  EXPECT_EQ(told, 3);
  // Each try waits for its deadline: a network that is gone for a moment must
  // not use up the targets.
  EXPECT_GE(io::EventLoop::Now() - began, 6 * io::kSecond);
  EXPECT_FALSE(rig.ending(1).final);
  CauseSet unreachable;
  unreachable.Add(io::Cause::kUnreachable);
  EXPECT_EQ(rig.ending(1).seen, unreachable);
  EXPECT_EQ(rig.packets(), 3u);
  EXPECT_EQ(rig.stats().send_failed, 3u);
  EXPECT_EQ(server.asked(), 0u);
  rig.Close();
}

TEST(AskerTest, ATryThatFailedIsFollowedByOneThatGoes) {
  const ScriptedServer server(AnswerPtr);
  AskerRig rig(OptionsFor({&server}));
  send_errors = {EPERM};
  rig.AskPtr(1, "192.0.2.1");
  rig.Run();
  EXPECT_TRUE(rig.ending(1).answered);
  EXPECT_EQ(rig.packets(), 2u);
  rig.Close();
}

TEST(AskerTest, BackPressureOfTheKernelIsNoTry) {
  const ScriptedServer server(AnswerPtr);
  AskerRig rig(OptionsFor({&server}));
  send_errors = {EAGAIN, ENOBUFS};
  for (uint32_t i = 0; i < 5; ++i) rig.AskPtr(i, "192.0.2.1");
  rig.Run();
  EXPECT_EQ(rig.ended(), 5u);
  EXPECT_EQ(rig.packets(), 5u);
  EXPECT_EQ(rig.stats().send_blocked, 2u);
  rig.Close();
}

// A packet that waits for the kernel may outlive its question; what becomes of
// it then is nobody's business.
TEST(AskerTest, APacketRefusedAfterItsQuestionEndedHarmsNobody) {
  const ScriptedServer server(AnswerPtr);
  AskerRig rig(OptionsFor({&server}));
  send_errors = {EAGAIN, EPERM};
  rig.AskPtr(1, "192.0.2.1");
  rig.asker().Flush();
  rig.asker().Abandon();
  EXPECT_EQ(rig.ended(), 1u);
  rig.AskPtr(2, "192.0.2.2");
  rig.Run();
  EXPECT_TRUE(rig.ending(2).answered);
  EXPECT_EQ(rig.stats().send_failed, 0u);
  EXPECT_EQ(rig.stats().udp_superseded, 1u);
  rig.Close();
}

TEST(AskerTest, WhatOurKernelDroppedNarrowsTheWindow) {
  const ScriptedServer server(AnswerPtr);
  AskerRig rig(OptionsFor({&server}));
  const uint32_t window = rig.server(0).congestion.window();
  kernel_drops = 3;
  rig.AskPtr(1, "192.0.2.1");
  rig.Run();
  kernel_drops = 0;
  EXPECT_EQ(rig.stats().local_drops, 6u);  // of two sockets
  EXPECT_LT(rig.server(0).congestion.window(), window);
  rig.Close();
}

TEST(AskerTest, DropsAreReadEveryFiveMillisecondsAtMost) {
  const ScriptedServer server(AnswerPtr);
  AskerRig rig(OptionsFor({&server}));
  drop_readings = 0;
  const io::TimeNs start = io::EventLoop::Now();
  for (uint32_t i = 0; i < 500; ++i) {
    rig.AskPtr(i, "192.0.2.1");
    rig.Run();
  }
  const io::TimeNs took = io::EventLoop::Now() - start;
  EXPECT_GT(drop_readings, 0);
  EXPECT_LE(drop_readings, 2 * (took / (5 * io::kMillisecond) + 1));
  EXPECT_GE(rig.turns(), 500);
  rig.Close();
}

TEST(AskerTest, AbandonEndsQuestionsInEveryState) {
  const ScriptedServer server([](const Asked& asked) -> Replies {
    if (asked.transport == Transport::kTcp || asked.type == rr::kA) return {};
    if (asked.name[0] == '1') return Once(RcodeReply(asked, rcode::kServfail));
    return Once(TruncatedReply(asked));
  });
  ScanOptions options = OptionsFor({&server});
  options.resolver_window = 3;
  AskerRig rig(options);
  rig.AskPtr(1, "192.0.2.1");                       // waits for its delay
  rig.AskPtr(2, "192.0.2.2");                       // waits for TCP
  rig.AskForward(3, "a.example", dnswire::kTypeA);  // on the wire
  rig.AskForward(4, "b.example", dnswire::kTypeA);
  rig.AskForward(5, "c.example", dnswire::kTypeA);
  rig.AskForward(6, "d.example", dnswire::kTypeA);  // no room in the window
  rig.Run([&] {
    return rig.stats().udp_accepted == 2 && rig.stats().tcp_queries == 1 &&
           rig.server(0).in_flight == 3;
  });
  EXPECT_EQ(rig.ended(), 0u);
  rig.Close();
  EXPECT_EQ(rig.ended(), 6u);
}

// The loop was stopped for seconds after it had looked for what is readable:
// the answers are there, but nobody has said so.
TEST(RegressionTest, AfterAStallSocketsAreReadBeforeDeadlinesAreLookedAt) {
  const ScriptedServer server(AnswerPtr);
  AskerRig rig(OptionsFor({&server}));
  rig.AskPtr(1, "192.0.2.1");
  rig.asker().Flush();
  const io::TimeNs began = io::EventLoop::Now();
  io::TimeNs now = began;
  while (rig.ended() == 0 && io::EventLoop::Now() - began < 5 * io::kSecond) {
    rig.asker().Receive(now += 2 * io::kSecond);
  }
  EXPECT_TRUE(rig.ending(1).answered);
  rig.Close();
}

// More questions for TCP than there are ids, and a server that takes
// connections but says nothing.
TEST(RegressionTest, ASilentTcpServerLeavesIdsFreeAndTheLoopAlive) {
  const ScriptedServer server([](const Asked& asked) -> Replies {
    if (asked.transport == Transport::kTcp) return {};
    return Once(TruncatedReply(asked));
  });
  AskerRig rig(OptionsFor({&server}));
  constexpr uint32_t kQuestions = 66000;
  for (uint32_t i = 0; i < kQuestions; ++i) {
    rig.AskForward(i, "a.example", dnswire::kTypeA);
  }
  const io::TimeNs began = io::EventLoop::Now();
  rig.Run([&] { return io::EventLoop::Now() - began > 3 * io::kSecond; });
  EXPECT_LE(rig.stats().tcp_queries, 1024u);
  EXPECT_GT(rig.stats().tcp_queries, 0u);
  EXPECT_LT(io::EventLoop::Now() - began, 20 * io::kSecond);
  rig.Close();
}

TEST(AskerTest, RepliesThatBelongToNoTryAreToldApart) {
  const ScriptedServer server([](const Asked& asked) -> Replies {
    if (asked.nth == 2) return AnswerPtr(asked);
    auto wrong_id = testing_support::PacketBuilder::ReplyTo(asked.query);
    wrong_id.Id(static_cast<uint16_t>(asked.query[0] << 8 ^ 0x5555));
    return {
        {.octets = wrong_id.Build()},
        {.octets = PtrReply(asked, {"forged.example"}), .from_stranger = true},
        {.octets = {1, 2, 3}}};
  });
  AskerRig rig(OptionsFor({&server}));
  rig.AskPtr(1, "192.0.2.1");
  rig.Run();
  EXPECT_TRUE(rig.ending(1).answered);
  EXPECT_TRUE(rig.ending(1).seen.Has(io::Cause::kUnmatched));
  EXPECT_EQ(rig.stats().stray, 1u);
  EXPECT_EQ(rig.stats().drop_source, 1u);
  EXPECT_EQ(rig.stats().drop_size, 1u);
  rig.Close();
}

}  // namespace
}  // namespace scanner
