#include "tests/support/relay.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/relay_queue.h"
#include "tests/support/tcp_relay.h"

namespace testing_support {
namespace {

using Clock = std::chrono::steady_clock;

constexpr uint64_t kListenerTag = ~uint64_t{0};
constexpr uint64_t kStopTag = kListenerTag - 1;
// Of one socket in one turn, so that no socket starves the others.
constexpr size_t kMaxBatches = 4;

std::string FormatCounters(const RelayCounters& counters) {
  const std::array<std::pair<const char*, uint64_t>, 10> all = {
      {{"received", counters.received},
       {"lost", counters.lost},
       {"over_rate", counters.over_rate},
       {"duplicated", counters.duplicated},
       {"reordered", counters.reordered},
       {"corrupted", counters.corrupted},
       {"delayed", counters.delayed},
       {"overflowed", counters.overflowed},
       {"unsent", counters.unsent},
       {"sent", counters.sent}}};
  std::string text;
  for (const auto& [name, value] : all) {
    text += std::string(" ") + name + " " + std::to_string(value);
  }
  return text;
}

void Watch(const Descriptor& epoll, const Descriptor& watched, uint64_t tag) {
  epoll_event event{.events = EPOLLIN, .data = {.u64 = tag}};
  Require(epoll_ctl(epoll.get(), EPOLL_CTL_ADD, watched.get(), &event) == 0,
          "epoll_ctl");
}

}  // namespace

std::string FormatReport(const RelayReport& report) {
  return "to-server" + FormatCounters(report.to_server) + "; from-server" +
         FormatCounters(report.from_server);
}

class Relay::Impl {
 public:
  Impl(const RelayOptions& options, PortPair port);
  ~Impl() { Stop(); }

  void Stop();
  void SetWeather(const Weather& weather);
  RelayReport report() const;
  const SocketAddress& address() const { return port_.address; }

 private:
  struct Client {
    SocketAddress address;
    Descriptor upstream;
    uint64_t last_used = 0;
    uint64_t generation = 0;
    std::vector<std::unique_ptr<HeldDatagram>> leaving;  // to the server
  };

  void Run();
  int WaitMs() const;
  void ReadClients();
  void ReadServer(size_t client);
  void Take(size_t at, Direction direction, size_t client);
  void Hold(std::span<const uint8_t> octets, Direction direction, size_t client,
            std::chrono::nanoseconds delay);
  size_t ClientOf(const SocketAddress& address);
  size_t NewClient(const SocketAddress& address);
  void SendDue();
  void SendLeaving(std::vector<std::unique_ptr<HeldDatagram>>* leaving,
                   Direction direction, const Descriptor& through);
  RelayCounters* CountersOf(Direction direction) {
    return direction == Direction::kToServer ? &counters_.to_server
                                             : &counters_.from_server;
  }

  const RelayOptions options_;
  PortPair port_;
  Descriptor epoll_;
  Descriptor stop_;

  // The thread's.
  RelayTime now_;
  Weather weather_;
  RelayReport counters_;
  uint64_t turn_ = 0;
  RateGate gate_;
  HeldQueue held_;
  ReceiveBatch received_;
  SendBatch sending_;
  std::vector<Client> clients_;
  std::map<SocketAddress, size_t> known_;
  std::vector<std::unique_ptr<HeldDatagram>> leaving_;  // to clients

  mutable std::mutex mutex_;
  Weather next_weather_;   // guarded by mutex_
  RelayReport published_;  // guarded by mutex_

  std::optional<TcpRelay> tcp_;
  std::thread thread_;  // last: it uses all of the above
};

Relay::Impl::Impl(const RelayOptions& options, PortPair port)
    : options_(options),
      port_(std::move(port)),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      stop_(eventfd(0, EFD_CLOEXEC)),
      held_(options.max_held),
      next_weather_(options.weather) {
  Require(epoll_ && stop_, "epoll");
  clients_.reserve(options_.max_clients);
  Watch(epoll_, port_.udp, kListenerTag);
  Watch(epoll_, stop_, kStopTag);
  if (options_.tcp) tcp_.emplace(port_.tcp, options_.to);
  thread_ = std::thread([this] { Run(); });
}

void Relay::Impl::Stop() {
  if (!thread_.joinable()) return;
  const uint64_t one = 1;
  Require(write(stop_.get(), &one, sizeof one) == sizeof one, "eventfd");
  thread_.join();
  tcp_.reset();
}

void Relay::Impl::SetWeather(const Weather& weather) {
  const std::lock_guard lock(mutex_);
  next_weather_ = weather;
}

RelayReport Relay::Impl::report() const {
  const std::lock_guard lock(mutex_);
  return published_;
}

void Relay::Impl::Run() {
  std::array<epoll_event, 64> events;
  bool stopped = false;
  while (!stopped) {
    const int count =
        epoll_wait(epoll_.get(), events.data(), events.size(), WaitMs());
    {
      const std::lock_guard lock(mutex_);
      weather_ = next_weather_;
    }
    ++turn_;
    now_ = Clock::now();
    for (int i = 0; i < count; ++i) {
      const uint64_t tag = events[static_cast<size_t>(i)].data.u64;
      if (tag == kStopTag) {
        stopped = true;
      } else if (tag == kListenerTag) {
        ReadClients();
      } else {
        ReadServer(tag);
      }
    }
    SendDue();
    const std::lock_guard lock(mutex_);
    published_ = counters_;
  }
  for (; !held_.empty(); held_.Recycle(held_.Pop())) {
    ++CountersOf(held_.first().direction)->unsent;
  }
  const std::lock_guard lock(mutex_);
  published_ = counters_;
}

int Relay::Impl::WaitMs() const {
  if (held_.empty()) return -1;
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(
      held_.first().due - Clock::now());
  return static_cast<int>(std::max<int64_t>(wait.count(), 0));
}

void Relay::Impl::ReadClients() {
  for (size_t batch = 0; batch < kMaxBatches; ++batch) {
    const size_t count = received_.Receive(port_.udp);
    for (size_t i = 0; i < count; ++i) {
      const size_t client = ClientOf(received_.sender(i));
      clients_[client].last_used = turn_;
      Take(i, Direction::kToServer, client);
    }
    if (count < ReceiveBatch::kSize) return;
  }
}

void Relay::Impl::ReadServer(size_t client) {
  for (size_t batch = 0; batch < kMaxBatches; ++batch) {
    const size_t count = received_.Receive(clients_[client].upstream);
    for (size_t i = 0; i < count; ++i) {
      Take(i, Direction::kFromServer, client);
    }
    if (count < ReceiveBatch::kSize) return;
  }
}

// The fate of one datagram of the batch.
void Relay::Impl::Take(size_t at, Direction direction, size_t client) {
  const bool to_server = direction == Direction::kToServer;
  RelayCounters* const counters = CountersOf(direction);
  const Fate fate =
      FateOf(to_server ? weather_.to_server : weather_.from_server,
             Mix(options_.seed, static_cast<uint64_t>(direction)),
             counters->received++);
  if (fate.lost) {
    ++counters->lost;
    return;
  }
  if (received_.is_cut(at)) {
    ++counters->unsent;
    return;
  }
  const std::span<uint8_t> octets = received_.octets(at);
  if (fate.reordered) ++counters->reordered;
  if (fate.corrupted) {
    ++counters->corrupted;
    FlipBit(fate.bit, octets);
  }
  Hold(octets, direction, client, fate.delay);
  if (!fate.duplicated) return;
  ++counters->duplicated;
  Hold(octets, direction, client, fate.copy_delay);
}

// Everything passes through the heap: what is due at once leaves it in order at
// the end of the turn.
void Relay::Impl::Hold(std::span<const uint8_t> octets, Direction direction,
                       size_t client, std::chrono::nanoseconds delay) {
  RelayCounters* const counters = CountersOf(direction);
  if (direction == Direction::kToServer &&
      !gate_.Admit(weather_.rate_qps, now_)) {
    ++counters->over_rate;
    return;
  }
  if (held_.full()) {
    ++counters->overflowed;
    return;
  }
  if (delay.count() > 0) ++counters->delayed;
  std::unique_ptr<HeldDatagram> datagram = held_.New(octets);
  datagram->client = client;
  datagram->generation = clients_[client].generation;
  datagram->direction = direction;
  datagram->due = now_ + delay;
  held_.Push(std::move(datagram));
}

size_t Relay::Impl::ClientOf(const SocketAddress& address) {
  const auto at = known_.find(address);
  return at != known_.end() ? at->second : NewClient(address);
}

size_t Relay::Impl::NewClient(const SocketAddress& address) {
  size_t chosen = clients_.size();
  if (chosen < options_.max_clients) {
    clients_.emplace_back();
  } else {
    const auto oldest = std::min_element(clients_.begin(), clients_.end(),
                                         [](const Client& a, const Client& b) {
                                           return a.last_used < b.last_used;
                                         });
    chosen = static_cast<size_t>(oldest - clients_.begin());
    known_.erase(oldest->address);
  }
  Client& client = clients_[chosen];
  client.address = address;
  client.upstream = ConnectedUdpSocket(options_.to);
  ++client.generation;
  Watch(epoll_, client.upstream, chosen);
  known_[address] = chosen;
  return chosen;
}

void Relay::Impl::SendDue() {
  std::vector<size_t> clients;  // that something leaves for the server from
  while (!held_.empty() && held_.first().due <= now_) {
    std::unique_ptr<HeldDatagram> datagram = held_.Pop();
    Client& client = clients_[datagram->client];
    if (datagram->generation != client.generation) {
      ++CountersOf(datagram->direction)->unsent;
      held_.Recycle(std::move(datagram));
    } else if (datagram->direction == Direction::kFromServer) {
      leaving_.push_back(std::move(datagram));
    } else {
      if (client.leaving.empty()) clients.push_back(datagram->client);
      client.leaving.push_back(std::move(datagram));
    }
  }
  for (const size_t client : clients) {
    SendLeaving(&clients_[client].leaving, Direction::kToServer,
                clients_[client].upstream);
  }
  SendLeaving(&leaving_, Direction::kFromServer, port_.udp);
}

void Relay::Impl::SendLeaving(
    std::vector<std::unique_ptr<HeldDatagram>>* leaving, Direction direction,
    const Descriptor& through) {
  const bool to_server = direction == Direction::kToServer;
  size_t failed = 0;
  for (const auto& datagram : *leaving) {
    sending_.Add(datagram->octets,
                 to_server ? nullptr : &clients_[datagram->client].address);
    if (sending_.full()) failed += sending_.Send(through);
  }
  failed += sending_.Send(through);
  RelayCounters* const counters = CountersOf(direction);
  counters->unsent += failed;
  counters->sent += leaving->size() - failed;
  for (auto& datagram : *leaving) held_.Recycle(std::move(datagram));
  leaving->clear();
}

std::unique_ptr<Relay> Relay::Start(const RelayOptions& options) {
  std::optional<PortPair> port = BindPair(options.listen);
  if (!port) return nullptr;
  return std::unique_ptr<Relay>(
      new Relay(std::make_unique<Impl>(options, std::move(*port))));
}

Relay::Relay(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Relay::~Relay() = default;

const SocketAddress& Relay::address() const { return impl_->address(); }
void Relay::SetWeather(const Weather& weather) { impl_->SetWeather(weather); }
RelayReport Relay::counters() const { return impl_->report(); }
void Relay::Stop() { impl_->Stop(); }

}  // namespace testing_support
