#include "io/net/event_loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "tests/io/descriptor_limit.h"
#include "tests/io/event_loop_fixture.h"

namespace io {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

constexpr TimeNs kHour = 3600 * kSecond;

TEST(EventLoopTest, WakeFromAnotherThreadGivesATurn) {
  const auto loop = NewLoop();
  int turns = 0;
  loop->OnTurn([&] {
    ++turns;
    loop->Stop();
  });
  std::thread other([&] { loop->Wake(); });
  loop->Run();
  other.join();
  EXPECT_EQ(turns, 1);
}

TEST(EventLoopTest, WakeFromATurnGivesAnotherTurn) {
  const auto loop = NewLoop();
  int turns = 0;
  loop->OnTurn([&] {
    if (++turns == 3) loop->Stop();
    loop->Wake();
  });
  loop->Wake();
  loop->Run();
  EXPECT_EQ(turns, 3);
}

TEST(EventLoopTest, NothingIsLookedAtBeforeAPauseIsOver) {
  const auto loop = NewLoop();
  constexpr TimeNs kPause = 3 * kMillisecond;
  std::vector<TimeNs> turns;
  loop->OnTurn([&] {
    turns.push_back(EventLoop::Now());
    loop->Wake();
    if (turns.size() == 2) loop->PauseUntil(turns.back() + kPause);
    if (turns.size() == 4) loop->Stop();
  });
  loop->Wake();
  loop->Run();
  EXPECT_GE(turns[2], turns[1] + kPause);
  EXPECT_LT(turns[1], turns[0] + kPause) << "before it";
  EXPECT_LT(turns[3], turns[2] + kPause) << "once";
}

TEST(EventLoopTest, APauseThatIsOverIsNone) {
  const auto loop = NewLoop();
  loop->OnTurn([&] {
    loop->PauseUntil(EventLoop::Now() - kSecond);
    loop->Stop();
  });
  loop->Wake();
  const TimeNs began = EventLoop::Now();
  loop->Run();
  EXPECT_LT(EventLoop::Now(), began + kSecond);
}

TEST(EventLoopTest, WakeAtGivesATurnAtThatTimeAndNotBefore) {
  const auto loop = NewLoop();
  for (const TimeNs wait : {200 * kMicrosecond, kMillisecond,
                            3 * kMillisecond + 700 * kMicrosecond}) {
    const TimeNs when = EventLoop::Now() + wait;
    std::vector<TimeNs> turns;
    loop->OnTurn([&] {
      turns.push_back(EventLoop::Now());
      loop->Stop();
    });
    loop->WakeAt(when);
    loop->Run();
    ASSERT_EQ(turns.size(), 1U);
    EXPECT_GE(turns[0], when);
  }
}

TEST(EventLoopTest, WakeAtATimeThatHasPassedGivesATurnAtOnce) {
  const auto loop = NewLoop();
  for (const TimeNs when : {TimeNs{0}, TimeNs{-5}, EventLoop::Now() - kHour,
                            EventLoop::Now() - 1}) {
    int turns = 0;
    loop->OnTurn([&] {
      ++turns;
      loop->Stop();
    });
    loop->WakeAt(when);
    loop->Run();
    EXPECT_EQ(turns, 1) << when;
  }
}

TEST(EventLoopTest, AnEarlierWakeAtReplacesALaterOne) {
  const auto loop = NewLoop();
  const TimeNs start = EventLoop::Now();
  loop->OnTurn([&] { loop->Stop(); });
  loop->WakeAt(start + kHour);
  loop->WakeAt(start + kMillisecond);
  loop->Run();
  EXPECT_LT(EventLoop::Now(), start + kHour);
}

TEST(EventLoopTest, ALaterWakeAtOrNeverReplacesAnEarlierOne) {
  for (const TimeNs later : {EventLoop::Now() + kHour, kNever}) {
    const auto loop = NewLoop();
    int turns = 0;
    loop->OnTurn([&] { ++turns; });
    ASSERT_TRUE(loop->OnSignal(SIGALRM, [&] { loop->Stop(); }).ok());
    loop->WakeAt(EventLoop::Now() + kMillisecond);
    loop->WakeAt(later);
    AlarmAfter(20);
    loop->Run();
    EXPECT_EQ(turns, 1);  // that of the signal
  }
}

TEST(EventLoopTest, WakeAtIsUsedUpByItsTurn) {
  const auto loop = NewLoop();
  int turns = 0;
  loop->OnTurn([&] { ++turns; });
  ASSERT_TRUE(loop->OnSignal(SIGALRM, [&] { loop->Stop(); }).ok());
  loop->WakeAt(EventLoop::Now() + kMillisecond);
  AlarmAfter(20);
  loop->Run();
  EXPECT_EQ(turns, 2);  // that of the time and that of the signal
}

TEST(EventLoopTest, TheSameTimeCanBeSetAgainAfterItsTurn) {
  const auto loop = NewLoop();
  const TimeNs when = EventLoop::Now();
  int turns = 0;
  loop->OnTurn([&] {
    if (++turns == 3) loop->Stop();
    loop->WakeAt(when);
  });
  loop->WakeAt(when);
  loop->Run();
  EXPECT_EQ(turns, 3);
}

TEST(EventLoopTest, StopLetsTheTurnOfItsIterationRun) {
  const auto loop = NewLoop();
  const SocketPair pair;
  std::vector<std::string> calls;
  loop->OnTurn([&] { calls.emplace_back("turn"); });
  const auto watcher = Watch(loop.get(), pair.fd(), [&](bool, bool) {
    calls.emplace_back("ready");
    loop->Stop();
  });
  pair.MakeReadable();
  loop->Run();
  EXPECT_THAT(calls, ElementsAre("ready", "turn"));
}

TEST(EventLoopTest, StopBeforeRunMakesOneRunReturnAtOnce) {
  const auto loop = NewLoop();
  int turns = 0;
  loop->OnTurn([&] {
    ++turns;
    loop->Stop();
  });
  loop->Stop();
  loop->Run();
  EXPECT_EQ(turns, 0);
  loop->Wake();
  loop->Run();
  EXPECT_EQ(turns, 1);
}

TEST(EventLoopTest, SignalsReachEveryHandlerBeforeTheTurn) {
  const auto loop = NewLoop();
  std::vector<std::string> calls;
  loop->OnTurn([&] {
    calls.emplace_back("turn");
    if (calls.size() >= 3) loop->Stop();
  });
  for (const char* const name : {"first", "second"}) {
    ASSERT_TRUE(
        loop->OnSignal(SIGUSR1, [&calls, name] { calls.emplace_back(name); })
            .ok());
  }
  ASSERT_EQ(raise(SIGUSR1), 0);
  loop->Run();
  ASSERT_EQ(calls.size(), 3U);
  EXPECT_EQ(calls.back(), "turn");
  calls.pop_back();
  EXPECT_THAT(calls, UnorderedElementsAre("first", "second"));
}

TEST(EventLoopTest, RefusesSignalsThatCannotBeCaught) {
  const auto loop = NewLoop();
  EXPECT_FALSE(loop->OnSignal(SIGKILL, [] {}).ok());
}

// A loop takes five descriptors: epoll, two ends of the signal pipe, eventfd,
// timerfd. (libuv itself takes two more for its first loop, and aborts if it
// cannot have them.)
TEST(EventLoopTest, CreateReportsThatNoDescriptorIsLeftAndKeepsNone) {
  NewLoop();
  constexpr int kFirstFree = 100;
  {
    const DescriptorLimit limit(kFirstFree, kFirstFree + 4);
    const auto refused = EventLoop::Create();
    EXPECT_THAT(std::string(refused.status().message()),
                HasSubstr("event loop timer"));
  }
  const DescriptorLimit limit(kFirstFree, kFirstFree + 5);
  EXPECT_TRUE(EventLoop::Create().ok());
}

}  // namespace
}  // namespace io
