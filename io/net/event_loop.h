// EventLoop: one thread's libuv loop, reduced to what an engine needs: file
// descriptors that become readable or writable, one wake-up time, signals,
// and a call from another thread. uv.h stays in the .cc files of io/net.
#ifndef PTRSWEEP_IO_NET_EVENT_LOOP_H_
#define PTRSWEEP_IO_NET_EVENT_LOOP_H_

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "io/net/time.h"

struct uv_loop_s;

namespace io {

class EventLoop {
 public:
  static absl::StatusOr<std::unique_ptr<EventLoop>> Create();
  // REQUIRES: whatever watches this loop is gone.
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // Called once per iteration of the loop, after its I/O callbacks. To be set
  // before Run().
  void OnTurn(std::function<void()> turn);
  // Called in the loop's thread when `signum` arrives; further calls add
  // further handlers, called in any order. A turn follows.
  absl::Status OnSignal(int signum, std::function<void()> handler);

  // CLOCK_MONOTONIC now: uv_hrtime, one clock read a call.
  static TimeNs Now();

  // A turn at `when` or as soon after it as the kernel can (a timerfd: tens of
  // microseconds; a time that has passed: at once); kNever: only when
  // something happens. Replaces the time set before; used up by that turn.
  void WakeAt(TimeNs when);
  // After this turn nothing is looked at before `when`, so that what arrives
  // meanwhile is taken in one go. Kept short: the thread sleeps. To be called
  // within a turn.
  void PauseUntil(TimeNs when);
  // A turn soon. The one call that any thread may make.
  void Wake();

  // Runs until Stop(), which takes effect after the current iteration, its
  // turn included; before Run(), it makes that return at once.
  void Run();
  void Stop();

 private:
  friend class PollWatcher;
  friend class TcpExchange;
  friend class ZoneTransfer;
  struct Impl;

  explicit EventLoop(std::unique_ptr<Impl> impl);
  uv_loop_s* uv();

  std::unique_ptr<Impl> impl_;
};

// Watches one socket for reading and, if asked, for writing (uv_poll). Any
// error state of the socket counts as readable: the reader finds out. Survives
// POLLERR (libuv 1.44 stops the handle then): it clears the socket's pending
// error and watches again.
class PollWatcher {
 public:
  // `ready(readable, writable)` is called in the loop's thread and may destroy
  // the watcher. The socket stays the caller's, who closes it after the
  // watcher. Fails if the loop already watches `fd`.
  static absl::StatusOr<std::unique_ptr<PollWatcher>> Create(
      EventLoop* loop, int fd,
      std::function<void(bool readable, bool writable)> ready);
  ~PollWatcher();
  PollWatcher(const PollWatcher&) = delete;
  PollWatcher& operator=(const PollWatcher&) = delete;

  void WatchWritable(bool on);

 private:
  struct Impl;
  explicit PollWatcher(Impl* impl) : impl_(impl) {}

  Impl* impl_;  // freed by libuv's close callback
};

}  // namespace io

#endif  // PTRSWEEP_IO_NET_EVENT_LOOP_H_
