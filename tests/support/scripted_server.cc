#include "tests/support/scripted_server.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <tuple>
#include <utility>

namespace testing_support {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kHeaderSize = 12;
constexpr int kBufferOctets = 4 << 20;

void Require(bool condition, const char* what) {
  if (condition) return;
  std::perror(what);
  std::abort();
}

struct Address {
  sockaddr_storage storage{};
  socklen_t size = sizeof(sockaddr_storage);

  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  const sockaddr* get() const {
    return reinterpret_cast<const sockaddr*>(&storage);
  }
};

Address Loopback(bool ipv6, uint16_t port) {
  Address address;
  if (ipv6) {
    auto* const v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
    v6->sin6_family = AF_INET6;
    v6->sin6_addr = in6addr_loopback;
    v6->sin6_port = htons(port);
    address.size = sizeof(sockaddr_in6);
  } else {
    auto* const v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
    v4->sin_family = AF_INET;
    v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    v4->sin_port = htons(port);
    address.size = sizeof(sockaddr_in);
  }
  return address;
}

// A file descriptor with an owner.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

// Bound to `port` of loopback; empty if that is taken.
Descriptor BoundSocket(int type, bool ipv6, uint16_t port) {
  Descriptor bound(socket(ipv6 ? AF_INET6 : AF_INET,
                          type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  Require(bound.get() >= 0, "socket");
  const int octets = kBufferOctets;
  setsockopt(bound.get(), SOL_SOCKET, SO_RCVBUFFORCE, &octets, sizeof octets);
  const Address address = Loopback(ipv6, port);
  if (bind(bound.get(), address.get(), address.size) != 0) return Descriptor();
  return bound;
}

uint16_t PortOf(const Descriptor& bound) {
  Address address;
  getsockname(bound.get(), address.get(), &address.size);
  // The port stands at the same place in both families.
  return ntohs(reinterpret_cast<sockaddr_in*>(&address.storage)->sin_port);
}

uint16_t U16At(const Octets& octets, size_t at) {
  return static_cast<uint16_t>(octets[at] << 8 | octets[at + 1]);
}

// The question of a query; nullopt if it is not a plain one.
std::optional<Asked> ReadQuery(Octets query, Transport transport) {
  Asked asked{.transport = transport};
  size_t at = kHeaderSize;
  while (at < query.size() && query[at] != 0) {
    const size_t size = query[at++];
    if (size > 63 || at + size > query.size()) return std::nullopt;
    if (!asked.name.empty()) asked.name += '.';
    for (const size_t end = at + size; at < end; ++at) {
      asked.name += static_cast<char>(std::tolower(query[at]));
    }
  }
  if (at + 5 > query.size()) return std::nullopt;
  asked.type = U16At(query, at + 1);
  asked.query = std::move(query);
  return asked;
}

Octets Framed(const Octets& message) {
  return Concat({{static_cast<uint8_t>(message.size() >> 8),
                  static_cast<uint8_t>(message.size())},
                 message});
}

}  // namespace

struct ScriptedServer::Impl {
  Impl(Script the_script, const Options& the_options);
  ~Impl();

  void Run();
  std::vector<pollfd> Watched() const;
  int WaitMs() const;
  void SendDue();
  void Send(const Reply& reply, const Address& to, int connection);
  void ReadDatagrams();
  void Accept();
  void ReadConnection(int fd);
  void CloseConnection(int fd);
  void Answer(Octets query, Transport transport, const Address& from,
              int connection);

  struct Pending {
    Reply reply;
    Address to;
    int connection = -1;  // TCP
  };
  struct Connection {
    Descriptor socket;
    Octets input;
  };

  const Script script;
  const Options options;
  Descriptor udp;
  Descriptor stranger;
  Descriptor listener;
  Descriptor stop;
  uint16_t port = 0;

  std::multimap<Clock::time_point, Pending> pending;
  std::map<int, Connection> connections;

  mutable std::mutex mutex;
  std::map<std::tuple<std::string, uint16_t, Transport>, int>
      counts;        // guarded by mutex
  size_t total = 0;  // guarded by mutex

  std::thread thread;  // last: it uses all of the above
};

ScriptedServer::Impl::Impl(Script the_script, const Options& the_options)
    : script(std::move(the_script)),
      options(the_options),
      stranger(BoundSocket(SOCK_DGRAM, options.ipv6, 0)),
      stop(eventfd(0, EFD_CLOEXEC)) {
  // A port that is free for TCP may be taken for UDP: then another.
  do {
    listener = BoundSocket(SOCK_STREAM, options.ipv6, 0);
    port = PortOf(listener);
    udp = BoundSocket(SOCK_DGRAM, options.ipv6, port);
  } while (udp.get() < 0);
  if (options.tcp) Require(listen(listener.get(), 64) == 0, "listen");
  std::signal(SIGPIPE, SIG_IGN);
  thread = std::thread([this] { Run(); });
}

ScriptedServer::Impl::~Impl() {
  const uint64_t one = 1;
  Require(write(stop.get(), &one, sizeof one) == sizeof one, "eventfd");
  thread.join();
}

void ScriptedServer::Impl::Run() {
  for (;;) {
    std::vector<pollfd> watched = Watched();
    poll(watched.data(), watched.size(), WaitMs());
    for (const pollfd& ready : watched) {
      if (ready.revents == 0) continue;
      if (ready.fd == stop.get()) return;
      if (ready.fd == udp.get()) {
        ReadDatagrams();
      } else if (ready.fd == listener.get()) {
        Accept();
      } else {
        ReadConnection(ready.fd);
      }
    }
    SendDue();
  }
}

std::vector<pollfd> ScriptedServer::Impl::Watched() const {
  std::vector<pollfd> watched = {{.fd = stop.get(), .events = POLLIN},
                                 {.fd = udp.get(), .events = POLLIN}};
  if (options.tcp) watched.push_back({.fd = listener.get(), .events = POLLIN});
  for (const auto& [fd, connection] : connections) {
    watched.push_back({.fd = fd, .events = POLLIN});
  }
  return watched;
}

int ScriptedServer::Impl::WaitMs() const {
  if (pending.empty()) return -1;
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(
      pending.begin()->first - Clock::now());
  return static_cast<int>(std::max<int64_t>(wait.count(), 0));
}

void ScriptedServer::Impl::SendDue() {
  while (!pending.empty() && pending.begin()->first <= Clock::now()) {
    const Pending first = pending.begin()->second;
    pending.erase(pending.begin());
    Send(first.reply, first.to, first.connection);
  }
}

void ScriptedServer::Impl::Send(const Reply& reply, const Address& to,
                                int connection) {
  if (connection < 0) {
    const Descriptor& from = reply.from_stranger ? stranger : udp;
    sendto(from.get(), reply.octets.data(), reply.octets.size(), 0, to.get(),
           to.size);
    return;
  }
  if (connections.count(connection) == 0) return;
  if (reply.close) return CloseConnection(connection);
  const Octets framed = Framed(reply.octets);
  send(connection, framed.data(), framed.size(), 0);
}

void ScriptedServer::Impl::ReadDatagrams() {
  std::array<uint8_t, 512> buffer{};
  for (;;) {
    Address from;
    const ssize_t size = recvfrom(udp.get(), buffer.data(), buffer.size(), 0,
                                  from.get(), &from.size);
    if (size < 0) return;
    Answer(Octets(buffer.begin(), buffer.begin() + size), Transport::kUdp, from,
           -1);
  }
}

void ScriptedServer::Impl::Accept() {
  Descriptor accepted(
      accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (accepted.get() < 0) return;
  const int fd = accepted.get();
  connections[fd].socket = std::move(accepted);
}

void ScriptedServer::Impl::ReadConnection(int fd) {
  std::array<uint8_t, 4096> buffer{};
  const ssize_t size = recv(fd, buffer.data(), buffer.size(), 0);
  if (size <= 0) return CloseConnection(fd);
  Octets& input = connections[fd].input;
  input.insert(input.end(), buffer.begin(), buffer.begin() + size);
  while (input.size() >= 2 && input.size() - 2 >= U16At(input, 0)) {
    const auto end = input.begin() + 2 + U16At(input, 0);
    Octets query(input.begin() + 2, end);
    input.erase(input.begin(), end);
    Answer(std::move(query), Transport::kTcp, Address(), fd);
  }
}

// What it still had to say goes with it: the descriptor may be used again.
void ScriptedServer::Impl::CloseConnection(int fd) {
  connections.erase(fd);
  std::erase_if(pending, [fd](const auto& entry) {
    return entry.second.connection == fd;
  });
}

// What is due at once is sent by SendDue(), after all that has arrived.
void ScriptedServer::Impl::Answer(Octets query, Transport transport,
                                  const Address& from, int connection) {
  std::optional<Asked> asked = ReadQuery(std::move(query), transport);
  if (!asked) return;
  {
    const std::lock_guard lock(mutex);
    ++total;
    asked->nth = ++counts[{asked->name, asked->type, transport}];
  }
  for (Reply& reply : script(*asked)) {
    const Clock::time_point due = Clock::now() + reply.delay;
    pending.insert(
        {due,
         {.reply = std::move(reply), .to = from, .connection = connection}});
  }
}

ScriptedServer::ScriptedServer(Script script)
    : ScriptedServer(std::move(script), Options()) {}

ScriptedServer::ScriptedServer(Script script, const Options& options)
    : impl_(std::make_unique<Impl>(std::move(script), options)) {}

ScriptedServer::~ScriptedServer() = default;

uint16_t ScriptedServer::port() const { return impl_->port; }

size_t ScriptedServer::asked() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->total;
}

int ScriptedServer::asked(const std::string& name, uint16_t type,
                          Transport transport) const {
  const std::lock_guard lock(impl_->mutex);
  const auto at = impl_->counts.find({name, type, transport});
  return at == impl_->counts.end() ? 0 : at->second;
}

}  // namespace testing_support
