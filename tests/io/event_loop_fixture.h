// What the tests of EventLoop and PollWatcher share.
#ifndef PTRSWEEP_TESTS_IO_EVENT_LOOP_FIXTURE_H_
#define PTRSWEEP_TESTS_IO_EVENT_LOOP_FIXTURE_H_

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <memory>
#include <utility>

#include "io/net/event_loop.h"

namespace io {

inline std::unique_ptr<EventLoop> NewLoop() {
  absl::StatusOr<std::unique_ptr<EventLoop>> loop = EventLoop::Create();
  EXPECT_TRUE(loop.ok()) << loop.status();
  return *std::move(loop);
}

inline std::unique_ptr<PollWatcher> Watch(
    EventLoop* loop, int fd, std::function<void(bool, bool)> ready) {
  auto watcher = PollWatcher::Create(loop, fd, std::move(ready));
  EXPECT_TRUE(watcher.ok()) << watcher.status();
  return *std::move(watcher);
}

// Two connected sockets; what is written to one can be read from the other.
class SocketPair {
 public:
  SocketPair() {
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_DGRAM, 0, fds_.data()), 0);
  }
  ~SocketPair() {
    close(fds_[0]);
    close(fds_[1]);
  }
  SocketPair(const SocketPair&) = delete;
  SocketPair& operator=(const SocketPair&) = delete;

  int fd() const { return fds_[0]; }
  void MakeReadable() const { EXPECT_EQ(write(fds_[1], "x", 1), 1); }
  void Drain() const {
    char octet;
    EXPECT_EQ(read(fds_[0], &octet, 1), 1);
  }

 private:
  std::array<int, 2> fds_{};
};

// SIGALRM once after `wait_ms`: a clock the loop under test has no part in.
inline void AlarmAfter(int wait_ms) {
  itimerval timer{};
  timer.it_value.tv_usec = wait_ms * kMillisecond / kMicrosecond;
  ASSERT_EQ(setitimer(ITIMER_REAL, &timer, nullptr), 0);
}

}  // namespace io

#endif  // PTRSWEEP_TESTS_IO_EVENT_LOOP_FIXTURE_H_
