// One iteration of libuv is: timers, poll (descriptors, signals, wake-ups),
// check, closing handles. The turn is a check handle, so that it comes right
// after everything that woke the loop. WakeAt is a timerfd, not a uv_timer_t:
// a timer's callback runs before poll, so that the turn would have to wait for
// the next event, and its whole milliseconds are too coarse for a tick of 0.5
// (measured: timerfd 0.53 ms, uv_timer_t 1.08 ms).
#include "io/net/event_loop.h"

#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstdint>
#include <utility>
#include <vector>

namespace io {
namespace {

struct SignalWatch {
  uv_signal_t handle;
  std::function<void()> handler;
};

absl::Status UvStatus(int error, absl::string_view what) {
  return error == 0 ? absl::OkStatus() : absl::ErrnoToStatus(-error, what);
}

// kNever is 292 years after boot, and all zero would disarm the timer.
itimerspec TimerSpec(TimeNs when) {
  itimerspec spec{};
  when = std::max<TimeNs>(when, 1);
  spec.it_value.tv_sec = when / kSecond;
  spec.it_value.tv_nsec = when % kSecond;
  return spec;
}

void SleepUntil(TimeNs when) {
  const timespec until = {.tv_sec = when / kSecond, .tv_nsec = when % kSecond};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) ==
         EINTR) {
  }
}

// Takes away what makes poll report an error, so that it can be polled again.
void ClearSocketError(int fd) {
  uint8_t octets[512];
  while (recv(fd, octets, sizeof octets, MSG_ERRQUEUE | MSG_DONTWAIT) >= 0) {
  }
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
}

}  // namespace

struct EventLoop::Impl {
  Impl() = default;
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  absl::Status Start();
  absl::Status StartTimer();
  void OnTimer();
  void RunTurn();

  uv_loop_t loop{};
  uv_check_t check{};
  uv_async_t async{};
  uv_poll_t timer{};
  bool has_loop = false;
  int timer_fd = -1;
  TimeNs wake_at = kNever;
  TimeNs pause_until = 0;
  std::function<void()> turn = [] {};
  std::vector<std::unique_ptr<SignalWatch>> signals;
};

absl::Status EventLoop::Impl::Start() {
  const int error = uv_loop_init(&loop);
  if (error != 0) return UvStatus(error, "event loop");
  has_loop = true;
  uv_check_init(&loop, &check);
  check.data = this;
  uv_check_start(&check, [](uv_check_t* handle) {
    static_cast<Impl*>(handle->data)->RunTurn();
  });
  const absl::Status async_status = UvStatus(
      uv_async_init(&loop, &async, [](uv_async_t*) {}), "event loop wake-up");
  return async_status.ok() ? StartTimer() : async_status;
}

absl::Status EventLoop::Impl::StartTimer() {
  timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  if (timer_fd < 0) return absl::ErrnoToStatus(errno, "event loop timer");
  const int error = uv_poll_init(&loop, &timer, timer_fd);
  if (error != 0) return UvStatus(error, "event loop timer");
  timer.data = this;
  const auto on_timer = [](uv_poll_t* handle, int, int) {
    static_cast<Impl*>(handle->data)->OnTimer();
  };
  return UvStatus(uv_poll_start(&timer, UV_READABLE, on_timer),
                  "event loop timer");
}

// Nothing to do but to take the event: the turn follows.
void EventLoop::Impl::OnTimer() {
  uint64_t expirations = 0;
  if (read(timer_fd, &expirations, sizeof expirations) > 0) wake_at = kNever;
}

void EventLoop::Impl::RunTurn() {
  pause_until = 0;
  turn();
  if (pause_until > 0) SleepUntil(pause_until);
}

// Handles are closed asynchronously: the loop has to run once more, also for
// those that watchers and exchanges left closing.
EventLoop::Impl::~Impl() {
  if (has_loop) {
    uv_walk(
        &loop,
        [](uv_handle_t* handle, void*) {
          if (uv_is_closing(handle) == 0) uv_close(handle, nullptr);
        },
        nullptr);
    while (uv_run(&loop, UV_RUN_DEFAULT) != 0) {
    }
    [[maybe_unused]] const int error = uv_loop_close(&loop);
    assert(error == 0);
  }
  if (timer_fd >= 0) close(timer_fd);
}

EventLoop::EventLoop(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

EventLoop::~EventLoop() = default;

absl::StatusOr<std::unique_ptr<EventLoop>> EventLoop::Create() {
  auto impl = std::make_unique<Impl>();
  const absl::Status status = impl->Start();
  if (!status.ok()) return status;
  return std::unique_ptr<EventLoop>(new EventLoop(std::move(impl)));
}

void EventLoop::OnTurn(std::function<void()> turn) {
  impl_->turn = std::move(turn);
}

absl::Status EventLoop::OnSignal(int signum, std::function<void()> handler) {
  impl_->signals.push_back(std::make_unique<SignalWatch>());
  SignalWatch* const watch = impl_->signals.back().get();
  watch->handler = std::move(handler);
  watch->handle.data = watch;
  const int error = uv_signal_init(&impl_->loop, &watch->handle);
  if (error != 0) {
    impl_->signals.pop_back();
    return UvStatus(error, "signal watcher");
  }
  const auto on_signal = [](uv_signal_t* handle, int) {
    static_cast<SignalWatch*>(handle->data)->handler();
  };
  return UvStatus(uv_signal_start(&watch->handle, on_signal, signum),
                  "signal watcher");
}

TimeNs EventLoop::Now() { return static_cast<TimeNs>(uv_hrtime()); }

void EventLoop::WakeAt(TimeNs when) {
  if (when == impl_->wake_at) return;
  impl_->wake_at = when;
  const itimerspec spec = TimerSpec(when);
  [[maybe_unused]] const int result =
      timerfd_settime(impl_->timer_fd, TFD_TIMER_ABSTIME, &spec, nullptr);
  assert(result == 0);
}

void EventLoop::PauseUntil(TimeNs when) { impl_->pause_until = when; }

void EventLoop::Wake() { uv_async_send(&impl_->async); }

void EventLoop::Run() { uv_run(&impl_->loop, UV_RUN_DEFAULT); }

void EventLoop::Stop() { uv_stop(&impl_->loop); }

uv_loop_s* EventLoop::uv() { return &impl_->loop; }

struct PollWatcher::Impl {
  void Watch();
  void OnPoll(int status, int poll_events);

  uv_poll_t handle{};
  int fd = -1;
  int events = UV_READABLE;
  std::function<void(bool readable, bool writable)> ready;
};

// uv_poll_start fails only on handles that are closing: callers see to that.
void PollWatcher::Impl::Watch() {
  uv_poll_start(&handle, events, [](uv_poll_t* poll, int status, int found) {
    static_cast<Impl*>(poll->data)->OnPoll(status, found);
  });
}

void PollWatcher::Impl::OnPoll(int status, int poll_events) {
  if (status < 0) {  // POLLERR: libuv has stopped the handle
    ClearSocketError(fd);
    Watch();
    ready(true, false);
    return;
  }
  ready((poll_events & UV_READABLE) != 0, (poll_events & UV_WRITABLE) != 0);
}

absl::StatusOr<std::unique_ptr<PollWatcher>> PollWatcher::Create(
    EventLoop* loop, int fd,
    std::function<void(bool readable, bool writable)> ready) {
  auto impl = std::make_unique<Impl>();
  impl->fd = fd;
  impl->ready = std::move(ready);
  const int error = uv_poll_init(loop->uv(), &impl->handle, fd);
  if (error != 0) return UvStatus(error, "watching a socket");
  impl->handle.data = impl.get();
  impl->Watch();
  return std::unique_ptr<PollWatcher>(new PollWatcher(impl.release()));
}

PollWatcher::~PollWatcher() {
  uv_close(
      reinterpret_cast<uv_handle_t*>(&impl_->handle),
      [](uv_handle_t* handle) { delete static_cast<Impl*>(handle->data); });
}

void PollWatcher::WatchWritable(bool on) {
  const int events = on ? UV_READABLE | UV_WRITABLE : UV_READABLE;
  if (events == impl_->events) return;
  impl_->events = events;
  impl_->Watch();
}

}  // namespace io
