#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "io/net/event_loop.h"
#include "tests/io/event_loop_fixture.h"

namespace io {
namespace {

using ::testing::ElementsAre;

TEST(PollWatcherTest, TellsThatTheSocketIsReadable) {
  const auto loop = NewLoop();
  const SocketPair pair;
  std::vector<std::pair<bool, bool>> calls;
  const auto watcher =
      Watch(loop.get(), pair.fd(), [&](bool readable, bool writable) {
        calls.emplace_back(readable, writable);
        pair.Drain();
        loop->Stop();
      });
  pair.MakeReadable();
  loop->Run();
  EXPECT_THAT(calls, ElementsAre(std::pair(true, false)));
}

TEST(PollWatcherTest, TellsThatTheSocketIsWritableWhileAskedTo) {
  const auto loop = NewLoop();
  const SocketPair pair;
  std::vector<std::pair<bool, bool>> calls;
  std::unique_ptr<PollWatcher> watcher =
      Watch(loop.get(), pair.fd(), [&](bool readable, bool writable) {
        calls.emplace_back(readable, writable);
        if (calls.size() == 2) {
          watcher->WatchWritable(false);
          pair.MakeReadable();
        }
        if (calls.size() == 3) loop->Stop();
      });
  watcher->WatchWritable(true);
  loop->Run();
  EXPECT_THAT(calls, ElementsAre(std::pair(false, true), std::pair(false, true),
                                 std::pair(true, false)));
}

TEST(PollWatcherTest, MayBeDestroyedInItsOwnCallback) {
  const auto loop = NewLoop();
  const SocketPair pair;
  const std::string kept_alive(100, 'x');
  std::unique_ptr<PollWatcher> watcher;
  size_t seen = 0;
  watcher = Watch(loop.get(), pair.fd(), [&, kept_alive](bool, bool) {
    watcher.reset();
    seen += kept_alive.size();
    loop->Stop();
  });
  pair.MakeReadable();
  loop->Run();
  EXPECT_EQ(seen, 100U);
}

TEST(PollWatcherTest, IsSilentOnceAnotherCallbackDestroyedIt) {
  const auto loop = NewLoop();
  const SocketPair pairs[2];
  std::array<std::unique_ptr<PollWatcher>, 2> watchers;
  int calls = 0;
  for (size_t i = 0; i < 2; ++i) {
    watchers[i] = Watch(loop.get(), pairs[i].fd(), [&](bool, bool) {
      ++calls;
      for (auto& watcher : watchers) watcher.reset();
      loop->Stop();
    });
    pairs[i].MakeReadable();
  }
  loop->Run();
  EXPECT_EQ(calls, 1);
}

TEST(PollWatcherTest, TheSocketCanBeWatchedAgainWithinTheSameTurn) {
  const auto loop = NewLoop();
  const SocketPair pair;
  int first_calls = 0;
  int second_calls = 0;
  std::unique_ptr<PollWatcher> watcher =
      Watch(loop.get(), pair.fd(), [&](bool, bool) { ++first_calls; });
  loop->OnTurn([&] {
    if (first_calls != 1 || second_calls != 0) return;
    watcher.reset();
    watcher = Watch(loop.get(), pair.fd(), [&](bool, bool) {
      ++second_calls;
      loop->Stop();
    });
  });
  pair.MakeReadable();
  loop->Run();
  EXPECT_EQ(first_calls, 1);
  EXPECT_EQ(second_calls, 1);
}

TEST(PollWatcherTest, MayBeDestroyedWithoutAnyIteration) {
  const auto loop = NewLoop();
  const SocketPair pair;
  int calls = 0;
  Watch(loop.get(), pair.fd(), [&](bool, bool) { ++calls; }).reset();
  pair.MakeReadable();
  EXPECT_EQ(calls, 0);
}

TEST(PollWatcherTest, RefusesADescriptorThatIsWatchedOrNotOpen) {
  const auto loop = NewLoop();
  const SocketPair pair;
  const auto watcher = Watch(loop.get(), pair.fd(), [](bool, bool) {});
  EXPECT_FALSE(
      PollWatcher::Create(loop.get(), pair.fd(), [](bool, bool) {}).ok());
  const int closed = dup(0);
  close(closed);
  EXPECT_FALSE(PollWatcher::Create(loop.get(), closed, [](bool, bool) {}).ok());
}

int LoopbackUdpSocket(sockaddr_in* bound) {
  const int fd = socket(AF_INET, SOCK_DGRAM, 0);
  EXPECT_GE(fd, 0);
  bound->sin_family = AF_INET;
  bound->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const address = reinterpret_cast<sockaddr*>(bound);
  EXPECT_EQ(bind(fd, address, sizeof *bound), 0);
  socklen_t size = sizeof *bound;
  EXPECT_EQ(getsockname(fd, address, &size), 0);
  return fd;
}

// A connected socket learns by ICMP that its peer's port is closed, which
// makes poll report POLLERR: as SO_ERROR, or with IP_RECVERR also as an entry
// of the error queue. Afterwards it must still hear the peer.
void ExpectToSurviveIcmpError(bool error_queue) {
  const auto loop = NewLoop();
  sockaddr_in address{};
  sockaddr_in peer_address{};
  const int fd = LoopbackUdpSocket(&address);
  int peer = LoopbackUdpSocket(&peer_address);
  const auto* const to_peer = reinterpret_cast<sockaddr*>(&peer_address);
  const auto* const to_us = reinterpret_cast<sockaddr*>(&address);
  ASSERT_EQ(connect(fd, to_peer, sizeof peer_address), 0);
  const int on = error_queue ? 1 : 0;
  ASSERT_EQ(setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on), 0);
  close(peer);
  ASSERT_EQ(send(fd, "x", 1, 0), 1);

  int calls = 0;
  char octet = 0;
  const auto watcher = Watch(loop.get(), fd, [&](bool readable, bool) {
    EXPECT_TRUE(readable);
    if (++calls == 1) {
      peer = LoopbackUdpSocket(&peer_address);
      EXPECT_EQ(sendto(peer, "y", 1, 0, to_us, sizeof address), 1);
    } else {
      EXPECT_EQ(recv(fd, &octet, 1, 0), 1);
      AlarmAfter(10);  // time enough for calls that must not come
    }
  });
  ASSERT_TRUE(loop->OnSignal(SIGALRM, [&] { loop->Stop(); }).ok());
  loop->Run();
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(octet, 'y');
  close(fd);
  close(peer);
}

TEST(PollWatcherTest, SurvivesThePendingErrorOfAConnectedSocket) {
  ExpectToSurviveIcmpError(false);
}

TEST(PollWatcherTest, SurvivesAnEntryInTheErrorQueue) {
  ExpectToSurviveIcmpError(true);
}

}  // namespace
}  // namespace io
